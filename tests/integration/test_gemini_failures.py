"""How Gemini CLI can fail, be stopped or be killed: outcome, reason, exit code and the tokens so far."""

from __future__ import annotations

import os
import signal
import socket
import threading
from dataclasses import replace

import pytest

from support import processes
from support.gemini import gemini_provider
from support.gemini_run import FIRST, LAST, SETTINGS, GeminiTask, assert_usage, gemini_tokens
from support.outputs import read_report
from support.processes import wait_until
from support.provider import FOREVER, Reply, Usage
from support.run import PID1, PLAIN, Running

WAYS = pytest.mark.parametrize("how", [PLAIN, PID1], ids=["subreaper", "pid1"])
WORK = Reply(shell="true", usage=FIRST)
DONE = Reply(text="Done.", usage=LAST)
OVERLOADED = Reply(status=503, message="The model is overloaded. Please try again later.")


# It exits with the status modulo 256.
@pytest.mark.parametrize(
    ("reply", "reason", "retryable", "code"),
    [
        (Reply(status=401, message="Invalid authentication credentials."), "AuthenticationFailed", False, 145),
        (Reply(status=403, message="Permission denied."), "AuthenticationFailed", False, 147),
        (Reply(status=400, message="API key not valid. Pass a valid one."), "AuthenticationFailed", False, 144),
        (Reply(status=404, message="models/none is not found for API version v1beta."), "ModelNotFound", False, 1),
        (Reply(status=400, message="The input token count (1200000) exceeds the maximum number of tokens allowed "
                                   "(1048576)."), "ContextExceeded", False, 144),
        (Reply(status=400, message="No such field."), "AgentError", False, 144),
        (Reply(status=429, message="Resource has been exhausted (e.g. check quota)."), "RateLimited", True, 173),
        (Reply(status=500, message="An internal error has occurred."), "Overloaded", True, 244),
        (OVERLOADED, "Overloaded", True, 247),
    ],
    ids=["401", "403", "400-key", "404-model", "400-context", "400", "429", "500", "503"],
)
def test_an_error_of_the_provider_has_its_reason(gemini_task: GeminiTask, reply, reason, retryable, code):
    with gemini_provider(replace(reply, times=FOREVER)) as provider:
        done = gemini_task.run(provider)
    assert done.verdict == ("Failed", reason, code)
    assert (done.report.raw["retryable"], done.markers.get("reason")) == (retryable, reason)
    assert done.report.raw["message"]
    assert done.report.usage == Usage()
    assert done.left == {}


def test_an_error_after_work_keeps_the_tokens_of_the_work(gemini_task: GeminiTask):
    with gemini_provider(WORK, replace(OVERLOADED, times=FOREVER)) as provider:
        done = gemini_task.run(provider)
    assert done.verdict == ("Failed", "Overloaded", 247)
    assert_usage(done, FIRST)


@pytest.mark.parametrize("status", [429, 503])
def test_one_refused_request_is_no_failure(gemini_task: GeminiTask, status):
    with gemini_provider(Reply(status=status, message="later"), DONE) as provider:
        done = gemini_task.run(provider)
    assert done.verdict == ("Succeeded", None, 0)
    assert_usage(done, LAST)


def test_an_answer_that_is_blocked_is_refused(gemini_task: GeminiTask):
    with gemini_provider(Reply(stop="refusal", usage=LAST, times=FOREVER)) as provider:
        done = gemini_task.run(provider)
    assert done.verdict == ("Failed", "Refused", 1)
    assert_usage(done, provider.served)


def test_an_answer_that_is_blocked_or_cut_after_its_first_words_looks_whole(gemini_task: GeminiTask):
    """Its stream does not tell; what it said stands."""
    for stop in ("refusal", "max_tokens"):
        with gemini_provider(Reply(text="I cannot", stop=stop, usage=LAST)) as provider:
            done = gemini_task.run(provider)
        assert (done.verdict, done.markers.response) == (("Succeeded", None, 0), "I cannot")
        assert_usage(done, LAST)


def test_no_room_for_any_answer_is_context_exceeded(gemini_task: GeminiTask):
    with gemini_provider(Reply(stop="max_tokens", usage=LAST, times=FOREVER)) as provider:
        done = gemini_task.run(provider)
    assert done.verdict == ("Failed", "ContextExceeded", 1)
    assert_usage(done, provider.served)


def test_a_loop_is_a_failure_although_it_says_success(gemini_task: GeminiTask):
    with gemini_provider(Reply(shell="true", usage=FIRST, times=FOREVER)) as provider:
        done = gemini_task.run(provider)
    assert done.verdict == ("Failed", "AgentError", 1)
    assert "again and again" in done.report.raw["message"]
    assert_usage(done, gemini_tokens(done))  # it breaks off the answers in which it sees the loop


