"""A proxy in front of the API server that a test makes as rough as it likes: slow, refusing, cutting off."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from support.apiserver import ApiServer
from support.web import Handler, Server


@dataclass
class Asked:
    method: str
    path: str  # without the query
    is_watch: bool
    body: bytes

    @property
    def is_status_write(self) -> bool:
        return self.method != "GET" and self.path.endswith("/status")


@dataclass
class Rough:
    """What happens to one request. Without anything it goes through."""

    delay: float = 0  # seconds, before it goes on
    status: int = 0  # the answer, in place of the API server's
    retry_after: int | None = None
    is_cut_before: bool = False  # the API server never hears of it
    is_cut_after: bool = False  # the API server has done it, and nobody is told
    events: int | None = None  # of a watch, then it breaks off
    after: Callable[[], None] = field(default=lambda: None)  # called when the API server has answered


def refusal(status: int) -> bytes:
    reason = {409: "Conflict", 429: "TooManyRequests", 503: "ServiceUnavailable"}.get(status, "InternalError")
    return json.dumps({"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "a failure of the test",
                       "reason": reason, "code": status}).encode()


class RoughProxy(Server):
    """Plain HTTP, as the server's admin, or as the service account NAMESPACE:NAME. `treat` says what happens to a request;
    `asked` has all of them, with the time."""

    def __init__(self, server: ApiServer, treat: Callable[[Asked], Rough | None], account: str = "") -> None:
        self.asked: list[tuple[float, Asked]] = []
        self.treat, self.server = treat, server
        self.identity = {"Impersonate-User": f"system:serviceaccount:{account}",
                         "Impersonate-Group": "system:authenticated"} if account else {}
        self.handler = _Handler
        super().__init__()

    def kubeconfig(self, path) -> object:
        return self.server.kubeconfig(path, user={}, server=self.url, certificate_authority="")


class _Handler(Handler):
    def do_GET(self) -> None:
        owner: RoughProxy = self.server.owner
        body = self.read_body()
        asked = Asked(self.command, self.path.split("?")[0], "watch=1" in self.path, body)
        owner.asked.append((time.monotonic(), asked))
        rough = owner.treat(asked) or Rough()
        time.sleep(rough.delay)
        if rough.is_cut_before:
            return self._cut()
        if rough.status:
            more = {} if rough.retry_after is None else {"Retry-After": str(rough.retry_after)}
            return self.send_whole(rough.status, refusal(rough.status), {"Content-Type": "application/json"} | more)
        try:
            self._forward(owner.server.connect(), asked, rough)
        except (OSError, http.client.HTTPException):  # the API server is away, or the client
            self._cut()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def _cut(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def _forward(self, far: http.client.HTTPSConnection, asked: Asked, rough: Rough) -> None:
        try:
            headers = {name: self.headers[name] for name in ("Content-Type", "Accept") if self.headers[name]}
            far.request(self.command, self.path, asked.body or None, headers | self.server.owner.identity)
            answer = far.getresponse()
            kind = {"Content-Type": answer.headers["Content-Type"] or "application/json"}
            if asked.is_watch and answer.status == 200:
                return self._stream(answer, kind, rough)
            whole = answer.read()
            rough.after()
            if rough.is_cut_after:
                return self._cut()
            self.send_whole(answer.status, whole, kind)
        finally:
            far.close()

    def _stream(self, answer: http.client.HTTPResponse, kind: dict[str, str], rough: Rough) -> None:
        self.start_chunked(200, kind)
        left = rough.events
        while line := answer.readline():
            if left == 0:
                self.send_chunk(line[:len(line) // 2])
                return self._cut()
            self.send_chunk(line)
            left = left and left - 1
        self.end_chunked()
