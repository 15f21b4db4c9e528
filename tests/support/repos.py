"""Repositories for the tests, made and read by the real git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "Author",
    "GIT_AUTHOR_EMAIL": "author@example.com",
    "GIT_COMMITTER_NAME": "Committer",
    "GIT_COMMITTER_EMAIL": "committer@example.com",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "safe.directory",
    "GIT_CONFIG_VALUE_0": "*",
    "GIT_CONFIG_KEY_1": "protocol.file.allow",  # submodules by path
    "GIT_CONFIG_VALUE_1": "always",
}


def git(folder: Path, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env={**ENVIRONMENT, **environment}, capture_output=True, text=True,
    )
    if done.returncode:
        raise RuntimeError(f"git {' '.join(arguments)}: {done.stderr}")
    return done.stdout.rstrip("\n")


class Repo:
    """A bare repository that a server serves, and beside it a work tree to make commits in."""

    def __init__(self, root: Path, name: str = "acme/widgets.git", object_format: str = "sha1") -> None:
        self.name = name
        self.bare = root / name
        self.work = root / ".work" / name
        for folder, options in ((self.bare, ("--bare",)), (self.work, ())):
            folder.mkdir(parents=True)
            git(folder, "init", "--quiet", "--initial-branch=main", f"--object-format={object_format}", *options)
        git(self.bare, "config", "http.receivepack", "true")
        git(self.work, "remote", "add", "origin", str(self.bare))
        self.first = self.commit({"README.md": "hello\n"}, "first")

    def commit(self, files: dict[str, str], message: str, branch: str = "main") -> str:
        """Commits the files on the branch (made from the current one if it is new), pushes, gives the SHA."""
        if branch != git(self.work, "branch", "--show-current"):
            exists = git(self.work, "branch", "--list", branch)
            git(self.work, "checkout", "--quiet", *(() if exists else ("-b",)), branch)
        for name, content in files.items():
            target = self.work / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content)
        return self.commit_tree(message)

    def commit_tree(self, message: str) -> str:
        """Commits whatever the work tree holds now."""
        git(self.work, "add", "--all")
        git(self.work, "commit", "--quiet", "--allow-empty", "--message", message)
        git(self.work, "push", "--quiet", "origin", "HEAD")
        return git(self.work, "rev-parse", "HEAD")

    def tag(self, name: str, annotated: bool = False) -> None:
        git(self.work, "tag", *(("-a", "-m", name) if annotated else ()), name)
        git(self.work, "push", "--quiet", "origin", name)

    def add_executable(self, name: str) -> None:
        (self.work / name).write_text("#!/bin/sh\necho run\n")
        (self.work / name).chmod(0o755)

    def add_symlink(self, name: str, target: str) -> None:
        (self.work / name).symlink_to(target)

    def add_submodule(self, url: str, path: str) -> None:
        git(self.work, "submodule", "--quiet", "add", url, path)

    def add_many_files(self, count: int) -> None:
        for i in range(count):
            folder = self.work / "many" / f"{i % 32:02}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{i}.txt").write_text(f"file {i}\n" * 10)

    def allow_sha_wants(self, allow: bool) -> None:
        git(self.bare, "config", "uploadpack.allowAnySHA1InWant", str(allow).lower())

    def reject_pushes(self, message: str = "pushes are not welcome") -> None:
        hook = self.bare / "hooks" / "pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\necho '{message}' >&2\nexit 1\n")
        hook.chmod(0o755)

    def sha(self, ref: str) -> str | None:
        """What the served repository has at this ref."""
        done = git(self.bare, "for-each-ref", "--format=%(objectname)", f"refs/heads/{ref}", f"refs/tags/{ref}")
        return done or None

    def show(self, ref: str, path: str) -> str:
        return git(self.bare, "show", f"{ref}:{path}")
