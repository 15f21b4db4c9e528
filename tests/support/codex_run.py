"""One Task of the real Codex through the entrypoint, against a scripted provider."""

from __future__ import annotations

from pathlib import Path

from support import agent_task
from support.agent_task import AgentTask
from support.provider import Usage
from support.run import Finished, Sandbox

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


class CodexTask(AgentTask):
    """`codex` is in PATH. config is config.toml as the user has it, {url} the provider's; None writes none."""

    type = "codex"

    def __init__(self, entrypoint: str, sandbox: Sandbox) -> None:
        super().__init__(entrypoint, sandbox)
        self.config: str | None = CONFIG
        self.sandbox.env.update(CODEX_API_KEY=API_KEY)

    @property
    def home(self) -> Path:
        return self.sandbox.home / ".codex"

    def point_at(self, url: str) -> dict[str, str]:
        if self.config is not None:
            self.write(".codex/config.toml", self.config.replace("{url}", url))
        return {}


def assert_usage(done: Finished, expected: Usage) -> None:
    """Report and markers both say exactly these tokens, and no cost: Codex tells none."""
    agent_task.assert_usage(done, expected)
    assert (done.report.cost, done.markers.get("cost-usd")) == (None, None)
