"""The real MCP server `everything`, over HTTP and SSE, on a free port of loopback."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from types import TracebackType

PRELOAD = Path(__file__).with_name("loopback.cjs")
PATHS = {"streamableHttp": "/mcp", "sse": "/sse"}


class McpServer:
    """`with McpServer(command, "sse") as server: server.url`; wants the Authorization header if one is given."""

    def __init__(self, command: list[str], transport: str, authorization: str = "") -> None:
        node, script = command
        self._path = PATHS[transport]
        self._process = subprocess.Popen(
            [node, "--require", str(PRELOAD), script, transport],
            env={"PATH": os.environ["PATH"], "PORT": "0", "TEST_AUTHORIZATION": authorization},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )

    def __enter__(self) -> McpServer:
        for line in self._process.stderr:
            if found := re.match(r"LISTENING (\d+)", line):
                self.url = f"http://127.0.0.1:{found[1]}{self._path}"
                return self
        raise RuntimeError("the MCP server ended before it listened")

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()
