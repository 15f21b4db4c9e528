"""A GitHub App as the stand-in for GitHub knows it: whoever asks for a token of its installation has to show a JWT that
the App's key has signed, which is verified by the openssl program."""

from __future__ import annotations

import base64
import json
import re
import ssl
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from support.github import ApiRequest, GitHub, GitHubHandler

ACCESS_TOKENS = re.compile(r"^(?P<prefix>/api/v3)?/app/installations/(?P<id>[^/]+)/access_tokens$")


class AppKey:
    """A key as GitHub gives it (PKCS#1), and the same as PKCS#8."""

    def __init__(self, folder: Path, name: str = "app") -> None:
        self.pkcs1, self.pkcs8, self.public = (folder / f"{name}.{form}.pem" for form in ("pkcs1", "pkcs8", "public"))
        for command in (("genrsa", "-traditional", "-out", self.pkcs1, "2048"),
                        ("pkcs8", "-topk8", "-nocrypt", "-in", self.pkcs1, "-out", self.pkcs8),
                        ("rsa", "-in", self.pkcs1, "-pubout", "-out", self.public)):
            subprocess.run(["openssl", *map(str, command)], check=True, capture_output=True)

    def has_signed(self, text: bytes, signature: bytes) -> bool:
        with tempfile.NamedTemporaryFile() as file:
            file.write(signature)
            file.flush()
            done = subprocess.run(["openssl", "dgst", "-sha256", "-verify", str(self.public), "-signature", file.name],
                                  input=text, capture_output=True, check=False)
        return done.returncode == 0


class _Handler(GitHubHandler):
    def do_POST(self) -> None:
        self.read_body()
        self.answer_with(self.server.owner.answer_post)  # type: ignore[attr-defined]


class GitHubWithApp(GitHub):
    """`life` is that of a token in seconds; while `failing` is set to a status, it is every answer; without `gate` none
    comes."""

    handler = _Handler

    def __init__(self, key: AppKey, app_id: str = "1234", installation: str = "5678",
                 tls: ssl.SSLContext | None = None) -> None:
        super().__init__("", [], tls)
        self.key, self.app_id, self.installation = key, app_id, installation
        self.life = 3600
        self.failing: int | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.tokens: list[str] = []

    def token_requests(self) -> list[ApiRequest]:
        return [request for request in self.requests if ACCESS_TOKENS.match(request.path)]

    def answer_post(self, path: str, _query: dict[str, str], authorization: str) -> tuple[int, Any]:
        match = ACCESS_TOKENS.match(path)
        if not match:
            return 404, {"message": "Not Found"}
        self.wait_released(self.gate)
        if self.failing:
            return self.failing, {"message": "a failure of the test"}
        refusal = self._refuse(authorization)
        if refusal:
            return refusal
        if match["id"] != self.installation:
            return 404, {"message": "Not Found"}
        token = f"ghs_{len(self.tokens)}_of_the_stand_in"
        self.tokens.append(token)
        expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + self.life))
        return 201, {"token": token, "expires_at": expires, "permissions": {"contents": "write"},
                     "repository_selection": "all"}

    def _refuse(self, authorization: str) -> tuple[int, Any] | None:
        """In the order and with the words of GitHub; None where the JWT is the App's."""
        undecodable = 401, {"message": "A JSON web token could not be decoded"}
        try:
            scheme, jwt = authorization.split(" ")
            text, signature = jwt.rsplit(".", 1)
            head, claims = (json.loads(_from_base64url(part)) for part in text.split("."))
            signature = _from_base64url(signature)
        except ValueError:
            return undecodable
        if scheme != "Bearer" or head != {"alg": "RS256", "typ": "JWT"}:
            return undecodable
        if claims["iss"] != self.app_id:
            return 404, {"message": "Integration not found"}
        if not self.key.has_signed(text.encode(), signature):
            return undecodable
        now = time.time()
        if not isinstance(claims["iat"], int) or claims["iat"] > now:
            return 401, {"message": "'Issued at' claim ('iat') must be an Integer representing the time that the "
                                    "assertion was issued"}
        if not isinstance(claims["exp"], int) or claims["exp"] > now + 600:
            return 401, {"message": "'Expiration time' claim ('exp') is too far in the future"}
        if claims["exp"] <= now:
            return 401, {"message": "'Expiration time' claim ('exp') must be a numeric value representing the future "
                                    "time at which the assertion expires"}
        return None


def _from_base64url(text: str) -> bytes:
    if set(text) & set("+/="):
        raise ValueError("base64, not base64url without padding")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
