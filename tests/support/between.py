"""What stands between a client and the API server and does it no good: a relay that is cut, a proxy that answers
instead."""

from __future__ import annotations

import http.client
import socket
import threading
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer

from support.apiserver import ApiServer
from support.web import Handler


class Relay:
    """Passes bytes on, TLS as it is. cut() breaks all connections off and refuses new ones until mend()."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._is_cut = False
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self._is_cut:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                near.close()
                continue
            self.connections += 1
            self._open += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    @staticmethod
    def _pass_on(source: socket.socket, sink: socket.socket) -> None:
        try:
            while piece := source.recv(65536):
                sink.sendall(piece)
        except OSError:
            pass
        for one in (source, sink):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def drop(self) -> None:
        """Breaks off what is open now."""
        for one in self._open:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self._open.clear()

    def cut(self) -> None:
        self._is_cut = True
        self.drop()

    def mend(self) -> None:
        self._is_cut = False

    def __enter__(self) -> Relay:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self.cut()


@dataclass
class Fault:
    """What the next request gets instead of an answer; `body_limit` cuts the real answer's body after so many bytes."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    body_limit: int | None = None


class FaultyProxy:
    """Plain HTTP in front of the API server, as its admin: each fault is played once, then all goes through."""

    def __init__(self, server: ApiServer) -> None:
        self.faults: list[Fault] = []
        self.requests: list[tuple[str, str]] = []
        owner = self

        class Between(Handler):
            def do_GET(self) -> None:
                owner.requests.append((self.command, self.path))
                fault = owner.faults.pop(0) if owner.faults else None
                if fault and fault.status:
                    self.read_body()
                    return self.send_whole(fault.status, fault.body, fault.headers)
                self._forward(fault)

            do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

            def _forward(self, fault: Fault | None) -> None:
                far = server.connect()
                headers = {name: self.headers[name] for name in ("Content-Type", "Accept") if self.headers[name]}
                far.request(self.command, self.path, self.read_body() or None, headers)
                answer: http.client.HTTPResponse = far.getresponse()
                body = answer.read()
                far.close()
                if fault is None:
                    return self.send_whole(answer.status, body, {"Content-Type": answer.headers["Content-Type"]})
                self.send_response(answer.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[:fault.body_limit])
                self.close_connection = True

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Between)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def __enter__(self) -> FaultyProxy:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
