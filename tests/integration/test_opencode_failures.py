"""How opencode can fail: outcome, reason, exit code and the tokens so far."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.chat import chat_provider
from support.opencode_run import API_KEY, FIRST, LAST, OpencodeTask, assert_usage
from support.provider import FOREVER, Reply, Usage

AT_ONCE = {"retry-after-ms": "1"}  # by itself it goes on for more than a minute
WORK = Reply(shell="true", usage=FIRST)


@pytest.mark.parametrize(
    ("reply", "reason", "retryable"),
    [
        (Reply(status=401, message=f"Incorrect API key provided: {API_KEY}"), "AuthenticationFailed", False),
        (Reply(status=404, message="The model `none` does not exist", headers=AT_ONCE), "ModelNotFound", False),
        (Reply(status=400, message="No such parameter."), "AgentError", False),
        (Reply(status=402, message="You exceeded your current quota."), "QuotaExceeded", False),
        (Reply(status=429, message="Rate limit reached.", headers=AT_ONCE), "RateLimited", True),
        (Reply(status=503, message="Overloaded.", headers=AT_ONCE), "Overloaded", True),
    ],
    ids=["401", "404-model", "400", "quota", "429", "503"],
)
def test_an_error_of_the_provider_has_its_reason(opencode_task: OpencodeTask, reply, reason, retryable):
    with chat_provider(WORK, replace(reply, times=FOREVER)) as provider:
        done = opencode_task.run(provider)
    assert done.verdict == ("Failed", reason, 1)
    assert (done.report.raw["retryable"], done.markers.get("reason")) == (retryable, reason)
    assert done.report.raw["message"]
    assert API_KEY not in str(done.report.raw) + done.log + done.errors
    assert_usage(done, FIRST)
    assert done.left == {}


TOO_LONG = Reply(status=400, message="This model's maximum context length is 200000 tokens.")


def test_a_conversation_that_fits_once_it_is_compacted_succeeds(opencode_task: OpencodeTask):
    """opencode exits with 1 then, as if the error had been the end."""
    summary = Reply(text="A summary.", usage=Usage(900, 0, 0, 90))
    with chat_provider(WORK, TOO_LONG, summary, Reply(text="All done.", usage=LAST)) as provider:
        done = opencode_task.run(provider)
    assert (done.verdict, provider.unplayed) == (("Succeeded", None, 0), [])
    assert done.markers.response == "All done."
    assert_usage(done, FIRST + summary.usage + LAST)


def test_a_conversation_that_never_fits_ends(opencode_task: OpencodeTask):
    """opencode by itself compacts it and tries again without end."""
    with chat_provider(WORK, replace(TOO_LONG, times=FOREVER)) as provider:
        done = opencode_task.run(provider)
    assert done.verdict == ("Failed", "ContextExceeded", 1)
    assert_usage(done, FIRST)
    assert done.left == {}


@pytest.mark.parametrize(("stop", "reason"), [("refusal", "Refused"), ("max_tokens", "AgentError")])
def test_an_answer_that_is_cut_fails_and_is_counted(opencode_task: OpencodeTask, stop, reason):
    with chat_provider(WORK, Reply(text="Half an ans", stop=stop, usage=LAST)) as provider:
        done = opencode_task.run(provider)
    assert done.verdict == ("Failed", reason, 1)
    assert_usage(done, FIRST + LAST)


@pytest.mark.parametrize("model", ["stub/none", "anthropic/claude-sonnet-4-5"], ids=["model", "no-key"])
def test_what_it_cannot_start_with_is_told(opencode_task: OpencodeTask, model):
    del opencode_task.sandbox.env["OPENCODE_API_KEY"]
    with chat_provider() as provider:
        done = opencode_task.run(provider, AXON_MODEL=model)
    assert (done.verdict, provider.requests) == (("Failed", "ModelNotFound", 1), [])
    assert "no credential" in done.report.raw["message"]
    assert model.split("/")[1] in done.errors
