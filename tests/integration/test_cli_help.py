"""`axon COMMAND --help` as it stands in testdata/help/; AXON_UPDATE_GOLDEN=1 writes it anew. And what every command does alike."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

GOLDENS = sorted((Path(__file__).parent / "testdata" / "help").glob("*.txt"))


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda path: path.stem)
def test_the_help_of_a_command(axon_cli: str, golden: Path) -> None:
    done = subprocess.run([axon_cli, *golden.stem.split("-"), "--help"], env={}, text=True, capture_output=True, check=True, timeout=60)
    if os.environ.get("AXON_UPDATE_GOLDEN") == "1":
        golden.write_text(done.stdout)
    assert (done.stdout, done.stderr) == (golden.read_text(), "")
    assert "\nExamples:\n  axon " in done.stdout and max(map(len, done.stdout.splitlines())) <= 120


@pytest.mark.parametrize(("line", "error"), [
    ("gett tasks", 'axon: unknown command "axon gett"; did you mean get? (axon --help)\n'),
    ("gett --help", 'axon: unknown command "axon gett"; did you mean get? (axon --help)\n'),
    ("create task a", 'axon: unknown command "axon create task"; there are ac, agentconfig, workspace, ws (axon create --help)\n'),
    ("run --promt x", "axon: unknown flag --promt; did you mean --prompt? (axon run --help)\n"),
])
def test_a_command_line_that_is_wrong(axon_cli: str, line: str, error: str) -> None:
    done = subprocess.run([axon_cli, *line.split()], env={}, text=True, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", error)


def test_help_is_a_command_too(axon_cli: str) -> None:
    asked = [subprocess.run([axon_cli, *line], env={}, text=True, capture_output=True, check=True, timeout=60).stdout
             for line in (["help", "run"], ["run", "--help"])]
    assert asked[0] == asked[1]


def test_output_that_cannot_be_written_is_no_success(axon_cli: str) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([axon_cli, "version"], env={}, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, "axon: write to stdout: No space left on device\n")


def test_what_is_opened_does_not_become_a_stdout_that_is_closed(axon_cli: str) -> None:
    done = subprocess.run(["sh", "-c", '"$0" completion bash >&-', axon_cli], env={}, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
