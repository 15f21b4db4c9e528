"""Where the pinned agent CLIs are, and the node that they need: installs them on first use by tests/agents/install."""

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


OLDEST_NODE = 20  # Gemini CLI's own demand


def _major_version_of_node() -> int:
    node = shutil.which("node")
    text = subprocess.run([node, "--version"], capture_output=True, text=True).stdout if node else ""
    return int(text.lstrip("v").split(".")[0] or 0)


def pinned_node() -> Path:
    """The folder of a node that is new enough for every agent."""
    return next(installed("node").glob("node_modules/node-linux-*/bin"))


def put_node_into_path() -> None:
    """Puts a pinned node before the machine's own where that one is too old, as Debian 12's is, for all that is run."""
    if _major_version_of_node() < OLDEST_NODE and shutil.which("npm"):
        os.environ["PATH"] = f"{pinned_node()}:{os.environ['PATH']}"


def claude() -> Path:
    return installed("claude") / "node_modules" / ".bin" / "claude"


def gemini() -> Path:
    return installed("gemini") / "node_modules" / ".bin" / "gemini"


def qwen() -> Path:
    return installed("qwen") / "node_modules" / ".bin" / "qwen"


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
