"""Plays Job controller, scheduler and kubelet where there is an API server alone: makes the Pod of a Job, starts and ends it."""

from __future__ import annotations

import json
import time

from control_plane import ControlPlane

REPORT = json.dumps({
    "version": "v1", "phase": "Finished", "outcome": "Succeeded", "exitCode": 0,
    "results": {"branch": "fix", "pr": ["https://github.com/o/r/pull/1"], "commit": "0123456789" * 4, "base-branch": "main",
                "model": "claude-sonnet-4-5", "turns": 12, "session-id": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                "response": "The test waited for a time. It waits for the thing now. " * 8},
    "usage": {"inputTokens": 6870, "outputTokens": 210, "cacheReadTokens": 5000, "costUSD": 0.01305}})


def now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def container(name: str, state: dict) -> dict:
    return {"name": name, "image": "image", "imageID": "", "ready": "running" in state, "restartCount": 0, "state": state}


def ended(message: str = "") -> dict:
    return {"terminated": {"exitCode": 0, "reason": "Completed", "startedAt": now(), "finishedAt": now(), "message": message}}


class Kubelet:
    def __init__(self, plane: ControlPlane, ns: str) -> None:
        self._plane = plane
        self._ns = ns

    def pod_name(self, task: str) -> str:
        return f"{task}-4x7k2"

    def make(self, task: str) -> None:
        """The Pod, on a node, and its containers waiting."""
        job = self._plane.get(self._ns, "jobs", task)
        template = job["spec"]["template"]
        owner = {"apiVersion": "batch/v1", "kind": "Job", "name": task, "uid": job["metadata"]["uid"], "controller": True,
                 "blockOwnerDeletion": True}
        metadata = {"name": self.pod_name(task), "ownerReferences": [owner],
                    **{key: template["metadata"][key] for key in ("labels", "finalizers") if key in template["metadata"]}}
        self._plane.make(self._ns, "pods", {"metadata": metadata, "spec": {**template["spec"], "nodeName": "bench"}})
        self._job(task, {"active": 1, "ready": 0, "startTime": now()})
        self._pod(task, "Pending", {"waiting": {"reason": "PodInitializing"}}, {"waiting": {"reason": "PodInitializing"}})
        self._pod(task, "Pending", {"running": {"startedAt": now()}}, {"waiting": {"reason": "PodInitializing"}})

    def start(self, task: str) -> None:
        self._pod(task, "Running", ended(), {"running": {"startedAt": now()}})
        self._job(task, {"ready": 1})

    def end(self, task: str) -> None:
        self.end_pod(task)
        met = {"status": "True", "lastTransitionTime": now(), "lastProbeTime": now()}
        self._job(task, {"active": None, "ready": 0, "succeeded": 1, "completionTime": now(),
                         "conditions": [{"type": "SuccessCriteriaMet", **met}, {"type": "Complete", **met}]})

    def end_pod(self, task: str) -> None:
        self._pod(task, "Succeeded", ended(), ended(REPORT))

    def _pod(self, task: str, phase: str, preparing: dict, agent: dict) -> None:
        self._change("pods", self.pod_name(task), {
            "phase": phase, "initContainerStatuses": [container("workspace", preparing)],
            "containerStatuses": [container("claude-code", agent)]})

    def _job(self, task: str, status: dict) -> None:
        self._change("jobs", task, status)

    def _change(self, kind: str, name: str, status: dict) -> None:
        group = "/apis/batch/v1" if kind == "jobs" else "/api/v1"
        self._plane.call("PATCH", f"{group}/namespaces/{self._ns}/{kind}/{name}/status", {"status": status})
