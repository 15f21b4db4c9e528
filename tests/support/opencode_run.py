"""One Task of the real opencode through the entrypoint, against a scripted provider."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support import agent_task
from support.agent_task import AgentTask
from support.provider import Usage
from support.run import Finished, Sandbox

API_KEY = "sk-opencode-test-key-0123456789"
MODEL = "stub/m1"
FIRST = Usage(1300, 2000, 0, 150, 40)  # chat completions know no tokens written to a cache
LAST = Usage(570, 3000, 0, 60, 10)
PRICES = {"input": 1.0, "output": 10.0, "cache_read": 0.1, "cache_write": 1.25}  # USD for a million
# What a user's image would hold: a provider that opencode does not know, and the price of its model.
CONFIG = {
    "provider": {
        "stub": {
            "npm": "@ai-sdk/openai-compatible",
            "options": {"baseURL": "{url}/v1", "apiKey": "{env:OPENCODE_API_KEY}"},
            "models": {"m1": {"limit": {"context": 200_000, "output": 8_000}, "cost": PRICES}},
        }
    }
}
# opencode's own Anthropic, elsewhere.
ANTHROPIC_MODEL = "anthropic/claude-sonnet-4-5"
ANTHROPIC = {"provider": {"anthropic": {"options": {"baseURL": "{url}/v1"}}}}


class OpencodeTask(AgentTask):
    """`opencode` is in PATH. config is opencode.json as the user has it, {url} the provider's; None writes none."""

    type = "opencode"

    def __init__(self, entrypoint: str, sandbox: Sandbox) -> None:
        super().__init__(entrypoint, sandbox)
        self.config: dict[str, Any] | None = CONFIG
        self.sandbox.env.update(OPENCODE_API_KEY=API_KEY, AXON_MODEL=MODEL)

    @property
    def home(self) -> Path:
        return self.sandbox.home / ".config/opencode"

    def point_at(self, url: str) -> dict[str, str]:
        if self.config is not None:
            self.write(".config/opencode/opencode.json", json.dumps(self.config).replace("{url}", url))
        return {}


def cost(usage: Usage) -> float:
    """What opencode's model of this price costs."""
    tokens = {"input": usage.uncached, "output": usage.output, "cache_read": usage.cache_read,
              "cache_write": usage.cache_write}
    return sum(PRICES[kind] * count for kind, count in tokens.items()) / 1e6


def assert_usage(done: Finished, expected: Usage) -> None:
    """Report and markers both say exactly these tokens, and what they cost."""
    agent_task.assert_usage(done, expected)
    assert_price(done, expected)


def assert_price(done: Finished, expected: Usage) -> None:
    told = done.markers.get("cost-usd")
    if expected == Usage():
        assert (done.report.cost, told) == (None, None)
        return
    price = pytest.approx(cost(expected), abs=1e-9)
    assert (done.report.cost, float(told or -1)) == (price, price)
