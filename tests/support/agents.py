"""Where the pinned agent CLIs are: installs them on first use by tests/agents/install."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path

INSTALL = Path(__file__).resolve().parent.parent / "agents" / "install"


class NotInstalled(Exception):
    """The CLI cannot be had here; the text says why."""


@functools.cache
def installed(name: str) -> Path:
    """The directory of tests/agents/NAME after `npm ci`."""
    done = subprocess.run([INSTALL, name], capture_output=True, text=True)
    if done.returncode:
        raise NotInstalled(f"{name}: {done.stderr.strip()}")
    return Path(done.stdout.strip())


def claude() -> Path:
    return installed("claude") / "node_modules" / ".bin" / "claude"


def gemini() -> Path:
    return installed("gemini") / "node_modules" / ".bin" / "gemini"


def codex() -> Path:
    return installed("codex") / "node_modules" / ".bin" / "codex"


def codex_native() -> list[Path]:
    """Codex itself and the host of its code mode, without the script of npm."""
    return sorted(installed("codex").glob("node_modules/@openai/codex-linux-*/vendor/*/bin/codex*"))


def opencode() -> Path:
    return installed("opencode") / "node_modules" / ".bin" / "opencode"


def mcp_server() -> list[str]:
    """The command of the MCP server `everything`; takes stdio, sse or streamableHttp."""
    script = installed("mcp") / "node_modules/@modelcontextprotocol/server-everything/dist/index.js"
    return [shutil.which("node") or "node", str(script)]


def copy_for_everybody(executable: Path, folder: Path) -> Path:
    """The executable where any user may read it: the cache can lie in a closed home directory."""
    target = folder / executable.name
    source = executable.resolve()
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
