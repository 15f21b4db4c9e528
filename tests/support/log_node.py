"""Plays a node whose Pods only have logs: the API server asks it for them as it asks a kubelet. And plays the controller
that a Task would have. What a Task, its Pod and its log look like is the test's to say."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from support.apiserver import ApiServer
from support.tls import Authority
from support.web import Handler, Server

SECOND = 10**9


@dataclass
class Log:
    """Lines with the nanosecond, counted from noon, at which each was written."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    has_ended: bool = False


def stamp(nanoseconds: int) -> str:
    seconds, rest = divmod(nanoseconds, SECOND)
    return f"2026-03-01T{12 + seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:09}Z"


class LogNode(Server):
    """One node; drop() breaks off every log that is being followed."""

    def __init__(self, api: ApiServer, authority: Authority, name: str) -> None:
        self.name, self._api = name, api
        self.changed = threading.Condition()
        self.logs: dict[str, Log] = {}  # "NAMESPACE/POD/CONTAINER"
        self.asked: list[str] = []
        self.drops = 0
        self.is_closing = False
        self._now = 0
        self.handler = _Kubelet
        super().__init__(authority.server_context())
        api.make("/api/v1/nodes", {"metadata": {"name": name}})
        status = {"addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
                  "daemonEndpoints": {"kubeletEndpoint": {"Port": self.port}}}
        self._patch(f"/api/v1/nodes/{name}/status", {"status": status})

    def __exit__(self, *error: object) -> None:
        with self.changed:
            self.is_closing = True
            self.changed.notify_all()
        super().__exit__(*error)

    def _patch(self, path: str, body: dict) -> dict:
        status, answer = self._api.request("PATCH", path, body)
        assert status == 200, answer
        return answer

    def write(self, container: str, *lines: str, step: int = SECOND * 3 // 10, at: int | None = None) -> None:
        with self.changed:
            for line in lines:
                self._now = self._now + step if at is None else at
                self.logs.setdefault(container, Log()).lines.append((self._now, line))
            self.changed.notify_all()

    def end(self, container: str) -> None:
        with self.changed:
            self.logs.setdefault(container, Log()).has_ended = True
            self.changed.notify_all()

    def drop(self) -> None:
        with self.changed:
            self.drops += 1
            self.changed.notify_all()

    def task_status(self, namespace: str, task: str, **status: object) -> None:
        self._patch(f"/apis/axon.io/v1alpha1/namespaces/{namespace}/tasks/{task}/status", {"status": status})

    def pod(self, namespace: str, task: str, agent: str, prepares: bool = True) -> str:
        """Its name."""
        container = {"image": "x", "securityContext": {}}
        spec = {"nodeName": self.name, "restartPolicy": "Never", "containers": [{"name": agent, **container}]}
        if prepares:
            spec["initContainers"] = [{"name": "workspace", **container}]
        name = f"{task}-x1y2z"
        self._api.make(f"/api/v1/namespaces/{namespace}/pods",
                       {"metadata": {"name": name, "labels": {"axon.io/task": task}}, "spec": spec})
        return name

    def states(self, namespace: str, pod: str, phase: str, **states: str) -> None:
        """Each container's: waiting, running, terminated."""
        known = {"waiting": {"reason": "PodInitializing"}, "running": {"startedAt": "2026-03-01T12:00:00Z"},
                 "terminated": {"exitCode": 0, "startedAt": "2026-03-01T12:00:00Z", "finishedAt": "2026-03-01T12:01:00Z"}}
        every = [{"name": name.replace("_", "-"), "image": "x", "imageID": "", "ready": False, "restartCount": 0,
                  "state": {state: known[state]}} for name, state in states.items()]
        self._patch(f"/api/v1/namespaces/{namespace}/pods/{pod}/status", {"status": {
            "phase": phase, "initContainerStatuses": [one for one in every if one["name"] == "workspace"],
            "containerStatuses": [one for one in every if one["name"] != "workspace"]}})


class _Kubelet(Handler):
    def do_GET(self) -> None:
        owner: LogNode = self.server.owner
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        container = address.path.removeprefix("/containerLogs/")
        owner.asked.append(self.path)
        with owner.changed:
            log = owner.logs.setdefault(container, Log())
            drops = owner.drops
            at = next((i for i, (time, _) in enumerate(log.lines) if stamp(time)[:19] >= query.get("sinceTime", "")[:19]),
                      len(log.lines))
        if "tailLines" in query:
            at = max(at, len(log.lines) - int(query["tailLines"]))
        self.start_chunked(200, {"Content-Type": "text/plain"})
        while True:
            with owner.changed:
                owner.changed.wait_for(lambda: at < len(log.lines) or log.has_ended or owner.drops > drops
                                       or "follow" not in query or owner.is_closing, 60)
                lines, is_last = log.lines[at:], log.has_ended or "follow" not in query or owner.is_closing
                is_dropped = owner.drops > drops
            text = "".join(f"{stamp(time)} {line}\n" if "timestamps" in query else f"{line}\n" for time, line in lines)
            if is_dropped:
                self.send_chunk(text[:len(text) // 2].encode())
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_chunk(text.encode())
            at += len(lines)
            if is_last:
                return self.end_chunked()

