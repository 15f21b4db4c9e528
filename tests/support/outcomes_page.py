"""docs/outcomes.md: what the outcome tests saw, for people. Written by them, and held to what they see."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Iterable, Mapping

from support.outcomes import Agent, Case, Played

PAGE = Path(__file__).resolve().parents[2] / "docs" / "outcomes.md"
BEGIN, END = "<!-- written by the tests: begin -->", "<!-- written by the tests: end -->"
HEADER = ("what happens", "outcome", "exit code", "input tokens", "output tokens", "about")
Row = tuple[str, ...]


def rows(agents: list[Agent], cases: list[Case], seen: Mapping[tuple[str, str], Played]) -> dict[tuple[str, str], Row]:
    """(agent, case) -> the cells of its row, for all that was played."""
    return {
        (agent.name, case.name): _row(case, agent, seen[agent.name, case.name])
        for agent in agents for case in cases if case.told and (agent.name, case.name) in seen
    }


def write(agents: list[Agent], cases: list[Case], seen: Mapping[tuple[str, str], Row]) -> None:
    """What was not played this time keeps the row that it has; a time that is not far off stays, so that it is no change."""
    text = PAGE.read_text()
    before = _read(text)
    now = {key: _keep_time(row, before.get(key)) for key, row in seen.items()}
    head, rest = text.split(BEGIN)
    PAGE.write_text(head + BEGIN + "\n" + _tables(agents, cases, {**before, **now}) + END + rest.split(END)[1])


def difference(agents: list[Agent], cases: list[Case], seen: Mapping[tuple[str, str], Row]) -> str:
    """A diff from the page to what was seen, empty where they agree; the time aside."""
    before = _read(PAGE.read_text())
    told = {(agent.name, case.name) for agent in agents for case in cases if case.told and agent.name in case.ends}
    page = {key: row for key, row in before.items() if key in seen or key not in told}
    return "\n".join(difflib.unified_diff(_lines(page), _lines(seen), "docs/outcomes.md", "seen", lineterm="", n=0))


def _lines(table: Mapping[tuple[str, str], Row]) -> list[str]:
    return [f"{agent}: " + " | ".join(row[:-1]) for (agent, _), row in sorted(table.items())]


def _row(case: Case, agent: Agent, played: Played) -> Row:
    done = played.done
    outcome, reason, code = case.ends[agent.name].verdict  # the tests hold it to what was seen
    usage = done.report.usage
    # What an agent breaks off by itself is counted to where it was; that differs from run to run.
    exact = case.ends[agent.name].tokens is not None
    tokens = (f"{usage.input}", f"{usage.output}") if exact else ("some", "some")
    return case.name, f"`{reason}`" if reason else outcome, str(code), *tokens, _about(done.seconds)


def _about(seconds: float) -> str:
    steps = (1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 120, 180)
    return f"{min(steps, key=lambda step: abs(step - seconds))} s"


def _keep_time(row: Row, before: Row | None) -> Row:
    if before is None:
        return row
    old, new = (int(cells[-1].split()[0]) for cells in (before, row))
    return (*row[:-1], before[-1]) if old / 3 <= new <= old * 3 else row


def _read(text: str) -> dict[tuple[str, str], Row]:
    found: dict[tuple[str, str], Row] = {}
    agent = ""
    for line in text.split(BEGIN)[1].split(END)[0].splitlines():
        if line.startswith("### "):
            agent = line.removeprefix("### ")
        cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
        if agent and len(cells) == len(HEADER) and cells != HEADER and not cells[1].startswith("-"):
            found[agent, cells[0]] = cells
    return found


def _tables(agents: list[Agent], cases: list[Case], table: Mapping[tuple[str, str], Row]) -> str:
    names = [agent.name for agent in agents]
    text = "\n" + _table(("", *names), (
        (case.name, *(table[name, case.name][1] if (name, case.name) in table else "" for name in names))
        for case in cases if case.told
    ))
    for name in names:
        told = (table[name, case.name] for case in cases if (name, case.name) in table)
        text += f"\n### {name}\n\n" + _table(HEADER, told)
    return text + "\n"


def _table(header: Row, lines: Iterable[Row]) -> str:
    every = [header, ("---",) * len(header), *lines]
    return "".join("| " + " | ".join(row) + " |\n" for row in every)
