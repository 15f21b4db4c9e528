"""Starting the programs under test the ways a Pod, a machine and a hostile image start them."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Sequence

from support import processes
from support.outputs import Markers, Report, parse_markers, read_report
from support.web import WAIT_SECONDS

RUN_SECONDS = 120.0  # a whole run; generous, two cores are shared
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
UNSHARE, SETPRIV = "/usr/bin/unshare", "/usr/bin/setpriv"  # the run's own PATH may be anything
NEW_PID_NAMESPACE = (UNSHARE, "--pid", "--fork", "--mount-proc", "--kill-child")


def entrypoint() -> str:
    return os.environ["AXON_ENTRYPOINT"]


def axon() -> str:
    return os.environ["AXON_CLI"]


@dataclass(frozen=True)
class How:
    """The way to start: a plain child unless said otherwise."""

    pid1: bool = False  # PID 1 of its own namespace
    root: Path | None = None  # chrooted into this folder
    uid: int | None = None

    def wrap(self, argv: Sequence[str]) -> list[str]:
        change_user = [SETPRIV, f"--reuid={self.uid}", "--regid=0", "--clear-groups", "--"] if self.uid else []
        if self.root:
            return [UNSHARE, f"--root={self.root}", "--wd=/", "--", *argv]
        if self.pid1:
            return [*NEW_PID_NAMESPACE, "--", *change_user, *argv]
        return [*change_user, *argv]


PLAIN, PID1 = How(), How(pid1=True)


class Stream:
    """Reads a pipe to its end on a thread; the test can wait for a text in it."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._data = bytearray()
        self._changed = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._read, args=(pipe,), daemon=True)
        self._thread.start()

    def _read(self, pipe: IO[bytes]) -> None:
        while piece := pipe.read1(1 << 16):
            with self._changed:
                self._data += piece
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    @property
    def text(self) -> str:
        with self._changed:
            return self._data.decode(errors="replace")

    @property
    def raw(self) -> bytes:
        with self._changed:
            return bytes(self._data)

    def wait_for(self, needle: str, seconds: float = WAIT_SECONDS) -> None:
        with self._changed:
            found = self._changed.wait_for(lambda: needle.encode() in self._data or self._ended, seconds)
            if not found or needle.encode() not in self._data:
                raise TimeoutError(f"no {needle!r} in the output:\n{self._data[-4000:].decode(errors='replace')}")

    def join(self, seconds: float) -> None:
        self._thread.join(seconds)


@dataclass(frozen=True)
class Finished:
    exit_code: int  # as a shell says it: 128 + n after a signal
    stdout: bytes
    stderr: bytes
    report: Report | None
    seconds: float
    left: dict[int, str] = field(default_factory=dict)  # processes that outlived the run

    @property
    def log(self) -> str:
        return self.stdout.decode(errors="replace")

    @property
    def errors(self) -> str:
        return self.stderr.decode(errors="replace")

    @property
    def markers(self) -> Markers:
        markers = parse_markers(self.log)
        assert markers is not None, f"no marker block in:\n{self.log[-4000:]}\nstderr:\n{self.errors[-4000:]}"
        return markers

    @property
    def verdict(self) -> tuple[str, str | None, int]:
        """Outcome, reason, exit code: what nearly every test asks."""
        assert self.report is not None, f"no report; exit {self.exit_code}, stderr:\n{self.errors[-4000:]}"
        return (*self.report.verdict, self.exit_code)


class Running:
    """A started program: wait for its output or its end, signal it."""

    def __init__(self, process: subprocess.Popen[bytes], how: How, run_id: str, report: Path | None) -> None:
        self.process = process
        self.run_id = run_id
        self.report_path = report
        self.stdout, self.stderr = Stream(process.stdout), Stream(process.stderr)
        self._how = how
        self._started = time.monotonic()

    @property
    def pid(self) -> int:
        """The program itself as this namespace sees it: `unshare --fork` forwards no signal."""
        if not self._how.pid1:
            return self.process.pid
        return processes.wait_until(lambda: processes.children(self.process.pid), "the namespace's PID 1")[0]

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def wait(self, seconds: float = RUN_SECONDS) -> Finished:
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.abort()
            raise TimeoutError(
                f"still running after {seconds:.0f} s\nstdout: {self.stdout.text[-3000:]}"
                f"\nstderr: {self.stderr.text[-3000:]}"
            ) from None
        took = time.monotonic() - self._started
        left = processes.of_run(self.run_id)
        for pid in left:
            _kill(pid)
        for stream in (self.stdout, self.stderr):
            stream.join(10)
        report = read_report(self.report_path) if self.report_path else None
        code = 128 - code if code < 0 else code
        return Finished(code, self.stdout.raw, self.stderr.raw, report, took, left)

    def abort(self) -> None:
        """Kills everything that this run started."""
        for pid in processes.of_run(self.run_id):
            _kill(pid)
        self.process.wait()


class Sandbox:
    """The folders of one run (home, repo, tmp, report) and its environment; nothing of ours is inherited."""

    def __init__(self, folder: Path, path: Sequence[Path | str] = ()) -> None:
        self.folder = folder
        self.home, self.work, self.tmp = (folder / name for name in ("home", "work", "tmp"))
        for each in (self.home, self.work, self.tmp):
            each.mkdir(parents=True)
        self.report = folder / "termination-log"
        self.report.touch()  # the kubelet makes it
        self.env: dict[str, str] = {
            "PATH": os.pathsep.join([*map(str, path), SYSTEM_PATH]),
            "HOME": str(self.home),
            "TMPDIR": str(self.tmp),
            "LANG": "C.UTF-8",
            "AXON_TERMINATION_LOG": str(self.report),
        }
        self.runs: list[Running] = []

    def start(self, *argv: str, how: How = PLAIN, cwd: Path | None = None, stdin: int = subprocess.DEVNULL,
              **env: str) -> Running:
        run_id = uuid.uuid4().hex
        process = subprocess.Popen(
            how.wrap(argv),
            env={**self.env, **env, processes.RUN_VARIABLE: run_id},
            cwd=cwd or self.work,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        running = Running(process, how, run_id, self.report)
        self.runs.append(running)
        return running

    def run(self, *argv: str, how: How = PLAIN, cwd: Path | None = None,
            seconds: float = RUN_SECONDS, **env: str) -> Finished:
        return self.start(*argv, how=how, cwd=cwd, **env).wait(seconds)

    def give_to(self, uid: int) -> None:
        """Everything here belongs to this user from now on."""
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, uid, 0, follow_symlinks=False)

    def close(self) -> None:
        for running in self.runs:
            if running.process.poll() is None:
                running.abort()


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
