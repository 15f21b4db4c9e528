"""An API server that a test may kill and start again, and a small client to change things beside the
client under test."""

from __future__ import annotations

import base64
import http.client
import json
import os
import signal
import ssl
import subprocess
import time
from pathlib import Path
from urllib.request import Request, urlopen

from support.cluster import Kubectl
from support.processes import children, wait_until
from support.tls import Authority

TOKEN = "token-of-a-test-user"
OTHER_TOKEN = "token-after-its-rotation"
TOO_MANY_REQUESTS = 429
PATIENCE = 10


class ApiServer:
    """`admin` is a kubeconfig's user with all rights; TOKEN and OTHER_TOKEN are of one, too. `folder` is for what it
    makes, `started` what support.cluster.apiserver() has started with flags()."""

    @staticmethod
    def flags(folder: Path) -> list[str]:
        tokens = folder / "tokens.csv"
        tokens.write_text("".join(f"{token},tester,1,system:masters\n" for token in (TOKEN, OTHER_TOKEN)))
        return ["--token-auth-file", str(tokens)]

    def __init__(self, folder: Path, started: Kubectl) -> None:
        self.kubectl = started
        self._state = started.state
        (self._state / "may-restart").touch()
        pki = self._state / "pki"
        self.authority = Authority(folder, (pki / "ca.crt", pki / "ca.key"))
        self.admin = {"client-certificate": str(pki / "admin.crt"), "client-key": str(pki / "admin.key")}
        self._tls = ssl.create_default_context(cafile=str(self.authority.ca))
        self._tls.load_cert_chain(*self.admin.values())
        self.port = int(self._flag("kube-apiserver", "--secure-port"))
        self._server: subprocess.Popen | None = None  # the one that was started here

    def _flag(self, program: str, name: str) -> str:
        words = (self._state / "cmd" / program).read_text().split()
        return words[words.index(name) + 1]

    def wait_ready(self) -> None:
        def look() -> bool:
            try:
                return self.request("GET", "/readyz", raw=True)[0] == 200
            except OSError:
                return False
        wait_until(look, "the API server", 120)

    def kill(self) -> None:
        if self._server:
            self._server.kill()
            self._server.wait()
            return
        owner = int((self._state / "pid").read_text())
        (first,) = (pid for pid in children(owner) if "kube-apiserver" in Path(f"/proc/{pid}/cmdline").read_text())
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: first not in children(owner), "the end of kube-apiserver")

    def start_again(self) -> None:
        self._server = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", self._state / "cmd" / "kube-apiserver"],
                                        stdin=subprocess.DEVNULL)
        self.wait_ready()

    def stop(self) -> None:
        if self._server:
            self.kill()

    def compact(self) -> None:
        """Forgets all states but the current ones."""
        base = self._flag("etcd", "--listen-client-urls") + "/v3/kv"
        key = base64.b64encode(b"/").decode()
        with urlopen(Request(f"{base}/range", json.dumps({"key": key}).encode())) as answer:
            revision = json.load(answer)["header"]["revision"]
        with urlopen(Request(f"{base}/compaction", json.dumps({"revision": revision, "physical": True}).encode())):
            pass

    def connect(self) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection("127.0.0.1", self.port, context=self._tls, timeout=60)

    def request(self, method: str, path: str, body: dict | None = None, raw: bool = False,
                connection: http.client.HTTPSConnection | None = None) -> tuple[int, dict]:
        own = connection or self.connect()
        try:
            headers = {"Content-Type": "application/merge-patch+json" if method == "PATCH" else "application/json"}
            for _ in range(PATIENCE):
                own.request(method, path, json.dumps(body) if body is not None else None, headers)
                answer = own.getresponse()
                text = answer.read()
                if answer.status != TOO_MANY_REQUESTS:
                    break
                time.sleep(int(answer.getheader("Retry-After", "1")))  # as it asks; a new kind's storage begins anew sometimes
            return answer.status, {} if raw else json.loads(text)
        finally:
            if connection is None:
                own.close()

    def make(self, path: str, body: dict) -> dict:
        status, made = self.request("POST", path, body)
        assert status == 201, made
        return made

    def config_map(self, namespace: str, name: str, data: dict[str, str] | None = None) -> dict:
        return self.make(f"/api/v1/namespaces/{namespace}/configmaps", {"metadata": {"name": name}, "data": data or {}})

    def namespace(self, name: str) -> str:
        self.make("/api/v1/namespaces", {"metadata": {"name": name}})
        return name

    def kubeconfig(self, path: Path, user: dict | None = None, **cluster: str) -> Path:
        """For the admin and this server unless something else is given. JSON is YAML."""
        known = {"server": f"https://127.0.0.1:{self.port}", "certificate-authority": str(self.authority.ca)} | {
            name.replace("_", "-"): value for name, value in cluster.items()}
        path.write_text(json.dumps({
            "current-context": "c",
            "clusters": [{"name": "c", "cluster": {name: value for name, value in known.items() if value}}],
            "users": [{"name": "u", "user": self.admin if user is None else user}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}]}))
        return path
