"""Hostile agents: a table of shell bodies, each run as PID 1 of a namespace and as a plain child, several at a time."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Sequence

import pytest

from support import processes
from support.agents import copy_for_everybody
from support.fake_claude import RESULT, FakeClaude, install_fake_claude
from support.outputs import END
from support.processes import wait_until
from support.run import PID1, PLAIN, Finished, How, Running, Sandbox

SUCCEEDED = ("Succeeded", None, 0)
CANCELLED = ("Failed", "Cancelled", 143)
STALLED = ("Failed", "Stalled", 124)
BOTH = (PLAIN, PID1)
BOUND = 60.0  # the agents here would go on for ten minutes
AT_A_TIME = 4
PRLIMIT = "/usr/bin/prlimit"
BOMB = Path(__file__).with_name("bomb.py")


@dataclass(frozen=True)
class Scene:
    """What an agent does between the two lines of its stream, and what is to come of it."""

    body: str
    verdict: tuple[str, str | None, int] = SUCCEEDED
    env: dict[str, str] = field(default_factory=dict)
    drive: Callable[[Running, FakeClaude], None] = lambda running, agent: None
    ways: Sequence[How] = BOTH
    grace: int = 1
    after: str = ""  # shell behind the result
    proof: str = ""  # a file beside the agent that must be there in the end
    uid: int | None = None
    processes: int | None = None  # as a Pod's pid limit, the entrypoint included; with a `uid` only
    tmpfs: str = ""  # the size of the file system that the run lies on


def term(running: Running, agent: FakeClaude) -> None:
    """TERM once the agent says that it is ready."""
    wait_until((agent.folder / "ready").exists, "the agent")
    running.signal(signal.SIGTERM)


def ident(way: How) -> str:
    return "pid1" if way.pid1 else "subreaper"


@dataclass(frozen=True)
class Played:
    done: Finished
    box: Sandbox
    agent: FakeClaude


class Stage:
    """A folder that any user may enter, or a small file system of its own, and one run in it."""

    def __init__(self, scene: Scene, entrypoint: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="axon-hostile-"))
        self.folder.chmod(0o755)
        self._mounted = False
        if scene.tmpfs:
            mount = ["mount", "-t", "tmpfs", "-o", f"size={scene.tmpfs}", "none", str(self.folder)]
            subprocess.run(mount, check=True, capture_output=True)
            self._mounted = True
        self.box = Sandbox(self.folder / "run")
        self.agent = install_fake_claude(self.box, scene.body)
        shutil.copy2(BOMB, self.agent.folder)
        if scene.after:
            program = self.agent.folder / "claude"
            program.write_text(program.read_text() + scene.after + "\n")
        self.entrypoint = entrypoint
        if scene.uid:
            self.entrypoint = str(copy_for_everybody(Path(entrypoint), self.folder))
            self.box.give_to(scene.uid)

    def close(self) -> None:
        self.box.close()
        if self._mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)


class Theatre:
    """Plays the scenes; each test asks for the end of one."""

    def __init__(self, entrypoint: str) -> None:
        self._entrypoint = entrypoint
        self._pool = ThreadPoolExecutor(AT_A_TIME)
        self._stages: list[Stage] = []
        self._played: dict[tuple[int, How], Future[Played]] = {}

    def start_all(self, request: pytest.FixtureRequest) -> Theatre:
        """The scenes of every chosen test of this module."""
        for item in request.session.items:
            params = item.callspec.params if hasattr(item, "callspec") else {}
            if item.module is request.module and "scene" in params:
                self.start(params["scene"], params["way"])
        return self

    def start(self, scene: Scene, way: How) -> None:
        self._played[id(scene), way] = self._pool.submit(self._play, scene, way)

    def played(self, scene: Scene, way: How) -> Played:
        return self._played[id(scene), way].result()

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        for stage in self._stages:
            stage.close()

    def _play(self, scene: Scene, way: How) -> Played:
        stage = Stage(scene, self._entrypoint)
        self._stages.append(stage)
        limit = [PRLIMIT, f"--nproc={scene.processes}", "--"] if scene.processes else []
        argv = [*limit, stage.entrypoint, "run", "Do it."]
        running = stage.box.start(*argv, how=How(pid1=way.pid1, uid=scene.uid),
                                  AXON_GRACE_SECONDS=str(scene.grace), **scene.env)
        scene.drive(running, stage.agent)
        return Played(running.wait(BOUND), stage.box, stage.agent)


def cases(scenes: dict[str, Scene]) -> list:
    return [pytest.param(scene, way, id=f"{name}-{ident(way)}") for name, scene in scenes.items() for way in scene.ways]


def assert_as_told(played: Played, scene: Scene) -> None:
    assert_true_report(played.done, scene.verdict)
    assert not scene.proof or (played.agent.folder / scene.proof).exists()


def assert_true_report(done: Finished, verdict: tuple[str, str | None, int]) -> None:
    """Nobody is left, and report, markers and exit code tell the same."""
    assert (done.verdict, done.left) == (verdict, {}), done.errors[-2000:]
    raw = done.report.raw
    assert (raw["phase"], raw["exitCode"]) == ("Finished", done.exit_code)
    assert len(json.dumps(raw, ensure_ascii=False).encode()) <= 4200
    assert done.stdout.rstrip(b"\n").endswith(b"\n" + END.encode())
    assert done.markers.get("reason") == verdict[1]
    assert done.markers.usage == done.report.usage
    if verdict == SUCCEEDED:
        assert done.report.cost == float(done.markers.get("cost-usd") or 0) == RESULT["total_cost_usd"]


def run_unread(box: Sandbox, entrypoint: str, way: How, stream: str = "stdout",
               **env: str) -> tuple[subprocess.Popen[bytes], int]:
    """Starts it with a stdout or stderr that nobody reads; the read end comes back."""
    read_end, write_end = os.pipe()
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: write_end}
    process = subprocess.Popen(
        way.wrap([entrypoint, "run", "Do it."]), cwd=box.work, env={**box.env, **env},
        stdin=subprocess.DEVNULL, **streams,
    )
    os.close(write_end)
    return process, read_end


def program_of(process: subprocess.Popen[bytes], way: How) -> int:
    """The entrypoint itself: `unshare` is its parent in a namespace."""
    return wait_until(lambda: processes.children(process.pid), "PID 1")[0] if way.pid1 else process.pid
