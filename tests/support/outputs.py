"""Reading what a run leaves: the marker block in the log and the JSON report."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.provider import Usage

START, END = "---AXON_OUTPUTS_START---", "---AXON_OUTPUTS_END---"


@dataclass(frozen=True)
class Markers:
    """The `key: value` lines of the last complete marker pair."""

    pairs: tuple[tuple[str, str], ...]

    def all(self, key: str) -> list[str]:
        return [value for name, value in self.pairs if name == key]

    def get(self, key: str) -> str | None:
        return (self.all(key) or [None])[-1]

    @property
    def response(self) -> str | None:
        encoded = self.get("response")
        return None if encoded is None else base64.b64decode(encoded, validate=True).decode()

    @property
    def usage(self) -> Usage:
        number = lambda key: int(self.get(key) or 0)  # noqa: E731
        read, write = number("cache-read-tokens"), number("cache-write-tokens")
        uncached = number("input-tokens") - read - write
        return Usage(uncached, read, write, number("output-tokens"), number("reasoning-tokens"))


def parse_markers(log: str) -> Markers | None:
    lines = log.splitlines()
    for end in (i for i in range(len(lines) - 1, -1, -1) if lines[i].strip() == END):
        starts = [i for i in range(end) if lines[i].strip() == START]
        if starts:
            block = [line.strip() for line in lines[starts[-1] + 1 : end] if line.strip()]
            return Markers(tuple((key, value) for key, _, value in (line.partition(": ") for line in block)))
    return None


@dataclass(frozen=True)
class Report:
    """The termination message."""

    raw: dict[str, Any]

    @property
    def verdict(self) -> tuple[str, str | None]:
        return self.raw.get("outcome", ""), self.raw.get("reason") or None

    @property
    def results(self) -> dict[str, Any]:
        return self.raw.get("results") or {}

    @property
    def usage(self) -> Usage:
        said = self.raw.get("usage") or {}
        number = lambda key: int(said.get(key) or 0)  # noqa: E731
        read, write = number("cacheReadTokens"), number("cacheWriteTokens")
        uncached = number("inputTokens") - read - write
        return Usage(uncached, read, write, number("outputTokens"), number("reasoningTokens"))

    @property
    def cost(self) -> float | None:
        said = (self.raw.get("usage") or {}).get("costUSD")
        return None if said is None else float(said)


def read_report(path: Path) -> Report | None:
    """The report as it is now; None when there is none yet."""
    text = path.read_text() if path.exists() else ""
    return Report(json.loads(text)) if text.strip() else None
