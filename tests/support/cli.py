"""`axon` against a cluster, as somebody with a home of their own."""

from __future__ import annotations

import itertools
import os
import subprocess
from pathlib import Path

import pytest

from support.apiserver import ApiServer

AXON = "/apis/axon.io/v1alpha1"


class Cli:
    """`cli(...)` runs it to its end; `out(...)` expects it to do well and to say nothing on stderr."""

    def __init__(self, program: str, folder: Path, api: ApiServer, namespace: str) -> None:
        self.program, self.api, self.namespace = program, api, namespace
        self.home = folder / "home"
        self.home.mkdir()
        self.config = self.home / ".axon" / "config.yaml"
        self.env = {"PATH": os.environ["PATH"], "HOME": str(self.home), "KUBECONFIG": str(api.kubeconfig(folder / "kubeconfig")),
                    "XDG_STATE_HOME": str(folder / "state")}
        self.write_config(f"namespace: {namespace}\n")

    def write_config(self, text: str) -> None:
        self.config.parent.mkdir(mode=0o700, exist_ok=True)
        self.config.write_text(text)
        self.config.chmod(0o600)

    def __call__(self, *arguments: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([self.program, *arguments], env=self.env | env, input=stdin, text=True, capture_output=True,
                              timeout=60, check=False)

    def out(self, *arguments: str, **options: str) -> str:
        done = self(*arguments, **options)
        assert (done.returncode, done.stderr) == (0, ""), done
        return done.stdout

    def refused(self, *arguments: str, code: int = 1, **options: str) -> str:
        """What it says on stderr, and on stdout nothing."""
        done = self(*arguments, **options)
        assert (done.returncode, done.stdout) == (code, ""), done
        return done.stderr

    def path(self, plural: str, name: str = "") -> str:
        return f"{AXON}/namespaces/{self.namespace}/{plural}" + (f"/{name}" if name else "")

    def make(self, kind: str, name: str, spec: dict, labels: dict | None = None) -> dict:
        return self.api.make(self.path(kind.lower() + "s"), {"apiVersion": "axon.io/v1alpha1", "kind": kind,
                                                             "metadata": {"name": name, "labels": labels or {}}, "spec": spec})

    def task(self, name: str, labels: dict | None = None, **spec: object) -> dict:
        return self.make("Task", name, {"type": "codex", "prompt": f"Do {name}", "credentials": {"type": "none"}, **spec}, labels)

    def status(self, plural: str, name: str, **status: object) -> None:
        code, answer = self.api.request("PATCH", self.path(plural, name) + "/status", {"status": status})
        assert code == 200, answer

    def get(self, plural: str, name: str) -> dict | None:
        code, found = self.api.request("GET", self.path(plural, name))
        return found if code == 200 else None


NUMBERS = itertools.count(1)


@pytest.fixture
def cli(axon_cli: str, axon_api: ApiServer, tmp_path: Path) -> Cli:
    """In a namespace of the test's own."""
    return Cli(axon_cli, tmp_path, axon_api, axon_api.namespace(f"cli-{next(NUMBERS)}"))
