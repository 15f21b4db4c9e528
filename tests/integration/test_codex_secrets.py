"""No secret in a stream, a report or a command line, however the agent tries."""

from __future__ import annotations

import base64
import json
import threading

import pytest

from support import processes
from support.codex_run import API_KEY, FIRST, LAST, CodexTask
from support.openai import codex_provider, tool_results
from support.provider import Reply, Tool

GITHUB_TOKEN = "ghs_0123456789abcdefghijklmnopqrstuvwxyz"
MCP_SECRET = 'mcp-"quoted"\\secret-0123456789'  # changes when it is escaped
MCP_HEADER = "Bearer header-secret-0123456789"
SECRETS = (API_KEY, GITHUB_TOKEN, MCP_SECRET, MCP_HEADER)


def shapes(secret: str) -> set[str]:
    """The secret plain, as JSON text, as JSON text inside JSON text, and in base64 at each of three offsets."""
    once = json.dumps(secret)[1:-1]
    encoded = {base64.b64encode(b"x" * pad + secret.encode()).decode()[4 if pad else 0 : -4] for pad in range(3)}
    return {secret, once, json.dumps(once)[1:-1], *encoded}


def assert_no_secret(where: str, text: str) -> None:
    found = [shape for secret in SECRETS for shape in shapes(secret) if shape in text]
    assert found == [], f"in {where}"


def mcp(command: str = "/no/such/server", args: tuple[str, ...] = ()) -> str:
    return json.dumps({"mcpServers": {
        "everything": {"type": "stdio", "command": command, "args": list(args), "env": {"SERVICE_KEY": MCP_SECRET}},
        "remote": {"type": "http", "url": "http://127.0.0.1:9/mcp", "headers": {"Authorization": MCP_HEADER}},
    }})


@pytest.mark.parametrize(
    "command",
    [
        "echo $CODEX_API_KEY $GITHUB_TOKEN",
        "printf %s $CODEX_API_KEY | base64 -w0; printf %s $GITHUB_TOKEN | base64 -w0",
        "printf '%s:%s' user $GITHUB_TOKEN | base64 -w0; printf 'x:%s' $CODEX_API_KEY | base64 -w0",
        "env; cat /proc/$PPID/environ | tr '\\0' '\\n'",
        "env >&2; exit 1",
    ],
    ids=["plain", "base64", "base64-inside", "env", "stderr"],
)
def test_a_tool_that_prints_secrets(codex_task: CodexTask, command):
    script = (Reply(shell=command, usage=FIRST), Reply(text="Done.", usage=LAST))
    with codex_provider(*script) as provider:
        done = codex_task.run(provider, GITHUB_TOKEN=GITHUB_TOKEN, AXON_MCP_SERVERS=mcp())
    assert done.verdict == ("Succeeded", None, 0)
    assert tool_results(provider.model_requests[1]) != []
    assert_no_secret("stdout", done.log)
    assert_no_secret("stderr", done.errors)


def test_an_mcp_tool_that_returns_its_environment(codex_task: CodexTask, mcp_server):
    node, script = mcp_server
    replies = (Reply(tools=(Tool("mcp__everything__get_env", {}),), usage=FIRST), Reply(text="Done.", usage=LAST))
    with codex_provider(*replies) as provider:
        done = codex_task.run(provider, GITHUB_TOKEN=GITHUB_TOKEN, AXON_MCP_SERVERS=mcp(node, (script, "stdio")))
    assert done.verdict == ("Succeeded", None, 0)
    returned = tool_results(provider.model_requests[1])[0]
    assert any(shape in returned for shape in shapes(MCP_SECRET))  # the agent itself sees the true value
    assert_no_secret("stdout", done.log)


@pytest.mark.parametrize("padding", [0, 65_530, 300_001], ids=["short", "at-a-chunk", "long"])
def test_an_answer_that_holds_secrets(codex_task: CodexTask, padding):
    answer = f"The key is {'-' * padding}{API_KEY}, the token {GITHUB_TOKEN}."
    with codex_provider(Reply(text=answer, usage=LAST)) as provider:
        done = codex_task.run(provider, GITHUB_TOKEN=GITHUB_TOKEN)
    assert done.verdict == ("Succeeded", None, 0)
    assert_no_secret("stdout", done.log)
    assert_no_secret("the response", done.markers.response or "")
    assert_no_secret("the report", json.dumps(done.report.raw))


def test_an_error_message_that_holds_the_key(codex_task: CodexTask):
    with codex_provider(Reply(status=400, message=f"bad key {API_KEY}", times=9)) as provider:
        done = codex_task.run(provider)
    assert done.report.verdict[0] == "Failed"
    assert_no_secret("stdout", done.log)
    assert_no_secret("stderr", done.errors)
    assert_no_secret("the report", json.dumps(done.report.raw))


def test_a_token_file_is_redacted_also_after_it_was_replaced(codex_task: CodexTask):
    token_file = codex_task.sandbox.folder / "GITHUB_TOKEN"
    token_file.write_text("ghs_firsttoken0123456789abcdefghijklm")
    swap = f"cat {token_file}; printf ghs_secondtoken0123456789abcdefghijkl > {token_file}; cat {token_file}"
    with codex_provider(Reply(shell=swap, usage=FIRST), Reply(text="Done.", usage=LAST)) as provider:
        done = codex_task.run(provider, AXON_GITHUB_TOKEN_FILE=str(token_file))
    assert done.verdict == ("Succeeded", None, 0)
    assert "ghs_firsttoken0123456789abcdefghijklm" not in done.log


def test_no_command_line_shows_a_secret(codex_task: CodexTask):
    event = threading.Event()
    with codex_provider(Reply(text="Done.", hang=event)) as provider:
        running = codex_task.start(provider, GITHUB_TOKEN=GITHUB_TOKEN, AXON_MCP_SERVERS=mcp())
        provider.wait_for_requests(1)
        shown = {secret: processes.showing(secret) for secret in SECRETS}
        event.set()
        done = running.wait()
    assert shown == {secret: {} for secret in SECRETS}
    assert done.verdict == ("Succeeded", None, 0)


def test_files_with_a_secret_are_for_their_owner_only(codex_task: CodexTask):
    box = codex_task.sandbox
    with codex_provider(Reply(text="Done.", usage=LAST)) as provider:
        codex_task.run(provider, GITHUB_TOKEN=GITHUB_TOKEN, AXON_MCP_SERVERS=mcp())
    for secret in SECRETS:
        for shape in {secret, json.dumps(secret)[1:-1]}:
            open_files = [
                path for path in processes.files_holding(shape, box.home, box.tmp, box.work)
                if path.stat().st_mode & 0o077
            ]
            assert open_files == []
