"""`axon … --local` on a machine of its own: a home, a state directory and a repository to work on."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from support.processes import wait_until
from support.repos import Repo
from support.run import RUN_SECONDS, Finished, Running, Sandbox

MANIFEST = Path(__file__).resolve().parents[2] / "examples" / "shell-agent" / "agent.yaml"


class Local:
    """`axon(...)` waits for it, `start(...)` does not; both run in the repository."""

    def __init__(self, cli: str, entrypoint: str, box: Sandbox, repo: Repo) -> None:
        self.cli, self.box, self.repo = cli, box, repo
        self.state = box.folder / "state"
        box.env.update(XDG_STATE_HOME=str(self.state), AXON_ENTRYPOINT=entrypoint)

    def start(self, *arguments: str, cwd: Path | None = None, **env: str) -> Running:
        return self.box.start(self.cli, *arguments, cwd=cwd or self.repo.work, **env)

    def config(self, text: str) -> None:
        """~/.axon/config.yaml."""
        file = self.box.home / ".axon" / "config.yaml"
        file.parent.mkdir(mode=0o700)
        file.write_text(text)
        file.chmod(0o600)

    def axon(self, *arguments: str, seconds: float = RUN_SECONDS, **options: Any) -> Finished:
        return self.start(*arguments, **options).wait(seconds)

    def start_shell(self, name: str, prompt: str, *arguments: str, sandbox: str = "bwrap", **options: Any) -> Running:
        """A run of the example agent, whose prompt is what it does."""
        return self.start("run", "--local", "--name", name, "--prompt", prompt, "--agent-manifest", str(MANIFEST),
                          "--sandbox", sandbox, *arguments, **options)

    def shell(self, name: str, prompt: str, *arguments: str, **options: Any) -> Finished:
        return self.start_shell(name, prompt, *arguments, **options).wait()

    def task(self, name: str) -> dict[str, Any]:
        return json.loads(self.axon("get", "task", name, "--local", "-o", "json").log)

    def folder(self, name: str) -> Path:
        return self.state / "axon" / "tasks" / name

    def clone(self, name: str) -> Path:
        return self.folder(name) / "workspace" / "repo"

    @property
    def tasks(self) -> list[str]:
        folder = self.state / "axon" / "tasks"
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    def processes(self, name: str) -> dict[int, str]:
        """What belongs to the Task: by its variable, or by its directory in the command line."""
        found = {}
        marks = (f"AXON_TASK_NAME={name}".encode(), str(self.folder(name)).encode() + b"/")
        for pid in (int(entry) for entry in os.listdir("/proc") if entry.isdigit()):
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
                environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if command and pid != os.getpid() and (marks[0] in environment or marks[1] in command):
                found[pid] = command.replace(b"\0", b" ").decode(errors="replace")
        return found

    def wait_for_clone(self, name: str, file: str) -> None:
        wait_until((self.clone(name) / file).exists, f"{file} of {name}")

    def close(self) -> None:
        for name in self.tasks:
            for pid in self.processes(name):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass


def needs_bwrap(local: Local) -> None:
    """Skips where bubblewrap cannot make a sandbox, with what axon says to it."""
    done = local.axon("run", "--local", "--dry-run", "--prompt", "x", "--agent-manifest", str(MANIFEST))
    if done.exit_code and "bubblewrap" in done.errors:
        pytest.skip(done.errors.strip())


def facts(table: str) -> dict[str, str]:
    """What a table of one Task says, by its labels."""
    lines = (line.partition(":") for line in table.splitlines())
    return {key.strip(): value.strip() for key, colon, value in lines if colon}


@pytest.fixture
def local(axon_cli: str, entrypoint: str, sandbox: Sandbox, repo: Repo):
    local = Local(axon_cli, entrypoint, sandbox, repo)
    yield local
    local.close()


@pytest.fixture(params=["bwrap", "none"])
def isolation(request, local: Local) -> str:
    if request.param == "bwrap":
        needs_bwrap(local)
    return request.param
