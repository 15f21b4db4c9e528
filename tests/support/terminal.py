"""A terminal that a test reads and types into: tmux, with a server of its own."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from support.processes import wait_until
from support.web import WAIT_SECONDS


class Terminal:
    """Runs one command; when that has ended, the screen shows "exit=" and its code."""

    def __init__(self, folder: Path, command: list[str], env: dict[str, str], columns: int = 110, rows: int = 40) -> None:
        if shutil.which("tmux") is None:
            pytest.skip("tmux is not installed: scripts/setup test")
        self._socket = folder / "tmux.sock"
        script = f"trap : INT; {shlex.join(command)}; echo exit=$?; while :; do read -r last; done"
        variables = [f"{name}={value}" for name, value in env.items()]
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), "env", "-i",
                   "TERM=screen-256color", *variables, "sh", "-c", script)

    def _tmux(self, *arguments: str) -> str:
        return subprocess.run(["tmux", "-S", str(self._socket), *arguments], text=True, capture_output=True, timeout=30,
                              check=True).stdout

    def shown(self, in_colour: bool = False) -> str:
        """The screen, without the empty rows at its end."""
        return self._tmux("capture-pane", "-p", *(["-e"] if in_colour else [])).rstrip("\n") + "\n"

    def wait_for(self, text: str) -> str:
        try:
            return wait_until(lambda: shown if text in (shown := self.shown()) else None, text, WAIT_SECONDS)
        except TimeoutError as error:
            raise AssertionError(f"{error}; the screen is:\n{self.shown()}") from None

    def press(self, *keys: str) -> None:
        """tmux's names: C-c, Enter."""
        self._tmux("send-keys", *keys)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self._tmux("kill-server")
