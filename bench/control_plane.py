"""A real kube-apiserver and etcd for the benchmarks: what the controllers ask of it, when objects come to be, and copies."""

from __future__ import annotations

import base64
import datetime
import http.client
import json
import os
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from stage import BUILD
from support import cluster
from support.apiserver import TOKEN, ApiServer
from support.there import with_crds

CONTROLLER = BUILD / "bin/axon-controller"
BARE = BUILD / "bin/bench-bare-controller"
TASKS = "/apis/axon.io/v1alpha1"
WAIT = 120.0
METADATA_ONLY = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
# Of the controllers' user alone, so that the benchmark's own requests cost no line.
AUDIT_POLICY = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived", "ResponseStarted"],
                "rules": [{"level": "Metadata", "users": ["tester"]}, {"level": "None"}]}


class Watch:
    """When the objects of a collection first met a condition, by name. Runs in a thread of its own from the start on."""

    def __init__(self, server: ApiServer, path: str, accept: Callable[[dict], bool] = bool, whole: bool = True) -> None:
        self.at: dict[str, float] = {}
        self._accept = accept
        self._changed = threading.Condition()
        self._server = server
        self._path = path
        self._headers = {"Accept": "application/json" if whole else METADATA_ONLY}
        self._is_closed = False
        status, listed = server.request("GET", f"{path}?limit=1")
        assert status == 200, listed
        self._version = listed["metadata"]["resourceVersion"]
        self._begin()
        threading.Thread(target=self._read, daemon=True).start()

    def _begin(self) -> None:
        self._connection = self._server.connect()
        self._connection.timeout = None
        self._connection.request("GET", f"{self._path}?watch=1&resourceVersion={self._version}", headers=self._headers)
        self._socket = self._connection.sock
        self._answer = self._connection.getresponse()

    def _read(self) -> None:
        """The server ends a watch that does not keep up; it is then taken up where it was."""
        while not self._is_closed:
            try:
                while line := self._answer.readline():
                    self._take(json.loads(line), time.monotonic())
                if not self._is_closed:
                    self._begin()
            except (OSError, ValueError):
                if not self._is_closed:
                    raise

    def _take(self, event: dict, moment: float) -> None:
        assert event["type"] != "ERROR", event
        metadata = event["object"]["metadata"]
        self._version = metadata["resourceVersion"]
        if metadata["name"] in self.at or event["type"] == "DELETED" or not self._accept(event["object"]):
            return
        with self._changed:
            self.at[metadata["name"]] = moment
            self._changed.notify_all()

    def wait(self, names: Iterable[str]) -> list[float]:
        """The moments, in the order of the names."""
        names = list(names)
        with self._changed:
            ended = self._changed.wait_for(lambda: all(name in self.at for name in names), WAIT)
        missing = [name for name in names if name not in self.at]
        assert ended, f"not within {WAIT:.0f} s: {len(missing)} of {len(names)}, {missing[:3]}"
        return [self.at[name] for name in names]

    def close(self) -> None:
        self._is_closed = True
        self._socket.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True)
class Asked:
    """A request that was answered."""

    ns: str
    what: str  # "create jobs", "patch tasks/status"
    at: float  # in seconds


class AuditLog:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._offset = 0
        self.requests: list[Asked] = []

    def read(self) -> None:
        """Adds what has come since."""
        with self._file.open("rb") as log:
            log.seek(self._offset)
            lines = log.read().rpartition(b"\n")[0]
        self._offset += len(lines) + 1 if lines else 0
        for line in lines.splitlines():
            event = json.loads(line)
            about = event.get("objectRef", {})
            if event["verb"] in ("list", "watch") or about.get("resource") in (None, "leases"):
                continue
            what = "/".join(filter(None, (about["resource"], about.get("subresource"))))
            at = datetime.datetime.fromisoformat(event["stageTimestamp"]).timestamp()
            self.requests.append(Asked(about.get("namespace", ""), f"{event['verb']} {what}", at))


