"""What Claude Code is given: MCP servers, instructions, plugins; seen where they arrive."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from support.agent_task import assert_usage, json_events
from support import agents
from support.anthropic import claude_provider, tool_results
from support.claude_run import FIRST, LAST, ClaudeTask
from support.mcp import McpServer
from support.provider import Reply, Tool
from support.repos import Repo, git
from support.run import How

ECHO = Tool("mcp__everything__echo", {"message": "MARK-7"})
SCRIPT = (Reply(tools=(ECHO,), usage=FIRST), Reply(text="Done.", usage=LAST))
BEARER = "Bearer mcp-secret-0123456789"


def servers(**server) -> str:
    return json.dumps({"mcpServers": {"everything": server}})


def assert_echoed(done, provider) -> None:
    assert done.verdict == ("Succeeded", None, 0)
    status = [e["mcp_servers"] for e in json_events(done) if e.get("subtype") == "init"]
    assert tool_results(provider.model_requests[1]) == ["Echo: MARK-7"], status
    assert_usage(done, FIRST + LAST)


def test_an_mcp_server_over_stdio(claude_task: ClaudeTask, mcp_server):
    node, script = mcp_server
    with claude_provider(*SCRIPT) as provider:
        done = claude_task.run(
            provider, AXON_MCP_SERVERS=servers(type="stdio", command=node, args=[script, "stdio"])
        )
    assert_echoed(done, provider)
    assert done.left == {}


@pytest.mark.parametrize(("kind", "transport"), [("http", "streamableHttp"), ("sse", "sse")])
@pytest.mark.parametrize("authorization", ["", BEARER], ids=["open", "with-header"])
def test_an_mcp_server_over_the_network(claude_task: ClaudeTask, mcp_server, kind, transport, authorization):
    headers = {"headers": {"Authorization": authorization}} if authorization else {}
    with McpServer(mcp_server, transport, authorization) as mcp, claude_provider(*SCRIPT) as provider:
        done = claude_task.run(provider, AXON_MCP_SERVERS=servers(type=kind, url=mcp.url, **headers))
    assert_echoed(done, provider)
    assert BEARER not in done.log + done.errors


def test_mcp_servers_come_from_the_task_directory(claude_task: ClaudeTask, mcp_server):
    node, script = mcp_server
    mcp = servers(type="stdio", command=node, args=[script, "stdio"], env={"MARK": "x"})
    folder = claude_task.task_dir(mcp=mcp, prompt="Do it.", task={"version": "v1", "type": "claude-code"})
    with claude_provider(*SCRIPT) as provider:
        done = claude_task.run(provider, AXON_TASK_DIR=folder)
    assert_echoed(done, provider)


def test_the_environment_of_an_mcp_server_arrives_literally(claude_task: ClaudeTask, mcp_server):
    node, script = mcp_server
    value = "a $(id) b $$ \"c\" \\ 'd' é # : \t e"
    script_of_run = (Reply(tools=(Tool("mcp__everything__get-env", {}),), usage=FIRST), Reply(text="Done.", usage=LAST))
    with claude_provider(*script_of_run) as provider:
        mcp = servers(type="stdio", command=node, args=[script, "stdio"], env={"MARK": value})
        assert claude_task.run(provider, AXON_MCP_SERVERS=mcp).verdict == ("Succeeded", None, 0)
    assert json.loads(tool_results(provider.model_requests[1])[0])["MARK"] == value


def test_a_broken_mcp_server_does_not_fail_the_task(claude_task: ClaudeTask):
    with claude_provider(Reply(text="Done.", usage=LAST)) as provider:
        done = claude_task.run(provider, AXON_MCP_SERVERS=servers(type="stdio", command="/no/such/server"))
    assert done.verdict == ("Succeeded", None, 0)


def _plugin(folder: Path) -> str:
    skill, agent = folder / "kit" / "skills" / "brew" / "SKILL.md", folder / "kit" / "agents" / "critic.md"
    for path, name, text in ((skill, "brew", "SKILLMARK"), (agent, "critic", "AGENTMARK")):
        path.parent.mkdir(parents=True)
        path.write_text(f"---\nname: {name}\ndescription: {text} of the plugin\n---\nBody.\n")
    return str(folder)


def test_instructions_and_plugins_reach_the_provider(claude_task: ClaudeTask):
    plugins = _plugin(claude_task.sandbox.folder / "plugin")
    with claude_provider(Reply(text="Done.", usage=LAST)) as provider:
        done = claude_task.run(provider, AXON_AGENTS_MD="Always RULEMARK.\n\"Quoted\" $(x) $$.", AXON_PLUGIN_DIR=plugins)
    assert done.verdict == ("Succeeded", None, 0)
    text = provider.model_requests[0].text
    assert {mark: mark in text for mark in ("RULEMARK", "SKILLMARK", "AGENTMARK")} == {
        "RULEMARK": True, "SKILLMARK": True, "AGENTMARK": True}
    init = next(e for e in json_events(done) if e.get("subtype") == "init")
    assert ("kit:brew" in init["skills"], "kit:critic" in init["agents"]) == (True, True)
    assert "\\\"Quoted\\\" $(x) $$." in text


def test_a_missing_plugin_directory_is_no_failure(claude_task: ClaudeTask):
    """The variable is set for every Pod with an AgentConfig; the directory may be empty."""
    empty = claude_task.sandbox.folder / "plugin"
    empty.mkdir()
    with claude_provider(Reply(text="Done.", usage=LAST)) as provider:
        done = claude_task.run(provider, AXON_PLUGIN_DIR=str(empty))
    assert done.verdict == ("Succeeded", None, 0)


def test_what_the_user_and_the_repository_say_stays(claude_task: ClaudeTask, repo: Repo):
    repo.commit({"CLAUDE.md": "REPOMARK\n", ".mcp.json": json.dumps({"mcpServers": {}})}, "rules")
    user_file = claude_task.sandbox.home / ".claude" / "CLAUDE.md"
    user_file.parent.mkdir()
    user_file.write_text("USERMARK\n")
    with claude_provider(Reply(text="Done.", usage=LAST)) as provider:
        done = claude_task.run(provider, cwd=repo.work, AXON_AGENTS_MD="TASKMARK")
    assert done.verdict == ("Succeeded", None, 0)
    text = provider.model_requests[0].text
    assert [mark in text for mark in ("REPOMARK", "USERMARK", "TASKMARK")] == [True, True, True]
    assert git(repo.work, "status", "--porcelain") == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("home", ["own", "/"])
def test_any_user_and_a_home_that_cannot_be_written(claude_task: ClaudeTask, entrypoint, tmp_path, home):
    """An arbitrary UID without a passwd entry; HOME is / when the image says nothing better."""
    box = claude_task.sandbox
    programs = tmp_path / "bin"  # not in the sandbox: the files are shared and keep their owner
    programs.mkdir()
    agents.copy_for_everybody(agents.claude(), programs)
    claude_task.entrypoint = str(agents.copy_for_everybody(Path(entrypoint), programs))
    box.give_to(54321)
    for parent in (box.folder.parent, *box.folder.parent.parents[:2]):
        parent.chmod(parent.stat().st_mode | 0o011)  # pytest's folders are its user's only
    env = {"HOME": str(box.home) if home == "own" else home, "PATH": f"{programs}:/usr/bin:/bin"}
    with claude_provider(Reply(shell="echo made > made.txt", usage=FIRST), Reply(text="Done.", usage=LAST)) as provider:
        done = claude_task.run(provider, how=How(uid=54321), AXON_AGENTS_MD="RULEMARK", **env)
    assert done.verdict == ("Succeeded", None, 0), done.errors
    assert "RULEMARK" in provider.model_requests[0].text
    assert (box.work / "made.txt").stat().st_uid == 54321
    assert_usage(done, FIRST + LAST)
