"""One Task of the real Claude Code through the entrypoint, against a scripted provider."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from support.provider import Provider, Usage
from support.run import PLAIN, Finished, How, Running, Sandbox

API_KEY = "sk-ant-api03-test-key-0123456789"
FIRST = Usage(1000, 2000, 300, 150, 40)
LAST = Usage(500, 3000, 70, 60, 10)


class ClaudeTask:
    """A sandbox with `claude` in PATH; `start` and `run` are `axon-entrypoint run PROMPT` in it."""

    def __init__(self, entrypoint: str, sandbox: Sandbox) -> None:
        self.entrypoint = entrypoint
        self.sandbox = sandbox
        self.sandbox.env.update(
            AXON_AGENT_TYPE="claude-code",
            ANTHROPIC_API_KEY=API_KEY,
            CLAUDE_CODE_MAX_RETRIES="2",  # ten by default: three minutes of back-off
        )

    def start(self, provider: Provider | str, prompt: str | None = "Do it.", how: How = PLAIN,
              cwd: Path | None = None, **env: str) -> Running:
        url = provider if isinstance(provider, str) else provider.url
        arguments = () if prompt is None else (prompt,)
        return self.sandbox.start(self.entrypoint, "run", *arguments, how=how, cwd=cwd,
                                  ANTHROPIC_BASE_URL=url, **env)

    def run(self, provider: Provider | str, prompt: str | None = "Do it.", **options: Any) -> Finished:
        return self.start(provider, prompt, **options).wait()

    def task_dir(self, **files: str | dict[str, Any]) -> str:
        """Writes a task directory; `task`, `mcp` (JSON), `prompt`, `agents`. Gives AXON_TASK_DIR's value."""
        names = {"task": "task.json", "mcp": "mcp.json", "prompt": "prompt", "agents": "agents.md"}
        folder = self.sandbox.folder / "task"
        folder.mkdir(exist_ok=True)
        for key, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (folder / names[key]).write_bytes(text.encode())
        return str(folder)


def claude_events(done: Finished) -> list[dict[str, Any]]:
    """What claude itself said: the JSON lines of the log."""
    return [json.loads(line) for line in done.log.splitlines() if line.startswith("{")]


def claude_result(done: Finished) -> dict[str, Any]:
    return [event for event in claude_events(done) if event.get("type") == "result"][-1]


def claude_tokens(done: Finished) -> Usage:
    """The run's tokens by claude's own last word."""
    models = claude_result(done)["modelUsage"].values()
    keys = ("inputTokens", "cacheReadInputTokens", "cacheCreationInputTokens", "outputTokens", "thinkingTokens")
    return Usage(*(sum(model.get(key, 0) for model in models) for key in keys))


def assert_usage(done: Finished, expected: Usage) -> None:
    """Report and markers both say exactly these tokens."""
    assert done.report is not None
    assert (done.report.usage, done.markers.usage) == (expected, expected)


def assert_cost_is_claudes(done: Finished) -> None:
    cost = pytest.approx(claude_result(done)["total_cost_usd"], abs=1e-6)
    assert done.report is not None
    assert (done.report.cost, float(done.markers.get("cost-usd") or -1)) == (cost, cost)


def without_reasoning(usage: Usage) -> Usage:
    return replace(usage, reasoning=0)
