"""One Task of the real Claude Code through the entrypoint, against a scripted provider."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.agent_task import AgentTask, json_events
from support.provider import Usage
from support.run import Finished, Sandbox

API_KEY = "sk-ant-api03-test-key-0123456789"
FIRST = Usage(1000, 2000, 300, 150, 40)
LAST = Usage(500, 3000, 70, 60, 10)


class ClaudeTask(AgentTask):
    """`claude` is in PATH."""

    type = "claude-code"

    def __init__(self, entrypoint: str, sandbox: Sandbox) -> None:
        super().__init__(entrypoint, sandbox)
        # Ten retries by default: three minutes of back-off.
        self.sandbox.env.update(ANTHROPIC_API_KEY=API_KEY, CLAUDE_CODE_MAX_RETRIES="2")

    def point_at(self, url: str) -> dict[str, str]:
        return {"ANTHROPIC_BASE_URL": url}


def claude_result(done: Finished) -> dict[str, Any]:
    return [event for event in json_events(done) if event.get("type") == "result"][-1]


def claude_tokens(done: Finished) -> Usage:
    """The run's tokens by claude's own last word."""
    models = claude_result(done)["modelUsage"].values()
    keys = ("inputTokens", "cacheReadInputTokens", "cacheCreationInputTokens", "outputTokens", "thinkingTokens")
    return Usage(*(sum(model.get(key, 0) for model in models) for key in keys))


def assert_cost_is_claudes(done: Finished) -> None:
    cost = pytest.approx(claude_result(done)["total_cost_usd"], abs=1e-6)
    assert done.report is not None
    assert (done.report.cost, float(done.markers.get("cost-usd") or -1)) == (cost, cost)


def without_reasoning(usage: Usage) -> Usage:
    return replace(usage, reasoning=0)
