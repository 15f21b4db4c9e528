"""A real sshd on loopback that serves repositories: keys of its own, nothing of this machine's configuration."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from support.web import WAIT_SECONDS

SSHD = shutil.which("sshd", path=f"/usr/sbin:/usr/local/sbin:{os.environ.get('PATH', '')}")

# What the key may run: git's upload-pack and receive-pack, and git-lfs-authenticate as a server of Git LFS has it.
FORCED = """\
import os, shlex, sys
words = shlex.split(os.environ.get("SSH_ORIGINAL_COMMAND", ""))
with open({log!r}, "a") as log:
    log.write(os.environ.get("SSH_ORIGINAL_COMMAND", "") + "\\n")
if not words or words[0] not in ("git-upload-pack", "git-receive-pack", "git-lfs-authenticate"):
    sys.exit("only git is served here")
path = os.path.join({root!r}, words[1].lstrip("/"))
if not os.path.isdir(path):
    sys.exit("ERROR: Repository not found.")
if words[0] == "git-lfs-authenticate":
    answer = {answer!r}
    if not os.path.exists(answer):
        sys.exit("git-lfs-authenticate: command not found")
    print(open(answer).read())
    sys.exit(0)
settings = {{"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}}
os.execvpe("git", ["git", words[0][4:], path], {{**os.environ, **settings}})
"""


def keygen(path: Path, passphrase: str = "") -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", "test", "-f", str(path)], check=True)
    return path


def secret_of(key: Path) -> str:
    """A line of it that nobody may see."""
    return key.read_text().splitlines()[2]


class Sshd:
    """`key` is let in; `known_hosts` knows the host. `lfs_answer` is what git-lfs-authenticate prints, if it is there."""

    def __init__(self, folder: Path, root: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.key = keygen(folder / "client")
        self.host_key = keygen(folder / "host")
        self.lfs_answer = folder / "lfs.json"
        self.log = folder / "commands"
        self.user = getpass.getuser()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        forced = folder / "forced.py"
        forced.write_text(FORCED.format(root=str(root), log=str(self.log), answer=str(self.lfs_answer)))
        public = (folder / "client.pub").read_text()
        command = f"{sys.executable} {forced}"
        (folder / "authorized").write_text(f'restrict,command="{command}" {public}')
        host_public = " ".join((folder / "host.pub").read_text().split()[:2])
        self.known_hosts = folder / "known"
        self.known_hosts.write_text(f"[127.0.0.1]:{self.port} {host_public}\n")
        (folder / "config").write_text(
            f"ListenAddress 127.0.0.1:{self.port}\nHostKey {self.host_key}\nPidFile none\nUsePAM no\nStrictModes no\n"
            f"AuthorizedKeysFile {folder}/authorized\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
            "PermitRootLogin prohibit-password\nUseDNS no\n")

    def __enter__(self) -> Sshd:
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where it locks itself up
        self._process = subprocess.Popen([SSHD, "-D", "-e", "-f", self.folder / "config"],
                                         stderr=(self.folder / "sshd.log").open("w"))
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "sshd.log").read_text())
            time.sleep(0.02)

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def url(self, name: str) -> str:
        return f"ssh://{self.user}@127.0.0.1:{self.port}/{name}"

    @property
    def commands(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []
