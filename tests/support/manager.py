"""`axon-controller manager` as a child of the test, on the API server of a kubeconfig."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path


class Manager:
    """Runs as long as its `with` block. Its log is a file; `variables` are its environment beside PATH."""

    def __init__(self, program: str, kubeconfig: Path, log: Path, namespace: str, *flags: str, health: str = "0",
                 **variables: str) -> None:
        self._command = [program, "manager", "--kubeconfig", str(kubeconfig), "--watch-namespace", namespace,
                         "--metrics-bind-address", "0", "--health-probe-bind-address", health, *flags]
        self._variables = {"PATH": os.environ["PATH"]} | variables
        self.log = log
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> Manager:
        return self.start()

    def start(self) -> Manager:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *self._command], env=self._variables,
                                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
        return self

    def __exit__(self, *_: object) -> None:
        """Told to stop, it stops."""
        self._process.terminate()
        code = self._process.wait(60)
        assert code == 0, f"the manager ended with {code}: {self.log.read_text()[-3000:]}"

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def wait(self) -> int:
        """Its exit code, when it ends by itself."""
        return self._process.wait(60)

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]
