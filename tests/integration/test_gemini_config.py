"""What Gemini CLI is given: MCP servers, instructions, skills, agents, settings; seen where they arrive."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.agent_task import assert_usage
from support.gemini import gemini_provider, tool_results
from support.gemini_run import FIRST, LAST, GeminiTask
from support.mcp import McpServer
from support.provider import Reply, Tool
from support.repos import Repo, git

DONE = Reply(text="Done.", usage=LAST)
ECHO = Tool("mcp_everything_echo", {"message": "MARK-7"})
SCRIPT = (Reply(tools=(ECHO,), usage=FIRST), DONE)
# A dollar begins a variable in its settings: once everywhere, and once more in env and headers.
LITERAL = "a $HOME ${HOME} $(id) b $$ \\$x ${NONE:-y} \"c\" \\ 'd' é # : \t e"
BEARER = "Bearer mcp-secret-$HOME-0123456789"


def servers(**server) -> str:
    return json.dumps({"mcpServers": {"everything": server}})


def assert_echoed(done, provider) -> None:
    assert done.verdict == ("Succeeded", None, 0), done.errors
    assert "Echo: MARK-7" in tool_results(provider.model_requests[1])[0]
    assert_usage(done, FIRST + LAST)


def test_an_mcp_server_over_stdio(gemini_task: GeminiTask, mcp_server):
    node, script = mcp_server
    with gemini_provider(*SCRIPT) as provider:
        done = gemini_task.run(provider, AXON_MCP_SERVERS=servers(command=node, args=[script, "stdio"]))
    assert_echoed(done, provider)
    assert done.left == {}


@pytest.mark.parametrize(("kind", "transport"), [("http", "streamableHttp"), ("sse", "sse")])
def test_an_mcp_server_over_the_network_with_a_header(gemini_task: GeminiTask, mcp_server, kind, transport):
    with McpServer(mcp_server, transport, BEARER) as mcp, gemini_provider(*SCRIPT) as provider:
        done = gemini_task.run(
            provider, AXON_MCP_SERVERS=servers(type=kind, url=mcp.url, headers={"Authorization": BEARER})
        )
    assert_echoed(done, provider)
    assert BEARER not in done.log + done.errors


def test_the_environment_of_an_mcp_server_arrives_literally(gemini_task: GeminiTask, mcp_server):
    node, script = mcp_server
    get_env = Reply(tools=(Tool("mcp_everything_get-env", {}),), usage=FIRST)
    with gemini_provider(get_env, DONE) as provider:
        mcp = servers(command=node, args=[script, "stdio"], env={"MARK": LITERAL, "SERVICE_TOKEN": "t$HOME"})
        assert gemini_task.run(provider, AXON_MCP_SERVERS=mcp).verdict == ("Succeeded", None, 0)
    answer = tool_results(provider.model_requests[1])[0]
    seen = json.loads(answer[answer.index("{"):answer.rindex("}") + 1])
    assert (seen["MARK"], seen["SERVICE_TOKEN"]) == (LITERAL, "t$HOME")


def test_the_arguments_of_an_mcp_server_arrive_literally(gemini_task: GeminiTask):
    seen = gemini_task.sandbox.folder / "argv"
    server = gemini_task.write("server.sh", f"#!/bin/sh\nprintf '%s' \"$1\" > {seen}\n")
    server.chmod(0o755)
    with gemini_provider(DONE) as provider:
        done = gemini_task.run(provider, AXON_MCP_SERVERS=servers(command=str(server), args=[LITERAL]))
    assert (done.verdict, seen.read_text()) == (("Succeeded", None, 0), LITERAL)


def test_a_broken_mcp_server_does_not_fail_the_task(gemini_task: GeminiTask):
    with gemini_provider(DONE) as provider:
        done = gemini_task.run(provider, AXON_MCP_SERVERS=servers(command="/no/such/server"))
    assert done.verdict == ("Succeeded", None, 0)


def test_a_variable_that_would_be_dropped_is_an_error(gemini_task: GeminiTask):
    with gemini_provider() as provider:
        done = gemini_task.run(provider, AXON_MCP_SERVERS=servers(command="x", env={"LD_PRELOAD": "/x.so"}))
    assert (done.verdict, provider.requests) == (("Failed", "ConfigInvalid", 78), [])
    assert "mcpServers.everything.env.LD_PRELOAD" in done.report.raw["message"]


def _plugin(folder: Path) -> str:
    kit = folder / "my_kit"
    files = {
        "skills/brew/SKILL.md": "---\nname: brew\ndescription: SKILLMARK of the plugin\n---\nBody.\n",
        "skills/bare/SKILL.md": "BAREMARK of the plugin\n",
        "skills/brew/bin/run.sh": "#!/bin/sh\n",
        "agents/critic.md": "---\nname: critic\ndescription: AGENTMARK of the plugin\n---\nBody.\n",
        # As written for Claude Code: none of this may make it disappear.
        "agents/Judge.md": "---\nname: The Judge\ndescription: JUDGEMARK: use it when asked\ntools: Read, Bash\n"
                           "model: sonnet\ncolor: red\n---\nBody.\n",
    }
    for name, text in files.items():
        path = kit / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (kit / "skills/brew/bin/run.sh").chmod(0o755)
    return str(folder)


def test_instructions_and_plugins_reach_the_provider(gemini_task: GeminiTask):
    plugins = _plugin(gemini_task.sandbox.folder / "plugin")
    rules = "Always RULEMARK with @octocat and `@types/node`.\n\"Quoted\" $(x) $$."
    with gemini_provider(DONE) as provider:
        done = gemini_task.run(provider, AXON_AGENTS_MD=rules, AXON_PLUGIN_DIR=plugins)
    assert done.verdict == ("Succeeded", None, 0)
    text = provider.model_requests[0].text
    marks = ("RULEMARK", "octocat", "SKILLMARK", "BAREMARK", "AGENTMARK", "JUDGEMARK", "the-judge", "`@types/node`")
    assert {mark: mark in text for mark in marks} == dict.fromkeys(marks, True)
    assert "\\\"Quoted\\\" $(x) $$." in text
    copied = gemini_task.sandbox.home / ".gemini/extensions/my-kit/skills/brew/bin/run.sh"
    assert copied.stat().st_mode & 0o777 == 0o755


def test_a_skill_and_an_agent_of_a_plugin_can_be_used(gemini_task: GeminiTask):
    plugins = _plugin(gemini_task.sandbox.folder / "plugin")
    script = (
        Reply(tools=(Tool("activate_skill", {"name": "brew"}),), usage=FIRST),
        Reply(tools=(Tool("invoke_agent", {"agent_name": "the-judge", "prompt": "SUBPROMPT"}),), usage=FIRST),
        Reply(tools=(Tool("complete_task", {"result": "judged"}),), asked="SUBPROMPT", usage=LAST),
        DONE,
    )
    with gemini_provider(*script) as provider:
        done = gemini_task.run(provider, AXON_PLUGIN_DIR=plugins)
    assert (done.verdict, provider.unplayed) == (("Succeeded", None, 0), [])
    assert "Body." in tool_results(provider.model_requests[1])[0]
    assert_usage(done, FIRST + FIRST + LAST + LAST)


def test_two_plugins_with_one_skill_are_an_error(gemini_task: GeminiTask):
    root = gemini_task.sandbox.folder / "plugin"
    for name in ("a", "b"):
        skill = root / name / "skills" / name / "SKILL.md"
        skill.parent.mkdir(parents=True)
        skill.write_text("---\nname: same\ndescription: d\n---\n")
    with gemini_provider() as provider:
        done = gemini_task.run(provider, AXON_PLUGIN_DIR=str(root))
    assert done.verdict == ("Failed", "ConfigInvalid", 78)
    assert "\"same\"" in done.report.raw["message"]


def test_what_the_user_and_the_repository_say_stays(gemini_task: GeminiTask, repo: Repo):
    repo.commit({"GEMINI.md": "REPOMARK\n"}, "rules")
    gemini_task.write(".gemini/GEMINI.md", "USERMARK\n")
    gemini_task.settings = {"general": {"maxAttempts": 2}, "mcpServers": {"theirs": {"command": "/no/such/server"}}}
    mcp = servers(command="/no/such/other")
    with gemini_provider(DONE, DONE) as provider:
        done = gemini_task.run(provider, cwd=repo.work, AXON_AGENTS_MD="TASKMARK", AXON_MCP_SERVERS=mcp)
        written = (gemini_task.sandbox.home / ".gemini/settings.json").read_bytes()
        gemini_task.settings = None
        again = gemini_task.run(provider, cwd=repo.work, AXON_AGENTS_MD="TASKMARK", AXON_MCP_SERVERS=mcp)
    assert [done.verdict, again.verdict] == [("Succeeded", None, 0)] * 2
    text = provider.model_requests[1].text
    assert [text.count(mark) for mark in ("REPOMARK", "USERMARK", "TASKMARK")] == [1, 1, 1]
    settings = json.loads(written)
    assert (settings["general"], sorted(settings["mcpServers"])) == ({"maxAttempts": 2}, ["everything", "theirs"])
    assert (gemini_task.sandbox.home / ".gemini/settings.json").read_bytes() == written
    assert git(repo.work, "status", "--porcelain") == ""


def test_malformed_settings_are_told_before_it_starts(gemini_task: GeminiTask):
    gemini_task.settings = None
    gemini_task.write(".gemini/settings.json", '{"general": ')
    with gemini_provider() as provider:
        done = gemini_task.run(provider)
    assert (done.verdict, provider.requests) == (("Failed", "ConfigInvalid", 78), [])
    assert ".gemini/settings.json: " in done.report.raw["message"]


def test_malformed_settings_of_the_repository_are_told(gemini_task: GeminiTask, repo: Repo):
    repo.commit({".gemini/settings.json": '{"general": '}, "broken")
    with gemini_provider() as provider:
        done = gemini_task.run(provider, cwd=repo.work)
    assert (done.verdict, provider.requests) == (("Failed", "ConfigInvalid", 52), [])
    assert ".gemini/settings.json" in done.errors


def test_another_home_of_its_own_is_used(gemini_task: GeminiTask):
    home = gemini_task.sandbox.folder / "data"
    with gemini_provider(Reply(shell="true", usage=FIRST), DONE) as provider:
        done = gemini_task.run(provider, GEMINI_CLI_HOME=str(home), AXON_AGENTS_MD="RULEMARK")
    assert done.verdict == ("Succeeded", None, 0)
    assert "RULEMARK" in provider.model_requests[0].text
    assert (home / ".gemini/settings.json").stat().st_mode & 0o777 == 0o600
