"""Google's Gemini API, as far as an agent's CLI sees it: streamGenerateContent (SSE) and generateContent."""

from __future__ import annotations

import json
from typing import Any, Iterable

from support.provider import Provider, Reply, Request, Usage

SHELL_TOOL = "run_shell_command"  # Gemini CLI's name for it
MODEL_PATH = "/v1beta/models/"
STREAM, WHOLE = ":streamGenerateContent", ":generateContent"
STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}
FINISH_REASONS = {"end": "STOP", "tool": "STOP", "refusal": "SAFETY", "max_tokens": "MAX_TOKENS"}


class Dialect:
    """promptTokenCount holds the cache, thoughtsTokenCount is beside candidatesTokenCount, as the API tells it."""

    def is_model_request(self, method: str, path: str) -> bool:
        endpoint = path.split("?")[0]
        return method == "POST" and endpoint.startswith(MODEL_PATH) and endpoint.endswith((STREAM, WHOLE))

    def wants_stream(self, path: str, body: Any) -> bool:
        return path.split("?")[0].endswith(STREAM)

    def opening(self, body: Any) -> str:
        """Every text of the first turn: a subagent's has its prompt there."""
        first = body["contents"][0]["parts"] if body and body.get("contents") else []
        return "\n".join(part.get("text", "") for part in first)

    def error(self, status: int, message: str) -> dict[str, Any]:
        return {"error": {"code": status, "message": message, "status": STATUSES.get(status, "INTERNAL")}}

    def whole(self, reply: Reply, request: Request) -> dict[str, Any]:
        return _answer(_parts(reply), request, FINISH_REASONS[reply.stop], reply.usage)

    def stream(self, reply: Reply, request: Request) -> Iterable[bytes]:
        for part in _pieces(_parts(reply)):
            yield _event(_answer([part], request))
        yield _event(_answer([], request, FINISH_REASONS[reply.stop], reply.usage))


def gemini_provider(*script: Reply) -> Provider:
    return Provider(Dialect(), script)


def model_of(request: Request) -> str:
    return request.path.removeprefix(MODEL_PATH).split(":")[0]


def tool_results(request: Request) -> list[str]:
    """The output of each function response in the request's last turn."""
    parts = request.body["contents"][-1]["parts"]
    responses = [part["functionResponse"]["response"] for part in parts if "functionResponse" in part]
    return [response.get("output", response.get("error", "")) for response in responses]


def user_texts(request: Request) -> list[str]:
    """Every text that the request sends as the user."""
    turns = [turn for turn in request.body["contents"] if turn["role"] == "user"]
    return [part["text"] for turn in turns for part in turn["parts"] if "text" in part]


def _parts(reply: Reply) -> list[dict[str, Any]]:
    calls = [(SHELL_TOOL, {"command": reply.shell, "description": "run"})] if reply.shell else []
    calls += [(tool.name, tool.input) for tool in reply.tools]
    parts: list[dict[str, Any]] = [{"text": "I think.", "thought": True}] if reply.usage.reasoning else []
    parts += [{"text": reply.text}] if reply.text else []
    return parts + [{"functionCall": {"name": name, "args": arguments}} for name, arguments in calls]


def _pieces(parts: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """A text in two pieces, as a client must expect."""
    for part in parts:
        text = part.get("text")
        if text is None or "thought" in part:
            yield part
            continue
        middle = (len(text) + 1) // 2
        yield from ({"text": piece} for piece in (text[:middle], text[middle:]) if piece)


def _answer(parts: list[dict[str, Any]], request: Request, finish: str | None = None,
            usage: Usage | None = None) -> dict[str, Any]:
    candidate: dict[str, Any] = {"index": 0, "content": {"role": "model", "parts": parts}}
    answer: dict[str, Any] = {"candidates": [candidate], "modelVersion": model_of(request),
                              "responseId": f"resp_{request.number:04}"}
    if finish:
        candidate["finishReason"] = finish
    if usage:
        answer["usageMetadata"] = {
            "promptTokenCount": usage.input,
            "cachedContentTokenCount": usage.cache_read,
            "candidatesTokenCount": usage.output - usage.reasoning,
            "thoughtsTokenCount": usage.reasoning,
            "totalTokenCount": usage.input + usage.output,
        }
    return answer


def _event(answer: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(answer)}\r\n\r\n".encode()
