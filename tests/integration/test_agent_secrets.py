"""No secret of a real agent's run in a stream, a report, a command line or a file that others may read, however it tries."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from support import processes
from support.agent_task import AgentTask
from support.gitserver import GitServer
from support.outcome_agents import AGENTS
from support.outcomes import FIRST, LAST, NONE, Agent
from support.provider import Reply, Tool
from support.repos import Repo
from support.run import Finished, Sandbox
from support.secrets import assert_none, shapes

GITHUB_TOKEN = "ghs_0123456789abcdefghijklmnopqrstuvwxyz"
MCP_SECRET = 'mcp-"quoted"\\secret-0123456789'  # changes when it is escaped
MCP_HEADER = "Bearer header-secret-0123456789"
FIRST_TOKEN, SECOND_TOKEN = "ghs_firsttoken0123456789abcdefghijklm", "ghs_secondtoken0123456789abcdefghijkl"
# Plain, in base64, inside of base64, in the environment of the agent itself, on standard error, and with a failure.
PRINT_ALL = (
    "echo ${key} $GITHUB_TOKEN; printf %s ${key} | base64 -w0; printf %s $GITHUB_TOKEN | base64 -w0; "
    "printf '%s:%s' user $GITHUB_TOKEN | base64 -w0; printf 'x:%s' ${key} | base64 -w0; "
    "env; cat /proc/$PPID/environ | tr '\\0' '\\n'; cat {files}; env >&2; exit 1"
)
FILES = "~/.claude.json ~/.codex/config.toml ~/.gemini/settings.json ~/.config/opencode/opencode.json"


@pytest.fixture(params=AGENTS, ids=[agent.name for agent in AGENTS])
def agent(request: pytest.FixtureRequest) -> Agent:
    return request.param


@pytest.fixture
def task(agent: Agent, entrypoint: str, sandbox: Sandbox) -> AgentTask:
    for folder in agent.path():
        sandbox.env["PATH"] = f"{folder}:{sandbox.env['PATH']}"
    sandbox.env["GITHUB_TOKEN"] = GITHUB_TOKEN
    return agent.make(entrypoint, sandbox)


def assert_silent(done: Finished, secrets: tuple[str, ...]) -> None:
    assert_none("stdout", done.log, secrets)
    assert_none("stderr", done.errors, secrets)
    assert_none("the response", done.markers.response or "", secrets)
    assert_none("the report", json.dumps(done.report.raw), secrets)


def modes_of_files_with(secrets: tuple[str, ...], box: Sandbox) -> dict[Path, int]:
    """As it is now: agents also make files that they remove again."""
    found = (path for secret in secrets for shape in shapes(secret)
             for path in processes.files_holding(shape, box.home, box.tmp, box.work))
    return {path: path.stat().st_mode & 0o777 for path in found}


def test_no_secret_is_shown_however_the_agent_tries(agent: Agent, task: AgentTask, mcp_server):
    node, everything = mcp_server
    secrets = (agent.api_key, GITHUB_TOKEN, MCP_SECRET, MCP_HEADER)
    servers = {
        "everything": {"command": node, "args": [everything, "stdio"], "env": {"SERVICE_KEY": MCP_SECRET}},
        "remote": {"type": "http", "url": "http://127.0.0.1:9/mcp", "headers": {"Authorization": MCP_HEADER}},
    }
    command = PRINT_ALL.replace("{key}", agent.credential).replace("{files}", FILES)
    event = threading.Event()
    script = (
        Reply(tools=(Tool(agent.environment_tool, {}),), usage=FIRST, hang=event),
        Reply(shell=command, usage=FIRST),
        Reply(text=f"The key is {agent.api_key}, the token {GITHUB_TOKEN}.", usage=LAST),
    )
    with agent.provider(*agent.replies(script)) as provider:
        running = task.start(provider, AXON_MCP_SERVERS=json.dumps({"mcpServers": servers}))
        provider.wait_for_requests(1)
        shown = {secret: processes.showing(secret) for secret in secrets}
        # Later ones hold what the agent itself wrote of its session.
        files = modes_of_files_with(secrets, task.sandbox)
        event.set()
        done = running.wait()
    assert shown == {secret: {} for secret in secrets}
    assert files != {} and {path: mode for path, mode in files.items() if mode & 0o077} == {}
    assert done.verdict == ("Succeeded", None, 0)
    returned, printed = ("\n".join(agent.tool_results(request)) for request in provider.model_requests[1:3])
    assert any(shape in returned for shape in shapes(MCP_SECRET))  # the agent itself sees the true value
    assert any(shape in printed for shape in shapes(GITHUB_TOKEN))
    assert_silent(done, secrets)


def test_a_run_leaves_no_secret_that_others_may_read(agent: Agent, task: AgentTask, repo: Repo, tmp_path):
    """Nor the token in the clone, whose .git/config the agent's git reads."""
    secrets = (agent.api_key, GITHUB_TOKEN, MCP_SECRET)
    servers = {"absent": {"command": "/no/such/server", "env": {"SERVICE_KEY": MCP_SECRET}}}
    push = "echo 1 > a && git add a && git commit -qm a && git push -q origin HEAD"
    checkout = task.sandbox.work / "repo"
    script = (Reply(shell=push, usage=FIRST), Reply(text="Done.", usage=LAST))
    with GitServer(tmp_path / "served", token=GITHUB_TOKEN) as server, agent.provider(*agent.replies(script)) as provider:
        prepared = task.sandbox.run(task.entrypoint, "prepare", "--repo", server.repo_url(repo.name), "--branch", "fix",
                                    "--path", str(checkout))
        done = task.run(provider, cwd=checkout, AXON_MCP_SERVERS=json.dumps({"mcpServers": servers}))
    assert (prepared.exit_code, done.verdict) == (0, ("Succeeded", None, 0)), prepared.errors
    assert repo.sha("fix") is not None
    assert {secret: processes.showing(secret) for secret in secrets} == {secret: {} for secret in secrets}
    assert {path: mode for path, mode in modes_of_files_with(secrets, task.sandbox).items() if mode & 0o077} == {}
    assert processes.files_holding(GITHUB_TOKEN, checkout) == []
    assert_none(".git/config", (checkout / ".git/config").read_text(), secrets)
    for finished in (prepared, done):
        assert_none("the output", finished.log + finished.errors, secrets)


