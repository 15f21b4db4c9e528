"""How Claude Code can fail, be stopped or be killed: outcome, reason, exit code and the tokens so far."""

from __future__ import annotations

import os
import signal
import socket
import threading

import pytest

from support import processes
from support.anthropic import claude_provider
from support.claude_run import FIRST, LAST, ClaudeTask, assert_cost_is_claudes, assert_usage
from support.outputs import read_report
from support.processes import wait_until
from support.provider import FOREVER, Reply, Usage
from support.run import PID1, PLAIN, Running

AT_ONCE = {"retry-after": "0"}
WAYS = pytest.mark.parametrize("how", [PLAIN, PID1], ids=["subreaper", "pid1"])


@pytest.mark.parametrize(
    ("reply", "reason", "retryable"),
    [
        (Reply(status=401, message="invalid x-api-key"), "AuthenticationFailed", False),
        (Reply(status=403, message="Your organization has been disabled."), "AuthenticationFailed", False),
        (Reply(status=404, message="model: no-such-model"), "ModelNotFound", False),
        (Reply(status=400, message="prompt is too long: 250000 tokens > 200000 maximum"), "ContextExceeded", False),
        (Reply(status=400, message="Your credit balance is too low to access the Anthropic API."),
         "QuotaExceeded", False),
        (Reply(status=429, message="This request would exceed your rate limit.", headers=AT_ONCE),
         "RateLimited", True),
        (Reply(status=529, message="Overloaded", headers=AT_ONCE), "Overloaded", True),
        (Reply(status=500, message="Internal server error", headers=AT_ONCE), "Overloaded", True),
    ],
    ids=["401", "403", "404-model", "prompt-too-long", "no-credit", "429", "529", "500"],
)
def test_an_error_of_the_provider_has_its_reason(claude_task: ClaudeTask, reply, reason, retryable):
    forever = Reply(status=reply.status, message=reply.message, headers=reply.headers, times=FOREVER)
    with claude_provider(forever) as provider:
        done = claude_task.run(provider)
    assert done.verdict == ("Failed", reason, 1)
    assert (done.report.raw["retryable"], done.markers.get("reason")) == (retryable, reason)
    assert done.report.raw["message"]
    assert done.report.usage == Usage()
    assert done.left == {}


def test_an_error_after_work_keeps_the_tokens_of_the_work(claude_task: ClaudeTask):
    script = (Reply(shell="true", usage=FIRST), Reply(status=529, message="Overloaded", headers=AT_ONCE, times=FOREVER))
    with claude_provider(*script) as provider:
        done = claude_task.run(provider)
    assert done.verdict == ("Failed", "Overloaded", 1)
    assert_usage(done, FIRST)
    assert_cost_is_claudes(done)


@pytest.mark.parametrize("status", [429, 529])
def test_one_refused_request_is_no_failure(claude_task: ClaudeTask, status):
    script = (Reply(status=status, message="later", headers=AT_ONCE), Reply(text="Done.", usage=LAST))
    with claude_provider(*script) as provider:
        done = claude_task.run(provider)
    assert done.verdict == ("Succeeded", None, 0)
    assert_usage(done, LAST)


def test_a_refusal_is_refused(claude_task: ClaudeTask):
    refusal = Reply(text="I cannot help with that.", stop="refusal", usage=LAST, times=FOREVER)
    with claude_provider(refusal) as provider:
        done = claude_task.run(provider)
    assert done.verdict == ("Failed", "Refused", 1)
    assert_usage(done, provider.served)


def test_an_answer_at_the_token_limit_goes_on(claude_task: ClaudeTask):
    script = (Reply(text="Half an ans", stop="max_tokens", usage=FIRST), Reply(text="wer.", usage=LAST))
    with claude_provider(*script) as provider:
        done = claude_task.run(provider)
    assert done.verdict == ("Succeeded", None, 0)
    assert_usage(done, FIRST + LAST)


