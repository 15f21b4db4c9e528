"""The forms in which a secret may stand in an output, and looking for them."""

from __future__ import annotations

import base64
import json
from typing import Iterable
from urllib.parse import quote


def shapes(secret: str) -> set[str]:
    """The secret plain, as JSON text, as JSON text inside JSON text, percent-encoded, and in base64 at each of three offsets."""
    once = json.dumps(secret)[1:-1]
    encoded = {base64.b64encode(b"x" * pad + secret.encode()).decode()[4 if pad else 0 : -4] for pad in range(3)}
    urlsafe = {text.replace("+", "-").replace("/", "_") for text in encoded}
    return {secret, once, json.dumps(once)[1:-1], quote(secret, safe=""), *encoded, *urlsafe}


def printed_forms(secret: str) -> list[str]:
    """What an agent might print: the shapes with something around them."""
    pairs = [f"{prefix}{secret}{suffix}".encode() for prefix in ("", "u", "us", "x-access-token:") for suffix in ("", ":x")]
    return [f"[{secret}]", json.dumps({"key": secret}), json.dumps(json.dumps({"key": secret})),
            f"https://u:{quote(secret, safe='')}@host/", *(base64.b64encode(pair).decode() for pair in pairs),
            *(base64.urlsafe_b64encode(pair).decode() for pair in pairs)]


def assert_none(where: str, text: str, secrets: Iterable[str]) -> None:
    found = [shape for secret in secrets for shape in shapes(secret) if shape in text]
    assert found == [], f"in {where}"
