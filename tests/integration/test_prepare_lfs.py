"""Git LFS: what `prepare` makes of pointers, by a server that the real git-lfs is content with."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from support.gitserver import TOKEN_USER, GitServer
from support.lfs import GRANT, LfsStore
from support.prepare import TOKEN, Clone
from support.processes import files_holding
from support.repos import ENVIRONMENT, Repo, git

RIGHT = {"GITHUB_TOKEN": TOKEN}
ATTRIBUTES = "*.bin filter=lfs diff=lfs merge=lfs -text\n"
CONTENT = {"a.bin": b"alpha\x00" * 700, "assets/deep/b.bin": random.Random(7).randbytes(300_000), "run.bin": b"#!/bin/sh\necho ran\n"}
WITH_LFS = {
    "GIT_CONFIG_COUNT": "6",
    **{f"GIT_CONFIG_KEY_{i}": key for i, key in enumerate(
        ["safe.directory", "protocol.file.allow", "filter.lfs.clean", "filter.lfs.smudge", "filter.lfs.process", "filter.lfs.required"])},
    **{f"GIT_CONFIG_VALUE_{i}": value for i, value in enumerate(
        ["*", "always", "git-lfs clean -- %f", "git-lfs smudge -- %f", "git-lfs filter-process", "true"])},
}


@pytest.fixture(scope="module", autouse=True)
def git_lfs() -> None:
    if not shutil.which("git-lfs"):
        pytest.skip("there is no git-lfs (Debian's package of that name)")


@pytest.fixture
def server(tmp_path: Path, repo: Repo):
    with GitServer(tmp_path / "served", token=TOKEN) as running:
        running.lfs = LfsStore(tmp_path / "lfs")
        yield running


def commit_with_git_lfs(repo: Repo, server: GitServer, files: dict[str, bytes] = CONTENT) -> str:
    """Tracked, committed and pushed by git-lfs itself."""
    git(repo.work, "lfs", "install", "--local", "--skip-repo")
    (repo.work / ".gitattributes").write_text(ATTRIBUTES)
    for name, content in files.items():
        (repo.work / name).parent.mkdir(parents=True, exist_ok=True)
        (repo.work / name).write_bytes(content)
    if "run.bin" in files:
        (repo.work / "run.bin").chmod(0o755)
    git(repo.work, "add", "--all")
    git(repo.work, "commit", "--quiet", "--message", "large files")
    url = server.repo_url(repo.name).replace("://", f"://{TOKEN_USER}:{TOKEN}@")
    git(repo.work, "lfs", "push", "--all", url)
    git(repo.work, "push", "--quiet", "origin", "HEAD")
    return git(repo.work, "rev-parse", "HEAD")


def commit_pointers(repo: Repo, server: GitServer, files: dict[str, bytes]) -> str:
    """The same without git-lfs, which takes its time."""
    (repo.work / ".gitattributes").write_text(ATTRIBUTES)
    for name, content in files.items():
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{server.lfs.add(content)}\nsize {len(content)}\n"
        (repo.work / name).parent.mkdir(parents=True, exist_ok=True)
        (repo.work / name).write_text(pointer)
    if "run.bin" in files:
        (repo.work / "run.bin").chmod(0o755)
    return repo.commit_tree("large files")


@pytest.fixture
def pushed(repo: Repo, server: GitServer) -> str:
    return commit_pointers(repo, server, CONTENT)


def assert_content(clone: Clone, done, commit: str) -> None:
    assert done.exit_code == 0, done.errors
    assert {name: (clone.path / name).read_bytes() for name in CONTENT} == CONTENT
    assert clone.head == commit
    assert clone.changes == "", "git without git-lfs sees changes"
    assert git(clone.path, "status", "--porcelain", **WITH_LFS) == "", "git with git-lfs sees changes"


def is_pointer(clone: Clone, name: str) -> bool:
    return (clone.path / name).read_bytes().startswith(b"version https://git-lfs")


def test_the_stand_in_serves_the_real_git_lfs(repo: Repo, server: GitServer, tmp_path):
    commit_with_git_lfs(repo, server)
    url = server.repo_url(repo.name).replace("://", f"://{TOKEN_USER}:{TOKEN}@")
    git(tmp_path, "clone", "--quiet", url, "theirs", **WITH_LFS)
    assert {name: (tmp_path / "theirs" / name).read_bytes() for name in CONTENT} == CONTENT


@pytest.mark.parametrize("granted", [True, False], ids=["by-action", "by-token"])
def test_pointers_become_content(clone: Clone, repo: Repo, server: GitServer, pushed, granted):
    server.lfs.granted = granted
    done = clone.prepare(server.repo_url(repo.name), env=RIGHT)
    assert_content(clone, done, pushed)
    assert (clone.path / "run.bin").stat().st_mode & 0o111
    assert git(clone.path, "lfs", "fsck", **WITH_LFS).startswith("Git LFS fsck OK")
    assert TOKEN not in done.log + done.errors
    assert files_holding(TOKEN, clone.path) == []
    if granted:
        assert {each.get("X-Extra") for each in server.lfs.downloads} == {"kept"}
        assert {each.get("Authorization") for each in server.lfs.downloads} == {GRANT}


def test_a_change_is_seen_and_committed_as_a_pointer(clone: Clone, repo: Repo, server: GitServer, pushed):
    assert clone.prepare(server.repo_url(repo.name), branch="agent/fix", env=RIGHT).exit_code == 0
    (clone.path / "a.bin").write_bytes(b"changed")
    assert clone.changes == "M a.bin".rjust(8)
    git(clone.path, "commit", "--quiet", "--all", "--message", "change", **WITH_LFS)
    assert git(clone.path, "show", "HEAD:a.bin").startswith("version https://git-lfs")


def test_only_what_the_attributes_name(clone: Clone, repo: Repo, server: GitServer, pushed):
    """A file that looks like a pointer and is none stays as it is."""
    pointer = git(repo.work, "show", "HEAD:a.bin") + "\n"
    commit = repo.commit({"docs/pointer.txt": pointer}, "an example of a pointer")
    done = clone.prepare(server.repo_url(repo.name), env=RIGHT)
    assert_content(clone, done, commit)
    assert clone.read("docs/pointer.txt") == pointer


def test_a_second_prepare_takes_over_new_content_and_keeps_changes(clone: Clone, repo: Repo, server: GitServer, pushed):
    url = server.repo_url(repo.name)
    assert clone.prepare(url, env=RIGHT).exit_code == 0
    newer = commit_pointers(repo, server, {"a.bin": b"newer"})
    done = clone.prepare(url, env=RIGHT)
    assert (done.exit_code, clone.head, clone.changes) == (0, newer, ""), done.errors
    assert (clone.path / "a.bin").read_bytes() == b"newer"
    (clone.path / "a.bin").write_bytes(b"the agent's")
    assert clone.prepare(url, env=RIGHT).exit_code == 0
    assert (clone.path / "a.bin").read_bytes() == b"the agent's"
    assert clone.changes == "M a.bin".rjust(8)


def test_many_objects_in_several_batches(clone: Clone, repo: Repo, server: GitServer):
    files = {f"many/{i}.bin": f"content {i}".encode() for i in range(250)}
    commit_pointers(repo, server, files)
    done = clone.prepare(server.repo_url(repo.name), env=RIGHT)
    assert done.exit_code == 0, done.errors
    assert {name: (clone.path / name).read_bytes() for name in files} == files
    assert (sorted(map(len, server.lfs.batches)), clone.changes) == ([50, 100, 100], "")


def test_actions_that_are_over_are_asked_for_anew(clone: Clone, repo: Repo, server: GitServer, pushed):
    server.lfs.expired_batches = 1
    assert_content(clone, clone.prepare(server.repo_url(repo.name), env=RIGHT), pushed)


def test_trouble_that_passes_is_outlasted(clone: Clone, repo: Repo, server: GitServer, pushed):
    server.lfs.storage_failures = [503, 0]  # told so, and a connection that breaks in the middle
    assert_content(clone, clone.prepare(server.repo_url(repo.name), env=RIGHT), pushed)


def test_a_redirect_to_another_host_takes_no_header_along(clone: Clone, repo: Repo, server: GitServer, pushed, tmp_path):
    with GitServer(tmp_path / "elsewhere") as storage:
        storage.lfs = LfsStore(tmp_path / "lfs", granted=False)
        server.lfs.redirect = storage.url.replace("127.0.0.1", "localhost")
        assert_content(clone, clone.prepare(server.repo_url(repo.name), env=RIGHT), pushed)
        assert {each.get("Authorization") for each in storage.lfs.downloads} == {None}


def test_lfsconfig_names_the_server_and_it_gets_no_token_of_another_host(clone: Clone, repo: Repo, server: GitServer, pushed, tmp_path):
    with GitServer(tmp_path / "elsewhere") as other:
        other.lfs = LfsStore(tmp_path / "lfs", granted=False)
        url = other.url.replace("127.0.0.1", "localhost")
        commit = repo.commit({".lfsconfig": f"[lfs]\n\turl = {url}/any/info/lfs\n"}, "elsewhere")
        done = clone.prepare(server.repo_url(repo.name), env=RIGHT)
        assert_content(clone, done, commit)
        assert {request.credential for request in other.requests} == {""}


def test_fetchexclude_leaves_pointers(clone: Clone, repo: Repo, server: GitServer, pushed):
    repo.commit({".lfsconfig": "[lfs]\n\tfetchexclude = assets\n"}, "exclude")
    done = clone.prepare(server.repo_url(repo.name), env=RIGHT)
    assert done.exit_code == 0, done.errors
    assert (is_pointer(clone, "a.bin"), is_pointer(clone, "assets/deep/b.bin"), clone.changes) == (False, True, "")


@pytest.mark.parametrize("how", ["variable", "field"])
def test_it_can_be_turned_off(clone: Clone, repo: Repo, server: GitServer, pushed, how):
    workspace = {"repo": server.repo_url(repo.name), **({"lfs": False} if how == "field" else {})}
    done = clone.prepare_task(workspace, env={**RIGHT, **({"GIT_LFS_SKIP_SMUDGE": "1"} if how == "variable" else {})})
    assert done.exit_code == 0, done.errors
    assert [is_pointer(clone, name) for name in CONTENT] == [True] * len(CONTENT)
    assert clone.changes == ""


@pytest.fixture
def nested(repo: Repo, server: GitServer, tmp_path: Path) -> None:
    """A submodule with a submodule; both have files of LFS."""
    git(repo.bare, "config", "uploadpack.allowFilter", "true")
    inner, library = Repo(tmp_path / "served", "acme/inner.git"), Repo(tmp_path / "served", "acme/library.git")
    commit_pointers(inner, server, {"in.bin": b"inner"})
    library.add_submodule("../inner.git", "vendor/inner one")
    commit_pointers(library, server, CONTENT)
    repo.add_submodule("../library.git", "lib")
    commit_pointers(repo, server, {"own.bin": b"own"})


# Both ways to clone: by libgit2, and by the image's git.
WAYS = pytest.mark.parametrize("workspace", [{}, {"filter": "blob:none"}, {"sparse": ["docs"]}], ids=["own", "partial", "sparse"])


@WAYS
def test_submodules_have_theirs(clone: Clone, repo: Repo, server: GitServer, nested, workspace):
    for _ in range(2):  # a second time there is nothing to do
        done = clone.prepare_task({"repo": server.repo_url(repo.name), **workspace}, env=RIGHT)
        assert done.exit_code == 0, done.errors
        paths = {"own.bin": b"own", "lib/a.bin": CONTENT["a.bin"], "lib/vendor/inner one/in.bin": b"inner"}
        assert {path: (clone.path / path).read_bytes() for path in paths} == paths
        for folder in (clone.path, clone.path / "lib", clone.path / "lib/vendor/inner one"):
            assert (git(folder, "status", "--porcelain"), git(folder, "status", "--porcelain", **WITH_LFS)) == ("", "")
        downloads, server.lfs.downloads = server.lfs.downloads, []
    assert downloads == []
    assert files_holding(TOKEN, clone.path) == []


@WAYS
def test_a_submodule_without_its_content_is_told_and_no_failure(clone: Clone, repo: Repo, server: GitServer, nested, workspace):
    server.lfs.missing = {server.lfs.add(b"inner")}
    done = clone.prepare_task({"repo": server.repo_url(repo.name), **workspace}, env=RIGHT)
    assert done.exit_code == 0, done.errors
    assert (is_pointer(clone, "lib/a.bin"), is_pointer(clone, "lib/vendor/inner one/in.bin")) == (False, True)
    assert "vendor/inner one" in done.errors and "in.bin" in done.errors


@WAYS
def test_lfs_off_is_off_in_submodules_too(clone: Clone, repo: Repo, server: GitServer, nested, workspace):
    done = clone.prepare_task({"repo": server.repo_url(repo.name), "lfs": False, **workspace}, env=RIGHT)
    assert done.exit_code == 0, done.errors
    assert [is_pointer(clone, path) for path in ("own.bin", "lib/a.bin", "lib/vendor/inner one/in.bin")] == [True] * 3
    assert server.lfs.downloads == []


def test_a_path_gives_what_its_store_has(clone: Clone, repo: Repo, server: GitServer):
    commit = commit_with_git_lfs(repo, server)
    assert_content(clone, clone.prepare(str(repo.work)), commit)
    assert server.lfs.downloads == []


def test_a_path_without_the_content_leaves_pointers(clone: Clone, repo: Repo, server: GitServer, pushed):
    done = clone.prepare(str(repo.work))
    assert (done.exit_code, clone.changes, is_pointer(clone, "a.bin")) == (0, "", True), done.errors
    assert "left as a pointer" in done.errors


def assert_failed(done, clone: Clone, *words: str) -> None:
    assert done.verdict == ("Failed", "CloneFailed", 65)
    message = done.report.raw["message"]
    assert [word for word in words if word not in message] == [], message
    assert TOKEN not in done.log + done.errors + message
    assert GRANT.split()[1] not in done.errors + message
    assert not clone.path.exists() or list(clone.path.iterdir()) == []


def test_an_object_that_the_server_lacks(clone: Clone, repo: Repo, server: GitServer, pushed):
    oid = git(repo.work, "show", "HEAD:assets/deep/b.bin").split("sha256:")[1].split()[0]
    server.lfs.missing = {oid}
    assert_failed(clone.prepare(server.repo_url(repo.name), env=RIGHT), clone, "assets/deep/b.bin", oid, "lfs: false")


def test_content_that_is_not_the_objects(clone: Clone, repo: Repo, server: GitServer, pushed):
    server.lfs.corrupt = True
    assert_failed(clone.prepare(server.repo_url(repo.name), env=RIGHT), clone, ".bin", "SHA-256")


def test_a_server_without_lfs(clone: Clone, repo: Repo, server: GitServer, pushed):
    server.lfs.batch_status = 404
    assert_failed(clone.prepare(server.repo_url(repo.name), env=RIGHT), clone, ".bin", "no Git LFS server", "404")


def test_a_token_that_lfs_refuses(clone: Clone, repo: Repo, server: GitServer, pushed):
    server.lfs.batch_status = 403
    assert_failed(clone.prepare(server.repo_url(repo.name), env=RIGHT), clone, ".bin", "GITHUB_TOKEN", "403")


def test_a_server_that_falls_silent(clone: Clone, repo: Repo, server: GitServer, pushed):
    server.lfs.stalled = threading.Event()
    done = clone.prepare(server.repo_url(repo.name), env=RIGHT, **{"stall-timeout": 1})
    assert_failed(done, clone, ".bin", "127.0.0.1", "sent nothing")


def test_memory_does_not_grow_with_the_file(clone: Clone, repo: Repo, server: GitServer):
    """Four files of 32 MB at once, in an address space that would not hold two of them."""
    size = 32 << 20
    files = {f"{i}.bin": bytes([i]) * size for i in range(4)}
    commit_pointers(repo, server, files)
    limit = f"ulimit -v {60 << 10}; exec {clone.entrypoint} prepare --repo {server.repo_url(repo.name)} --path {clone.path}"
    done = clone.sandbox.run("/bin/sh", "-c", limit, **RIGHT)
    assert done.exit_code == 0, done.errors
    assert [(clone.path / name).stat().st_size for name in files] == [size] * 4


def test_the_real_git_lfs_sees_the_same(clone: Clone, repo: Repo, server: GitServer, pushed, tmp_path):
    """`git lfs pull` in the clone has nothing left to do."""
    assert clone.prepare(server.repo_url(repo.name), env=RIGHT).exit_code == 0
    server.requests.clear()
    subprocess.run(["git", "lfs", "pull"], cwd=clone.path, check=True, env={**ENVIRONMENT, **WITH_LFS, "PATH": os.environ["PATH"]})
    assert (server.lfs.downloads and [r for r in server.requests if "lfs-storage" in r.path]) == []
    assert clone.changes == ""