def test_nobody_listening_is_a_network_error(claude_task: ClaudeTask):
    with socket.socket() as taken:  # bound, not listening: refused, and nobody else gets the port
        taken.bind(("127.0.0.1", 0))
        done = claude_task.run(f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert done.verdict == ("Failed", "NetworkError", 1)
    assert done.report.raw["retryable"] is True


def test_no_credential_is_an_authentication_failure(claude_task: ClaudeTask):
    del claude_task.sandbox.env["ANTHROPIC_API_KEY"]
    with claude_provider() as provider:
        done = claude_task.run(provider)
    assert (done.verdict, provider.model_requests) == (("Failed", "AuthenticationFailed", 1), [])


def test_a_limit_of_turns_is_max_turns(claude_task: ClaudeTask):
    """The flag is not ours to set: a wrapper earlier in PATH adds it, as a user's image may."""
    wrapper = claude_task.sandbox.folder / "bin" / "claude"
    wrapper.parent.mkdir()
    real = claude_task.sandbox.env["PATH"].split(":")[0]
    wrapper.write_text(f'#!/bin/sh\nexec {real}/claude --max-turns 1 "$@"\n')
    wrapper.chmod(0o755)
    path = f"{wrapper.parent}:{claude_task.sandbox.env['PATH']}"
    with claude_provider(Reply(shell="true", usage=FIRST), Reply(text="Done.", usage=LAST)) as provider:
        done = claude_task.run(provider, PATH=path)
    assert done.verdict == ("Failed", "MaxTurns", 1)
    assert_usage(done, FIRST)


@WAYS
def test_term_in_the_middle_of_a_tool(claude_task: ClaudeTask, how):
    started = claude_task.sandbox.work / "started"
    stubborn = "setsid sh -c 'trap \"\" TERM INT HUP; sleep 300' >/dev/null 2>&1 &"
    sleeping = Reply(text="I wait.", shell=f"{stubborn} touch started; sleep 300", usage=FIRST)
    with claude_provider(sleeping) as provider:
        running = claude_task.start(provider, how=how)
        wait_until(started.exists, "the tool")
        running.signal(signal.SIGTERM)
        done = running.wait(60)
    assert done.verdict == ("Failed", "Cancelled", 143)
    assert_usage(done, FIRST)
    assert done.left == {}


@WAYS
def test_term_while_the_model_thinks(claude_task: ClaudeTask, how):
    script = (Reply(shell="true", usage=FIRST), Reply(text="late", hang=threading.Event()))
    with claude_provider(*script) as provider:
        running = claude_task.start(provider, how=how)
        provider.wait_for_requests(2)
        running.signal(signal.SIGTERM)
        done = running.wait(60)
    assert done.verdict == ("Failed", "Cancelled", 143)
    assert_usage(done, FIRST)
    assert done.left == {}


def _claude_pid(running: Running) -> int:
    return wait_until(lambda: processes.named(running.run_id, "stream-json"), "claude")[0]


@WAYS
def test_kill_of_the_agent_leaves_the_tokens_so_far(claude_task: ClaudeTask, how):
    script = (Reply(shell="setsid sleep 300 >/dev/null 2>&1 & true", usage=FIRST),
              Reply(text="late", hang=threading.Event()))
    with claude_provider(*script) as provider:
        running = claude_task.start(provider, how=how)
        provider.wait_for_requests(2)
        os.kill(_claude_pid(running), signal.SIGKILL)
        done = running.wait(60)
    assert done.verdict == ("Failed", "AgentCrashed", 137)
    assert_usage(done, FIRST)
    assert done.report.raw["retryable"] is True
    assert done.left == {}


def test_kill_of_everything_leaves_a_checkpoint(claude_task: ClaudeTask, repo):
    """What an OOM kill of the container does: nobody can write a last word."""
    hang = Reply(text="late", hang=threading.Event())
    work = Reply(shell="git checkout -q -b agent/fix", usage=FIRST)
    with claude_provider(work, hang) as provider:
        running = claude_task.start(provider, how=PID1, cwd=repo.work, AXON_BRANCH="agent/fix")
        provider.wait_for_requests(2)
        checkpoint = wait_until(lambda: _checkpoint_with_usage(claude_task), "a checkpoint with usage")
        running.signal(signal.SIGKILL)
        done = running.wait(60)
    assert (checkpoint.raw["phase"], done.report.raw["phase"]) == ("Running", "Running")
    assert checkpoint.usage.input == FIRST.input
    assert checkpoint.results["branch"] == "agent/fix"


def _checkpoint_with_usage(claude_task: ClaudeTask):
    report = read_report(claude_task.sandbox.report)
    return report if report and report.usage.input else None


def test_the_deadline_stops_the_agent(claude_task: ClaudeTask):
    script = (Reply(shell="echo by $AXON_DEADLINE", usage=FIRST), Reply(text="late", hang=threading.Event()))
    with claude_provider(*script) as provider:
        done = claude_task.run(provider, AXON_DEADLINE_SECONDS="12", AXON_GRACE_SECONDS="2")
    assert done.verdict == ("Failed", "DeadlineExceeded", 124)
    assert_usage(done, FIRST)
    assert done.left == {}


def test_retries_alone_are_a_stall(claude_task: ClaudeTask):
    endless = Reply(status=529, message="Overloaded", headers=AT_ONCE, times=FOREVER)
    with claude_provider(Reply(shell="true", usage=FIRST), endless) as provider:
        done = claude_task.run(provider, AXON_STALL_SECONDS="10", CLAUDE_CODE_MAX_RETRIES="1000")
    assert done.verdict == ("Failed", "Stalled", 124)
    assert_usage(done, FIRST)
    assert done.left == {}
