"""An etcd and a kube-apiserver that a test may kill and start again, and a small client to change things beside the
client under test."""

from __future__ import annotations

import base64
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
from pathlib import Path
from urllib.request import Request, urlopen

from support.processes import wait_until
from support.tls import Authority

BUILD = Path(__file__).resolve().parent.parent / "cluster" / "build"
TOKEN = "token-of-a-test-user"
OTHER_TOKEN = "token-after-its-rotation"


class CannotRun(Exception):
    """Why there is no API server on this machine."""


def programs() -> Path:
    """Where etcd and kube-apiserver are: KUBEBUILDER_ASSETS, or built from source once."""
    if assets := os.environ.get("KUBEBUILDER_ASSETS"):
        return Path(assets)
    if not os.access(BUILD, os.X_OK) or shutil.which("openssl") is None:
        raise CannotRun("set KUBEBUILDER_ASSETS to a folder with etcd and kube-apiserver")
    built = subprocess.run([BUILD, "apiserver"], text=True, stdout=subprocess.PIPE, check=False)
    if built.returncode != 0:
        raise CannotRun(f"{BUILD} apiserver failed")
    return Path(built.stdout.split()[0])


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class ApiServer:
    """`admin` is a kubeconfig's user with all rights; TOKEN and OTHER_TOKEN are of one, too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bin = programs()
        self.authority = Authority(folder)
        self.authority.server_context()
        certificate, key = self.authority.client("admin", "/O=system:masters/CN=admin")
        self.admin = {"client-certificate": str(certificate), "client-key": str(key)}
        self._tls = ssl.create_default_context(cafile=str(self.authority.ca))
        self._tls.load_cert_chain(certificate, key)
        self._etcd_port, self._peer_port, self.port = free_ports(3)
        (folder / "tokens.csv").write_text("".join(f"{token},tester,1,system:masters\n" for token in (TOKEN, OTHER_TOKEN)))
        self._account_keys()
        self._etcd = self._start_etcd()
        self._server = self._start_server()
        self.wait_ready()

    def _account_keys(self) -> None:
        private, public = self._folder / "sa.key", self._folder / "sa.pub"
        subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", private],
                       check=True, capture_output=True)
        subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True, capture_output=True)

    def _start(self, name: str, *arguments: str) -> subprocess.Popen:
        with (self._folder / f"{name}.log").open("a") as log:
            return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", self._bin / name, *arguments],
                                    stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _start_etcd(self) -> subprocess.Popen:
        client, peer = (f"http://127.0.0.1:{port}" for port in (self._etcd_port, self._peer_port))
        return self._start("etcd", "--data-dir", str(self._folder / "etcd"), "--unsafe-no-fsync", "--log-level", "warn",
                           "--listen-client-urls", client, "--advertise-client-urls", client,
                           "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                           "--initial-cluster", f"default={peer}")

    def _start_server(self) -> subprocess.Popen:
        folder = self._folder
        return self._start(
            "kube-apiserver", "--etcd-servers", f"http://127.0.0.1:{self._etcd_port}", "--bind-address", "127.0.0.1",
            "--secure-port", str(self.port), "--endpoint-reconciler-type", "none",
            "--service-cluster-ip-range", "10.96.0.0/24", "--authorization-mode", "RBAC",
            "--disable-admission-plugins", "ServiceAccount", "--client-ca-file", str(self.authority.ca),
            "--cert-dir", str(folder), "--tls-cert-file", str(folder / "server.pem"),
            "--tls-private-key-file", str(folder / "server.key"), "--token-auth-file", str(folder / "tokens.csv"),
            "--service-account-issuer", "https://kubernetes.default.svc",
            "--service-account-signing-key-file", str(folder / "sa.key"),
            "--service-account-key-file", str(folder / "sa.pub"), "--profiling=false")

    def wait_ready(self) -> None:
        def look() -> bool:
            if self._server.poll() is not None:
                raise CannotRun((self._folder / "kube-apiserver.log").read_text()[-2000:])
            try:
                return self.request("GET", "/readyz", raw=True)[0] == 200
            except OSError:
                return False
        wait_until(look, "the API server", 120)

    def kill(self) -> None:
        self._server.kill()
        self._server.wait()

    def start_again(self) -> None:
        self._server = self._start_server()
        self.wait_ready()

    def stop(self) -> None:
        for process in (self._server, self._etcd):
            process.kill()
            process.wait()

    def compact(self) -> None:
        """Forgets all states but the current ones."""
        base = f"http://127.0.0.1:{self._etcd_port}/v3/kv"
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
            own.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = own.getresponse()
            text = answer.read()
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
