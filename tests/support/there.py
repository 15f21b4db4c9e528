"""A namespace of a test's own, with Tasks, and the manager that watches it."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.cluster import Kubectl
from support.github_app import GitHubWithApp
from support.manager import Manager
from support.processes import wait_until
from support.tls import Authority
from support.web import WAIT_SECONDS

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = itertools.count()


def with_crds(kubectl: Kubectl) -> Kubectl:
    crds = [str(crd) for crd in sorted((ROOT / "crds").glob("*.yaml"))]
    for crd in crds:
        kubectl("apply", "--server-side", "-f", crd)
    for crd in crds:
        kubectl("wait", "--for=condition=Established", "-f", crd, "--timeout=60s")
    return kubectl


class There:
    """A namespace of its own, the manager that watches it, and the host of its repositories."""

    def __init__(self, namespace: str, kubectl: Kubectl, github: GitHubWithApp, manager: Manager) -> None:
        self.namespace, self.kubectl, self.github, self.manager = namespace, kubectl, github, manager
        kubectl("create", "namespace", namespace)

    def make(self, kind: str, name: str, version: str = "axon.io/v1alpha1", **parts: object) -> None:
        self.kubectl.apply({"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": self.namespace},
                            **parts})

    def secret(self, name: str, **changed: str) -> None:
        values = {"appID": self.github.app_id, "installationID": self.github.installation,
                  "privateKey": self.github.key.pkcs1.read_text()} | changed
        self.make("Secret", name, "v1", stringData=values)

    def workspace(self, name: str, repo: str = "", secret: str = "app") -> None:
        self.make("Workspace", name, spec={"repo": repo or f"{self.github.url}/o/r.git", "secretRef": {"name": secret}})

    def task(self, name: str, workspace: str = "shop") -> None:
        self.make("Task", name, spec={"type": "claude-code", "prompt": "Fix it", "credentials": {"type": "none"},
                                      "workspaceRef": {"name": workspace}})

    def get(self, kind: str, name: str) -> dict | None:
        text = self.kubectl("get", kind, name, "-n", self.namespace, "--ignore-not-found", "-o", "json")
        return json.loads(text) if text else None

    def wait(self, kind: str, name: str, accept=bool, seconds: float = WAIT_SECONDS) -> dict:
        def look() -> dict | None:
            seen = self.get(kind, name)
            return seen if seen and accept(seen) else None
        try:
            return wait_until(look, f"{kind} {name}", seconds)
        except TimeoutError as error:
            raise AssertionError(f"{error}: {self.get(kind, name)}; {self.manager.log.read_text()}") from None

    def wait_for_next_token(self, workspace: str, before: dict | None = None) -> dict:
        """The Secret when it holds another one."""
        name = f"axon-github-token-{workspace}"
        old = token_in(before or self.get("secret", name))
        return self.wait("secret", name, lambda secret: token_in(secret) != old)

    def wait_condition(self, task: str, kind: str, status: str, reason: str) -> str:
        """Its message."""
        def accept(seen: dict) -> bool:
            found = condition(seen, kind)
            return (found["status"], found["reason"]) == (status, reason)
        return condition(self.wait("task", task, accept), kind)["message"]

    def set_status(self, kind: str, name: str, status: dict) -> None:
        done = self.kubectl.patch(kind, name, {"status": status}, "-n", self.namespace, "--subresource=status")
        assert done.returncode == 0, done.stderr


def condition(task: dict, kind: str) -> dict:
    found = [one for one in task.get("status", {}).get("conditions", []) if one["type"] == kind]
    return found[0] if found else {"status": "", "reason": "", "message": ""}


def token_in(secret: dict) -> str:
    return base64.b64decode(secret["data"]["GITHUB_TOKEN"]).decode()


@contextmanager
def managed(kubectl: Kubectl, github: GitHubWithApp, controller: str, authority: Authority, folder: Path) -> Iterator[There]:
    """At the end the log is looked through for what must not be there."""
    namespace = f"app-{next(NAMES)}"
    log = folder / "manager.log"
    with Manager(controller, kubectl.kubeconfig, log, namespace, SSL_CERT_FILE=str(authority.ca)) as manager:
        yield There(namespace, kubectl, github, manager)
    kubectl("delete", "namespace", namespace, "--wait=false")
    private = [line for line in github.key.pkcs1.read_text().splitlines() if "KEY" not in line]
    for secret in (*private, *github.tokens):
        assert secret not in log.read_text()
