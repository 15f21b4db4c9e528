"""One Task of the real Codex through the entrypoint, against a scripted provider."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from support.provider import Provider, Usage
from support.run import PLAIN, Finished, How, Running, Sandbox

API_KEY = "sk-proj-test-key-0123456789"
FIRST = Usage(1000, 2000, 300, 150, 40)
LAST = Usage(500, 3000, 70, 60, 10)
# What a user's image would hold: a provider of its own. One retry each: by default it goes on for half a minute.
CONFIG = """\
model_provider = "stub"  # of the image

[model_providers.stub]
name = "stub"
base_url = "{url}/v1"
env_key = "CODEX_API_KEY"
wire_api = "responses"
request_max_retries = 1
stream_max_retries = 1
"""


class CodexTask:
    """A sandbox with `codex` in PATH; `start` and `run` are `axon-entrypoint run PROMPT` in it.

    config is config.toml as the user has it, {url} the provider's; None writes none.
    """

    def __init__(self, entrypoint: str, sandbox: Sandbox) -> None:
        self.entrypoint = entrypoint
        self.sandbox = sandbox
        self.config: str | None = CONFIG
        self.sandbox.env.update(AXON_AGENT_TYPE="codex", CODEX_API_KEY=API_KEY)

    @property
    def home(self) -> Path:
        return self.sandbox.home / ".codex"

    def start(self, provider: Provider | str, prompt: str | None = "Do it.", how: How = PLAIN,
              cwd: Path | None = None, **env: str) -> Running:
        url = provider if isinstance(provider, str) else provider.url
        arguments = () if prompt is None else (prompt,)
        if self.config is not None:
            self.write(".codex/config.toml", self.config.replace("{url}", url))
        return self.sandbox.start(self.entrypoint, "run", *arguments, how=how, cwd=cwd, **env)

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
        (folder / "task.json").write_text(json.dumps({"version": "v1", "type": "codex"}))
        return str(folder)


def codex_events(done: Finished) -> list[dict[str, Any]]:
    """What codex itself said: the JSON lines of the log."""
    return [json.loads(line) for line in done.log.splitlines() if line.startswith("{")]


def assert_usage(done: Finished, expected: Usage) -> None:
    """Report and markers both say exactly these tokens, and no cost: Codex tells none."""
    assert done.report is not None
    assert (done.report.usage, done.markers.usage) == (expected, expected)
    assert (done.report.cost, done.markers.get("cost-usd")) == (None, None)
