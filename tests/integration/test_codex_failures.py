"""How Codex can fail, be stopped or be killed: outcome, reason, exit code and the tokens so far."""

from __future__ import annotations

import os
import signal
import socket
import threading
from dataclasses import replace

import pytest

from support import processes
from support.codex_run import FIRST, LAST, CodexTask, assert_usage
from support.openai import codex_provider
from support.outputs import read_report
from support.processes import wait_until
from support.provider import FOREVER, Reply, Usage
from support.run import PID1, PLAIN, Running

AT_ONCE = {"retry-after": "0"}
WAYS = pytest.mark.parametrize("how", [PLAIN, PID1], ids=["subreaper", "pid1"])
WORK = Reply(shell="true", usage=FIRST)


@pytest.mark.parametrize(
    ("reply", "reason", "retryable"),
    [
        (Reply(status=401, message="Incorrect API key provided."), "AuthenticationFailed", False),
        (Reply(status=403, message="Country not supported."), "AuthenticationFailed", False),
        (Reply(status=404, message="The model `none` does not exist"), "ModelNotFound", False),
        (Reply(status=400, message="This model's maximum context length is 200000 tokens."), "ContextExceeded", False),
        (Reply(status=400, message="No such parameter."), "AgentError", False),
        (Reply(status=402, message="You exceeded your current quota."), "QuotaExceeded", False),
        (Reply(status=429, message="Rate limit reached.", headers=AT_ONCE), "RateLimited", True),
        (Reply(status=500, message="Internal error."), "Overloaded", True),
        (Reply(status=503, message="Overloaded."), "Overloaded", True),
    ],
    ids=["401", "403", "404-model", "400-context", "400", "quota", "429", "500", "503"],
)
def test_an_error_of_the_provider_has_its_reason(codex_task: CodexTask, reply, reason, retryable):
    with codex_provider(replace(reply, times=FOREVER)) as provider:
        done = codex_task.run(provider)
    assert done.verdict == ("Failed", reason, 1)
    assert (done.report.raw["retryable"], done.markers.get("reason")) == (retryable, reason)
    assert done.report.raw["message"]
    assert done.report.usage == Usage()
    assert done.left == {}


def test_an_error_after_work_keeps_the_tokens_of_the_work(codex_task: CodexTask):
    with codex_provider(WORK, Reply(status=503, message="Overloaded.", times=FOREVER)) as provider:
        done = codex_task.run(provider)
    assert done.verdict == ("Failed", "Overloaded", 1)
    assert_usage(done, FIRST)


@pytest.mark.parametrize("status", [401, 429, 503])
def test_one_refused_request_is_no_failure(codex_task: CodexTask, status):
    script = (Reply(status=status, message="later", headers=AT_ONCE), Reply(text="Done.", usage=LAST))
    with codex_provider(*script) as provider:
        done = codex_task.run(provider)
    assert done.verdict == ("Succeeded", None, 0)
    assert_usage(done, LAST)


def test_a_rate_limit_that_does_not_say_until_when_ends_it(codex_task: CodexTask):
    """Codex tries a 429 again only where the answer says when."""
    with codex_provider(WORK, Reply(status=429, message="later"), Reply(text="Done.", usage=LAST)) as provider:
        done = codex_task.run(provider)
    assert done.verdict == ("Failed", "RateLimited", 1)
    assert_usage(done, FIRST)
    assert len(provider.model_requests) == 2


def test_a_refusal_is_refused(codex_task: CodexTask):
    """Codex counts no tokens of an answer that a filter cut, in its stream or on disk: none are told."""
    refusal = Reply(text="I cannot help with that.", stop="refusal", usage=LAST, times=FOREVER)
    with codex_provider(WORK, refusal) as provider:
        done = codex_task.run(provider)
    assert done.verdict == ("Failed", "Refused", 1)
    assert_usage(done, FIRST)


def test_an_answer_at_the_token_limit_fails_and_is_counted(codex_task: CodexTask):
    with codex_provider(WORK, Reply(text="Half an ans", stop="max_tokens", usage=LAST)) as provider:
        done = codex_task.run(provider)
    assert done.verdict == ("Failed", "AgentError", 1)
    assert "output tokens" in done.report.raw["message"]
    assert_usage(done, FIRST + LAST)


