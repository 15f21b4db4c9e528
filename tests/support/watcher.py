"""Each change of a kind, told in order, beside whoever is under test."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Callable

from support.apiserver import ApiServer
from support.processes import wait_until

Tell = Callable[[str, dict], None]


class Watcher:
    """Tells ADDED, MODIFIED and DELETED with the object, from an empty collection on. A broken connection costs no
    event; an API server that has forgotten (410) costs those in between, and what is there is told again as LISTED."""

    def __init__(self, api: ApiServer, path: str, tell: Tell) -> None:
        self._api, self._path, self._tell = api, path, tell
        self._version = ""
        self._stopped = threading.Event()
        self._connection: http.client.HTTPSConnection | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Watcher:
        self._version = self._list()["metadata"]["resourceVersion"]
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        try:
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        except (OSError, AttributeError):  # it has no connection just now
            pass
        self._thread.join(10)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._watch()
            except (OSError, ValueError, http.client.HTTPException):
                self._stopped.wait(0.05)

    def _watch(self) -> None:
        self._connection = self._api.connect()
        self._connection.request("GET", f"{self._path}?watch=1&allowWatchBookmarks=true&resourceVersion={self._version}")
        answer = self._connection.getresponse()
        if answer.status == 410:
            return self._list_again()
        if answer.status != 200:
            raise ValueError(answer.read())
        while line := answer.readline():
            event = json.loads(line)
            if event["type"] == "ERROR":
                return self._list_again()
            self._version = event["object"]["metadata"]["resourceVersion"]
            if event["type"] != "BOOKMARK":
                self._tell(event["type"], event["object"])

    def _list(self) -> dict:
        """The API server answers 429 as long as it does not know a new kind."""
        _, found = wait_until(lambda: (seen := self._api.request("GET", self._path))[0] == 200 and seen, self._path)
        return found

    def _list_again(self) -> None:
        found = self._list()
        for item in found["items"]:
            self._tell("LISTED", item)
        self._version = found["metadata"]["resourceVersion"]
