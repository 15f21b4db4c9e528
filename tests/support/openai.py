"""OpenAI's Responses API over SSE, as far as Codex sees it."""

from __future__ import annotations

import json
from typing import Any, Iterable, Iterator

from support.provider import Provider, Reply, Request, Tool, Usage

ERROR_KINDS = {400: "invalid_request_error", 401: "invalid_request_error", 404: "invalid_request_error",
               429: "rate_limit_error"}
ERROR_CODES = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}
INCOMPLETE = {"refusal": "content_filter", "max_tokens": "max_output_tokens"}


class Dialect:
    """Streams a response as the API does.

    Codex's own models are given "code mode": no tools but `exec`, which runs JavaScript that calls the others. Which of
    the two a model speaks is told from what its request offers; a script's `shell` and `tools` mean the same in both.
    A tool of a namespace is written NAMESPACE.NAME.
    """

    def is_model_request(self, method: str, path: str) -> bool:
        return method == "POST" and path.split("?")[0] == "/v1/responses"

    def wants_stream(self, path: str, body: Any) -> bool:
        return bool(body.get("stream"))

    def opening(self, body: Any) -> str:
        """What is said to the model before its first word, and what one agent says to another: a subagent that begins
        with a copy of its parent's conversation finds its task behind that."""
        items = (body or {}).get("input") or []
        ends = [i for i, item in enumerate(items) if item.get("role") == "assistant" or _type(item).endswith("_call")]
        first = items[: min(ends, default=len(items))]
        return "\n".join(_text(item) for item in items if item in first or _type(item) == "agent_message")

    def error(self, status: int, message: str) -> dict[str, Any]:
        kind, code = ERROR_KINDS.get(status, "server_error"), ERROR_CODES.get(status)
        return {"error": {"message": message, "type": kind, "param": None, "code": code}}

    def whole(self, reply: Reply, request: Request) -> dict[str, Any]:
        return _response(request, _status(reply), output=_items(reply, request), usage=_usage(reply.usage))

    def stream(self, reply: Reply, request: Request) -> Iterable[bytes]:
        yield _event("response.created", response=_response(request, "in_progress"))
        for index, item in enumerate(_items(reply, request)):
            yield from _item_events(index, item)
        final = self.whole(reply, request)
        yield _event(f"response.{final['status']}", response=final)


def codex_provider(*script: Reply) -> Provider:
    return Provider(Dialect(), script)


def tool_results(request: Request) -> list[str]:
    """The text of each tool result behind the last call."""
    items = request.body["input"]
    last = max((i for i, item in enumerate(items) if item.get("type", "").endswith("_call")), default=len(items))
    return [_text({"content": item["output"]}) for item in items[last + 1 :] if item["type"].endswith("_call_output")]


def user_texts(request: Request) -> list[str]:
    """Every text that the request sends as the user."""
    return [part["text"] for item in request.body["input"] if item.get("role") == "user"
            for part in item["content"] if part.get("type") == "input_text"]


def speaks_code_mode(body: Any) -> bool:
    """True where the tools lie in the input and the model calls them from JavaScript."""
    return any(item.get("type") == "additional_tools" for item in body.get("input", []))


def _type(item: dict[str, Any]) -> str:
    return item.get("type", "message")


def _text(item: dict[str, Any]) -> str:
    """What a subagent is told is called encrypted, and is plain for a provider that is not OpenAI's own."""
    content = item.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(part.get("text") or part.get("encrypted_content") or "" for part in content)


def _items(reply: Reply, request: Request) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    if reply.text:
        content = [{"type": "output_text", "text": reply.text, "annotations": []}]
        items.append({"type": "message", "id": f"msg_{request.number:04}", "role": "assistant", "content": content})
    calls = [Tool("exec_command", {"cmd": reply.shell})] if reply.shell else []
    for i, tool in enumerate((*calls, *reply.tools)):
        items.append(_call(tool, f"call_{request.number:04}_{i}", speaks_code_mode(request.body)))
    return items


def _call(tool: Tool, call_id: str, code_mode: bool) -> dict[str, Any]:
    namespace, _, name = tool.name.rpartition(".")
    if code_mode and not namespace:
        script = f"const r = await tools.{name}({json.dumps(tool.input)}); text(JSON.stringify(r));"
        return {"type": "custom_tool_call", "id": f"ctc_{call_id}", "call_id": call_id, "name": "exec",
                "input": script, "status": "completed"}
    call = {"type": "function_call", "id": f"fc_{call_id}", "call_id": call_id, "name": name,
            "arguments": json.dumps(tool.input), "status": "completed"}
    return {**call, "namespace": namespace} if namespace else call


def _status(reply: Reply) -> str:
    return "completed" if reply.stop == "end" else "incomplete"


def _response(request: Request, status: str, **fields: Any) -> dict[str, Any]:
    reason = INCOMPLETE.get(request.reply.stop) if request.reply and status == "incomplete" else None
    return {
        "id": f"resp_{request.number:04}",
        "object": "response",
        "created_at": 1,
        "status": status,
        "model": request.body["model"],
        "output": [],
        "incomplete_details": {"reason": reason} if reason else None,
        **fields,
    }


def _usage(usage: Usage) -> dict[str, Any]:
    return {
        "input_tokens": usage.input,
        "input_tokens_details": {"cached_tokens": usage.cache_read, "cache_write_tokens": usage.cache_write},
        "output_tokens": usage.output,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning},
        "total_tokens": usage.input + usage.output,
    }


def _item_events(index: int, item: dict[str, Any]) -> Iterator[bytes]:
    if item["type"] == "message":
        text = item["content"][0]["text"]
        yield _event("response.output_item.added", output_index=index, item={**item, "content": []})
        middle = (len(text) + 1) // 2  # in two pieces, as a client must expect
        for piece in filter(None, (text[:middle], text[middle:])):
            yield _event("response.output_text.delta", item_id=item["id"], output_index=index, content_index=0,
                         delta=piece)
    yield _event("response.output_item.done", output_index=index, item=item)


def _event(name: str, **fields: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps({'type': name, **fields})}\n\n".encode()
