"""What Codex is given: MCP servers, instructions, plugins, the user's own configuration; seen where they arrive."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from support.agent_task import json_events
from support.codex_run import FIRST, LAST, CodexTask, assert_usage
from support.mcp import McpServer
from support.openai import codex_provider, tool_results
from support.provider import Reply, Tool
from support.repos import Repo, git

ECHO = Tool("mcp__everything__echo", {"message": "MARK-7"})
DONE = Reply(text="Done.", usage=LAST)
SCRIPT = (Reply(tools=(ECHO,), usage=FIRST), DONE)
BEARER = "Bearer mcp-secret-0123456789"


def servers(**server) -> str:
    return json.dumps({"mcpServers": {"everything": server}})


def mcp_calls(done) -> list[dict]:
    items = [event["item"] for event in json_events(done) if event["type"] == "item.completed"]
    return [item for item in items if item["type"] == "mcp_tool_call"]


def assert_echoed(done, provider) -> None:
    assert done.verdict == ("Succeeded", None, 0)
    assert "Echo: MARK-7" in tool_results(provider.model_requests[1])[0]
    called = [(call["server"], call["tool"], call["status"]) for call in mcp_calls(done)]
    assert called == [("everything", "echo", "completed")]
    assert_usage(done, FIRST + LAST)


def test_an_mcp_server_over_stdio(codex_task: CodexTask, mcp_server):
    node, script = mcp_server
    with codex_provider(*SCRIPT) as provider:
        done = codex_task.run(provider, AXON_MCP_SERVERS=servers(type="stdio", command=node, args=[script, "stdio"]))
    assert_echoed(done, provider)
    assert done.left == {}


def test_a_slow_mcp_server_is_waited_for(codex_task: CodexTask, mcp_server):
    """Codex by itself goes on after a second without the server's tools, and says nothing."""
    node, script = mcp_server
    slow = servers(command="sh", args=["-c", 'sleep 3; exec "$0" "$1" stdio', node, script])
    with codex_provider(*SCRIPT) as provider:
        done = codex_task.run(provider, AXON_MCP_SERVERS=slow)
    assert_echoed(done, provider)


@pytest.mark.parametrize("authorization", ["", BEARER], ids=["open", "with-header"])
def test_an_mcp_server_over_http(codex_task: CodexTask, mcp_server, authorization):
    headers = {"headers": {"Authorization": authorization}} if authorization else {}
    with McpServer(mcp_server, "streamableHttp", authorization) as mcp, codex_provider(*SCRIPT) as provider:
        done = codex_task.run(provider, AXON_MCP_SERVERS=servers(type="http", url=mcp.url, **headers))
    assert_echoed(done, provider)
    assert BEARER not in done.log + done.errors


def test_a_server_that_speaks_sse_is_refused_before_it_starts(codex_task: CodexTask):
    with codex_provider() as provider:
        done = codex_task.run(provider, AXON_MCP_SERVERS=servers(type="sse", url="http://127.0.0.1:9/sse"))
    assert (done.verdict, provider.requests) == (("Failed", "ConfigInvalid", 78), [])
    assert '"everything"' in done.report.raw["message"] and "sse" in done.report.raw["message"]


def test_the_environment_of_an_mcp_server_arrives_literally(codex_task: CodexTask, mcp_server):
    """The server is given what its entry says and no credential of ours."""
    node, script = mcp_server
    value = "a $(id) b $$ \"c\" \\ 'd' é # : \t e\nf"
    with codex_provider(Reply(tools=(Tool("mcp__everything__get_env", {}),), usage=FIRST), DONE) as provider:
        mcp = servers(type="stdio", command=node, args=[script, "stdio"], env={"MARK": value})
        done = codex_task.run(provider, AXON_MCP_SERVERS=mcp, NO_PROXY="kept.example")
    assert done.verdict == ("Succeeded", None, 0)
    given = json.loads(mcp_calls(done)[0]["result"]["content"][0]["text"])
    assert given["NO_PROXY"] == "kept.example"
    assert "CODEX_API_KEY" not in given
    written = tomllib.loads((codex_task.home / "config.toml").read_text())
    assert written["mcp_servers"]["everything"]["env"] == {"MARK": value}  # the log tells it redacted


def test_a_broken_mcp_server_does_not_fail_the_task(codex_task: CodexTask):
    with codex_provider(DONE) as provider:
        done = codex_task.run(provider, AXON_MCP_SERVERS=servers(type="stdio", command="/no/such/server"))
    assert done.verdict == ("Succeeded", None, 0)


