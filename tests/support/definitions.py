"""The fields of the custom resources, and the documents of examples/."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
CRDS = sorted((ROOT / "crds").glob("*.yaml"))
# A manifest of an agent is YAML, too, and nothing for an API server.
EXAMPLES = sorted(path for path in (ROOT / "examples").rglob("*.yaml") if path.name != "agent.yaml")


def leaves(schema: dict, path: str = "") -> Iterator[str]:
    """The paths of the fields that have none of their own, without the marks of lists."""
    while "items" in schema:
        schema = schema["items"]
    if "properties" not in schema:
        yield path
    for name, field in schema.get("properties", {}).items():
        yield from leaves(field, f"{path}.{name}" if path else name)


def definition(file: Path) -> tuple[str, dict]:
    """Its kind and the schemas of spec and status."""
    spec = yaml.safe_load(file.read_text())["spec"]
    return spec["names"]["kind"], spec["versions"][0]["schema"]["openAPIV3Schema"]["properties"]


def documents() -> Iterator[dict]:
    for file in EXAMPLES:
        yield from yaml.safe_load_all(file.read_text())


def paths_in(value: object, path: str = "") -> Iterator[str]:
    """Every path in a document, of inner fields too."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from paths_in(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inner in value:
            yield from paths_in(inner, path)
