"""`axon COMMAND --help` as it stands in testdata/help/; AXON_UPDATE_GOLDEN=1 writes it anew."""

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
