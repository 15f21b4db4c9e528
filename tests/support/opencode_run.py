"""One Task of the real opencode through the entrypoint, against a scripted provider."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.provider import Provider, Usage
from support.run import PLAIN, Finished, How, Running, Sandbox

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


class OpencodeTask:
    """A sandbox with `opencode` in PATH; `start` and `run` are `axon-entrypoint run PROMPT` in it.

    config is opencode.json as the user has it, {url} the provider's; None writes none.
    """

    def __init__(self, entrypoint: str, sandbox: Sandbox) -> None:
        self.entrypoint = entrypoint
        self.sandbox = sandbox
        self.config: dict[str, Any] | None = CONFIG
        self.sandbox.env.update(AXON_AGENT_TYPE="opencode", OPENCODE_API_KEY=API_KEY, AXON_MODEL=MODEL)

    @property
    def home(self) -> Path:
        return self.sandbox.home / ".config/opencode"

    def start(self, provider: Provider | str, prompt: str | None = "Do it.", how: How = PLAIN,
              cwd: Path | None = None, **env: str) -> Running:
        arguments = () if prompt is None else (prompt,)
        self.configure(provider)
        return self.sandbox.start(self.entrypoint, "run", *arguments, how=how, cwd=cwd, **env)

    def configure(self, provider: Provider | str) -> None:
        url = provider if isinstance(provider, str) else provider.url
        if self.config is not None:
            self.write(".config/opencode/opencode.json", json.dumps(self.config).replace("{url}", url))

    def run(self, provider: Provider | str, prompt: str | None = "Do it.", **options: Any) -> Finished:
        return self.start(provider, prompt, **options).wait()

    def write(self, path: str, text: str) -> Path:
        """A file below HOME."""
        file = self.sandbox.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def prompt_file(self, prompt: str) -> str:
        """Writes a task directory that holds this prompt. Gives AXON_TASK_DIR's value."""
        folder = self.sandbox.folder / "task"
        folder.mkdir()
        (folder / "prompt").write_bytes(prompt.encode())
        (folder / "task.json").write_text(json.dumps({"version": "v1", "type": "opencode"}))
        return str(folder)


def opencode_events(done: Finished) -> list[dict[str, Any]]:
    """What opencode itself said: the JSON lines of the log."""
    return [json.loads(line) for line in done.log.splitlines() if line.startswith("{")]


def cost(usage: Usage) -> float:
    """What opencode's model of this price costs."""
    tokens = {"input": usage.uncached, "output": usage.output, "cache_read": usage.cache_read,
              "cache_write": usage.cache_write}
    return sum(PRICES[kind] * count for kind, count in tokens.items()) / 1e6


def assert_usage(done: Finished, expected: Usage) -> None:
    """Report and markers both say exactly these tokens, and what they cost."""
    assert done.report is not None
    assert (done.report.usage, done.markers.usage) == (expected, expected)
    price = pytest.approx(cost(expected), abs=1e-9)
    assert (done.report.cost, float(done.markers.get("cost-usd") or -1)) == (price, price)
