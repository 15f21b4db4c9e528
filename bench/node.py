"""From create to the results in status on a real node, beside a bare Pod of the same shape from create to its end.

Both times begin when the API server shows the object. That of a Pod ends when its status says that the container has ended; its
phase follows a second later, when the kubelet has taken the sandbox down, and no Task waits for that. The two take turns.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from rows import note, row
from stage import BUILD
from support.axon_cluster import WAIT, AxonCluster, Programs, installed
from support.gitserver import GitServer
from support.repos import Repo

ROUNDS = 16  # spread evenly over the second in which the kubelet looks at its containers once
NS = "default"


class Phases:
    """When an object of the kind was first seen, and when in which phase, as kubectl's watch tells."""

    def __init__(self, cluster: AxonCluster, kind: str) -> None:
        self._at: dict[tuple[str, str], float] = {}
        self._changed = threading.Condition()
        line = (r'jsonpath={.metadata.name}{" seen "}{.status.phase}{" "}'
                r'{.status.containerStatuses[*].state.terminated.reason}{"\n"}')
        self._child = subprocess.Popen([cluster.program, "--kubeconfig", str(cluster.kubeconfig), "get", kind, "-n", NS,
                                        "--watch", "-o", line], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._child.stdout:
            moment = time.monotonic()
            name, *words = line.split()
            with self._changed:
                for word in words:
                    self._at.setdefault((name, word), moment)
                self._changed.notify_all()

    def wait(self, name: str, word: str) -> float:
        with self._changed:
            there = self._changed.wait_for(lambda: (name, word) in self._at or (name, "Failed") in self._at, WAIT)
            assert there and (name, word) in self._at, f"{name} is not {word}: {self._at}"
            return self._at[name, word]

    def life(self, name: str, end: str = "Succeeded") -> float:
        return self.wait(name, end) - self._at[name, "seen"]

    def close(self) -> None:
        self._child.kill()
        self._child.wait()


def bare_pod(cluster: AxonCluster, name: str, spec: dict, secret: dict) -> None:
    """With a Secret of its own, as a Task has: the kubelet has to fetch it. It is there before the Pod, uncounted."""
    metadata = {"name": name, "namespace": NS}
    cluster.apply({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": secret["data"]})
    cluster.apply({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})


def measure(cluster: AxonCluster, label: str, spec: dict) -> None:
    tasks, pods = Phases(cluster, "tasks"), Phases(cluster, "pods")
    sample = f"{label}-sample"
    branch = lambda name: {"branch": name} if spec else {}  # noqa: E731
    cluster.task(sample, "run: true", **spec, **branch(sample))
    tasks.life(sample)
    shape = json.dumps(cluster.get("job", sample, "-n", NS)["spec"]["template"]["spec"])
    secret = cluster.get("secret", f"axon-task-{sample}", "-n", NS)
    ours, bare, phases = [], [], []
    for number in range(ROUNDS):
        name = f"{label}-{number}"
        for is_pod in (number % 2 == 0, number % 2 == 1):
            time.sleep(number / ROUNDS)  # the one before has ended as the kubelet looked
            if is_pod:
                bare_pod(cluster, f"{name}-bare", json.loads(shape.replace(f"axon-task-{sample}", f"{name}-bare")), secret)
                phases.append(pods.life(f"{name}-bare"))
                bare.append(pods.life(f"{name}-bare", "Completed"))
            else:
                cluster.task(name, "run: true", **spec, **branch(name))
                ours.append(tasks.life(name))
                assert cluster.status(name)["results"]["turns"] == "1"
    tasks.close()
    pods.close()
    took, of_pod = statistics.mean(ours), statistics.mean(bare)
    row(f"create to results, {label}", f"{took:.2f} s", f"a bare Pod to its end: {of_pod:.2f} s", f"{took / of_pod:.2f}", "<= 1.1",
        took / of_pod <= 1.1)
    note(f"Tasks {' '.join(f'{one:.2f}' for one in ours)}; Pods {' '.join(f'{one:.2f}' for one in bare)}, their phase at "
         f"{statistics.mean(phases):.2f} s")


def node() -> None:
    with tempfile.TemporaryDirectory(prefix="axon-bench-") as folder:
        programs = Programs(*(str(BUILD / "bin" / name) for name in ("axon", "axon-controller", "axon-entrypoint")))
        repo = Repo(Path(folder) / "served")
        with installed(Path(folder), programs) as cluster, GitServer(Path(folder) / "served") as server:
            measure(cluster, "plain", {})
            url = f"http://{cluster.expose(server.port)}/{repo.name}"
            cluster.apply({"apiVersion": "axon.io/v1alpha1", "kind": "Workspace", "metadata": {"name": "shop", "namespace": NS},
                           "spec": {"repo": url, "ref": "main"}})
            measure(cluster, "workspace", {"workspaceRef": {"name": "shop"}})
