"""Everything that happened to the Tasks, Jobs and Pods of a namespace, and the promises that it is held to."""

from __future__ import annotations

import threading
from contextlib import ExitStack

from support.apiserver import ApiServer
from support.watcher import Watcher

TASKS = "/apis/axon.io/v1alpha1/namespaces/{}/tasks"
JOBS = "/apis/batch/v1/namespaces/{}/jobs"
PODS = "/api/v1/namespaces/{}/pods"
RANK = {"": 0, "Pending": 1, "Waiting": 1, "Running": 2, "Succeeded": 3, "Failed": 3}


def owner_of(thing: dict) -> str:
    (owner,) = thing["metadata"]["ownerReferences"]
    return owner["uid"]


def phase_of(thing: dict) -> str:
    return thing.get("status", {}).get("phase", "")


class History:
    """resourceVersions of one etcd are one order over all kinds."""

    def __init__(self, api: ApiServer, namespace: str) -> None:
        self._lock = threading.Condition()
        self._events: list[tuple[int, str, str, dict]] = []
        self._tasks: dict[str, dict] = {}
        self.job_count = 0
        self._exit = ExitStack()
        self._watchers = [Watcher(api, path.format(namespace), self._teller(kind))
                          for kind, path in (("Task", TASKS), ("Job", JOBS), ("Pod", PODS))]

    def __enter__(self) -> History:
        for watcher in self._watchers:
            self._exit.enter_context(watcher)
        return self

    def __exit__(self, *_: object) -> None:
        self._exit.close()

    def _teller(self, kind: str):
        def tell(event: str, thing: dict) -> None:
            with self._lock:
                self._events.append((int(thing["metadata"]["resourceVersion"]), kind, event, thing))
                if kind == "Task":
                    self._tasks[thing["metadata"]["name"]] = thing
                self.job_count += kind == "Job" and event == "ADDED"
                self._lock.notify_all()
        return tell

    def wait(self, accept, seconds: float) -> bool:
        with self._lock:
            return self._lock.wait_for(accept, seconds)

    def wait_for_a_job(self, seconds: float) -> None:
        before = self.job_count
        self.wait(lambda: self.job_count != before, seconds)

    def phases(self) -> dict[str, str]:
        with self._lock:
            return {name: phase_of(task) for name, task in self._tasks.items()}

    def status(self, task: str) -> dict:
        with self._lock:
            return self._tasks.get(task, {}).get("status", {})

    def unfinished(self, names: set[str]) -> set[str]:
        phases = self.phases()
        return {name for name in names if RANK[phases.get(name, "")] < 3}

    def check(self) -> None:
        """Goes through it all from the beginning."""
        ledger = _Ledger()
        with self._lock:
            events = sorted(self._events, key=lambda event: event[0])
        for _, kind, event, thing in events:
            getattr(ledger, f"on_{kind.lower()}")(event, thing)


class _Ledger:
    """What is known at one moment."""

    def __init__(self) -> None:
        self._tasks: dict[str, dict] = {}  # by uid, as the others
        self._job_of: dict[str, str] = {}  # the one Job that a Task ever had
        self._task_of: dict[str, str] = {}  # by the uid of a Job
        self._holder: dict[tuple[str, str], str] = {}  # Workspace and branch: from the Job's creation to the Pod's end

    def on_task(self, event: str, task: dict) -> None:
        uid, name = task["metadata"]["uid"], task["metadata"]["name"]
        before = self._tasks.get(uid, {})
        self._tasks[uid] = task
        if event == "DELETED":
            return
        assert RANK[phase_of(task)] >= RANK[phase_of(before)], f"{name}: {phase_of(before)} → {phase_of(task)}"
        if RANK[phase_of(before)] == 3:
            assert task["status"] == before["status"], f"{name}: changed after its end: {before['status']}"
        if before.get("status", {}).get("jobName"):
            assert task["status"].get("jobName") == name, f"{name} lost its Job's name"
            assert phase_of(task) != "Waiting", f"{name}: has a Job and waits"

    def on_job(self, event: str, job: dict) -> None:
        if "ownerReferences" not in job["metadata"]:  # a test's own
            return
        uid, task_uid, name = job["metadata"]["uid"], owner_of(job), job["metadata"]["name"]
        assert self._job_of.setdefault(task_uid, uid) == uid, f"a second Job for {name}"
        self._task_of[uid] = task_uid
        if event == "ADDED" and task_uid in self._tasks:  # else the API server has forgotten what was when it was made
            self._on_start(name, task_uid)

    def _on_start(self, name: str, task_uid: str) -> None:
        task = self._tasks[task_uid]
        for other in self._tasks.values():
            if other["metadata"]["name"] in task["spec"].get("dependsOn", []):
                assert phase_of(other) == "Succeeded", f"{name} started before {other['metadata']['name']} had ended"
        if branch := self._branch(task):
            holder = self._holder.setdefault(branch, task_uid)
            assert holder == task_uid, f"{name} started while {self._tasks[holder]['metadata']['name']} has its branch"

    def on_pod(self, event: str, pod: dict) -> None:
        if event == "DELETED" or phase_of(pod) in ("Succeeded", "Failed"):
            task_uid = self._task_of.get(owner_of(pod))
            self._holder = {branch: holder for branch, holder in self._holder.items() if holder != task_uid}

    @staticmethod
    def _branch(task: dict) -> tuple[str, str] | None:
        spec = task["spec"]
        return (spec["workspaceRef"]["name"], spec["branch"]) if spec.get("branch") else None
