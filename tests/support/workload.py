"""Tasks in the shapes that are hard to get right, made one wave after another."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

from support.apiserver import ApiServer
from support.history import TASKS, History
from support.kubelet import Kubelet
from support.web import WAIT_SECONDS

ON_ONE_BRANCH = 10


class Workload:
    """A namespace with its kubelet, its history, and all Tasks that were made."""

    def __init__(self, api: ApiServer, namespace: str, rng: random.Random, history: History, kubelet: Kubelet) -> None:
        self.api, self.namespace, self.history, self.kubelet = api, namespace, history, kubelet
        self._rng = rng
        self.names: set[str] = set()
        self._waves = 0

    def task(self, name: str, depends_on: list[str] = (), branch: str = "") -> str:
        spec = {"type": "claude-code", "prompt": f"Do {name}", "credentials": {"type": "none"},
                "dependsOn": list(depends_on)}
        if branch:
            spec |= {"workspaceRef": {"name": "shop"}, "branch": branch}
        self.api.make(TASKS.format(self.namespace), {"apiVersion": "axon.io/v1alpha1", "kind": "Task",
                                                     "metadata": {"name": name}, "spec": spec})
        self.names.add(name)
        return name

    def wave(self) -> None:
        """Plain ones, a chain, and ten on one branch, some of which come to have their turn only later. Which name is
        first says nothing about which Task was."""
        self._waves += 1
        names = [f"w{self._waves}-{letter}" for letter in "abcdefghijklmnop"]
        self._rng.shuffle(names)
        plain = [self.task(names.pop()) for _ in range(3)]
        last = plain[-1]
        for _ in range(3):
            last = self.task(names.pop(), [last])
        for number in range(ON_ONE_BRANCH):
            self.task(names.pop(), [self._rng.choice(plain)] if number % 3 == 0 else [], f"branch-{self._waves}")

    def two_of_a_branch(self) -> None:
        """`a-late` has a claim to the branch as soon as `gate` has ended; `b-early` starts now, and gets no Pod yet."""
        self.kubelet.held.add("b-early")
        self.task("a-late", ["gate"], "b")
        self.task("b-early", branch="b")

    def open_gate(self) -> None:
        self.task("gate")
        status, seen = self.api.request("PATCH", f"{TASKS.format(self.namespace)}/gate/status",
                                        {"status": {"phase": "Succeeded"}})
        assert status == 200, seen

    def end_the_branch(self) -> None:
        """Once something was decided about `a-late`."""
        def is_decided() -> bool:
            status = self.history.status("a-late")
            return "jobName" in status or 'waits for branch "b"' in status.get("message", "")
        assert self.history.wait(is_decided, WAIT_SECONDS)
        self.kubelet.held.clear()

    def unfinished(self) -> set[str]:
        return self.history.unfinished(self.names)

    def wait_all(self, seconds: float = 2 * WAIT_SECONDS) -> None:
        """Until each Task has ended; then all that has happened is checked."""
        done = self.history.wait(lambda: not self.unfinished(), seconds)
        self.history.check()
        assert done, {name: self.history.phases().get(name) for name in self.unfinished()}
        assert set(self.history.phases()[name] for name in self.names) == {"Succeeded"}


@contextmanager
def workload(api: ApiServer, namespace: str, rng: random.Random, pace: float = 0.2,
             kind: type[Workload] = Workload) -> Iterator[Workload]:
    api.namespace(namespace)
    api.make(f"/apis/axon.io/v1alpha1/namespaces/{namespace}/workspaces",
             {"apiVersion": "axon.io/v1alpha1", "kind": "Workspace", "metadata": {"name": "shop"},
              "spec": {"repo": "https://git.example/o/r.git"}})
    with History(api, namespace) as history, Kubelet(api, namespace, rng, pace) as kubelet:
        yield kind(api, namespace, rng, history, kubelet)