@pytest.mark.parametrize("padding", [65_530, 300_001], ids=["at-a-chunk", "long"])
def test_a_long_answer_that_holds_secrets(agent: Agent, task: AgentTask, padding):
    words = " ".join(str(i) for i in range(padding))[:padding]  # Gemini CLI would take a line of dashes for a loop
    answer = f"The key is {words}{agent.api_key}, the token {GITHUB_TOKEN}."
    with agent.provider(Reply(text=answer, usage=agent.tells(LAST))) as provider:
        done = task.run(provider)
    assert done.verdict == ("Succeeded", None, 0)
    assert_silent(done, (agent.api_key, GITHUB_TOKEN))


def test_an_error_message_that_holds_the_key(agent: Agent, task: AgentTask):
    with agent.provider(Reply(status=400, message=f"bad key {agent.api_key}", times=9)) as provider:
        done = task.run(provider)
    assert done.verdict[0] == "Failed" and done.report.usage == NONE
    assert_silent(done, (agent.api_key,))


def test_a_token_file_is_redacted_also_after_it_was_replaced(agent: Agent, task: AgentTask):
    token_file = task.sandbox.folder / "GITHUB_TOKEN"
    token_file.write_text(FIRST_TOKEN)
    second = SECOND_TOKEN.removeprefix("ghs_")
    swap = f"cat {token_file}; printf ghs_%s {second} > {token_file}; cat {token_file}"
    script = (Reply(shell=swap, usage=FIRST), Reply(text="Done.", usage=LAST))
    with agent.provider(*agent.replies(script)) as provider:
        done = task.run(provider, AXON_GITHUB_TOKEN_FILE=str(token_file))
    assert done.verdict == ("Succeeded", None, 0)
    assert_silent(done, (FIRST_TOKEN, SECOND_TOKEN))
