"""The whole way of a GitHub App's token, on a real node: GitHub, the manager, its Secret, the kubelet, and what git is
told in the Pod."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path
from typing import Iterator

import pytest

from support.cluster import Kubectl
from support.github_app import GitHubWithApp
from support.processes import wait_until
from support.there import There, managed, with_crds
from support.tls import Authority

# Asks as git does, until the answer is another one.
SCRIPT = """
ask() { printf 'protocol=https\\nhost=%s\\n\\n' "$1" | /program/axon-entrypoint git-credential get | grep password; }
first=$(ask "$1"); echo "$first"
while [ "$(ask "$1")" = "$first" ]; do sleep 1; done
ask "$1"
"""


@pytest.fixture
def there(cluster: Kubectl, github: GitHubWithApp, controller: str, authority: Authority, tmp_path: Path) -> Iterator[There]:
    with managed(with_crds(cluster), github, controller, authority, tmp_path) as there:
        yield there


@pytest.fixture
def program_folder(entrypoint: str, tmp_path: Path) -> Path:
    """Holds axon-entrypoint alone, for a Pod of another user to mount: busybox has no library that it could need."""
    if b"ld-linux" in Path(entrypoint).read_bytes()[:4096]:
        pytest.skip("axon-entrypoint is not static: build the release preset")
    folder = tmp_path / "program"
    folder.mkdir(mode=0o755)
    shutil.copy(entrypoint, folder)
    return folder


def with_another_program(template: dict, host: str, folder: Path) -> dict:
    """The Pod of a Task's Job that runs the script in the agent's place."""
    spec = copy.deepcopy(template)
    del spec["initContainers"]
    (container,) = spec["containers"]
    del container["workingDir"]
    container |= {"image": "localhost/busybox:1", "imagePullPolicy": "Never", "command": ["sh", "-c", SCRIPT, "sh", host]}
    del container["args"]
    container["volumeMounts"].append({"name": "program", "mountPath": "/program", "readOnly": True})
    spec["volumes"].append({"name": "program", "hostPath": {"path": str(folder)}})
    return spec


def test_git_in_a_pod_is_told_the_next_token(there: There, program_folder: Path) -> None:
    there.github.life = 20
    there.secret("app")
    there.workspace("shop")
    there.task("first")
    template = there.wait("job", "first")["spec"]["template"]["spec"]
    wait_until(lambda: there.get("serviceaccount", "default"), "the namespace's account")
    spec = with_another_program(template, f"127.0.0.1:{there.github.port}", program_folder)
    there.make("Pod", "asks", "v1", spec=spec)
    # The kubelet looks at the Secrets of a running Pod about once a minute.
    there.wait("pod", "asks", lambda pod: pod["status"]["phase"] in ("Succeeded", "Failed"), 300)
    told = there.kubectl("logs", "asks", "-n", there.namespace).split()
    assert len(told) == 2 and told[0] != told[1]
    assert {line.removeprefix("password=") for line in told} <= set(there.github.tokens)

    there.kubectl("delete", "workspace", "shop", "-n", there.namespace)
    wait_until(lambda: not there.get("secret", "axon-github-token-shop"), "the end of the Secret with its Workspace")
