"""No secret of an opencode run in a stream, a report, a command line or a file that others may read."""

from __future__ import annotations

import json
import threading

from support import processes
from support.chat import chat_provider, tool_results
from support.opencode_run import API_KEY, FIRST, LAST, OpencodeTask
from support.provider import Reply, Tool
from support.secrets import assert_none, shapes

GITHUB_TOKEN = "ghs_0123456789abcdefghijklmnopqrstuvwxyz"
MCP_SECRET = 'mcp-"quoted"\\secret-0123456789'  # changes when it is escaped
MCP_HEADER = "Bearer header-secret-0123456789"
SECRETS = (API_KEY, GITHUB_TOKEN, MCP_SECRET, MCP_HEADER)
PRINT_ALL = (
    "env; cat ~/.config/opencode/opencode.json; cat /proc/$PPID/environ | tr '\\0' '\\n'; env >&2; "
    "printf 'x:%s' $OPENCODE_API_KEY | base64 -w0; printf 'user:%s' $GITHUB_TOKEN | base64 -w0"
)


def test_no_secret_is_shown_however_the_agent_tries(opencode_task: OpencodeTask, mcp_server):
    node, everything = mcp_server
    box = opencode_task.sandbox
    servers = {
        "local": {"command": node, "args": [everything, "stdio"], "env": {"SERVICE_KEY": MCP_SECRET}},
        "remote": {"type": "http", "url": "http://127.0.0.1:9/mcp", "headers": {"Authorization": MCP_HEADER}},
    }
    event = threading.Event()
    script = (
        Reply(tools=(Tool("local_get-env", {}),), shell=PRINT_ALL, usage=FIRST, hang=event),
        Reply(text=f"The key is {'-' * 65_530}{API_KEY}, the token {GITHUB_TOKEN}.", usage=LAST),
    )
    with chat_provider(*script) as provider:
        running = opencode_task.start(provider, GITHUB_TOKEN=GITHUB_TOKEN,
                                      AXON_MCP_SERVERS=json.dumps({"mcpServers": servers}))
        provider.wait_for_requests(1)
        command_lines = {secret: processes.showing(secret) for secret in SECRETS}
        files = {path for secret in SECRETS for shape in shapes(secret)
                 for path in processes.files_holding(shape, box.home, box.tmp, box.work)}
        event.set()
        done = running.wait()
    assert command_lines == {secret: {} for secret in SECRETS}
    assert opencode_task.home / "opencode.json" in files
    assert [path for path in files if path.stat().st_mode & 0o077] == []
    assert done.verdict == ("Succeeded", None, 0)
    seen = "\n".join(tool_results(provider.model_requests[1]))  # the agent itself sees the true values
    assert [any(shape in seen for shape in shapes(secret)) for secret in SECRETS] == [True] * 4
    assert_none("stdout", done.log, SECRETS)
    assert_none("stderr", done.errors, SECRETS)
    assert_none("the response", done.markers.response or "", SECRETS)
    assert_none("the report", json.dumps(done.report.raw), SECRETS)
