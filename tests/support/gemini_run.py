"""One Task of the real Gemini CLI through the entrypoint, against a scripted provider."""

from __future__ import annotations

import json
from typing import Any

from support.agent_task import AgentTask, json_events
from support.provider import Usage
from support.run import Finished, Sandbox

API_KEY = "AIzaSyTest-key-0123456789abcdefghijklmn"
MODEL = "gemini-2.5-pro"  # without one it asks another model which to take
FIRST = Usage(1300, 2000, 0, 150, 40)  # the API knows no tokens written to a cache
LAST = Usage(570, 3000, 0, 60, 10)
# What a user's image would hold. By default it tries ten times, for three minutes.
SETTINGS = {"general": {"maxAttempts": 3}}


class GeminiTask(AgentTask):
    """`gemini` is in PATH. settings is settings.json as the user has it; None writes none."""

    type = "gemini"

    def __init__(self, entrypoint: str, sandbox: Sandbox) -> None:
        super().__init__(entrypoint, sandbox)
        self.settings: dict[str, Any] | None = SETTINGS
        self.sandbox.env.update(GEMINI_API_KEY=API_KEY, AXON_MODEL=MODEL)

    def point_at(self, url: str) -> dict[str, str]:
        if self.settings is not None:
            self.write(".gemini/settings.json", json.dumps(self.settings))
        return {"GOOGLE_GEMINI_BASE_URL": url}


def gemini_tokens(done: Finished) -> Usage:
    """The run's tokens by gemini's own last word; only the total holds the thoughts."""
    stats = [event for event in json_events(done) if event["type"] == "result"][-1]["stats"]
    output = stats["total_tokens"] - stats["input_tokens"]
    return Usage(stats["input"], stats["cached"], 0, output, output - stats["output_tokens"])
