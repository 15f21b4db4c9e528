"""git's own http-backend behind a small server: token, TLS, stall, and a count of requests."""

from __future__ import annotations

import base64
import os
import ssl
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from support import lfs
from support.web import Handler, Server

TOKEN_USER = "x-access-token"


@dataclass(frozen=True)
class GitRequest:
    method: str
    path: str
    status: int
    authorized: bool  # it carried the right token, or none is asked for
    credential: str  # the Authorization header as it came


class _GitHandler(Handler):
    def do_GET(self) -> None:
        server: GitServer = self.server.owner  # type: ignore[attr-defined]
        body = self.read_body()
        authorized = server.accepts(self.headers.get("Authorization"))
        if server.stalled:
            server.holding.release()
            server.wait_released(server.stalled)
        if server.redirect_to:
            status = 301
            self.send_whole(301, b"", {"Location": server.redirect_to + self.path})
        elif lfs.is_lfs(self.path) and server.lfs:
            status = lfs.handle(self, server.lfs, body, authorized)
        elif authorized:
            status = self._run_backend(server, body)
        else:
            status = 401
            headers = {"WWW-Authenticate": 'Basic realm="git"', "Content-Type": "text/plain"}
            self.send_whole(401, b"token please\n", headers)
        credential = self.headers.get("Authorization", "")
        server.requests.append(GitRequest(self.command, self.path, status, authorized, credential))

    do_POST = do_PUT = do_GET

    def _run_backend(self, server: GitServer, body: bytes) -> int:
        backend = subprocess.Popen(
            ["git", "http-backend"],
            env=self._cgi_environment(server, len(body)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        with backend:
            feeder = threading.Thread(target=_feed, args=(backend.stdin, body), daemon=True)
            feeder.start()
            status, headers = _cgi_head(backend.stdout)
            self.start_chunked(status, headers)
            self._pass_on(backend.stdout, server.cut_after)
            feeder.join()
        return status

    def _pass_on(self, stdout: IO[bytes], cut_after: int | None) -> None:
        sent = 0
        while piece := stdout.read1(1 << 16):
            if cut_after is not None and sent + len(piece) > cut_after:
                self.send_chunk(piece[: cut_after - sent])
                self.close_connection = True  # no final chunk: the client sees a broken body
                stdout.read()
                return
            self.send_chunk(piece)
            sent += len(piece)
        self.end_chunked()

    def _cgi_environment(self, server: GitServer, length: int) -> dict[str, str]:
        path, _, query = self.path.partition("?")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(server.root),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_COUNT": "1",  # the repositories may belong to another user than the server
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
            "GIT_PROJECT_ROOT": str(server.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(length),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "REMOTE_USER": TOKEN_USER,
            "REMOTE_ADDR": "127.0.0.1",
        }
        # Protocol 2 gives any SHA that exists: a server that refuses them is one that does not speak it.
        if server.protocol_v2 and (protocol := self.headers.get("Git-Protocol")):
            environment["GIT_PROTOCOL"] = protocol
        return environment


class GitServer(Server):
    """Serves every repository below `root`, pushes included; without a token to everybody.

    The attributes may be changed while it runs: `token` (also a token that was replaced),
    `protocol_v2`, `stalled` (requests wait until this event is set; `holding` is released for each),
    `cut_after` (bytes of an answer, then the connection breaks), `redirect_to` (another server's URL).
    """

    handler = _GitHandler

    def __init__(self, root: Path, token: str | None = None, tls: ssl.SSLContext | None = None):
        super().__init__(tls)
        self.root = root
        self.token = token
        self.protocol_v2 = True
        self.stalled: threading.Event | None = None
        self.holding = threading.Semaphore(0)
        self.cut_after: int | None = None
        self.redirect_to: str | None = None
        self.requests: list[GitRequest] = []
        self.lfs: lfs.LfsStore | None = None  # Git LFS is spoken where there is one

    def repo_url(self, name: str) -> str:
        return f"{self.url}/{name}"

    def accepts(self, authorization: str | None) -> bool:
        if self.token is None:
            return True
        expected = base64.b64encode(f"{TOKEN_USER}:{self.token}".encode()).decode()
        return authorization == f"Basic {expected}"


def _feed(stdin: IO[bytes], body: bytes) -> None:
    try:
        stdin.write(body)
        stdin.close()
    except BrokenPipeError:
        pass  # the backend did not want the rest


def _cgi_head(stdout: IO[bytes]) -> tuple[int, dict[str, str]]:
    status, headers = 200, {}
    while line := stdout.readline().strip().decode():
        name, _, value = line.partition(": ")
        if name.lower() == "status":
            status = int(value.split()[0])
        else:
            headers[name] = value
    return status, headers
