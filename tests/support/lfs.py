"""A Git LFS server in the place of a repository's `info/lfs`: batch API, basic transfers, and ways to go wrong.

It is held to the protocol by the real git-lfs, which pushes to it and pulls from it (test_prepare_lfs.py).
"""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from support.gitserver import _GitHandler

MEDIA_TYPE = "application/vnd.git-lfs+json"
BATCH, OBJECT = "/info/lfs/objects/batch", "/lfs-storage/"
GRANT = "RemoteAuth 0123456789abcdefghij"  # what an action's own header allows with


@dataclass
class LfsStore:
    """Objects by their id; the attributes may be changed while the server runs."""

    root: Path
    granted: bool = True  # actions carry their own header; else storage wants the token
    expires_in: int | None = 3600
    expired_batches: int = 0  # so many of the next batches give actions that are over already
    elsewhere: str = ""  # actions point to this server's storage
    redirect: str = ""  # storage answers with a redirect to this server
    missing: set[str] = field(default_factory=set)
    corrupt: bool = False
    batch_status: int = 200
    storage_failures: list[int] = field(default_factory=list)  # the next answers of storage; 0: the connection breaks
    stalled: threading.Event | None = None
    batches: list[list[str]] = field(default_factory=list)  # the ids of each batch that was answered
    downloads: list[dict[str, str]] = field(default_factory=list)  # headers of each download

    def path(self, oid: str) -> Path:
        return self.root / oid

    def add(self, content: bytes) -> str:
        oid = hashlib.sha256(content).hexdigest()
        self.root.mkdir(parents=True, exist_ok=True)
        self.path(oid).write_bytes(content)
        return oid


def is_lfs(path: str) -> bool:
    return "/info/lfs/" in path or path.startswith(OBJECT)


def handle(handler: _GitHandler, store: LfsStore, body: bytes, authorized: bool) -> int:
    if handler.path.startswith(OBJECT):
        return _storage(handler, store, body, authorized)
    if not authorized:
        return _refuse(handler, 401, "credentials needed", {"LFS-Authenticate": 'Basic realm="lfs"'})
    if not handler.path.endswith(BATCH):
        return _refuse(handler, 404, "no locks here")
    if store.batch_status != 200:
        return _refuse(handler, store.batch_status, "not today")
    wrong = [name for name in ("Accept", "Content-Type") if not handler.headers.get(name, "").startswith(MEDIA_TYPE)]
    if wrong:
        return _refuse(handler, 406, f"{wrong[0]} must be {MEDIA_TYPE}")
    request = json.loads(body)
    if len(request["objects"]) > 100 or "basic" not in request.get("transfers", ["basic"]):
        return _refuse(handler, 422, "100 objects and basic transfers")
    store.batches.append([each["oid"] for each in request["objects"]])
    expires_in = store.expires_in
    if store.expired_batches:
        store.expired_batches -= 1
        expires_in = -5
    base = store.elsewhere or f"{handler.server.owner.url}"
    objects = [_answer(store, each, request["operation"], base, expires_in) for each in request["objects"]]
    answer = {"transfer": "basic", "objects": objects, "hash_algo": "sha256"}
    return _send(handler, 200, json.dumps(answer).encode(), {"Content-Type": MEDIA_TYPE})


def _answer(store: LfsStore, each: dict, operation: str, base: str, expires_in: int | None) -> dict:
    oid, size = each["oid"], each["size"]
    answer: dict = {"oid": oid, "size": size}
    there = store.path(oid).exists() and oid not in store.missing
    if operation == "download" and not there:
        return {**answer, "error": {"code": 404, "message": "Object does not exist"}}
    if operation == "upload" and there:
        return answer
    action: dict = {"href": f"{base}{OBJECT}{oid}"}
    if store.granted:
        action["header"] = {"Authorization": GRANT, "X-Extra": "kept"}
        answer["authenticated"] = True
    if expires_in is not None:
        action["expires_in"] = expires_in
    return {**answer, "actions": {operation: action}}


def _storage(handler: _GitHandler, store: LfsStore, body: bytes, authorized: bool) -> int:
    oid = handler.path.removeprefix(OBJECT)
    if handler.command == "GET":
        store.downloads.append(dict(handler.headers.items()))
    if store.redirect:
        return _send(handler, 302, b"", {"Location": f"{store.redirect}{OBJECT}{oid}"})
    if handler.headers.get("Authorization") != GRANT if store.granted else not authorized:
        return _refuse(handler, 401, "not allowed", {"LFS-Authenticate": 'Basic realm="lfs"'})
    if handler.command == "PUT":
        assert store.add(body) == oid
        return _send(handler, 200, b"", {})
    if store.stalled:
        handler.server.owner.wait_released(store.stalled)
    failure = store.storage_failures.pop(0) if store.storage_failures else None
    if failure:
        return _refuse(handler, failure, "not now")
    size = store.path(oid).stat().st_size
    handler.send_response(200)
    handler.send_header("Content-Length", str(size))
    handler.end_headers()
    with store.path(oid).open("rb") as file:
        while piece := file.read(1 << 16):
            handler.wfile.write(bytes(len(piece)) if store.corrupt else piece)
            if failure == 0:
                handler.close_connection = True
                break
    return 200


def _refuse(handler: _GitHandler, status: int, message: str, headers: dict[str, str] | None = None) -> int:
    body = json.dumps({"message": message}).encode()
    return _send(handler, status, body, {"Content-Type": MEDIA_TYPE, **(headers or {})})


def _send(handler: _GitHandler, status: int, body: bytes, headers: dict[str, str]) -> int:
    handler.send_whole(status, body, headers)
    return status