def _plugin(folder: Path) -> str:
    """A skill with a program beside it, one without a head, and an agent as they are written for others."""
    kit = folder / "kit"
    files = {
        "skills/brew/SKILL.md": "---\nname: brew\ndescription: SKILLMARK\n---\nBody.\n",
        "skills/brew/bin/brew.sh": "#!/bin/sh\necho BREWED\n",
        "skills/bare/SKILL.md": "# BAREMARK\n\nBody.\n",
        "agents/critic.md": "---\nname: critic\ndescription: AGENTMARK: finds faults\nmodel: opus\n---\n"
                            "INSTRUCTIONMARK\n",
    }
    for path, text in files.items():
        (kit / path).parent.mkdir(parents=True, exist_ok=True)
        (kit / path).write_text(text)
    (kit / "skills/brew/bin/brew.sh").chmod(0o755)
    return str(folder)


def test_instructions_and_plugins_reach_the_provider(codex_task: CodexTask):
    plugins = _plugin(codex_task.sandbox.folder / "plugin")
    spawn = Tool("collaboration.spawn_agent",
                 {"task_name": "sub1", "message": "SUBPROMPT", "agent_type": "critic", "fork_turns": "none"})
    script = (Reply(shell="$HOME/.codex/skills/kit-brew/bin/brew.sh"), Reply(tools=(spawn,)),
              Reply(tools=(Tool("collaboration.wait_agent", {"timeout_ms": 10000}),)),
              Reply(text="sub", asked="SUBPROMPT"), DONE)
    with codex_provider(*script) as provider:
        done = codex_task.run(provider, AXON_AGENTS_MD="Always RULEMARK.\n\"Quoted\" $(x) $$.", AXON_PLUGIN_DIR=plugins)
    assert done.verdict == ("Succeeded", None, 0)
    text = provider.model_requests[0].text
    marks = ("RULEMARK", "SKILLMARK", "BAREMARK", "AGENTMARK: finds faults")
    assert {mark: mark in text for mark in marks} == dict.fromkeys(marks, True)
    assert "\\\"Quoted\\\" $(x) $$." in text
    assert "BREWED" in tool_results(provider.model_requests[1])[0]
    subagent = next(r for r in provider.model_requests if r.reply and r.reply.asked)
    assert ["INSTRUCTIONMARK" in subagent.text, "INSTRUCTIONMARK" in text] == [True, False]


def test_what_the_user_and_the_repository_say_stays(codex_task: CodexTask, repo: Repo):
    repo.commit({"AGENTS.md": "REPOMARK\n"}, "rules")
    codex_task.write(".codex/AGENTS.md", "USERMARK\n")
    codex_task.config += '\n[mcp_servers.own]  # theirs\ncommand = "/no/such/server"\n'
    with codex_provider(DONE, DONE) as provider:
        for _ in range(2):
            done = codex_task.run(provider, cwd=repo.work, AXON_AGENTS_MD="TASKMARK",
                                  AXON_MCP_SERVERS=servers(command="/no/such/server"))
            assert done.verdict == ("Succeeded", None, 0)
        config = codex_task.config.replace("{url}", provider.url)
    text = provider.model_requests[1].text
    assert [text.count(mark) for mark in ("REPOMARK", "USERMARK", "TASKMARK")] == [1, 1, 1]
    assert git(repo.work, "status", "--porcelain") == ""
    written = (codex_task.home / "config.toml").read_text()
    assert written.startswith(config)
    assert set(tomllib.loads(written)["mcp_servers"]) == {"own", "everything"}


def test_a_second_run_writes_the_same_bytes(codex_task: CodexTask):
    plugins = _plugin(codex_task.sandbox.folder / "plugin")
    options = {"AXON_AGENTS_MD": "Rules.", "AXON_PLUGIN_DIR": plugins,
               "AXON_MCP_SERVERS": servers(command="/no/such/server", env={"K": "v"})}
    seen = []
    with codex_provider(DONE, DONE) as provider:
        for _ in range(2):
            assert codex_task.run(provider, **options).verdict == ("Succeeded", None, 0)
            codex_task.config = None  # the second run finds what the first one left
            files = [codex_task.home / name for name in ("AGENTS.md", "config.toml")]
            files += sorted([*codex_task.home.glob("agents/kit-*"), *codex_task.home.glob("skills/kit-*/**/*")])
            seen.append({str(path): path.read_bytes() for path in files if path.is_file()})
    assert seen[0] == seen[1] and len(seen[0]) > 4


def test_a_config_that_is_not_toml_is_named(codex_task: CodexTask):
    codex_task.config = 'model = "m"\nkey = \n'
    with codex_provider() as provider:
        done = codex_task.run(provider)
    assert (done.verdict, provider.requests) == (("Failed", "ConfigInvalid", 78), [])
    assert f"{codex_task.home}/config.toml:2" in done.report.raw["message"]
    assert (codex_task.home / "config.toml").read_text() == codex_task.config


def test_a_config_that_codex_refuses_is_its_own_word(codex_task: CodexTask):
    codex_task.config = "model = 3\n"
    with codex_provider() as provider:
        done = codex_task.run(provider)
    assert (done.verdict, provider.requests) == (("Failed", "ConfigInvalid", 1), [])
    assert "expected a string" in done.errors
