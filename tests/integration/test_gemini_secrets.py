"""No secret of a Gemini CLI run in a stream, a report, a command line or a file that others may read."""

from __future__ import annotations

import json
import threading

from support import processes
from support.gemini import gemini_provider
from support.gemini_run import API_KEY, FIRST, LAST, GeminiTask
from support.provider import Reply

GITHUB_TOKEN = "ghs_0123456789abcdefghijklmnopqrstuvwxyz"
MCP_SECRET = 'mcp-"quoted"\\secret-0123456789'  # changes when it is escaped
MCP_HEADER = "Bearer header-secret-0123456789"
SECRETS = (API_KEY, GITHUB_TOKEN, MCP_SECRET, MCP_HEADER)
MCP = json.dumps({"mcpServers": {
    "local": {"type": "stdio", "command": "/no/such/server", "env": {"SERVICE_KEY": MCP_SECRET}},
    "remote": {"type": "http", "url": "http://127.0.0.1:9/mcp", "headers": {"Authorization": MCP_HEADER}},
}})


def shapes(secret: str) -> set[str]:
    once = json.dumps(secret)[1:-1]
    return {secret, once, json.dumps(once)[1:-1]}


def test_a_tool_that_prints_everything(gemini_task: GeminiTask):
    command = "env; echo $GEMINI_API_KEY; cat ~/.gemini/settings.json; cat /proc/$PPID/environ | tr '\\0' '\\n'"
    script = (Reply(shell=command, usage=FIRST), Reply(text=f"Your key is {API_KEY}.", usage=LAST))
    with gemini_provider(*script) as provider:
        done = gemini_task.run(provider, GITHUB_TOKEN=GITHUB_TOKEN, AXON_MCP_SERVERS=MCP)
    assert done.verdict == ("Succeeded", None, 0)
    assert GITHUB_TOKEN in provider.model_requests[1].text
    said = done.log + done.errors + (done.markers.response or "") + json.dumps(done.report.raw)
    assert [shape for secret in SECRETS for shape in shapes(secret) if shape in said] == []


def test_no_command_line_shows_a_secret(gemini_task: GeminiTask):
    event = threading.Event()
    with gemini_provider(Reply(text="Done.", hang=event)) as provider:
        running = gemini_task.start(provider, GITHUB_TOKEN=GITHUB_TOKEN, AXON_MCP_SERVERS=MCP)
        provider.wait_for_requests(1)
        shown = {secret: processes.showing(secret) for secret in SECRETS}
        event.set()
        done = running.wait()
    assert shown == {secret: {} for secret in SECRETS}
    assert done.verdict == ("Succeeded", None, 0)


def test_files_with_a_secret_are_for_their_owner_only(gemini_task: GeminiTask):
    box = gemini_task.sandbox
    with gemini_provider(Reply(text="Done.", usage=LAST)) as provider:
        gemini_task.run(provider, GITHUB_TOKEN=GITHUB_TOKEN, AXON_MCP_SERVERS=MCP)
    for secret in SECRETS:
        for shape in shapes(secret):
            files = processes.files_holding(shape, box.home, box.tmp, box.work)
            assert [path for path in files if path.stat().st_mode & 0o077] == []
