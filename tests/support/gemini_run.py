"""One Task of the real Gemini CLI through the entrypoint, against a scripted provider."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from support.provider import Provider, Usage
from support.run import PLAIN, Finished, How, Running, Sandbox

API_KEY = "AIzaSyTest-key-0123456789abcdefghijklmn"
MODEL = "gemini-2.5-pro"  # without one it asks another model which to take
FIRST = Usage(1300, 2000, 0, 150, 40)  # the API knows no tokens written to a cache
LAST = Usage(570, 3000, 0, 60, 10)
# What a user's image would hold. By default it tries ten times, for three minutes.
SETTINGS = {"general": {"maxAttempts": 2}}


class GeminiTask:
    """A sandbox with `gemini` in PATH; `start` and `run` are `axon-entrypoint run PROMPT` in it.

    settings is settings.json as the user has it; None writes none.
    """

    def __init__(self, entrypoint: str, sandbox: Sandbox) -> None:
        self.entrypoint = entrypoint
        self.sandbox = sandbox
        self.settings: dict[str, Any] | None = SETTINGS
        self.sandbox.env.update(AXON_AGENT_TYPE="gemini", GEMINI_API_KEY=API_KEY, AXON_MODEL=MODEL)

    def start(self, provider: Provider | str, prompt: str | None = "Do it.", how: How = PLAIN,
              cwd: Path | None = None, **env: str) -> Running:
        url = provider if isinstance(provider, str) else provider.url
        arguments = () if prompt is None else (prompt,)
        if self.settings is not None:
            self.write(".gemini/settings.json", json.dumps(self.settings))
        return self.sandbox.start(self.entrypoint, "run", *arguments, how=how, cwd=cwd,
                                  GOOGLE_GEMINI_BASE_URL=url, **env)

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
        (folder / "task.json").write_text(json.dumps({"version": "v1", "type": "gemini"}))
        return str(folder)


def gemini_events(done: Finished) -> list[dict[str, Any]]:
    """What gemini itself said: the JSON lines of the log."""
    return [json.loads(line) for line in done.log.splitlines() if line.startswith("{")]


def gemini_tokens(done: Finished) -> Usage:
    """The run's tokens by gemini's own last word; only the total holds the thoughts."""
    stats = [event for event in gemini_events(done) if event["type"] == "result"][-1]["stats"]
    output = stats["total_tokens"] - stats["input_tokens"]
    return Usage(stats["input"], stats["cached"], 0, output, output - stats["output_tokens"])


def assert_usage(done: Finished, expected: Usage) -> None:
    """Report and markers both say exactly these tokens."""
    assert done.report is not None
    assert (done.report.usage, done.markers.usage) == (expected, expected)
