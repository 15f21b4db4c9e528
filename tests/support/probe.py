"""Runs kube-probe, which is kube/ as a program: one JSON object a line comes out."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from pathlib import Path
from typing import Callable

from support.web import WAIT_SECONDS


class Probe:
    """One run. Lines are read as they come; at the end of the `with` block it is killed if it still runs."""

    def __init__(self, program: str, kubeconfig: Path, *words: object, **variables: str) -> None:
        environment = {"KUBECONFIG": str(kubeconfig), "PATH": os.environ["PATH"]} | variables
        self._process = subprocess.Popen([program, *map(str, words)], env=environment, stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True)
        self._lines: queue.Queue[dict | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.seen: list[dict] = []

    def _read(self) -> None:
        for line in self._process.stdout:
            self._lines.put(json.loads(line))
        self._lines.put(None)

    def next(self, seconds: float = WAIT_SECONDS) -> dict | None:
        """The next line; None at the end."""
        line = self._lines.get(timeout=seconds)
        if line is not None:
            self.seen.append(line)
        return line

    def until(self, accept: Callable[[dict], object], seconds: float = WAIT_SECONDS) -> dict:
        """The first line that is accepted, from the next one on."""
        while (line := self.next(seconds)) is not None:
            if accept(line):
                return line
        raise AssertionError(f"the probe ended before: {self.seen[-20:]}")

    def say(self, text: str = "") -> None:
        self._process.stdin.write(text + "\n")
        self._process.stdin.flush()

    def ask(self) -> dict:
        """For the verb `ask`: one more request and its outcome."""
        self.say()
        return self.next()

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def __enter__(self) -> Probe:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()


def run(program: str, kubeconfig: Path, *words: object, stdin: object = None, **variables: str) -> list[dict]:
    """A verb that ends by itself, to its end."""
    environment = {"KUBECONFIG": str(kubeconfig), "PATH": os.environ["PATH"]} | variables
    done = subprocess.run([program, *map(str, words)], env=environment, input=json.dumps(stdin), text=True,
                          stdout=subprocess.PIPE, timeout=300, check=False)
    assert done.returncode == 0, done
    return [json.loads(line) for line in done.stdout.splitlines()]