class Process:
    """A controller while its `with` block lasts: what it takes."""

    def __init__(self, log: Path, *command: str | Path) -> None:
        self.log = log
        self._command = ["setpriv", "--pdeathsig", "KILL", *command]

    def __enter__(self) -> Process:
        with self.log.open("wb") as log:
            self._child = subprocess.Popen(self._command, env={"PATH": os.environ["PATH"]}, stdin=subprocess.DEVNULL,
                                           stdout=subprocess.DEVNULL, stderr=log)
        return self

    def __exit__(self, *_: object) -> None:
        self._child.terminate()
        assert self._child.wait(60) == 0, self.log.read_text()[-2000:]

    def wait_for_line(self, text: str) -> None:
        end = time.monotonic() + WAIT
        while text not in self.log.read_text():
            assert time.monotonic() < end and self._child.poll() is None, self.log.read_text()[-2000:]
            time.sleep(0.005)

    def peak_mb(self) -> float:
        """VmHWM."""
        return int(Path(f"/proc/{self._child.pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1000

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self._child.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class ControlPlane:
    def __init__(self, folder: Path, server: ApiServer) -> None:
        self.folder = folder
        self.server = server
        self.kubeconfig = server.kubeconfig(folder / "kubeconfig", user={"token": TOKEN})
        self._audit = AuditLog(folder / "audit.log")
        words = (server._state / "cmd/etcd").read_text().split()  # noqa: SLF001
        address = urlsplit(words[words.index("--listen-client-urls") + 1])
        self._to_etcd = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
        self._pool = ThreadPoolExecutor(6)
        self._own = threading.local()

    def manager(self, ns: str, *flags: str) -> Process:
        return Process(self.folder / f"manager-{ns}.log", CONTROLLER, "manager", "--kubeconfig", self.kubeconfig,
                       "--watch-namespace", ns, "--metrics-bind-address", "0", "--health-probe-bind-address", "0", *flags)

    def bare(self, ns: str, templates: Path) -> Process:
        return Process(self.folder / f"bare-{ns}.log", BARE, self.kubeconfig, ns, templates)

    def call(self, method: str, path: str, body: dict | None = None) -> dict:
        if not hasattr(self._own, "connection"):
            self._own.connection = self.server.connect()
        status, answer = self.server.request(method, path, body, connection=self._own.connection)
        assert status in (200, 201), f"{method} {path}: {answer}"
        return answer

    def each(self, work: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
        """Of many requests some at a time."""
        return list(self._pool.map(work, items))

    def watch(self, ns: str, kind: str, accept: Callable[[dict], bool] = bool, whole: bool = True) -> Watch:
        return Watch(self.server, f"{path_of(kind)}/namespaces/{ns}/{kind}", accept, whole)

    def get(self, ns: str, kind: str, name: str) -> dict:
        return self.call("GET", f"{path_of(kind)}/namespaces/{ns}/{kind}/{name}")

    def make(self, ns: str, kind: str, body: dict) -> dict:
        return self.call("POST", f"{path_of(kind)}/namespaces/{ns}/{kind}", body)

    def namespace(self, name: str) -> str:
        """A namespace with what the Tasks of the benchmarks refer to."""
        self.server.namespace(name)
        self.make(name, "secrets", {"metadata": {"name": "key"}, "stringData": {"ANTHROPIC_API_KEY": "no key"}})
        self.make(name, "workspaces", {"apiVersion": "axon.io/v1alpha1", "kind": "Workspace", "metadata": {"name": "shop"},
                                       "spec": {"repo": "https://git.invalid/shop.git", "ref": "main"}})
        return name

    def task(self, ns: str, name: str, **spec: object) -> dict:
        spec = {"type": "claude-code", "prompt": "Fix the flaky test. " * 20, "branch": name, "workspaceRef": {"name": "shop"},
                "credentials": {"type": "api-key", "secretRef": {"name": "key"}}, **spec}
        return self.make(ns, "tasks", {"apiVersion": "axon.io/v1alpha1", "kind": "Task", "metadata": {"name": name},
                                       "spec": spec})

    def requests(self, ns: str) -> list[Asked]:
        """The controllers' requests about single objects of the namespace, in the order of their answers. Watches, lists and
        the lease are those of a controller, not of a Task."""
        self._audit.read()
        return [one for one in self._audit.requests if one.ns == ns]

    def stored(self, ns: str, kind: str, name: str) -> bytes:
        """An object as etcd has it."""
        (found,) = self._etcd("range", {"key": encoded(etcd_key(ns, kind, name))})["kvs"]
        return base64.b64decode(found["value"])

    def store(self, objects: Iterable[tuple[str, bytes]], at_once: int = 1) -> None:
        """Puts them into etcd, by key. The API server tells its watches of them as of any other; where several are put at
        once they share a resourceVersion, which is for times when nobody watches."""
        puts = [{"requestPut": {"key": encoded(key), "value": encoded(value)}} for key, value in objects]
        for i in range(0, len(puts), at_once):
            self._etcd("txn", {"success": puts[i:i + at_once]})

    def _etcd(self, verb: str, body: dict) -> dict:
        self._to_etcd.request("POST", f"/v3/kv/{verb}", json.dumps(body))
        answer = self._to_etcd.getresponse()
        text = answer.read()
        assert answer.status == 200, text
        return json.loads(text)


def encoded(value: bytes | str) -> str:
    return base64.b64encode(value.encode() if isinstance(value, str) else value).decode()


def path_of(kind: str) -> str:
    return {"tasks": TASKS, "workspaces": TASKS, "jobs": "/apis/batch/v1"}.get(kind, "/api/v1")


def etcd_key(ns: str, kind: str, name: str) -> str:
    return f"/registry/{'axon.io/' if path_of(kind) == TASKS else ''}{kind}/{ns}/{name}"


def copy(value: bytes, names: dict[str, str]) -> bytes:
    """The object with other names and uids. They are as long as those that they replace: a Job is stored as protobuf."""
    for old, new in names.items():
        assert len(old) == len(new)
        value = value.replace(old.encode(), new.encode())
    return value


def other_uid(uid: str, number: int) -> str:
    return f"{uid[:-8]}{number:08x}"


@contextmanager
def control_plane() -> Iterator[ControlPlane]:
    with tempfile.TemporaryDirectory(prefix="axon-bench-") as name:
        folder = Path(name)
        (folder / "policy.json").write_text(json.dumps(AUDIT_POLICY))
        audit = ["--audit-policy-file", str(folder / "policy.json"), "--audit-log-path", str(folder / "audit.log")]
        with cluster.apiserver("default", *ApiServer.flags(folder), *audit) as kubectl:
            with_crds(kubectl)
            yield ControlPlane(folder, ApiServer(folder, kubectl))
