"""How the four agents end, whatever happens: outcome, reason, exit code and exact tokens, of the real CLIs.

The cases are data: support/outcome_cases.py. docs/outcomes.md is what came of them; AXON_UPDATE_OUTCOMES=1 writes it anew.
"""

from __future__ import annotations

import os
import signal
import threading

import pytest

from support import outcomes_page
from support.agent_task import assert_usage
from support.outcome_agents import AGENTS
from support.outcome_cases import CASES
from support.outcomes import FIRST, Agent, Case, Theatre, parameters
from support.outputs import read_report
from support.processes import wait_until
from support.provider import Reply
from support.repos import Repo
from support.run import PID1, PLAIN, How, Sandbox

RETRYABLE = {"RateLimited", "Overloaded", "NetworkError", "Stalled", "AgentCrashed"}


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest, entrypoint: str):
    theatre = Theatre(entrypoint).start_all(request)
    yield theatre
    theatre.close()


@pytest.mark.parametrize(("agent", "case", "how"), parameters(AGENTS, CASES))
def test_outcome(outcomes: Theatre, agent: Agent, case: Case, how: How):
    played = outcomes.played(agent, case, how)
    done, end = played.done, case.ends[agent.name]
    allowed = {end.verdict, (*end.verdict[:2], 1)} if agent.is_slow_to_exit and end.reason else {end.verdict}
    assert done.verdict in allowed, done.report.raw.get("message")
    assert (done.markers.response if not end.reason else None) == end.response
    tokens = agent.own_tokens(done) if end.tokens is None else agent.tells(end.tokens)
    assert_usage(done, tokens)
    agent.check_cost(done, tokens)
    message = done.report.raw.get("message", "")
    assert (done.report.raw.get("retryable", False), done.markers.get("reason")) == (end.reason in RETRYABLE, end.reason)
    assert bool(message) == bool(end.reason) and end.says in message
    assert done.left == {}
    requests = played.provider.model_requests if played.provider else []
    assert len(requests) == case.requests.get(agent.name, len(requests))
    # As text, whatever it is: an empty line may go before it.
    assert not requests or case.prompt in [text.lstrip("\n") for text in agent.user_texts(requests[0])]


def test_the_page_of_outcomes_tells_what_was_seen(outcomes: Theatre):
    """Last in this file: what the tests above saw. Only the time is not compared."""
    seen = outcomes_page.rows(AGENTS, CASES, outcomes.seen)
    if os.environ.get("AXON_UPDATE_OUTCOMES"):
        outcomes_page.write(AGENTS, CASES, seen)
    assert outcomes_page.difference(AGENTS, CASES, seen) == "", "run again with AXON_UPDATE_OUTCOMES=1 and look at the diff"


@pytest.mark.parametrize("agent", AGENTS, ids=[agent.name for agent in AGENTS])
def test_kill_of_everything_leaves_a_checkpoint(agent: Agent, entrypoint: str, repo: Repo, tmp_path):
    """What an OOM kill of the container does: nobody can write a last word."""
    box = Sandbox(tmp_path / "run", agent.path())
    task = agent.make(entrypoint, box)
    script = (Reply(shell="git checkout -q -b agent/fix", usage=FIRST), Reply(text="late", hang=threading.Event()))

    def checkpoint():
        """Its tokens are known before the command has ended that makes the branch."""
        report = read_report(box.report)
        is_whole = report and report.usage.input and report.results.get("branch") == "agent/fix"
        return report if is_whole else None

    with agent.provider(*agent.replies(script)) as provider:
        running = task.start(provider, how=PID1, cwd=repo.work, AXON_BRANCH="agent/fix")
        provider.wait_for_requests(2)
        seen = wait_until(checkpoint, "a checkpoint with usage and branch")
        running.signal(signal.SIGKILL)
        done = running.wait(60)
    box.close()
    assert (seen.raw["phase"], done.report.raw["phase"]) == ("Running", "Running")
    assert done.report.usage == agent.tells(FIRST)
