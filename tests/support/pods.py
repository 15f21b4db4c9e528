"""Pods that run one command of an image to its end, with the rights that a Task's Pod has."""

from __future__ import annotations

from dataclasses import dataclass

from .cluster import Kubectl


@dataclass
class Ended:
    exit_code: int
    log: str


def locked_down(image: str, *command: str, uid: int = 61100, gid: int = 61100, read_only: bool = False) -> dict:
    """The spec; of its folders only /tmp can be written where the root is read-only."""
    security = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": read_only,
                "runAsNonRoot": True, "runAsUser": uid, "runAsGroup": gid}
    container = {"name": "main", "image": image, "imagePullPolicy": "Never", "command": list(command),
                 "securityContext": security, "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}]}
    return {"restartPolicy": "Never", "dnsPolicy": "Default", "automountServiceAccountToken": False,
            "terminationGracePeriodSeconds": 0, "containers": [container],
            "volumes": [{"name": "tmp", "emptyDir": {}}]}


def run(kubectl: Kubectl, name: str, spec: dict) -> Ended:
    kubectl.apply({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec})
    ended = kubectl.wait_until(120, "the Pod's end", "pod", name,
                               accept=lambda seen: seen["status"]["phase"] in ("Succeeded", "Failed"))
    state = ended["status"]["containerStatuses"][0]["state"]["terminated"]
    log = kubectl("logs", name) + state.get("message", "")  # a container that never ran has no log
    kubectl("delete", "pod", name, "--wait=false")
    return Ended(state["exitCode"], log)
