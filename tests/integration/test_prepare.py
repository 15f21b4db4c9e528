"""`prepare` against real git servers: what is cloned, from where, at which commit, on which branch."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from support.agents import copy_for_everybody
from support.gitserver import GitServer
from support.prepare import TOKEN, Clone
from support.processes import files_holding
from support.repos import Repo, git
from support.run import PID1, PLAIN, How
from support.tls import Authority


@pytest.fixture
def server(tmp_path: Path, repo: Repo):
    with GitServer(tmp_path / "served", token=TOKEN) as running:
        yield running


BY_VARIABLE = {"GITHUB_TOKEN": TOKEN}


def token_file(tmp_path: Path, token: str = TOKEN) -> dict[str, str]:
    path = tmp_path / "token" / "GITHUB_TOKEN"
    path.parent.mkdir(exist_ok=True)
    path.write_text(token + "\n")
    return {"AXON_GITHUB_TOKEN_FILE": str(path)}


def assert_clean_clone(clone: Clone, done, commit: str) -> None:
    assert done.exit_code == 0, done.errors
    assert (clone.head, clone.changes) == (commit, "")
    git(clone.path, "fsck", "--strict")


@pytest.mark.parametrize("how", [PLAIN, PID1], ids=["plain", "pid1"])
@pytest.mark.parametrize("by", ["variable", "file"])
def test_http_with_a_token(clone: Clone, repo: Repo, server: GitServer, tmp_path, by, how):
    env = BY_VARIABLE if by == "variable" else token_file(tmp_path)
    done = clone.prepare(server.repo_url(repo.name), ref="main", env=env, how=how)
    assert_clean_clone(clone, done, repo.first)
    assert clone.read("README.md") == "hello\n"
    assert git(clone.path, "remote", "get-url", "origin") == server.repo_url(repo.name)
    assert TOKEN not in done.log + done.errors
    assert files_holding(TOKEN, clone.path) == []


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "GIT_SSL_CAINFO"])
def test_https_with_a_token_and_an_authority_of_our_own(clone: Clone, repo: Repo, authority: Authority, tmp_path, variable):
    with GitServer(tmp_path / "served", token=TOKEN, tls=authority.server_context()) as server:
        env = {**BY_VARIABLE, variable: str(authority.ca)}
        done = clone.prepare(server.repo_url(repo.name), ref="main", env=env)
    assert_clean_clone(clone, done, repo.first)


@pytest.mark.parametrize("form", ["path", "file-url"])
def test_a_repository_on_this_machine(clone: Clone, repo: Repo, form):
    url = str(repo.bare) if form == "path" else repo.bare.as_uri()
    done = clone.prepare(url, ref="main")
    assert_clean_clone(clone, done, repo.first)


def test_a_work_tree_on_this_machine_is_not_touched(clone: Clone, repo: Repo):
    (repo.work / "untracked.txt").write_text("mine\n")
    done = clone.prepare(str(repo.work), branch="agent/fix")
    assert_clean_clone(clone, done, repo.first)
    assert git(repo.work, "branch", "--show-current") == "main"
    assert not (clone.path / "untracked.txt").exists()


def test_an_empty_root_needs_nothing_but_the_binary(clone: Clone, repo: Repo, authority: Authority, tmp_path, entrypoint):
    """A runtime image without passwd, without resolv.conf, without /tmp: the file and a CA bundle."""
    root = tmp_path / "root"
    root.mkdir()
    shutil.copy2(entrypoint, root / "axon-entrypoint")
    shutil.copy2(authority.ca, root / "ca.pem")
    clone.entrypoint = "/axon-entrypoint"
    clone.path = root / "workspace" / "repo"
    with GitServer(tmp_path / "served", token=TOKEN, tls=authority.server_context()) as server:
        env = {**BY_VARIABLE, "SSL_CERT_FILE": "/ca.pem", "HOME": "/", "PATH": "/"}
        del clone.sandbox.env["TMPDIR"]
        done = clone.prepare(server.repo_url(repo.name), ref="main", branch="agent/fix", env=env,
                             path=Path("/workspace/repo"), how=How(root=root))
    assert_clean_clone(clone, done, repo.first)
    assert clone.branch == "agent/fix"


@pytest.fixture
def history(repo: Repo) -> dict[str, str]:
    """main has three commits; release/1 forks from the second; tags on the first and the second."""
    repo.tag("v1")
    second = repo.commit({"b.txt": "2\n"}, "second")
    repo.tag("v2", annotated=True)
    release = repo.commit({"c.txt": "release\n"}, "release", branch="release/1")
    third = repo.commit({"b.txt": "3\n"}, "third", branch="main")
    return {"first": repo.first, "second": second, "third": third, "release": release}


@pytest.mark.parametrize(
    ("ref", "at", "branch"),
    [
        (None, "third", "main"),
        ("main", "third", "main"),
        ("release/1", "release", "release/1"),
        ("v1", "first", ""),
        ("v2", "second", ""),
    ],
)
def test_a_ref_by_name(clone: Clone, repo: Repo, server: GitServer, history, ref, at, branch):
    flags = {"ref": ref} if ref else {}
    done = clone.prepare(server.repo_url(repo.name), env=BY_VARIABLE, **flags)
    assert_clean_clone(clone, done, history[at])
    assert (clone.branch, clone.depth) == (branch, 1)


@pytest.mark.parametrize("wants", ["allowed", "refused"])
@pytest.mark.parametrize("at", ["third", "second", "release"])
def test_a_ref_by_sha(clone: Clone, repo: Repo, server: GitServer, history, at, wants):
    repo.allow_sha_wants(wants == "allowed")
    server.protocol_v2 = wants == "allowed"
    done = clone.prepare(server.repo_url(repo.name), ref=history[at], env=BY_VARIABLE)
    assert_clean_clone(clone, done, history[at])


@pytest.mark.parametrize(("depth", "commits"), [(0, 3), (1, 1), (2, 2), (99, 3)])
def test_depth(clone: Clone, repo: Repo, server: GitServer, history, depth, commits):
    done = clone.prepare(server.repo_url(repo.name), ref="main", depth=depth, env=BY_VARIABLE)
    assert_clean_clone(clone, done, history["third"])
    assert clone.depth == commits
    shallow = git(clone.path, "rev-parse", "--is-shallow-repository")
    assert shallow == ("true" if commits < 3 else "false")


def test_a_branch_that_is_new_starts_at_the_ref(clone: Clone, repo: Repo, server: GitServer, history):
    done = clone.prepare(server.repo_url(repo.name), ref="release/1", branch="agent/fix", env=BY_VARIABLE)
    assert_clean_clone(clone, done, history["release"])
    assert clone.branch == "agent/fix"
    assert repo.sha("agent/fix") is None  # nothing is pushed before the agent does it


def test_a_branch_that_the_remote_has_is_checked_out(clone: Clone, repo: Repo, server: GitServer, history):
    theirs = repo.commit({"work.txt": "so far\n"}, "so far", branch="agent/fix")
    done = clone.prepare(server.repo_url(repo.name), ref="main", branch="agent/fix", env=BY_VARIABLE)
    assert_clean_clone(clone, done, theirs)
    assert clone.branch == "agent/fix"
    assert clone.read("work.txt") == "so far\n"


def test_the_agent_can_push_a_prepared_branch(clone: Clone, repo: Repo, server: GitServer, history, tmp_path):
    """By plain git, with the helper that prepare has left in the clone."""
    env = token_file(tmp_path)
    done = clone.prepare(server.repo_url(repo.name), ref="main", branch="agent/fix", env=env)
    assert done.exit_code == 0, done.errors
    git(clone.path, "commit", "-q", "--allow-empty", "-m", "work")
    git(clone.path, "push", "-q", "origin", "HEAD", **env)
    assert repo.sha("agent/fix") == clone.head


def test_a_second_prepare_is_harmless(clone: Clone, repo: Repo, server: GitServer, history):
    """An init container may be started again on the same volume."""
    for _ in range(2):
        done = clone.prepare(server.repo_url(repo.name), ref="main", branch="agent/fix", env=BY_VARIABLE)
        assert_clean_clone(clone, done, history["third"])
        assert clone.branch == "agent/fix"


@pytest.mark.parametrize("depth", [0, 1])
def test_a_second_prepare_fast_forwards_the_branch(clone: Clone, repo: Repo, server: GitServer, history, depth):
    repo.commit({"work.txt": "1\n"}, "one", branch="agent/fix")
    url = server.repo_url(repo.name)
    flags = {"ref": "main", "branch": "agent/fix", "depth": depth, "env": BY_VARIABLE}
    assert clone.prepare(url, **flags).exit_code == 0
    newer = repo.commit({"work.txt": "2\n"}, "two", branch="agent/fix")
    done = clone.prepare(url, **flags)
    assert_clean_clone(clone, done, newer)


def test_other_branches_can_be_fetched_later(clone: Clone, repo: Repo, server: GitServer, history):
    """`--no-single-branch`, as the contract has it: an agent may want to compare with another branch."""
    assert clone.prepare(server.repo_url(repo.name), ref="main", env=BY_VARIABLE).exit_code == 0
    git(clone.path, "fetch", "-q", "--depth=1", "origin", "release/1", **BY_VARIABLE)
    assert git(clone.path, "rev-parse", "FETCH_HEAD") == history["release"]


def test_modes_links_and_names(clone: Clone, repo: Repo, server: GitServer):
    repo.add_executable("run.sh")
    repo.add_symlink("link", "README.md")
    repo.add_symlink("dangling", "/nonexistent/file")
    commit = repo.commit({"dir/grüße 🚀.txt": "hi\n", "empty": "", "-dash": "x", "crlf.txt": "a\r\nb\n"}, "odd")
    done = clone.prepare(server.repo_url(repo.name), env=BY_VARIABLE)
    assert_clean_clone(clone, done, commit)
    assert (clone.path / "run.sh").stat().st_mode & 0o111
    assert os.readlink(clone.path / "link") == "README.md"
    assert (clone.path / "dir" / "grüße 🚀.txt").read_text() == "hi\n"
    assert (clone.path / "crlf.txt").read_bytes() == b"a\r\nb\n"


def test_many_files(clone: Clone, repo: Repo, server: GitServer):
    repo.add_many_files(3000)
    commit = repo.commit_tree("many")
    done = clone.prepare(server.repo_url(repo.name), env=BY_VARIABLE)
    assert_clean_clone(clone, done, commit)
    assert sum(1 for _ in (clone.path / "many").rglob("*.txt")) == 3000


def test_submodules_come_along(clone: Clone, repo: Repo, server: GitServer, tmp_path):
    library = Repo(tmp_path / "served", "acme/library.git")
    repo.add_submodule("../library.git", "lib")
    commit = repo.commit_tree("with a submodule")
    done = clone.prepare(server.repo_url(repo.name), env=BY_VARIABLE)
    assert_clean_clone(clone, done, commit)
    assert git(clone.path / "lib", "rev-parse", "HEAD") == library.first


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_any_user(clone: Clone, repo: Repo, server: GitServer, entrypoint, tmp_path):
    clone.entrypoint = str(copy_for_everybody(Path(entrypoint), tmp_path))
    clone.sandbox.give_to(54321)
    for parent in (clone.sandbox.folder.parent, *clone.sandbox.folder.parent.parents[:2]):
        parent.chmod(parent.stat().st_mode | 0o011)
    env = {**BY_VARIABLE, "HOME": "/"}
    done = clone.prepare(server.repo_url(repo.name), branch="agent/fix", env=env, how=How(uid=54321))
    assert_clean_clone(clone, done, repo.first)
    assert clone.path.stat().st_uid == 54321
