"""How `prepare` fails: reason, exit code and a sentence that says what to do; nothing half-made is left."""

from __future__ import annotations

import signal
import socket
import threading

import pytest

from support.gitserver import GitServer
from support.prepare import TOKEN, Clone
from support.repos import Repo
from support.tls import Authority

RIGHT, WRONG = {"GITHUB_TOKEN": TOKEN}, {"GITHUB_TOKEN": "ghs_wrongwrongwrongwrongwrongwrongwrong"}


def assert_clone_failed(done, *words: str) -> None:
    assert done.verdict == ("Failed", "CloneFailed", 65)
    message = done.report.raw["message"].lower()
    assert [word for word in words if word.lower() not in message] == [], message
    assert not any(token["GITHUB_TOKEN"] in done.log + done.errors + message for token in (RIGHT, WRONG))


@pytest.fixture
def server(tmp_path: Path, repo: Repo):
    with GitServer(tmp_path / "served", token=TOKEN) as running:
        yield running


@pytest.mark.parametrize("env", [WRONG, {}], ids=["wrong", "none"])
def test_the_token_is_not_right(clone: Clone, repo: Repo, server: GitServer, env):
    done = clone.prepare(server.repo_url(repo.name), env=env)
    assert_clone_failed(done, "token")
    assert len(server.requests) <= 4  # it does not ask for ever


def test_no_such_ref(clone: Clone, repo: Repo, server: GitServer):
    assert_clone_failed(clone.prepare(server.repo_url(repo.name), ref="no-such-ref", env=RIGHT), "no-such-ref")


def test_no_such_commit(clone: Clone, repo: Repo, server: GitServer):
    sha = "0123456789" * 4
    assert_clone_failed(clone.prepare(server.repo_url(repo.name), ref=sha, env=RIGHT), sha)


def test_no_such_repository(clone: Clone, server: GitServer):
    assert_clone_failed(clone.prepare(server.repo_url("acme/nothing.git"), env=RIGHT), "acme/nothing.git")


def test_no_such_host(clone: Clone):
    done = clone.prepare("http://no-such-host.invalid/acme/widgets.git", env=RIGHT)
    assert_clone_failed(done, "no-such-host.invalid")


def test_nobody_listening(clone: Clone):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        done = clone.prepare(f"http://127.0.0.1:{taken.getsockname()[1]}/acme/widgets.git", env=RIGHT)
    assert_clone_failed(done, "refused")


def test_a_certificate_that_nobody_vouches_for(clone: Clone, repo: Repo, authority: Authority, tmp_path):
    with GitServer(tmp_path / "served", token=TOKEN, tls=authority.server_context()) as server:
        done = clone.prepare(server.repo_url(repo.name), env=RIGHT)
    assert_clone_failed(done, "certificate")
    assert server.requests == []  # the token was not sent


def test_a_certificate_for_another_host(clone: Clone, repo: Repo, authority: Authority, tmp_path):
    tls = authority.server_context("DNS:other.example")
    with GitServer(tmp_path / "served", token=TOKEN, tls=tls) as server:
        done = clone.prepare(server.repo_url(repo.name), env={**RIGHT, "SSL_CERT_FILE": str(authority.ca)})
    assert_clone_failed(done)
    assert server.requests == []


def test_a_connection_that_breaks_in_the_middle(clone: Clone, repo: Repo, server: GitServer):
    repo.add_many_files(500)
    commit = repo.commit_tree("many")
    server.cut_after = 3000
    assert_clone_failed(clone.prepare(server.repo_url(repo.name), env=RIGHT))
    server.cut_after = None
    done = clone.prepare(server.repo_url(repo.name), env=RIGHT)
    assert (done.exit_code, clone.head, clone.changes) == (0, commit, ""), done.errors


def test_a_redirect_to_another_host_does_not_take_the_token_along(clone: Clone, repo: Repo, server: GitServer, tmp_path):
    with GitServer(tmp_path / "served") as elsewhere:
        server.redirect_to = elsewhere.url.replace("127.0.0.1", "localhost")
        clone.prepare(server.repo_url(repo.name), env=RIGHT)
        assert {request.credential for request in elsewhere.requests} <= {""}


def test_not_a_repository(clone: Clone, tmp_path):
    assert_clone_failed(clone.prepare(str(tmp_path / "nothing")), "nothing")


def test_after_a_failure_the_next_attempt_starts_afresh(clone: Clone, repo: Repo, server: GitServer):
    assert clone.prepare(server.repo_url(repo.name), env=WRONG).exit_code == 65
    done = clone.prepare(server.repo_url(repo.name), env=RIGHT)
    assert (done.exit_code, clone.head) == (0, repo.first), done.errors


def test_a_server_that_falls_silent_is_given_up(clone: Clone, repo: Repo, server: GitServer):
    server.stalled = threading.Event()
    done = clone.prepare(server.repo_url(repo.name), env=RIGHT, **{"stall-timeout": 1})
    assert_clone_failed(done, "127.0.0.1", "1 s")


def test_a_clone_that_takes_too_long_is_given_up(clone: Clone, repo: Repo, server: GitServer):
    server.stalled = threading.Event()
    done = clone.prepare(server.repo_url(repo.name), env=RIGHT, timeout=1)
    assert_clone_failed(done)


def test_term_ends_a_clone_that_hangs(clone: Clone, repo: Repo, server: GitServer):
    server.stalled = threading.Event()
    running = clone.start(server.repo_url(repo.name), env=RIGHT)
    assert server.holding.acquire(timeout=60)
    running.signal(signal.SIGTERM)
    done = running.wait(30)
    assert done.verdict == ("Failed", "Cancelled", 143)


def test_a_wrong_command_line_says_how_it_should_be(clone: Clone):
    done = clone.sandbox.run(clone.entrypoint, "prepare", "--no-such-flag")
    assert done.exit_code == 2
    assert "--no-such-flag" in done.errors


def test_a_broken_task_file_is_told_by_its_name(clone: Clone):
    folder = clone.sandbox.folder / "task"
    folder.mkdir()
    (folder / "task.json").write_text('{"version": "v1", "workspace": {"repo": 7}}')
    done = clone.sandbox.run(clone.entrypoint, "prepare", AXON_TASK_DIR=str(folder))
    assert done.verdict == ("Failed", "ConfigInvalid", 65)
    assert ["task.json" in done.report.raw["message"], "repo" in done.report.raw["message"]] == [True, True]
