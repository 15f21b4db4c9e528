"""What libgit2 cannot do and the image's own git does: SHA-256, partial clones, sparse checkouts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.gitserver import GitServer
from support.lfs import LfsStore
from support.prepare import TOKEN, Clone
from support.processes import files_holding
from support.repos import Repo, git
from support.run import SYSTEM_PATH
from support.tls import Authority

RIGHT, WRONG = {"GITHUB_TOKEN": TOKEN}, {"GITHUB_TOKEN": "ghs_wrongwrongwrongwrongwrongwrongwrong"}


@pytest.fixture
def server(tmp_path: Path, repo: Repo):
    with GitServer(tmp_path / "served", token=TOKEN) as running:
        yield running


@pytest.fixture
def sha256(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "served", "acme/new.git", object_format="sha256")


def assert_clean(clone: Clone, done, commit: str) -> None:
    assert done.exit_code == 0, done.errors
    assert (clone.head, clone.changes) == (commit, "")
    assert TOKEN not in done.log + done.errors
    assert files_holding(TOKEN, clone.path) == []


def agent_pushes(clone: Clone, repo: Repo, branch: str, env: dict[str, str]) -> None:
    git(clone.path, "commit", "-q", "--allow-empty", "-m", "work")
    git(clone.path, "push", "-q", "origin", "HEAD", **env)
    assert repo.sha(branch) == clone.head


@pytest.mark.parametrize("via", ["http", "path"])
def test_a_repository_with_sha256(clone: Clone, sha256: Repo, server: GitServer, via):
    second = sha256.commit({"b.txt": "2\n"}, "second")
    url = server.repo_url(sha256.name) if via == "http" else str(sha256.bare)
    done = clone.prepare(url, branch="agent/fix", env=RIGHT)
    assert_clean(clone, done, second)
    assert (len(clone.head), clone.branch) == (64, "agent/fix")
    assert git(clone.path, "rev-parse", "--abbrev-ref", "origin/HEAD") == "origin/main"
    agent_pushes(clone, sha256, "agent/fix", RIGHT)


def test_a_commit_and_a_tag_of_it(clone: Clone, sha256: Repo, server: GitServer):
    sha256.tag("v1", annotated=True)
    sha256.commit({"b.txt": "2\n"}, "second")
    for ref in (sha256.first, "v1"):
        shutil.rmtree(clone.path, ignore_errors=True)
        assert_clean(clone, clone.prepare(server.repo_url(sha256.name), ref=ref, env=RIGHT), sha256.first)


def test_a_second_prepare_keeps_commits_and_takes_the_remotes(clone: Clone, sha256: Repo, server: GitServer):
    flags = {"branch": "agent/fix", "env": RIGHT}
    sha256.commit({"w.txt": "1\n"}, "one", branch="agent/fix")
    assert clone.prepare(server.repo_url(sha256.name), **flags).exit_code == 0
    newer = sha256.commit({"w.txt": "2\n"}, "two", branch="agent/fix")
    assert_clean(clone, clone.prepare(server.repo_url(sha256.name), **flags), newer)
    git(clone.path, "commit", "-q", "--allow-empty", "-m", "the agent's")
    mine = clone.head
    assert_clean(clone, clone.prepare(server.repo_url(sha256.name), **flags), mine)


def test_lfs_in_it(clone: Clone, sha256: Repo, server: GitServer, tmp_path):
    server.lfs = LfsStore(tmp_path / "lfs")
    oid = server.lfs.add(b"large" * 100)
    (sha256.work / ".gitattributes").write_text("*.bin filter=lfs\n")
    commit = sha256.commit({"a.bin": f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 500\n"}, "large")
    assert_clean(clone, clone.prepare(server.repo_url(sha256.name), env=RIGHT), commit)
    assert (clone.path / "a.bin").read_bytes() == b"large" * 100


@pytest.fixture
def monorepo(repo: Repo) -> str:
    git(repo.bare, "config", "uploadpack.allowFilter", "true")
    files = {f"{folder}/{name}": f"{folder} {name}\n" for folder in ("apps/shop", "apps/blog", "libs/ui", "docs") for name in "ab"}
    return repo.commit(files, "apps")


def missing_blobs(clone: Clone) -> int:
    return git(clone.path, "rev-list", "--objects", "--all", "--missing=print").count("?")


def test_a_partial_clone(clone: Clone, repo: Repo, server: GitServer, monorepo):
    repo.commit({"docs/a": "changed\n"}, "changed")
    done = clone.prepare_task({"repo": server.repo_url(repo.name), "filter": "blob:none", "depth": 0}, env=RIGHT)
    assert done.exit_code == 0, done.errors
    assert (clone.depth, clone.changes) == (3, "")
    assert missing_blobs(clone) == 1  # the old content of docs/a; what is checked out is there
    assert git(clone.path, "show", "HEAD~1:docs/a", **RIGHT) == "docs a"  # fetched when it is asked for, with the token


def test_a_sparse_checkout(clone: Clone, repo: Repo, server: GitServer, monorepo):
    workspace = {"repo": server.repo_url(repo.name), "filter": "blob:none", "sparse": ["apps/shop", "libs"]}
    done = clone.prepare_task(workspace, branch="agent/fix", env=RIGHT)
    assert_clean(clone, done, monorepo)
    there = sorted(str(path.relative_to(clone.path)) for path in clone.path.rglob("*")
                   if path.is_file() and ".git" not in path.parts)
    assert there == ["README.md", "apps/shop/a", "apps/shop/b", "libs/ui/a", "libs/ui/b"]
    assert missing_blobs(clone) == 4
    agent_pushes(clone, repo, "agent/fix", RIGHT)


def test_over_tls_with_an_authority_of_our_own(clone: Clone, repo: Repo, authority: Authority, monorepo, tmp_path):
    with GitServer(tmp_path / "served", token=TOKEN, tls=authority.server_context()) as server:
        done = clone.prepare_task({"repo": server.repo_url(repo.name), "sparse": ["docs"]},
                                  env={**RIGHT, "SSL_CERT_FILE": str(authority.ca)})
    assert_clean(clone, done, monorepo)


def assert_failed(done, reason: str, *words: str) -> None:
    assert done.verdict == ("Failed", reason, 65)
    message = done.report.raw["message"]
    assert [word for word in words if word not in message] == [], message
    assert not any(env["GITHUB_TOKEN"] in done.errors + message for env in (RIGHT, WRONG))


@pytest.mark.parametrize("what", ["sha256", "filter", "sparse"])
def test_an_image_without_git(clone: Clone, repo: Repo, sha256: Repo, server: GitServer, what):
    workspace = {"sha256": {"repo": server.repo_url(sha256.name)},
                 "filter": {"repo": server.repo_url(repo.name), "filter": "blob:none"},
                 "sparse": {"repo": server.repo_url(repo.name), "sparse": ["docs"]}}[what]
    done = clone.prepare_task(workspace, env={**RIGHT, "PATH": "/nonexistent"})
    assert_failed(done, "CloneFailed", "needs a git program", "an image that has git", "sha256" if what == "sha256" else what[:6])


@pytest.mark.parametrize("env", [WRONG, {}], ids=["wrong", "none"])
def test_the_token_is_not_right(clone: Clone, repo: Repo, server: GitServer, env):
    done = clone.prepare_task({"repo": server.repo_url(repo.name), "sparse": ["docs"]}, env=env)
    assert_failed(done, "CloneFailed", "token" if env else "wants credentials")


def test_no_such_ref(clone: Clone, sha256: Repo, server: GitServer):
    done = clone.prepare(server.repo_url(sha256.name), ref="mian", env=RIGHT)
    assert_failed(done, "CloneFailed", "no branch or tag \"mian\"", "main")


@pytest.mark.parametrize(("field", "value"), [("filter", "everything"), ("sparse", ["../x"]), ("sparse", ["*.c"])])
def test_a_field_that_is_wrong(clone: Clone, repo: Repo, field, value):
    done = clone.prepare_task({"repo": str(repo.bare), field: value}, env={"PATH": SYSTEM_PATH})
    assert_failed(done, "ConfigInvalid", f"workspace.{field}")
