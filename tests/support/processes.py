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
    return {pid: command for pid, command, environ in _others() if mark in environ.split(b"\0")}


def named(run_id: str, part: str) -> list[int]:
    """The processes of the run whose command line holds `part`."""
    return [pid for pid, command in of_run(run_id).items() if part in command]


def showing(secret: str) -> dict[int, str]:
    """Processes whose command line holds the secret."""
    return {pid: command for pid, command, _ in _others() if secret in command}


def exposing(secret: str) -> dict[int, str]:
    """Processes whose environment holds the secret, as it is or in JSON."""
    needles = {secret.encode(), json.dumps(secret)[1:-1].encode()}
    return {pid: command for pid, command, environ in _others() if any(needle in environ for needle in needles)}


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


def _others() -> Iterator[tuple[int, str, bytes]]:
    """pid, command line and environment of each process but this one; kernel threads and the dead have neither."""
    for pid in (int(name) for name in os.listdir("/proc") if name.isdigit()):
        if pid != os.getpid() and (seen := _command_and_environment(pid)):
            yield pid, seen[0].replace(b"\0", b" ").decode(errors="replace").strip(), seen[1]


def _command_and_environment(pid: int) -> tuple[bytes, bytes] | None:
    """Both of one program: in the middle of an exec the kernel shows neither, so it is asked again."""
    for _ in range(10_000):
        if not _has_program(pid):
            break
        command, environ = _read(pid, "cmdline"), _read(pid, "environ")
        if command and command == _read(pid, "cmdline"):
            return command, environ
    return None


def _has_program(pid: int) -> bool:
    try:
        return bool(os.readlink(f"/proc/{pid}/exe"))
    except OSError:  # a kernel thread, or dead
        return False


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:  # it has ended
        return b""
