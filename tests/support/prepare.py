"""`axon-entrypoint prepare` in a sandbox, and a look at the clone it left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from support.repos import git
from support.run import PLAIN, Finished, How, Running, Sandbox

TOKEN = "ghs_0123456789abcdefghijklmnopqrstuvwxyz"


class Clone:
    """Where one `prepare` puts its clone."""

    def __init__(self, entrypoint: str, sandbox: Sandbox) -> None:
        self.entrypoint = entrypoint
        self.sandbox = sandbox
        self.path = sandbox.folder / "workspace" / "repo"

    def start(self, repo: str, how: How = PLAIN, env: dict[str, str] | None = None,
              path: Path | None = None, **flags: str | int) -> Running:
        options = {"repo": repo, "path": str(path or self.path), **flags}
        arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        return self.sandbox.start(self.entrypoint, "prepare", *arguments, how=how, **(env or {}))

    def prepare(self, repo: str, **options: Any) -> Finished:
        return self.start(repo, **options).wait()

    def prepare_task(self, workspace: dict[str, Any], env: dict[str, str] | None = None, **task: Any) -> Finished:
        """By AXON_TASK_DIR/task.json."""
        folder = self.sandbox.folder / "task"
        folder.mkdir(exist_ok=True)
        document = {"version": "v1", "workspace": {"path": str(self.path), **workspace}, **task}
        (folder / "task.json").write_text(json.dumps(document))
        return self.sandbox.run(self.entrypoint, "prepare", AXON_TASK_DIR=str(folder), **(env or {}))

    @property
    def head(self) -> str:
        return git(self.path, "rev-parse", "HEAD")

    @property
    def branch(self) -> str:
        """Empty when HEAD is detached."""
        return git(self.path, "branch", "--show-current")

    @property
    def depth(self) -> int:
        return int(git(self.path, "rev-list", "--count", "HEAD"))

    @property
    def changes(self) -> str:
        return git(self.path, "status", "--porcelain")

    def read(self, name: str) -> str:
        return (self.path / name).read_text()
