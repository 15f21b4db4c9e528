"""A real Kubernetes for the tests: the API server alone, or a whole node. Each starts when a test first asks for it.

A developer's own cluster is taken instead where USE_EXISTING_CLUSTER=true and KUBECONFIG say so (envtest's words): a
KUBECONFIG alone may be of a cluster that nobody wants to test on.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent / "cluster"


class CannotRun(Exception):
    """Why there is no cluster on this machine."""


class Kubectl:
    """kubectl with one kubeconfig."""

    def __init__(self, program: str, kubeconfig: Path, state: Path | None = None) -> None:
        self.program = program
        self.kubeconfig = kubeconfig
        self.state = state  # the directory of a cluster that was started for the tests

    def run(self, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run([self.program, "--kubeconfig", str(self.kubeconfig), *arguments], input=stdin, text=True,
                              capture_output=True, timeout=120, check=False)

    def __call__(self, *arguments: str, stdin: str | None = None) -> str:
        done = self.run(*arguments, stdin=stdin)
        assert done.returncode == 0, f"kubectl {' '.join(arguments)}: {done.stderr}"
        return done.stdout

    def apply(self, document: dict, *arguments: str) -> str:
        return self("apply", "-f", "-", *arguments, stdin=json.dumps(document))

    def try_apply(self, document: dict, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("apply", "-f", "-", *arguments, stdin=json.dumps(document))

    def patch(self, kind: str, name: str, change: dict, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("patch", kind, name, "--type=merge", "-p", json.dumps(change), *arguments)

    def get(self, *arguments: str) -> dict:
        return json.loads(self("get", *arguments, "-o", "json"))

    def wait_until(self, seconds: float, what: str, *arguments: str, accept) -> dict:
        """Reads an object until accept(it) holds, and returns it."""
        end = time.monotonic() + seconds
        while True:
            seen = self.get(*arguments)
            if accept(seen):
                return seen
            assert time.monotonic() < end, f"{what}: not within {seconds} s: {json.dumps(seen.get('status'))}"
            time.sleep(0.1)


def _programs(which: str) -> list[str]:
    done = subprocess.run([HERE / "build", which], text=True, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise CannotRun(f"tests/cluster/build {which} failed: see above")
    return done.stdout.split()


def _existing() -> Kubectl | None:
    if os.environ.get("USE_EXISTING_CLUSTER") != "true":
        return None
    kubectl = shutil.which("kubectl")
    if kubectl is None or "KUBECONFIG" not in os.environ:
        raise CannotRun("USE_EXISTING_CLUSTER=true needs kubectl in PATH and KUBECONFIG")
    return Kubectl(kubectl, Path(os.environ["KUBECONFIG"]))


@contextmanager
def _running(*command: str | Path) -> Iterator[Path]:
    """Runs the command with a new state directory, as a child that the kernel ends when this process ends, however it
    does; the child then removes the directory. Its path is short, because sockets lie in it."""
    state = Path(tempfile.mkdtemp(prefix="axon-cluster-"))
    command = [one if one != "STATE" else state for one in command]
    with tempfile.TemporaryFile("w+") as log:
        child = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *command], stdin=subprocess.DEVNULL, stdout=log,
                                 stderr=subprocess.STDOUT, env={**os.environ, "AXON_CLUSTER_TRANSIENT": "1"})
        try:
            while not (state / "ready").exists():
                if child.poll() is not None:
                    log.seek(0)
                    raise CannotRun(log.read()[-2000:])
                time.sleep(0.05)
            yield state
        finally:
            child.terminate()
            child.wait(60)
            shutil.rmtree(state, ignore_errors=True)


@contextmanager
def apiserver(version: str = "default", *flags: str) -> Iterator[Kubectl]:
    """etcd and kube-apiserver; version "1.28" is the oldest supported one. With flags of its own it is always a new one."""
    existing = _existing() if version == "default" and not flags else None
    if existing:
        yield existing
        return
    kubectl = f"{_programs('apiserver')[0]}/kubectl"
    if version == "1.28":
        _programs("apiserver-1.28")
    with _running(HERE / "apiserver", "run", "STATE", version, "--", *flags) as state:
        yield Kubectl(kubectl, state / "kubeconfig", state)


@contextmanager
def node(images: list[Path] = ()) -> Iterator[Kubectl]:
    """A whole node, which has the images (OCI archives) beside localhost/busybox:1."""
    existing = _existing()
    if existing:
        yield existing
        return
    if os.geteuid() != 0:
        raise CannotRun("a node needs root: a kubelet mounts and makes cgroups")
    kubectl = f"{_programs('node')[0]}/kubectl"
    given = [argument for image in images for argument in ("--image", image)]
    with _running(HERE / "up", "--foreground", "STATE", *given) as state:
        yield Kubectl(kubectl, state / "kubeconfig", state)


def or_skip(started: AbstractContextManager[Kubectl]) -> Iterator[Kubectl]:
    """The body of a fixture: skips where the cluster cannot start, and ends it in any case."""
    try:
        kubectl = started.__enter__()
    except CannotRun as error:
        pytest.skip(f"no cluster here: {error}")
    try:
        yield kubectl
    finally:
        started.__exit__(None, None, None)
