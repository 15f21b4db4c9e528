"""Anthropic's Messages API, as far as an agent's CLI sees it."""

from __future__ import annotations

import json
from typing import Any, Iterable, Iterator

from support.provider import Provider, Reply, Request, Usage

SHELL_TOOL = "Bash"  # Claude Code's name for it
ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}
STOP_REASONS = {"end": "end_turn", "refusal": "refusal", "max_tokens": "max_tokens"}


class Dialect:
    """Streams a message as the API does; reasoning is told as the API tells it, inside output_tokens."""

    def is_model_request(self, method: str, path: str) -> bool:
        return method == "POST" and path.split("?")[0] == "/v1/messages"

    def wants_stream(self, path: str, body: Any) -> bool:
        return bool(body.get("stream"))

    def opening(self, body: Any) -> str:
        first = body["messages"][0]["content"] if body and body.get("messages") else ""
        return first if isinstance(first, str) else "\n".join(b.get("text", "") for b in first)

    def error(self, status: int, message: str) -> dict[str, Any]:
        kind = ERROR_TYPES.get(status, "api_error")
        return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_stub"}

    def whole(self, reply: Reply, request: Request) -> dict[str, Any]:
        blocks = _blocks(reply, request)
        usage = {**_input_usage(reply.usage), **_output_usage(reply.usage)}
        return _message(request, blocks, _stop_reason(reply, blocks), usage)

    def stream(self, reply: Reply, request: Request) -> Iterable[bytes]:
        blocks = _blocks(reply, request)
        usage = {**_input_usage(reply.usage), "output_tokens": 1}
        yield _event("message_start", message=_message(request, [], None, usage))
        yield _event("ping")
        for index, block in enumerate(blocks):
            yield from _block_events(index, block)
        delta = {"stop_reason": _stop_reason(reply, blocks), "stop_sequence": None}
        yield _event("message_delta", delta=delta, usage=_output_usage(reply.usage))
        yield _event("message_stop")


def claude_provider(*script: Reply) -> Provider:
    return Provider(Dialect(), script)


def tool_results(request: Request) -> list[str]:
    """The text of each tool result in the request's last message of the user."""
    content = [message["content"] for message in request.body["messages"] if message["role"] == "user"][-1]
    blocks = content if isinstance(content, list) else []
    return [_text(b.get("content", "")) for b in blocks if b.get("type") == "tool_result"]


def user_texts(request: Request) -> list[str]:
    """Every text block that the request sends as the user."""
    return [
        block["text"]
        for message in request.body["messages"]
        if message["role"] == "user"
        for block in _as_blocks(message["content"])
        if block.get("type") == "text"
    ]


def _as_blocks(content: Any) -> list[dict[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _text(content: Any) -> str:
    return "".join(block.get("text", "") for block in _as_blocks(content))


def _blocks(reply: Reply, request: Request) -> list[dict[str, Any]]:
    calls = [(SHELL_TOOL, {"command": reply.shell, "description": "run"})] if reply.shell else []
    calls += [(tool.name, tool.input) for tool in reply.tools]
    blocks: list[dict[str, Any]] = [{"type": "text", "text": reply.text}] if reply.text else []
    for i, (name, arguments) in enumerate(calls):
        blocks.append({"type": "tool_use", "id": f"toolu_{request.number:04}_{i}", "name": name, "input": arguments})
    return blocks


def _stop_reason(reply: Reply, blocks: list[dict[str, Any]]) -> str:
    calls = any(block["type"] == "tool_use" for block in blocks)
    return "tool_use" if calls and reply.stop == "end" else STOP_REASONS[reply.stop]


def _input_usage(usage: Usage) -> dict[str, Any]:
    return {
        "input_tokens": usage.uncached,
        "cache_creation_input_tokens": usage.cache_write,
        "cache_read_input_tokens": usage.cache_read,
        "cache_creation": {"ephemeral_5m_input_tokens": usage.cache_write, "ephemeral_1h_input_tokens": 0},
        "service_tier": "standard",
    }


def _output_usage(usage: Usage) -> dict[str, Any]:
    details = {"output_tokens_details": {"thinking_tokens": usage.reasoning}} if usage.reasoning else {}
    return {"output_tokens": usage.output, **details}


def _message(request: Request, blocks: list[Any], stop: str | None, usage: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"msg_{request.number:04}",
        "type": "message",
        "role": "assistant",
        "model": request.body["model"],
        "content": blocks,
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": usage,
    }


def _block_events(index: int, block: dict[str, Any]) -> Iterator[bytes]:
    if block["type"] == "text":
        empty, key, kind, value = {**block, "text": ""}, "text", "text_delta", block["text"]
    else:
        empty, key, kind = {**block, "input": {}}, "partial_json", "input_json_delta"
        value = json.dumps(block["input"])
    yield _event("content_block_start", index=index, content_block=empty)
    middle = (len(value) + 1) // 2  # in two pieces, as a client must expect
    for piece in filter(None, (value[:middle], value[middle:])):
        yield _event("content_block_delta", index=index, delta={"type": kind, key: piece})
    yield _event("content_block_stop", index=index)


def _event(name: str, **fields: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps({'type': name, **fields})}\n\n".encode()
