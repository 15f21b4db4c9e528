"""The stand-in for the part of GitHub's REST API that Axon uses, as github.com and as Enterprise."""

from __future__ import annotations

import json
import re
import ssl
from dataclasses import dataclass
from typing import Any, Callable
from urllib.parse import parse_qs, urlsplit

from support.web import Handler, Server

PULLS = re.compile(r"^(?P<prefix>/api/v3)?/repos/(?P<owner>[^/]+)/(?P<repo>[^/]+)/pulls$")


@dataclass(frozen=True)
class PullRequest:
    owner: str
    repo: str
    number: int
    branch: str
    state: str = "open"

    def as_json(self, web: str) -> dict[str, Any]:
        return {
            "number": self.number,
            "state": self.state,
            "html_url": f"{web}/{self.owner}/{self.repo}/pull/{self.number}",
            "head": {"ref": self.branch, "label": f"{self.owner}:{self.branch}"},
            "base": {"ref": "main"},
        }


@dataclass(frozen=True)
class ApiRequest:
    path: str
    query: dict[str, str]
    authorization: str
    status: int


class GitHubHandler(Handler):
    def do_GET(self) -> None:
        self.answer_with(self.server.owner.answer)  # type: ignore[attr-defined]

    def answer_with(self, answer: Callable[[str, dict[str, str], str], tuple[int, Any]]) -> None:
        github: GitHub = self.server.owner  # type: ignore[attr-defined]
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        authorization = self.headers.get("Authorization", "")
        status, body = answer(parts.path, query, authorization)
        github.requests.append(ApiRequest(parts.path, query, authorization, status))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-RateLimit-Limit": "5000",
            "X-RateLimit-Remaining": str(max(github.remaining, 0)),
            "X-RateLimit-Reset": "4102444800",
        }
        self.send_whole(status, json.dumps(body).encode(), headers)


class GitHub(Server):
    """Knows some pull requests; `remaining` counts down and at nothing every answer is a 403."""

    handler = GitHubHandler

    def __init__(self, token: str, pulls: list[PullRequest], tls: ssl.SSLContext | None = None):
        super().__init__(tls)
        self.token = token
        self.pulls = pulls
        self.remaining = 5000
        self.web = "https://github.com"
        self.requests: list[ApiRequest] = []

    def answer(self, path: str, query: dict[str, str], authorization: str) -> tuple[int, Any]:
        if authorization not in (f"Bearer {self.token}", f"token {self.token}"):
            return 401, {"message": "Bad credentials"}
        self.remaining -= 1
        if self.remaining < 0:
            return 403, {"message": "API rate limit exceeded"}
        match = PULLS.match(path)
        if not match:
            return 404, {"message": "Not Found"}
        return 200, self._list(match["owner"], match["repo"], query)

    def _list(self, owner: str, repo: str, query: dict[str, str]) -> list[dict[str, Any]]:
        state, head = query.get("state", "open"), query.get("head")
        return [
            pull.as_json(self.web)
            for pull in self.pulls
            if (pull.owner, pull.repo) == (owner, repo)
            and state in ("all", pull.state)
            and head in (None, f"{pull.owner}:{pull.branch}")
        ]
