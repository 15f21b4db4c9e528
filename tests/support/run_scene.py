"""`axon run` in a cluster without nodes: somebody with a home, a config file and a namespace of their own."""

from __future__ import annotations

import base64
import itertools
import json
from pathlib import Path

from support.apiserver import ApiServer
from support.log_node import LogNode
from support.processes import wait_until
from support.run import Finished, Running, Sandbox

NAMES = itertools.count()
STREAM = Path(__file__).resolve().parents[2] / "adapters" / "claude" / "testdata" / "success" / "stdout.jsonl"
CONFIG = """\
oauthToken: sk-first
workspace:
  repo: https://github.com/your-org/your-repo.git
  ref: main
  token: ghp-first
"""


class Scene:
    """A namespace, a home with a config file, and the CLI in it."""

    def __init__(self, api: ApiServer, box: Sandbox, cli: str) -> None:
        self.api, self.box, self.cli = api, box, cli
        self.namespace = api.namespace(f"run-{next(NAMES)}")
        kubeconfig = api.kubeconfig(box.folder / "kubeconfig")
        document = json.loads(kubeconfig.read_text())
        document["contexts"][0]["context"]["namespace"] = self.namespace
        kubeconfig.write_text(json.dumps(document))
        box.env["KUBECONFIG"] = str(kubeconfig)

    def config(self, text: str) -> None:
        file = self.box.home / ".axon" / "config.yaml"
        file.parent.mkdir(mode=0o700, exist_ok=True)
        file.write_text(text)
        file.chmod(0o600)

    def start(self, *arguments: str) -> Running:
        return self.box.start(self.cli, "run", *arguments)

    def run(self, *arguments: str) -> Finished:
        return self.start(*arguments).wait(60)

    def path(self, resource: str, name: str = "") -> str:
        group = "/api/v1" if resource in ("secrets", "pods") else "/apis/axon.io/v1alpha1"
        return f"{group}/namespaces/{self.namespace}/{resource}" + (f"/{name}" if name else "")

    def get(self, resource: str, name: str) -> dict:
        status, found = self.api.request("GET", self.path(resource, name))
        assert status == 200, found
        return found

    def data(self, secret: str) -> dict[str, str]:
        return {key: base64.b64decode(value).decode() for key, value in self.get("secrets", secret)["data"].items()}

    def tasks(self) -> list[str]:
        return [task["metadata"]["name"] for task in self.api.request("GET", self.path("tasks"))[1]["items"]]


class Watched:
    """The Pod of Task "fix", which a run follows."""

    def __init__(self, scene: Scene, node: LogNode) -> None:
        self._scene, self._node = scene, node
        wait_until(lambda: "fix" in scene.tasks(), "the Task")
        self._pod = node.pod(scene.namespace, "fix", "claude-code", prepares=False)
        node.states(scene.namespace, self._pod, "Running", claude_code="running")
        node.task_status(scene.namespace, "fix", phase="Running", conditions=[])

    def write(self, *lines: str) -> None:
        self._node.write(f"{self._scene.namespace}/{self._pod}/claude-code", *lines)

    def end(self, phase: str, **status: object) -> None:
        self._node.end(f"{self._scene.namespace}/{self._pod}/claude-code")
        self._node.states(self._scene.namespace, self._pod, phase, claude_code="terminated")
        self._node.task_status(self._scene.namespace, "fix", phase=phase, startTime="2026-03-01T12:00:00Z",
                               completionTime="2026-03-01T12:01:30Z", **status)
