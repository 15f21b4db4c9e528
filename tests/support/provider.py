"""The stand-in for a model provider: plays a script, records every request.

One engine for all providers; how one of them speaks is its `Dialect` (see anthropic.py).
"""

from __future__ import annotations

import json
import ssl
import threading
import time
from dataclasses import dataclass, field, fields
from typing import Any, Iterable, Protocol

from support.web import WAIT_SECONDS, Handler, Server

FOREVER = 1 << 30


@dataclass(frozen=True)
class Usage:
    """Tokens of one reply. All input = uncached + cache_read + cache_write; reasoning is part of output."""

    uncached: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0
    reasoning: int = 0

    @property
    def input(self) -> int:
        return self.uncached + self.cache_read + self.cache_write

    def __add__(self, other: Usage) -> Usage:
        return Usage(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class Tool:
    """One tool call; the name as this agent's model would say it."""

    name: str
    input: dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """What the provider answers to one model request.

    shell     a call of the agent's own shell tool, before the calls in `tools`
    asked     the reply is kept for conversations whose first user message holds this text (a subagent's)
    stop      "end" (or, with calls, "tool"), "refusal", "max_tokens"
    status    other than 200: an error with `message`, `headers` and, for Google's, `details`
    times     how many requests get this reply before the script moves on
    cut_after the connection is closed after this many stream events, or in the middle of what is no stream
    hang      nothing is answered before the test sets this event
    """

    text: str = ""
    shell: str | None = None
    tools: tuple[Tool, ...] = ()
    usage: Usage = Usage()
    asked: str | None = None
    stop: str = "end"
    status: int = 200
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    details: tuple[dict[str, Any], ...] = ()
    times: int = 1
    cut_after: int | None = None
    hang: threading.Event | None = None


SCRIPT_IS_OVER = Reply(status=400, message="stand-in: the script has no reply for this request")


@dataclass(frozen=True)
class Request:
    """One request as it arrived; `reply` is what it was given, None if it was no model request."""

    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    raw: bytes
    body: Any
    reply: Reply | None
    number: int

    @property
    def text(self) -> str:
        """The body as text without JSON's escapes of non-ASCII; for `in` assertions on single lines."""
        return json.dumps(self.body, ensure_ascii=False)


class Dialect(Protocol):
    """How one provider speaks. Values in, values out; no sockets."""

    def is_model_request(self, method: str, path: str) -> bool: ...
    def wants_stream(self, path: str, body: Any) -> bool: ...
    def opening(self, body: Any) -> str: ...
    def stream(self, reply: Reply, request: Request) -> Iterable[bytes]: ...
    def whole(self, reply: Reply, request: Request) -> dict[str, Any]: ...
    def error(self, status: int, message: str) -> dict[str, Any]: ...


class _ProviderHandler(Handler):
    def do_POST(self) -> None:
        provider: Provider = self.server.owner  # type: ignore[attr-defined]
        request = provider.record(self.command, self.path, dict(self.headers), self.read_body())
        reply = request.reply
        if reply is None:
            self._send_error(provider, Reply(status=404, message="stand-in: no such endpoint"))
            return
        if reply.hang:
            provider.wait_released(reply.hang)
        if reply.status != 200:
            self._send_error(provider, reply)
        elif provider.dialect.wants_stream(request.path, request.body):
            self._send_stream(provider, reply, request)
        else:
            self._send_answer(provider, reply, request)

    do_GET = do_HEAD = do_POST

    def _send_error(self, provider: Provider, reply: Reply) -> None:
        error = provider.dialect.error(reply.status, reply.message)
        if reply.details:
            error["error"]["details"] = list(reply.details)
        self.send_whole(reply.status, json.dumps(error).encode(), {"Content-Type": "application/json", **reply.headers})

    def _send_answer(self, provider: Provider, reply: Reply, request: Request) -> None:
        body = json.dumps(provider.dialect.whole(reply, request)).encode()
        if reply.cut_after is None:
            self.send_whole(200, body, {"Content-Type": "application/json"})
            provider.count(reply.usage)
            return
        self.close_connection = True  # no final chunk: the client sees a broken body
        self.start_chunked(200, {"Content-Type": "application/json"})
        self.send_chunk(body[: len(body) // 2])

    def _send_stream(self, provider: Provider, reply: Reply, request: Request) -> None:
        self.start_chunked(200, {"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        for number, chunk in enumerate(provider.dialect.stream(reply, request)):
            if number == reply.cut_after:
                self.close_connection = True  # no final chunk: the client sees a broken body
                return
            self.send_chunk(chunk)
        provider.count(reply.usage)  # before the last bytes: who has the answer may ask for the count
        self.end_chunked()


class Provider(Server):
    """`with Provider(anthropic.Dialect(), [Reply(...), ...]) as provider: ... provider.url`"""

    handler = _ProviderHandler

    def __init__(self, dialect: Dialect, script: Iterable[Reply], tls: ssl.SSLContext | None = None):
        super().__init__(tls)
        self.dialect = dialect
        self.script = list(script)
        self.requests: list[Request] = []
        self.served = Usage()
        self._left = [reply.times for reply in self.script]
        self._changed = threading.Condition()

    @property
    def model_requests(self) -> list[Request]:
        return [request for request in self.requests if request.reply is not None]

    @property
    def unplayed(self) -> list[Reply]:
        """Replies of the script that nobody asked for (those that may repeat for ever aside)."""
        return [r for r, left in zip(self.script, self._left) if left == r.times and left < FOREVER]

    def record(self, method: str, path: str, headers: dict[str, str], raw: bytes) -> Request:
        body = _json_or_none(raw)
        is_model = self.dialect.is_model_request(method, path)
        with self._changed:
            reply = self._take(self.dialect.opening(body)) if is_model else None
            lower = {name.lower(): value for name, value in headers.items()}
            number = len(self.requests) + 1
            request = Request(method, path, lower, raw, body, reply, number)
            self.requests.append(request)
            self._changed.notify_all()
        return request

    def _take(self, opening: str) -> Reply:
        unspent = [i for i, left in enumerate(self._left) if left > 0]
        kept = [i for i in unspent if (asked := self.script[i].asked) and asked in opening]
        free = [i for i in unspent if self.script[i].asked is None]
        for i in kept + free:
            self._left[i] -= 1
            return self.script[i]
        return SCRIPT_IS_OVER

    def count(self, usage: Usage) -> None:
        with self._changed:
            self.served = self.served + usage
            self._changed.notify_all()

    def wait_for_requests(self, count: int, seconds: float = WAIT_SECONDS) -> list[Request]:
        """Waits until so many model requests have arrived."""
        end = time.monotonic() + seconds
        with self._changed:
            while len(self.model_requests) < count:
                if not self._changed.wait(end - time.monotonic()):
                    got = [(r.method, r.path) for r in self.requests]
                    raise TimeoutError(f"waited for {count} model requests, got {got}")
            return self.model_requests


def _json_or_none(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None
