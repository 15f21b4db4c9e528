"""The project's images as OCI archives, for a node: archive("runtime"), archive("shell-agent").

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

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "tests" / "images" / "build"
KEPT_SECONDS = 2 * 24 * 3600  # an archive that nobody has asked for since is removed


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


@functools.cache
def archive(image: str) -> Path:
    """The OCI archive of an image of images/ or examples/; raises CannotBuild."""
    folder = _cache() / "archives"
    target = folder / f"{image}-{_state(image)}.tar"
    if target.exists():
        os.utime(target)
        return target
    folder.mkdir(parents=True, exist_ok=True)
    _remove_old(folder)
    with tempfile.TemporaryDirectory(prefix=".part.", dir=folder) as part:
        done = subprocess.run([BUILD, part, image], text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            raise CannotBuild(done.stdout[-2000:])
        (Path(part) / f"axon-{image}.tar").rename(target)
    return target


class Image:
    """What an OCI archive holds."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive
        index = self._json("index.json")["manifests"][0]
        self.name: str = index["annotations"]["org.opencontainers.image.ref.name"]
        self._manifest = self._json(self._blob(index["digest"]))
        self.config: dict = self._json(self._blob(self._manifest["config"]["digest"]))["config"]

    @staticmethod
    def _blob(digest: str) -> str:
        return f"blobs/{digest.replace(':', '/')}"

    def _json(self, member: str) -> dict:
        with tarfile.open(self.archive) as tar:
            return json.load(tar.extractfile(member))

    def files(self) -> dict[str, tarfile.TarInfo]:
        """All that is no directory, by path; layers above win, whiteouts are taken as files."""
        found = {}
        with tarfile.open(self.archive) as tar:
            for layer in self._manifest["layers"]:
                with tarfile.open(fileobj=tar.extractfile(self._blob(layer["digest"]))) as content:
                    found |= {member.name.removeprefix("./"): member for member in content if not member.isdir()}
        return found
