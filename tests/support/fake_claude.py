"""A `claude` of a few lines of shell that writes down how it was started and succeeds: for tests of our own part."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from support.run import Sandbox

RESULT = {
    "type": "result", "subtype": "success", "is_error": False, "terminal_reason": "completed", "num_turns": 1,
    "result": "Done.", "stop_reason": "end_turn", "session_id": "5d1f1a60-0000-4000-8000-000000000000",
    "total_cost_usd": 0.5,
    "usage": {"input_tokens": 10, "cache_creation_input_tokens": 20, "cache_read_input_tokens": 30, "output_tokens": 4},
    "modelUsage": {"m": {"inputTokens": 10, "outputTokens": 4, "cacheReadInputTokens": 30,
                         "cacheCreationInputTokens": 20, "costUSD": 0.5}},
}
INIT = {"type": "system", "subtype": "init", "session_id": RESULT["session_id"], "model": "m", "mcp_servers": []}


@dataclass(frozen=True)
class FakeClaude:
    folder: Path

    @property
    def started(self) -> bool:
        return (self.folder / "argv").exists()

    @property
    def argv(self) -> list[str]:
        return (self.folder / "argv").read_bytes().decode().split("\0")[:-1]

    @property
    def stdin(self) -> bytes:
        return (self.folder / "stdin").read_bytes()

    @property
    def env(self) -> dict[str, str]:
        pairs = (self.folder / "env").read_bytes().decode().split("\0")[:-1]
        return dict(pair.split("=", 1) for pair in pairs)


def install_fake_claude(sandbox: Sandbox, body: str = "") -> FakeClaude:
    """Puts it first in PATH. `body` is shell that runs between the two lines of its stream."""
    folder = sandbox.folder / "fake"
    folder.mkdir()
    program = folder / "claude"
    program.write_text(
        f"""#!/bin/sh
here='{folder}'
cat > "$here/stdin"
env -0 > "$here/env"
printf '%s\\0' "$@" > "$here/argv"
echo '{json.dumps(INIT)}'
{body}
echo '{json.dumps(RESULT)}'
"""
    )
    program.chmod(0o755)
    sandbox.env["PATH"] = f"{folder}:{sandbox.env['PATH']}"
    sandbox.env["AXON_AGENT_TYPE"] = "claude-code"
    return FakeClaude(folder)
