"""Large files and many of them: memory by the kernel's own account, and a clean result."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from support.gitserver import GitServer
from support.prepare import Clone
from support.repos import Repo, git

SIZE = 200 << 20
ALLOWED = 1.25


@pytest.fixture
def server(tmp_path: Path, repo: Repo):
    with GitServer(tmp_path / "served") as running:
        yield running


def write_random(path: Path, size: int) -> None:
    rng = random.Random(3)
    with path.open("wb") as file:
        for _ in range(size >> 20):
            file.write(rng.randbytes(1 << 20))


def commit_large(repo: Repo, size: int = SIZE) -> str:
    write_random(repo.work / "large.bin", size)
    git(repo.work, "config", "core.compression", "0")  # a second instead of ten
    git(repo.bare, "config", "core.compression", "0")
    git(repo.bare, "config", "pack.window", "0")
    return repo.commit_tree("large")


def peak_of(clone: Clone, *arguments: str) -> int:
    """Bytes that the largest of the processes had at most, of memory and of the files that it mapped."""
    read, write = os.pipe()
    script = ("import os, resource, subprocess, sys; code = subprocess.run(sys.argv[2:]).returncode; "
              "os.write(int(sys.argv[1]), str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss).encode()); "
              "sys.exit(code)")
    command = ["/usr/bin/python3", "-c", script, str(write), clone.entrypoint, "prepare", *arguments]
    done = subprocess.run(command, env=clone.sandbox.env, pass_fds=[write], capture_output=True, text=True)
    os.close(write)
    with os.fdopen(read) as answer:
        kilobytes = int(answer.read())
    assert done.returncode == 0, done.stderr
    return kilobytes << 10


@pytest.mark.parametrize("via", ["http", "path"])
def test_a_large_file_is_not_held_in_memory(clone: Clone, repo: Repo, server: GitServer, via):
    commit = commit_large(repo)
    url = server.repo_url(repo.name) if via == "http" else str(repo.bare)
    peak = peak_of(clone, "--repo", url, "--path", str(clone.path))
    assert (clone.head, clone.changes) == (commit, "")
    assert (clone.path / "large.bin").stat().st_size == SIZE
    assert subprocess.run(["cmp", clone.path / "large.bin", repo.work / "large.bin"]).returncode == 0
    assert peak < SIZE * ALLOWED, f"{peak >> 20} MB for a file of {SIZE >> 20} MB"


def test_large_files_beside_attributes(clone: Clone, repo: Repo, server: GitServer):
    """A file whose line ends change on the way is checked out as any other; modes are kept."""
    (repo.work / ".gitattributes").write_text("*.txt text eol=crlf\n")
    lines = b"0123456789abcdef\n" * (1 << 20)  # 17 MB
    (repo.work / "sub").mkdir()
    for name in ("sub/large.txt", "large.bin", "tool"):
        (repo.work / name).write_bytes(lines)
    (repo.work / "tool").chmod(0o755)
    commit = repo.commit_tree("large")
    done = clone.prepare(server.repo_url(repo.name))
    assert (done.exit_code, clone.head, clone.changes) == (0, commit, ""), done.errors
    assert (clone.path / "sub/large.txt").read_bytes() == lines.replace(b"\n", b"\r\n")
    assert (clone.path / "large.bin").read_bytes() == lines
    assert [bool((clone.path / name).stat().st_mode & 0o111) for name in ("tool", "large.bin")] == [True, False]


def test_ten_thousand_files_and_thousands_of_refs(clone: Clone, repo: Repo, server: GitServer):
    repo.add_many_files(10_000)
    commit = repo.commit_tree("many")
    refs = "".join(f"create refs/heads/topic/{i} {commit}\ncreate refs/tags/t{i} {commit}\n" for i in range(2000))
    subprocess.run(["git", "-C", repo.bare, "update-ref", "--stdin"], input=refs, text=True, check=True)
    git(repo.bare, "pack-refs", "--all")
    done = clone.prepare(server.repo_url(repo.name), branch="agent/fix")
    assert (done.exit_code, clone.head, clone.changes) == (0, commit, ""), done.errors
    assert sum(1 for _ in (clone.path / "many").rglob("*.txt")) == 10_000
    assert len(git(clone.path, "for-each-ref").splitlines()) == 3  # ours, the remote's main, and its HEAD
