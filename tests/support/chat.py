"""OpenAI's chat completions, as OpenAI-compatible providers speak them and opencode's SDK reads them."""

from __future__ import annotations

import json
from typing import Any, Iterable, Iterator

from support.provider import Provider, Reply, Request, Usage

SHELL_TOOL = "bash"  # opencode's name for it
STOP_REASONS = {"end": "stop", "refusal": "content_filter", "max_tokens": "length"}
ERROR_CODES = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}


class Dialect:
    """Streams a completion. The API has no word for cache writes: they are told as plain input."""

    def is_model_request(self, method: str, path: str) -> bool:
        return method == "POST" and path.split("?")[0] == "/v1/chat/completions"

    def wants_stream(self, path: str, body: Any) -> bool:
        return bool(body.get("stream"))

    def opening(self, body: Any) -> str:
        messages = (body or {}).get("messages") or []
        users = [text_of(message) for message in messages if message["role"] == "user"]
        return users[0] if users else ""

    def error(self, status: int, message: str) -> dict[str, Any]:
        kind = "invalid_request_error" if status < 500 else "server_error"
        return {"error": {"message": message, "type": kind, "param": None, "code": ERROR_CODES.get(status)}}

    def whole(self, reply: Reply, request: Request) -> dict[str, Any]:
        message = {"role": "assistant", "content": reply.text, "tool_calls": _calls(reply, request)}
        choice = {"index": 0, "message": message, "finish_reason": _finish_reason(reply)}
        return {**_head(request, "chat.completion"), "choices": [choice], "usage": _usage(reply.usage)}

    def stream(self, reply: Reply, request: Request) -> Iterable[bytes]:
        yield _chunk(request, {"role": "assistant", "content": ""})
        middle = (len(reply.text) + 1) // 2  # in two pieces, as a client must expect
        for piece in filter(None, (reply.text[:middle], reply.text[middle:])):
            yield _chunk(request, {"content": piece})
        for call in _calls(reply, request):
            yield from _call_chunks(request, call)
        yield _chunk(request, {}, _finish_reason(reply))
        last = {**_head(request, "chat.completion.chunk"), "choices": [], "usage": _usage(reply.usage)}
        yield f"data: {json.dumps(last)}\n\n".encode()
        yield b"data: [DONE]\n\n"


def chat_provider(*script: Reply) -> Provider:
    return Provider(Dialect(), script)


def text_of(message: dict[str, Any]) -> str:
    """The text of a message, whether it is one string or parts."""
    content = message.get("content") or ""
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def tool_results(request: Request) -> list[str]:
    """The text of each tool result behind the request's last assistant message."""
    messages = request.body["messages"]
    last = max(i for i, message in enumerate(messages) if message["role"] == "assistant")
    return [text_of(message) for message in messages[last + 1 :] if message["role"] == "tool"]


def user_texts(request: Request) -> list[str]:
    return [text_of(message) for message in request.body["messages"] if message["role"] == "user"]


def told_and_offered(request: Request) -> tuple[str, dict[str, str]]:
    """What the model is told before anybody has said a word, and the description of each tool that it is offered."""
    messages, tools = request.body["messages"], request.body.get("tools", [])
    told = "\n".join(text_of(message) for message in messages if message["role"] == "system")
    return told, {tool["function"]["name"]: tool["function"].get("description", "") for tool in tools}


def _calls(reply: Reply, request: Request) -> list[dict[str, Any]]:
    calls = [(SHELL_TOOL, {"command": reply.shell, "description": "run"})] if reply.shell else []
    calls += [(tool.name, tool.input) for tool in reply.tools]
    return [
        {"index": i, "id": f"call_{request.number:04}_{i}", "type": "function",
         "function": {"name": name, "arguments": json.dumps(arguments)}}
        for i, (name, arguments) in enumerate(calls)
    ]


def _call_chunks(request: Request, call: dict[str, Any]) -> Iterator[bytes]:
    arguments = call["function"]["arguments"]
    middle = (len(arguments) + 1) // 2
    opening = {**call, "function": {"name": call["function"]["name"], "arguments": ""}}
    yield _chunk(request, {"tool_calls": [opening]})
    for piece in (arguments[:middle], arguments[middle:]):
        yield _chunk(request, {"tool_calls": [{"index": call["index"], "function": {"arguments": piece}}]})


def _finish_reason(reply: Reply) -> str:
    return "tool_calls" if (reply.shell or reply.tools) and reply.stop == "end" else STOP_REASONS[reply.stop]


def _usage(usage: Usage) -> dict[str, Any]:
    return {
        "prompt_tokens": usage.input,
        "completion_tokens": usage.output,
        "total_tokens": usage.input + usage.output,
        "prompt_tokens_details": {"cached_tokens": usage.cache_read},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
    }


def _head(request: Request, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{request.number:04}", "object": kind, "created": 1, "model": request.body["model"]}


def _chunk(request: Request, delta: dict[str, Any], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return f"data: {json.dumps({**_head(request, 'chat.completion.chunk'), 'choices': [choice]})}\n\n".encode()
