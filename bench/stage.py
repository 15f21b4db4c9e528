"""What the benchmarks run on: for each agent a home, a repository, a Pod's environment, and a stream as its CLI prints it."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("AXON_BUILD", ROOT / "build/release"))
ENTRYPOINT = BUILD / "bin/axon-entrypoint"
LAUNCH = BUILD / "bin/bench-launch"
AGENT = BUILD / "bin/bench-agent"

MCP = {
    "mcpServers": {
        "github": {"type": "http", "url": "https://h/mcp", "headers": {"Authorization": "Bearer 0123456789abcdef"}},
        "tools": {"type": "stdio", "command": "npx", "args": ["-y", "tools"], "env": {"TOOLS_KEY": "fedcba9876543210"}},
    }
}
TEXT_KEYS = {"text", "content", "stdout", "output", "aggregated_output"}
WORDS = ["function ", "return ", "std::string ", "\n    ", '"quoted" ', "value = 0x1f; ", "// note ", "if (x) {", "}\n"]


@dataclass(frozen=True)
class Agent:
    """One agent's way to be started, and where a recorded stream of it lies."""

    type: str
    program: str
    credential: str
    recorded: str
    model: str = ""
    manifest: str = ""

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (ROOT / self.recorded).read_text().splitlines()]

    @property
    def last(self) -> str:
        """The line by which the CLI says that it is done."""
        return json.dumps(self.lines()[-1], separators=(",", ":"))


AGENTS = [
    Agent("claude-code", "claude", "ANTHROPIC_API_KEY", "adapters/claude/testdata/success/stdout.jsonl"),
    Agent("codex", "codex", "CODEX_API_KEY", "adapters/codex/testdata/success/stdout.jsonl"),
    Agent("gemini", "gemini", "GEMINI_API_KEY", "adapters/gemini/testdata/success/stdout.jsonl"),
    Agent("opencode", "opencode", "OPENCODE_API_KEY", "adapters/opencode/testdata/success/stdout.jsonl",
          model="opencode/m"),
    Agent("claude-like", "claude", "ANTHROPIC_API_KEY", "adapters/claude/testdata/success/stdout.jsonl",
          model="m", manifest="adapters/manifest/testdata/claude/agent.yaml"),
]


class Stage:
    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.root = Path(tempfile.mkdtemp(prefix="axon-bench-"))
        self.result = self.root / "start-times"
        for name in ("bin", "home", "repo"):
            (self.root / name).mkdir()
        self.program = self.root / "bin" / agent.program
        shutil.copy(AGENT, self.program)
        subprocess.run(["git", "init", "-qb", "main", self.root / "repo"], check=True)
        for plugin in ("team", "house"):
            skill = self.root / f"plugins/{plugin}/skills/{plugin}-deploy"
            skill.mkdir(parents=True)
            (skill / "SKILL.md").write_text(f"---\nname: {plugin}-deploy\ndescription: d\n---\nDeploy.\n")
        self.env = {
            "PATH": f"{self.root}/bin:{os.environ['PATH']}",
            "HOME": str(self.root / "home"),
            "AXON_AGENT_TYPE": agent.type,
            "AXON_AGENTS_MD": "# Rules\nTest first.\n" * 20,
            "AXON_MCP_SERVERS": json.dumps(MCP),
            "AXON_PLUGIN_DIR": str(self.root / "plugins"),
            agent.credential: "sk-0123456789abcdef0123456789abcdef",
            "GITHUB_TOKEN": "ghp_0123456789abcdef0123456789abcdef",
            "BENCH_RESULT": str(self.result),
            "BENCH_LAST": agent.last,
        }
        if agent.manifest:
            self.env["AXON_AGENT_MANIFEST"] = str(ROOT / agent.manifest)
        if agent.model:
            self.env["AXON_MODEL"] = agent.model

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.root, ignore_errors=True)

    def start_times_ms(self, count: int, *command: str | Path) -> list[float]:
        self.result.unlink(missing_ok=True)
        subprocess.run([LAUNCH, str(count), *command], env=self.env, cwd=self.root / "repo", check=True)
        return [int(line) / 1e6 for line in self.result.read_text().splitlines()]

    def write_stream(self, size: int) -> Path:
        """The recorded lines that hold a text, over and over, their texts as long as tools' results are."""
        rng = random.Random(1)
        lines = [line for _ in range(100) for line in self.agent.lines()[:-1] if _grow(line, rng)]
        block = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
        path = self.root / "stream"
        with path.open("w") as file:
            while file.tell() < size:
                file.write(block)
        return path


def _grow(value: Any, rng: random.Random) -> bool:
    """Replaces the texts in it; False if there is none."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    grown = False
    for key, item in list(items):
        if key in TEXT_KEYS and isinstance(item, str):
            value[key] = "".join(rng.choices(WORDS, k=rng.choice([100, 900])))
            grown = True
        else:
            grown = _grow(item, rng) or grown
    return grown
