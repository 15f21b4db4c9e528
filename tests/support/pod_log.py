"""The API server's side of a Pod's log, for where nothing runs Pods: what is written goes out at once."""

from __future__ import annotations

import queue
import threading
from http.server import ThreadingHTTPServer

from support.web import Handler


class PodLog:
    def __init__(self) -> None:
        self.path = ""
        self._pieces: queue.Queue[str] = queue.Queue()
        owner = self

        class Log(Handler):
            def do_GET(self) -> None:
                owner.path = self.path
                self.start_chunked(200, {"Content-Type": "text/plain"})
                while piece := owner._pieces.get():
                    self.send_chunk(piece.encode())
                self.end_chunked()

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Log)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def write(self, text: str) -> None:
        self._pieces.put(text)

    def end(self) -> None:
        self._pieces.put("")

    def __enter__(self) -> PodLog:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        self._http.shutdown()
        self._http.server_close()