def test_nobody_listening_is_a_network_error(codex_task: CodexTask):
    with socket.socket() as taken:  # bound, not listening: refused, and nobody else gets the port
        taken.bind(("127.0.0.1", 0))
        done = codex_task.run(f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert done.verdict == ("Failed", "NetworkError", 1)
    assert done.report.raw["retryable"] is True


def test_no_credential_is_an_authentication_failure(codex_task: CodexTask):
    del codex_task.sandbox.env["CODEX_API_KEY"]
    with codex_provider() as provider:
        done = codex_task.run(provider)
    assert (done.verdict, provider.model_requests) == (("Failed", "AuthenticationFailed", 1), [])


@WAYS
def test_term_in_the_middle_of_a_tool(codex_task: CodexTask, how):
    started = codex_task.sandbox.work / "started"
    stubborn = "setsid sh -c 'trap \"\" TERM INT HUP; sleep 300' >/dev/null 2>&1 &"
    sleeping = Reply(text="I wait.", shell=f"{stubborn} touch started; sleep 300", usage=FIRST)
    with codex_provider(sleeping) as provider:
        running = codex_task.start(provider, how=how)
        wait_until(started.exists, "the tool")
        running.signal(signal.SIGTERM)
        done = running.wait(60)
    assert done.verdict == ("Failed", "Cancelled", 143)
    assert_usage(done, FIRST)
    assert done.left == {}


@WAYS
def test_term_while_the_model_thinks(codex_task: CodexTask, how):
    with codex_provider(WORK, Reply(text="late", hang=threading.Event())) as provider:
        running = codex_task.start(provider, how=how)
        provider.wait_for_requests(2)
        running.signal(signal.SIGTERM)
        done = running.wait(60)
    assert done.verdict == ("Failed", "Cancelled", 143)
    assert_usage(done, FIRST)
    assert done.left == {}


def _codex_pid(running: Running) -> int:
    """The program itself; the script that npm put in PATH is only its parent."""
    return wait_until(lambda: processes.named(running.run_id, "/bin/codex exec"), "codex")[-1]


@WAYS
def test_kill_of_the_agent_leaves_the_tokens_so_far(codex_task: CodexTask, how):
    script = (Reply(shell="setsid sleep 300 >/dev/null 2>&1 & true", usage=FIRST),
              Reply(text="late", hang=threading.Event()))
    with codex_provider(*script) as provider:
        running = codex_task.start(provider, how=how)
        provider.wait_for_requests(2)
        os.kill(_codex_pid(running), signal.SIGKILL)
        done = running.wait(60)
    assert done.verdict == ("Failed", "AgentCrashed", 137)
    assert_usage(done, FIRST)
    assert done.report.raw["retryable"] is True
    assert done.left == {}


def test_kill_of_everything_leaves_a_checkpoint(codex_task: CodexTask, repo):
    """What an OOM kill of the container does: nobody can write a last word."""
    work = Reply(shell="git checkout -q -b agent/fix", usage=FIRST)
    with codex_provider(work, Reply(text="late", hang=threading.Event())) as provider:
        running = codex_task.start(provider, how=PID1, cwd=repo.work, AXON_BRANCH="agent/fix")
        provider.wait_for_requests(2)
        checkpoint = wait_until(lambda: _checkpoint(codex_task, "agent/fix"), "a checkpoint with usage and branch")
        running.signal(signal.SIGKILL)
        done = running.wait(60)
    assert (checkpoint.raw["phase"], done.report.raw["phase"]) == ("Running", "Running")
    assert checkpoint.usage == FIRST


def _checkpoint(codex_task: CodexTask, branch: str):
    """Its tokens are known before the command has ended that makes the branch."""
    report = read_report(codex_task.sandbox.report)
    return report if report and report.usage.input and report.results.get("branch") == branch else None


def test_the_deadline_stops_the_agent(codex_task: CodexTask):
    script = (Reply(shell="echo by $AXON_DEADLINE", usage=FIRST), Reply(text="late", hang=threading.Event()))
    with codex_provider(*script) as provider:
        done = codex_task.run(provider, AXON_DEADLINE_SECONDS="6", AXON_GRACE_SECONDS="2")
    assert done.verdict == ("Failed", "DeadlineExceeded", 124)
    assert_usage(done, FIRST)
    assert done.left == {}


def test_retries_alone_are_a_stall(codex_task: CodexTask):
    codex_task.config = codex_task.config.replace("stream_max_retries = 1", "stream_max_retries = 100")
    with codex_provider(WORK, Reply(status=503, message="Overloaded.", times=FOREVER)) as provider:
        done = codex_task.run(provider, AXON_STALL_SECONDS="4")
    assert done.verdict == ("Failed", "Stalled", 124)
    assert_usage(done, FIRST)
    assert done.left == {}
