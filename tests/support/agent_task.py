"""One Task of a real agent's CLI through the entrypoint, against a scripted provider: what the four have in common."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from support.provider import Provider, Usage
from support.run import PLAIN, Finished, How, Running, Sandbox

TASK_FILES = {"task": "task.json", "mcp": "mcp.json", "prompt": "prompt", "agents": "agents.md"}


class AgentTask:
    """A sandbox with the agent in PATH; `start` and `run` are `axon-entrypoint run PROMPT` in it.

    A subclass says the type, the environment, and how its agent is pointed at the provider.
    """

    type: str

    def __init__(self, entrypoint: str, sandbox: Sandbox) -> None:
        self.entrypoint = entrypoint
        self.sandbox = sandbox
        self.sandbox.env.update(AXON_AGENT_TYPE=self.type)

    def point_at(self, url: str) -> dict[str, str]:
        """Writes what makes the agent ask this provider; gives the variables that do."""
        raise NotImplementedError

    def start(self, provider: Provider | str, prompt: str | None = "Do it.", how: How = PLAIN,
              cwd: Path | None = None, **env: Any) -> Running:
        url = provider if isinstance(provider, str) else provider.url
        arguments = () if prompt is None else (prompt,)
        return self.sandbox.start(self.entrypoint, "run", *arguments, how=how, cwd=cwd, **{**self.point_at(url), **env})

    def run(self, provider: Provider | str, prompt: str | None = "Do it.", **options: Any) -> Finished:
        return self.start(provider, prompt, **options).wait()

    def write(self, path: str, text: str) -> Path:
        """A file below HOME."""
        file = self.sandbox.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def task_dir(self, **files: str | dict[str, Any]) -> str:
        """Writes a task directory; `task`, `mcp` (JSON), `prompt`, `agents`. Gives AXON_TASK_DIR's value."""
        folder = self.sandbox.folder / "task"
        folder.mkdir(exist_ok=True)
        for key, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (folder / TASK_FILES[key]).write_bytes(text.encode())
        return str(folder)

    def prompt_file(self, prompt: str) -> str:
        """Writes a task directory that holds this prompt. Gives AXON_TASK_DIR's value."""
        return self.task_dir(prompt=prompt, task={"version": "v1", "type": self.type})


def json_events(done: Finished) -> list[dict[str, Any]]:
    """What the agent itself said: the JSON lines of the log."""
    return [json.loads(line) for line in done.log.splitlines() if line.startswith("{")]


def assert_usage(done: Finished, expected: Usage) -> None:
    """Report and markers both say exactly these tokens."""
    assert done.report is not None
    assert (done.report.usage, done.markers.usage) == (expected, expected)
