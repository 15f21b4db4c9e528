"""What opencode is given: MCP servers, instructions, skills, agents, the user's own configuration; seen where they arrive."""

from __future__ import annotations

import json
from pathlib import Path

from support.chat import chat_provider, told_and_offered, tool_results
from support.mcp import McpServer
from support.opencode_run import CONFIG, FIRST, LAST, OpencodeTask, assert_usage
from support.provider import Provider, Reply, Tool, Usage
from support.repos import Repo, git

DONE = Reply(text="Done.", usage=LAST)
BEARER = "Bearer mcp-secret-0123456789"
LITERAL = "a $HOME ${HOME} $(id) b $$ \\$x ${NONE:-y} \"c\" \\ 'd' é # : // /* \t e\nf"
RULES = 'Always TASKMARK.\n"Quoted" $(x) $$ `@README.md`.'
PLUGIN = {
    "skills/brew/SKILL.md": "---\nname: brew\ndescription: SKILLMARK of the plugin\n---\nBREWBODY\n",
    "skills/brew/bin/brew.sh": "#!/bin/sh\necho BREWED\n",
    "skills/bare/SKILL.md": "---\ndescription: BAREMARK without a name\n---\nBody.\n",
    # As written for Claude Code: none of this may make it disappear.
    "agents/critic.md": "---\nname: critic\ndescription: AGENTMARK: finds faults\ntools: Read, Bash\nmodel: opus\n"
                        "color: red\n---\nINSTRUCTIONMARK\n",
}


# opencode itself writes the schema into a repository's file that names none.
THEIRS = {"$schema": "https://opencode.ai/config.json", "instructions": ["STYLE.md"]}


def _plugin(folder: Path) -> str:
    for path, text in PLUGIN.items():
        file = folder / "kit" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (folder / "kit/skills/brew/bin/brew.sh").chmod(0o755)
    return str(folder)


def test_all_that_is_configured_is_there_and_works(opencode_task: OpencodeTask, mcp_server, repo: Repo):
    node, everything = mcp_server
    box = opencode_task.sandbox
    repo.commit({"AGENTS.md": "REPOMARK\n", "STYLE.md": "STYLEMARK\n", "opencode.json": json.dumps(THEIRS)}, "rules")
    opencode_task.write(".config/opencode/AGENTS.md", "USERMARK\n")
    outside = opencode_task.write("outside.txt", "OUTSIDE\n")
    opencode_task.config = {
        **CONFIG,
        "mcp": {"own": {"type": "local", "command": ["/no/such/server"]}},
        "permission": {"external_directory": "ask", "bash": {"*": "allow", "echo forbidden": "deny"}},
    }
    script = (
        Reply(tools=(Tool("local_echo", {"message": "MARK-1"}), Tool("web_echo", {"message": "MARK-2"}),
                     Tool("events_echo", {"message": "MARK-3"}), Tool("local_get-env", {})), usage=FIRST),
        Reply(tools=(Tool("skill", {"name": "brew"}), Tool("read", {"filePath": str(outside)}),
                     Tool("bash", {"command": "echo forbidden", "description": "d"})), shell="$HOME/.config/opencode/skills/kit-brew/bin/brew.sh",
              usage=FIRST),
        Reply(tools=(Tool("task", {"description": "d", "prompt": "SUBPROMPT", "subagent_type": "critic"}),), usage=FIRST),
        Reply(shell="echo SUBSHELL", asked="SUBPROMPT", usage=Usage(70, 0, 0, 30)),
        Reply(text="sub says hi", asked="SUBPROMPT", usage=Usage(7, 100, 0, 3)),
        Reply(text="All done.", usage=LAST),
        DONE,
    )
    with (McpServer(mcp_server, "streamableHttp", BEARER) as web, McpServer(mcp_server, "sse", BEARER) as events,
          chat_provider(*script) as provider):
        remote = {"headers": {"Authorization": BEARER}}
        servers = {
            "local": {"command": node, "args": [everything, "stdio"], "env": {"MARK": LITERAL}},
            "web": {"type": "http", "url": web.url, **remote},
            "events": {"type": "sse", "url": events.url, **remote},
            "broken": {"command": "/no/such/server"},
        }
        env = {"AXON_AGENTS_MD": RULES, "AXON_PLUGIN_DIR": _plugin(box.folder / "plugin"),
               "AXON_MCP_SERVERS": json.dumps({"mcpServers": servers})}
        done = opencode_task.run(provider, cwd=repo.work, **env)
        written = _written(opencode_task)
        opencode_task.config = None  # the second run finds what the first one left
        again = opencode_task.run(provider, cwd=repo.work, **env)
    assert [done.verdict, again.verdict] == [("Succeeded", None, 0)] * 2, done.errors + again.errors
    assert provider.unplayed == []
    _assert_all_arrived(provider)
    # The subagent's tokens are in opencode's database only.
    assert_usage(done, FIRST + FIRST + FIRST + Usage(70, 0, 0, 30) + Usage(7, 100, 0, 3) + LAST)
    assert (done.report.results["turns"], done.markers.response) == (4, "All done.")
    assert BEARER not in done.log + done.errors
    assert _written(opencode_task) == written and len(written) == 6
    settings = json.loads(written["opencode.json"])
    assert set(settings["mcp"]) == {"own", *servers}
    assert "stub" in settings["provider"]
    assert git(repo.work, "status", "--porcelain") == ""
    assert done.left == {}


