"""Plays Job controller and kubelet on an API server that has neither: each Job gets one Pod, which runs and ends well."""

from __future__ import annotations

import heapq
import http.client
import itertools
import json
import random
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack

from support.apiserver import ApiServer
from support.watcher import Watcher

Step = Callable[[], bool]  # false: to be tried again


def report(task: str) -> str:
    """What the entrypoint leaves as termination message."""
    return json.dumps({"version": "v1", "phase": "Finished", "outcome": "Succeeded", "exitCode": 0,
                       "results": {"response": f"did {task}"}, "usage": {"inputTokens": 3, "outputTokens": 5}})


def timestamp() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


class Kubelet:
    """For one namespace. `pace` is the most that each step of a Pod takes, in seconds. A Job in `held` gets its Pod later;
    the agent of one in `silent` leaves no report."""

    def __init__(self, api: ApiServer, namespace: str, rng: random.Random, pace: float = 0.2) -> None:
        self._api, self._rng, self._pace = api, rng, pace
        self._pods = f"/api/v1/namespaces/{namespace}/pods"
        self.held: set[str] = set()
        self.silent: set[str] = set()
        self._seen: set[str] = set()
        self._order = itertools.count()
        self._due: list[tuple[float, int, Step]] = []
        self._changed = threading.Condition()
        self._stopped = False
        self._connection: http.client.HTTPSConnection | None = None
        self._exit = ExitStack()
        self._jobs = Watcher(api, f"/apis/batch/v1/namespaces/{namespace}/jobs", self._on_job)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Kubelet:
        self._exit.enter_context(self._jobs)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._thread.join(10)
        self._exit.close()

    def _on_job(self, event: str, job: dict) -> None:
        if event == "DELETED" or job["spec"].get("suspend") or job["metadata"]["uid"] in self._seen:
            return
        self._seen.add(job["metadata"]["uid"])
        self._soon(lambda: self._make_pod(job))

    def _soon(self, step: Step) -> None:
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + self._rng.uniform(0, self._pace), next(self._order), step))
            self._changed.notify()

    def _next(self) -> Step | None:
        with self._changed:
            while not self._stopped:
                now = time.monotonic()
                if self._due and self._due[0][0] <= now:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(self._due[0][0] - now if self._due else None)
        return None

    def _run(self) -> None:
        while step := self._next():
            try:
                done = step()
            except (OSError, http.client.HTTPException):  # the API server is away
                self._connection, done = None, False
            if not done:
                self._soon(step)

    def _request(self, method: str, path: str, body: dict) -> int:
        self._connection = self._connection or self._api.connect()
        return self._api.request(method, path, body, connection=self._connection)[0]

    def _make_pod(self, job: dict) -> bool:
        if job["metadata"]["name"] in self.held:
            return False
        name = f"{job['metadata']['name']}-{job['metadata']['uid'][:5]}"
        template = job["spec"]["template"]
        metadata = {key: template["metadata"][key] for key in ("labels", "annotations", "finalizers")
                    if key in template["metadata"]}
        owner = {"apiVersion": "batch/v1", "kind": "Job", "name": job["metadata"]["name"], "controller": True,
                 "uid": job["metadata"]["uid"]}
        status = self._request("POST", self._pods, {"metadata": metadata | {"name": name, "ownerReferences": [owner]},
                                                    "spec": template["spec"]})
        if status not in (201, 409):
            return False
        task, agent = job["metadata"]["name"], template["spec"]["containers"][0]
        self._soon(lambda: self._run_pod(name, task, agent))
        return True

    def _run_pod(self, pod: str, task: str, agent: dict) -> bool:
        started = timestamp()
        if not self._set(pod, "Running", agent, {"running": {"startedAt": started}}):
            return False
        self._soon(lambda: self._end_pod(pod, task, agent, started))
        return True

    def _end_pod(self, pod: str, task: str, agent: dict, started: str) -> bool:
        return self._set(pod, "Succeeded", agent, {"terminated": {
            "exitCode": 0, "reason": "Completed", "startedAt": started, "finishedAt": timestamp(),
            "message": "" if task in self.silent else report(task)}})

    def _set(self, pod: str, phase: str, agent: dict, state: dict) -> bool:
        container = {"name": agent["name"], "image": agent["image"], "imageID": "", "ready": "running" in state,
                     "restartCount": 0, "state": state}
        status = self._request("PATCH", f"{self._pods}/{pod}/status",
                               {"status": {"phase": phase, "containerStatuses": [container]}})
        return status in (200, 404)