def test_a_limit_of_turns_is_max_turns(gemini_task: GeminiTask):
    gemini_task.settings = {**SETTINGS, "model": {"maxSessionTurns": 1}}
    with gemini_provider(WORK, DONE) as provider:
        done = gemini_task.run(provider)
    assert done.verdict == ("Failed", "MaxTurns", 53)
    assert_usage(done, FIRST)


def test_a_stream_that_is_cut_is_a_network_error(gemini_task: GeminiTask):
    """It does not try again, and the tokens of the cut answer are not known."""
    with gemini_provider(WORK, Reply(text="All done.", usage=LAST, cut_after=1)) as provider:
        done = gemini_task.run(provider)
    assert done.verdict == ("Failed", "NetworkError", 1)
    assert done.report.raw["retryable"] is True
    assert_usage(done, FIRST)


def test_nobody_listening_is_a_network_error(gemini_task: GeminiTask):
    with socket.socket() as taken:  # bound, not listening: refused, and nobody else gets the port
        taken.bind(("127.0.0.1", 0))
        done = gemini_task.run(f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert done.verdict == ("Failed", "NetworkError", 1)
    assert done.report.raw["retryable"] is True


def test_no_credential_is_an_authentication_failure(gemini_task: GeminiTask):
    del gemini_task.sandbox.env["GEMINI_API_KEY"]
    with gemini_provider() as provider:
        done = gemini_task.run(provider)
    assert (done.verdict, provider.model_requests) == (("Failed", "AuthenticationFailed", 41), [])
    assert "GEMINI_API_KEY" in done.report.raw["message"]


@WAYS
def test_term_in_the_middle_of_a_tool(gemini_task: GeminiTask, how):
    started = gemini_task.sandbox.work / "started"
    stubborn = "setsid sh -c 'trap \"\" TERM INT HUP; sleep 300' >/dev/null 2>&1 &"
    sleeping = Reply(text="I wait.", shell=f"{stubborn} touch started; sleep 300", usage=FIRST)
    with gemini_provider(sleeping) as provider:
        running = gemini_task.start(provider, how=how)
        wait_until(started.exists, "the tool")
        running.signal(signal.SIGTERM)
        done = running.wait(60)
    assert done.verdict == ("Failed", "Cancelled", 143)
    assert_usage(done, FIRST)
    assert done.left == {}


@WAYS
def test_term_while_the_model_thinks(gemini_task: GeminiTask, how):
    with gemini_provider(WORK, Reply(text="late", hang=threading.Event())) as provider:
        running = gemini_task.start(provider, how=how)
        provider.wait_for_requests(2)
        running.signal(signal.SIGTERM)
        done = running.wait(60)
    assert done.verdict == ("Failed", "Cancelled", 143)
    assert_usage(done, FIRST)
    assert done.left == {}


def _gemini_pid(running: Running) -> int:
    return wait_until(lambda: processes.named(running.run_id, "stream-json"), "gemini")[0]


@WAYS
def test_kill_of_the_agent_leaves_the_tokens_so_far(gemini_task: GeminiTask, how):
    work = Reply(shell="setsid sleep 300 >/dev/null 2>&1 & true", usage=FIRST)
    with gemini_provider(work, Reply(text="late", hang=threading.Event())) as provider:
        running = gemini_task.start(provider, how=how)
        provider.wait_for_requests(2)
        os.kill(_gemini_pid(running), signal.SIGKILL)
        done = running.wait(60)
    assert done.verdict == ("Failed", "AgentCrashed", 137)
    assert_usage(done, FIRST)
    assert done.left == {}


def test_kill_of_everything_leaves_a_checkpoint(gemini_task: GeminiTask):
    """What an OOM kill of the container does: nobody can write a last word."""
    with gemini_provider(WORK, Reply(text="late", hang=threading.Event())) as provider:
        running = gemini_task.start(provider, how=PID1)
        provider.wait_for_requests(2)
        checkpoint = wait_until(lambda: _checkpoint_with_usage(gemini_task), "a checkpoint with usage")
        running.signal(signal.SIGKILL)
        done = running.wait(60)
    assert (checkpoint.raw["phase"], done.report.raw["phase"]) == ("Running", "Running")
    assert checkpoint.usage == FIRST


def _checkpoint_with_usage(gemini_task: GeminiTask):
    report = read_report(gemini_task.sandbox.report)
    return report if report and report.usage.input else None
