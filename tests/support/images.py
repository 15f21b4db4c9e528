"""The project's images as archives, for a node: archive("runtime"), archive("shell-agent").

Each is built once for each state of what goes into it and kept in the user's cache; a name that a Pod finds it by is
name("runtime"). They hold the static programs of build/release.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "tests" / "images" / "build"
KEPT_SECONDS = 6 * 3600  # an archive that nobody has asked for since is removed
GONE = 75  # tests/images/run: another worktree has replaced the image meanwhile


class CannotBuild(Exception):
    """Why there is no such image on this machine."""


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or f"{os.environ['HOME']}/.cache"
    return Path(os.environ.get("AXON_CACHE") or f"{home}/axon") / "images"


def version() -> str:
    found = re.search(r"^project\(axon VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text(), re.MULTILINE)
    assert found is not None
    return found[1]


def name(image: str) -> str:
    """What the archive calls it, and the controller by default."""
    return f"docker.io/library/axon-{image}:{version()}"


def _folder(image: str) -> Path:
    for where in ("images", "examples"):
        if (ROOT / where / image / "Containerfile").is_file():
            return ROOT / where / image
    raise CannotBuild(f"there is no Containerfile for {image}")


def _inputs(image: str) -> list[Path]:
    """The files that the image is made of, those of the base included."""
    folder = _folder(image)
    recipe = (folder / "Containerfile").read_text()
    context = ROOT if folder.parent.name == "images" else folder
    copied = [context / source for line in re.findall(r"^COPY (?!.*--from)(.*)$", recipe, re.MULTILINE)
              for source in line.split()[:-1] if not source.startswith("--")]
    for file in copied:
        if not file.is_file():
            raise CannotBuild(f"{file.relative_to(ROOT)} is not there; scripts/build makes the programs")
    base = _inputs("base") if "\nARG BASE_IMAGE" in f"\n{recipe}" else []
    return [folder / "Containerfile", *copied, *base]


def _state(image: str) -> str:
    recipe = [ROOT / "images" / "build", *sorted(BUILD.parent.iterdir())]
    digest = hashlib.sha256()
    for file in [*recipe, *_inputs(image)]:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _remove_old(folder: Path) -> None:
    for file in folder.glob("*.tar"):
        if file.stat().st_mtime < time.time() - KEPT_SECONDS:
            file.unlink(missing_ok=True)


def _build(*arguments: str) -> str:
    done = subprocess.run([BUILD, *arguments], text=True, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != 0:
        raise CannotBuild(done.stderr[-2000:])
    return done.stdout.strip()


def _id(image: str) -> str:
    """Of the image in the store. It is kept in a file, because asking the builder takes it seconds."""
    kept = _cache() / "ids" / f"{image}-{_state(image)}"
    known = kept.read_text() if kept.exists() else ""
    found = _build(*(("--unless", known) if known else ()), image)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(found)
    return found


def run(image: str, *command: str, uid: int, gid: int = 0) -> subprocess.CompletedProcess[str]:
    """Runs it in the image, on a root that cannot be written; NAME=VALUE in front are variables. Raises CannotBuild."""
    while True:
        done = subprocess.run([BUILD.parent / "run", _id(image), f"{uid}:{gid}", *command], text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
        if done.returncode != GONE:
            return done


@functools.cache
def archive(image: str) -> Path:
    """The archive of an image of images/ or examples/; raises CannotBuild."""
    folder = _cache() / "archives"
    target = folder / f"{image}-{_state(image)}.tar"
    if target.exists():
        os.utime(target)
        return target
    folder.mkdir(parents=True, exist_ok=True)
    _remove_old(folder)
    with tempfile.TemporaryDirectory(prefix=".part.", dir=folder) as part:
        _build("--archive", part, image)
        (Path(part) / f"axon-{image}.tar").rename(target)
    return target


class Image:
    """What an archive holds; it is laid out as `docker save` does."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive
        self._manifest = self._json("manifest.json")[0]
        self.names: list[str] = self._manifest["RepoTags"]
        self.config: dict = self._json(self._manifest["Config"])["config"]

    def _json(self, member: str) -> Any:
        with tarfile.open(self.archive) as tar:
            return json.load(tar.extractfile(member))

    def files(self) -> dict[str, tarfile.TarInfo]:
        """All that is no directory, by path; layers above win, whiteouts are taken as files."""
        found = {}
        with tarfile.open(self.archive) as tar:
            for layer in self._manifest["Layers"]:
                with tarfile.open(fileobj=tar.extractfile(layer)) as content:
                    found |= {member.name.removeprefix("./"): member for member in content if not member.isdir()}
        return found