def test_configurations_that_cannot_be_read_are_named(opencode_task: OpencodeTask, repo: Repo):
    opencode_task.config = None
    opencode_task.write(".config/opencode/opencode.jsonc", '{"model": "x" "y"}')
    with chat_provider() as provider:
        done = opencode_task.run(provider)
    assert (done.verdict, provider.requests) == (("Failed", "ConfigInvalid", 78), [])
    assert f"{opencode_task.home}/opencode.jsonc: " in done.report.raw["message"]


def test_a_configuration_that_opencode_refuses_is_its_own_word(opencode_task: OpencodeTask, repo: Repo):
    repo.commit({"opencode.json": '{"mcp": 3}'}, "broken")
    with chat_provider() as provider:
        done = opencode_task.run(provider, cwd=repo.work)
    assert (done.verdict, provider.requests) == (("Failed", "ConfigInvalid", 1), [])
    assert "opencode.json" in done.errors


def _assert_all_arrived(provider: Provider) -> None:
    first, second, third, *_ = provider.model_requests
    told, offered = told_and_offered(first)
    marks = ("USERMARK", "REPOMARK", "STYLEMARK", RULES, "SKILLMARK", "BAREMARK")
    assert {mark: told.count(mark) for mark in marks} == dict.fromkeys(marks, 1)
    assert "AGENTMARK: finds faults" in offered["task"]
    assert [f"Echo: MARK-{i}" in tool_results(second) for i in (1, 2, 3)] == [True] * 3
    assert json.loads(tool_results(second)[3])["MARK"] == LITERAL
    # What is asked is allowed, outside the repository too; what is denied is an error that the model sees.
    marks = ("BREWED", "BREWBODY", "OUTSIDE", "prevents you from using")
    assert [mark in result for mark, result in zip(marks, tool_results(third), strict=True)] == [True] * 4
    subagent = next(request for request in provider.model_requests if request.reply and request.reply.asked)
    told, offered = told_and_offered(subagent)
    assert "INSTRUCTIONMARK" in told
    tools = ("bash", "read", "write", "skill", "task", "local_echo")
    assert [name for name in tools if name in offered] == ["bash", "read"]  # its header allows no other


def _written(task: OpencodeTask) -> dict[str, bytes]:
    """What a Task writes; opencode itself keeps an npm package there."""
    ours = [task.home / "AGENTS.md", task.home / "opencode.json", *task.home.glob("agents/*"), *task.home.glob("skills/**/*")]
    return {str(path.relative_to(task.home)): path.read_bytes() for path in sorted(ours) if path.is_file()}
