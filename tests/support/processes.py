"""Looking at processes and files from outside: who is left behind, who shows a secret."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Callable, Iterator, TypeVar

from support.web import WAIT_SECONDS

RUN_VARIABLE = "AXON_TEST_RUN"  # inherited by everything that a run starts
T = TypeVar("T")


def wait_until(look: Callable[[], T | None], what: str, seconds: float = WAIT_SECONDS) -> T:
    """The first true thing that `look` returns; for what has no event to wait on, as files and /proc."""
    end = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.01)
    return found


def of_run(run_id: str) -> dict[int, str]:
    """pid -> command line of each living process of this run, by a variable that they inherit."""
    mark = f"{RUN_VARIABLE}={run_id}".encode()
    return {pid: command for pid, command in _commands() if mark in _read(pid, "environ").split(b"\0")}


def named(run_id: str, part: str) -> list[int]:
    """The processes of the run whose command line holds `part`."""
    return [pid for pid, command in of_run(run_id).items() if part in command]


def showing(secret: str) -> dict[int, str]:
    """Processes whose command line holds the secret."""
    return {pid: command for pid, command in _commands() if secret in command}


def exposing(secret: str) -> dict[int, str]:
    """Processes whose environment holds the secret, as it is or in JSON."""
    needles = {secret.encode(), json.dumps(secret)[1:-1].encode()}
    return {pid: command for pid, command in _commands() if any(needle in _read(pid, "environ") for needle in needles)}


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def files_holding(secret: str, *folders: Path) -> list[Path]:
    """Regular files below the folders that hold the secret."""
    needle = secret.encode()
    files = (path for folder in folders for path in sorted(folder.rglob("*")))
    return [p for p in files if p.is_file() and not p.is_symlink() and needle in p.read_bytes()]


def _commands() -> Iterator[tuple[int, str]]:
    for pid in (int(name) for name in os.listdir("/proc") if name.isdigit()):
        if pid != os.getpid() and (command := _read(pid, "cmdline")):
            yield pid, command.replace(b"\0", b" ").decode(errors="replace").strip()


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:  # it has ended
        return b""
