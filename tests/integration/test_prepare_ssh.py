"""Clones by ssh from a real sshd, with the key that a Task is given; pushes by plain git afterwards."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from support.gitserver import GitServer
from support.lfs import GRANT, LfsStore
from support.local import isolation, local  # noqa: F401 - fixtures
from support.prepare import Clone
from support.processes import files_holding
from support.repos import Repo, git
from support.sshd import SSHD, Sshd, keygen, secret_of


@pytest.fixture(scope="module", autouse=True)
def programs() -> None:
    if not SSHD or not shutil.which("ssh"):
        pytest.skip("there is no sshd or no ssh (Debian's openssh-server and openssh-client)")


@pytest.fixture
def sshd(tmp_path: Path, repo: Repo):
    with Sshd(tmp_path / "sshd", tmp_path / "served") as running:
        yield running


def named(sshd: Sshd) -> dict[str, str]:
    return {"AXON_SSH_KEY_FILE": str(sshd.key), "AXON_SSH_KNOWN_HOSTS_FILE": str(sshd.known_hosts)}


def assert_clone(clone: Clone, done, sshd: Sshd, commit: str) -> None:
    assert done.exit_code == 0, done.errors
    assert (clone.head, clone.changes) == (commit, "")
    assert secret_of(sshd.key) not in done.log + done.errors
    assert files_holding(secret_of(sshd.key), clone.path) == []


def test_with_a_named_key(clone: Clone, repo: Repo, sshd: Sshd):
    done = clone.prepare(sshd.url(repo.name), ref="main", depth=1, env=named(sshd))
    assert_clone(clone, done, sshd, repo.first)


@pytest.mark.parametrize("mode", [0o600, 0o440], ids=["private", "as-a-Secret"])
@pytest.mark.parametrize("ends", ["\n", ""], ids=["newline", "no-newline"])
def test_with_the_keys_of_a_secret_in_the_task_directory(clone: Clone, repo: Repo, sshd: Sshd, mode, ends):
    """ssh itself refuses a key that others may read, and one without its last line's end."""
    task = clone.sandbox.folder / "task"
    task.mkdir()
    (task / "ssh-privatekey").write_text(sshd.key.read_text().rstrip("\n") + ends)
    (task / "ssh-privatekey").chmod(mode)
    shutil.copy(sshd.known_hosts, task / "known_hosts")
    done = clone.prepare_task({"repo": sshd.url(repo.name)}, branch="agent/fix")
    assert_clone(clone, done, sshd, repo.first)
    assert list(clone.sandbox.tmp.iterdir()) == []  # no copy of the key is left


def test_the_short_form_of_a_url(clone: Clone, repo: Repo, sshd: Sshd, tmp_path):
    """user@host:path has no port: a command of the user's own may know one."""
    command = tmp_path / "my-ssh"
    command.write_text(f'#!/bin/sh\n[ "$1" = -p ] && shift 2\nexec ssh -p {sshd.port} -i {sshd.key} '
                       f'-o UserKnownHostsFile={sshd.known_hosts} "$@"\n')
    command.chmod(0o755)
    done = clone.prepare(f"{sshd.user}@127.0.0.1:{repo.name}", env={"GIT_SSH_COMMAND": str(command)})
    assert_clone(clone, done, sshd, repo.first)


def test_the_agent_can_fetch_and_push(clone: Clone, repo: Repo, sshd: Sshd):
    env = named(sshd)
    assert clone.prepare(sshd.url(repo.name), branch="agent/fix", env=env).exit_code == 0
    git(clone.path, "commit", "-q", "--allow-empty", "-m", "work")
    git(clone.path, "push", "-q", "origin", "HEAD", **env)
    assert repo.sha("agent/fix") == clone.head
    git(clone.path, "fetch", "-q", "origin", **env)
    assert str(sshd.key) not in (clone.path / ".git/config").read_text()


def test_the_key_is_in_no_argument_list(clone: Clone, repo: Repo, sshd: Sshd, tmp_path):
    """Only its path is."""
    spy = tmp_path / "bin" / "ssh"
    spy.parent.mkdir()
    spy.write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/argv\nexec {shutil.which("ssh")} "$@"\n')
    spy.chmod(0o755)
    env = {**named(sshd), "PATH": f"{spy.parent}:{clone.sandbox.env['PATH']}"}
    assert clone.prepare(sshd.url(repo.name), env=env).exit_code == 0
    seen = (tmp_path / "argv").read_text()
    assert str(sshd.key) in seen
    assert secret_of(sshd.key) not in seen


