"""controller/template against Go's own text/template, and controller/cron against robfig/cron: the same answers."""

from __future__ import annotations

import base64
import json
import os
import random
import subprocess
from pathlib import Path

import pytest

from support.templates import Grammar, mutated, schedule

FOLDER = Path(__file__).resolve().parent.parent / "template"
DATA = json.loads((FOLDER / "cases/data.json").read_text())
SEED = 20_240
RANDOM_CASES = 4000


@pytest.fixture(scope="session")
def probe() -> str:
    path = os.environ.get("AXON_TEMPLATE_PROBE")
    if not path or not os.access(path, os.X_OK):
        pytest.skip(f"AXON_TEMPLATE_PROBE names no program: {path!r}")
    return path


@pytest.fixture(scope="session")
def oracle() -> str:
    """Go's answers; the program lies in the cache, outside the tree."""
    found = subprocess.run([FOLDER.parent.parent / "scripts/go"], capture_output=True, text=True, timeout=300)
    if found.returncode:
        pytest.skip(f"Go's own text/template could not be asked: {found.stderr[-2000:]}")
    go = found.stdout.strip()
    cache = Path(os.environ.get("AXON_CACHE") or Path.home() / ".cache/axon") / "template-oracle"
    cache.mkdir(parents=True, exist_ok=True)
    built = subprocess.run([go, "build", "-buildvcs=false", "-o", cache / "oracle", "."], cwd=FOLDER / "oracle",
                           capture_output=True, text=True, timeout=300)
    if built.returncode:
        pytest.skip(f"go build of the oracle failed: {built.stderr[-2000:]}")
    return str(cache / "oracle")


def ask(program: str, questions: list[dict]) -> list[dict]:
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    done = subprocess.run([program], input=lines, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def differences(probe: str, oracle: str, templates: list[bytes]) -> list[str]:
    questions = [{"template": base64.b64encode(text).decode(), "data": DATA} for text in templates]
    found = []
    for text, ours, theirs in zip(templates, ask(probe, questions), ask(oracle, questions), strict=True):
        if ours.get("output") == theirs.get("output"):
            continue
        shown = [base64.b64decode(side["output"]) if "output" in side else side["error"] for side in (ours, theirs)]
        found.append(f"{text!r}\n   axon: {shown[0]!r}\n   Go:   {shown[1]!r}")
    return found


def hand_written() -> list[bytes]:
    lines = [line for name in ("control.txt", "functions.txt")
             for line in (FOLDER / "cases" / name).read_bytes().split(b"\n")]
    return [*lines, b"\xff{{.Title}}\xfe", b"{{\xff}}", b'{{"\xff"}}', b"{{`\xff`}}", b"{{'\xff'}}", b"{{\x00}}",
            b"{{/* a\nb */ -}}\n x", b"{{if .Yes -}}\n  yes\n{{- end}}\n", b"{{`a\r\nb`}}", b"a\r\n{{- 1 -}}\r\nb",
            b'{{define "a"}}\xc2\xa0{{end}}{{define "a"}}x{{end}}{{template "a"}}']


def test_hand_written_templates(probe: str, oracle: str):
    found = differences(probe, oracle, hand_written())
    assert not found, f"{len(found)} differ:\n" + "\n".join(found[:40])


def test_random_templates(probe: str, oracle: str):
    grammar, chance = Grammar(SEED), random.Random(SEED)
    whole = [grammar.template() for _ in range(RANDOM_CASES)]
    broken = [mutated(text, chance) for text in whole if text]
    found = differences(probe, oracle, [text.encode() for text in whole + broken])
    assert not found, f"{len(found)} differ:\n" + "\n".join(found[:40])


def test_schedules(probe: str, oracle: str):
    chance = random.Random(SEED)
    macros = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly", "@never", "", "@", "* * * *"]
    asked = [{"schedule": text, "after": [chance.randrange(1_600_000_000, 2_000_000_000) for _ in range(5)]}
             for text in macros + [schedule(chance) for _ in range(2000)]]
    found, valid = [], 0
    for question, ours, theirs in zip(asked, ask(probe, asked), ask(oracle, asked), strict=True):
        never = -62135596800  # Go's zero time: robfig/cron takes a day that never comes, we refuse it
        if never in theirs.get("next", []) and "error" in ours:
            continue
        valid += "next" in ours
        if ours.get("next") != theirs.get("next"):
            found.append(f"{question}\n   axon: {ours}\n   cron: {theirs}")
    assert not found, f"{len(found)} differ:\n" + "\n".join(found[:40])
    assert valid > 1000