def test_git_lfs_asks_over_ssh(clone: Clone, repo: Repo, sshd: Sshd, tmp_path):
    with GitServer(tmp_path / "served", token="another") as server:
        server.accepts = lambda header: header == GRANT  # type: ignore[method-assign]
        server.lfs = LfsStore(tmp_path / "lfs")
        content = b"large" * 1000
        oid = server.lfs.add(content)
        (repo.work / ".gitattributes").write_text("*.bin filter=lfs\n")
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {len(content)}\n"
        commit = repo.commit({"a.bin": pointer}, "large")
        href = f"{server.url}/{repo.name}/info/lfs"
        sshd.lfs_answer.write_text(json.dumps({"href": href, "header": {"Authorization": GRANT}, "expires_in": 600}))
        done = clone.prepare(sshd.url(repo.name), env=named(sshd))
    assert_clone(clone, done, sshd, commit)
    assert (clone.path / "a.bin").read_bytes() == content
    assert f"git-lfs-authenticate /{repo.name} download" in sshd.commands


def test_on_one_machine(local, isolation, repo: Repo, sshd: Sshd):
    """The agent pushes with the key that was named; afterwards nothing of it is kept."""
    done = local.shell("remote", "write a.txt: made", "--repo", sshd.url(repo.name), "--branch", "agent/a",
                       sandbox=isolation, **named(sshd))
    assert done.exit_code == 0, done.errors
    assert repo.sha("agent/a") == git(local.clone("remote"), "rev-parse", "HEAD") != repo.first
    assert secret_of(sshd.key) not in done.log + done.errors
    assert files_holding(secret_of(sshd.key), local.folder("remote")) == []


def assert_failed(done, *words: str) -> None:
    assert done.verdict == ("Failed", "CloneFailed", 65)
    message = done.report.raw["message"]
    assert [word for word in words if word not in message] == [], message


def test_a_host_that_is_not_known(clone: Clone, repo: Repo, sshd: Sshd):
    done = clone.prepare(sshd.url(repo.name), env={"AXON_SSH_KEY_FILE": str(sshd.key)})
    assert_failed(done, "host key of 127.0.0.1 is not known", "known_hosts", f"ssh-keyscan -p {sshd.port} 127.0.0.1")


def test_a_host_with_another_key(clone: Clone, repo: Repo, sshd: Sshd, tmp_path):
    other = keygen(tmp_path / "other").with_suffix(".pub").read_text().split()[:2]
    sshd.known_hosts.write_text(f"[127.0.0.1]:{sshd.port} {' '.join(other)}\n")
    assert_failed(clone.prepare(sshd.url(repo.name), env=named(sshd)), "127.0.0.1", "not the one in known_hosts")


def test_a_key_that_is_refused(clone: Clone, repo: Repo, sshd: Sshd, tmp_path):
    env = {**named(sshd), "AXON_SSH_KEY_FILE": str(keygen(tmp_path / "other"))}
    assert_failed(clone.prepare(sshd.url(repo.name), env=env), "127.0.0.1 refused the key", str(tmp_path / "other"))


def test_a_key_with_a_passphrase(clone: Clone, repo: Repo, sshd: Sshd, tmp_path):
    env = {**named(sshd), "AXON_SSH_KEY_FILE": str(keygen(tmp_path / "locked", "secret"))}
    assert_failed(clone.prepare(sshd.url(repo.name), env=env), str(tmp_path / "locked"), "passphrase")


def test_a_repository_that_is_not_there(clone: Clone, sshd: Sshd):
    done = clone.prepare(sshd.url("acme/nothing.git"), env=named(sshd))
    assert_failed(done, "repository not found", "acme/nothing.git")


def test_an_image_without_ssh(clone: Clone, repo: Repo, sshd: Sshd, tmp_path):
    done = clone.prepare(sshd.url(repo.name), env={**named(sshd), "PATH": str(tmp_path)})
    assert_failed(done, "no ssh program in PATH", "https")


def test_nobody_listening(clone: Clone, repo: Repo, sshd: Sshd):
    url = f"ssh://git@127.0.0.1:1/{repo.name}"
    assert_failed(clone.prepare(url, env=named(sshd)), "cannot connect to 127.0.0.1 by ssh")
