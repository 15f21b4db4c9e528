"""A real node with Axon installed on it by `axon install`, and the images that its Tasks run."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, NamedTuple, Sequence

from support import cluster as clusters
from support.cluster import HERE, Kubectl
from support.images import version
from support.processes import wait_until

ROOT = HERE.parent.parent
SHELL_AGENT = ROOT / "examples" / "shell-agent"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
NODE_ADDRESS = "10.88.0.1"  # of tests/cluster/node.sh
SYSTEM = "axon-system"
FINISHED = ("Succeeded", "Failed")
WAIT = 90.0

# Knows the contract's first version alone: a prompt in $1, variables, markers in the log. It says nothing in any other way.
OLD_CONTRACT = """#!/bin/sh
echo "agent of type $AXON_AGENT_TYPE was asked: $1"
echo ---AXON_OUTPUTS_START---
echo "branch: made-by-hand"
echo "pr: https://github.example/a/b/pull/1"
echo "input-tokens: 12"
echo "output-tokens: 3"
echo "cost-usd: 0.5"
echo ---AXON_OUTPUTS_END---
exit ${EXIT_CODE:-0}
"""


# An agent that says what it was asked, as a digest; there is no shell, no git and no user in its image.
DIGEST = """contract: v1
name: digest
command: [/busybox, sha256sum]
"""


class Images:
    """OCI archives made of the programs that were just built, each of the fewest files that it works with."""

    def __init__(self, folder: Path, entrypoint: str, controller: str) -> None:
        self._folder = folder
        self._entrypoint = entrypoint
        busybox = shutil.which("busybox")
        applets = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split()
        self._busybox = ["--file", f"{busybox}:/bin/busybox:755", "--dir", "/tmp:1777", "--dir", "/home/agent:777"]
        for applet in applets:
            if applet != "busybox":
                self._busybox += ["--symlink", f"busybox:/bin/{applet}"]
        old = folder / "old-contract"
        old.write_text(OLD_CONTRACT)
        manifest = folder / "digest.yaml"
        manifest.write_text(DIGEST)
        digest = ["--file", f"{busybox}:/busybox:755", "--file", f"{manifest}:/etc/axon/agent.yaml:644"]
        agent = ["--file", f"{SHELL_AGENT}/shell-agent:/usr/local/bin/shell-agent:755",
                 "--file", f"{SHELL_AGENT}/agent.yaml:/etc/axon/agent.yaml:644"]
        self.archives = [
            self._program("axon-controller", controller),
            self._program("axon-runtime", entrypoint, "axon-entrypoint"),
            self._make("shell-agent", *self._busybox, *agent, "--file", f"{entrypoint}:/axon_entrypoint.sh:755"),
            self._make("unmodified", *self._busybox, *agent),
            self._make("digest", *digest),
            self._make("digest-of-root", *digest, "--dir", "/root:700", "--env", "HOME=/root"),
            self._make("digest-of-1000", *digest, "--dir", "/home/node:755", "--env", "HOME=/home/node", "--user", "1000"),
            self._make("old-contract", *self._busybox, "--file", f"{old}:/axon_entrypoint.sh:755"),
        ]

    def _program(self, name: str, program: str, inside: str | None = None) -> Path:
        path = f"/{inside or name}"
        return self._make(name, "--file", f"{program}:{path}:755", "--file", f"{CERTIFICATES}:{CERTIFICATES}:644",
                          "--entrypoint", json.dumps([path]))

    def _make(self, name: str, *arguments: str) -> Path:
        archive = self._folder / f"{name}.tar"
        subprocess.run([HERE / "mkimage", archive, f"localhost/{name}:{version()}", *arguments], check=True)
        return archive


def image(name: str) -> str:
    return f"localhost/{name}:{version()}"


class AxonCluster(Kubectl):
    def __init__(self, kubectl: Kubectl, axon: str) -> None:
        super().__init__(kubectl.program, kubectl.kubeconfig, kubectl.state)
        self.program_under_test = axon
        self._relays: list[subprocess.Popen] = []

    def axon(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([self.program_under_test, *arguments, "--kubeconfig", str(self.kubeconfig)], text=True,
                              capture_output=True, timeout=240, check=False)

    def install(self) -> subprocess.CompletedProcess[str]:
        return self.axon("install", "--image-prefix", "localhost", "--image-tag", version(), "--timeout", "90s")

    def expose(self, port: int) -> str:
        """HOST:PORT at which Pods reach a server of this machine's loopback; there is no other way out of the node."""
        socket = self.state / f"port-{port}.sock"
        init = (self.state / "init.pid").read_text().strip()
        for command in (["socat", f"UNIX-LISTEN:{socket},fork", f"TCP:127.0.0.1:{port}"],
                        ["nsenter", "--net", "--target", init, "socat",
                         f"TCP-LISTEN:{port},bind={NODE_ADDRESS},reuseaddr,fork", f"UNIX-CONNECT:{socket}"]):
            self._relays.append(subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *command]))
        probe = ["nsenter", "--net", "--target", init, "socat", "-u", "OPEN:/dev/null", f"TCP:{NODE_ADDRESS}:{port}"]
        wait_until(lambda: subprocess.run(probe, capture_output=True, check=False).returncode == 0,
                   f"port {port} of this machine, from the node", WAIT)
        return f"{NODE_ADDRESS}:{port}"

    def close(self) -> None:
        for relay in self._relays:
            relay.kill()
            relay.wait()

    def task(self, name: str, prompt: str, ns: str = "default", **spec) -> str:
        """Applies a Task of shell-agent; returns its name."""
        spec = {"type": "shell-agent", "image": image("shell-agent"), "credentials": {"type": "none"}, "prompt": prompt, **spec}
        self.apply({"apiVersion": "axon.io/v1alpha1", "kind": "Task", "metadata": {"name": name, "namespace": ns}, "spec": spec},
                   "--server-side")  # which takes a long prompt, too
        return name

    def status(self, name: str, ns: str = "default") -> dict:
        return self.get("task", name, "-n", ns).get("status", {})

    def ended(self, name: str, ns: str = "default", seconds: float = WAIT) -> dict:
        """The status of a Task when it has ended."""
        done = lambda task: task.get("status", {}).get("phase") in FINISHED  # noqa: E731
        return self.wait_until(seconds, f"the end of Task {name}", "task", name, "-n", ns, accept=done)["status"]

    def reached(self, name: str, phase: str, ns: str = "default") -> dict:
        """The status of a Task once it is in the phase."""
        there = lambda task: task.get("status", {}).get("phase") == phase  # noqa: E731
        return self.wait_until(WAIT, f"{phase} of Task {name}", "task", name, "-n", ns, accept=there)["status"]

    def condition(self, name: str, kind: str, reason: str, ns: str = "default") -> str:
        """The message of the condition, once it has this reason."""
        def find(task: dict) -> list[dict]:
            return [c for c in task.get("status", {}).get("conditions", []) if (c["type"], c["reason"]) == (kind, reason)]

        return find(self.wait_until(WAIT, f"{kind} {reason} of Task {name}", "task", name, "-n", ns, accept=find))[0]["message"]

    def pod_of(self, name: str, ns: str = "default") -> dict | None:
        pods = self.get("pods", "-n", ns, "-l", f"axon.io/task={name}")["items"]
        return pods[0] if pods else None

    def wait_gone(self, *which: str) -> None:
        wait_until(lambda: not self("get", *which, "--ignore-not-found", "-o", "name").split(),
                   f"the end of {' '.join(which)}", WAIT)

    def wait_log(self, pod: str, accept, ns: str = "default") -> str:
        """The Pod's log, once accept(it) holds."""
        def look() -> str | None:
            log = self.run("logs", "-n", ns, pod).stdout
            return log if accept(log) else None

        return wait_until(look, f"the log of Pod {pod}", WAIT)

    def kill_container(self, pod: str, ns: str = "default") -> None:
        """KILL to PID 1 of the Pod's agent, from outside, as the kernel would."""
        seen = self.get("pod", pod, "-n", ns)
        container = seen["status"]["containerStatuses"][0]["containerID"].removeprefix("containerd://")
        for process in Path("/proc").glob("[0-9]*"):
            try:
                inside = container in (process / "cgroup").read_text()
                is_first = re.search(r"^NSpid:.*\t1$", (process / "status").read_text(), re.MULTILINE)
            except OSError:  # it has ended
                continue
            if inside and is_first:
                os.kill(int(process.name), signal.SIGKILL)
                return
        raise AssertionError(f"Pod {pod} has no process")

    def evict(self, pod: str, ns: str = "default") -> None:
        """What `kubectl drain` asks for."""
        eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod, "namespace": ns}}
        self("create", "--raw", f"/api/v1/namespaces/{ns}/pods/{pod}/eviction", "-f", "-", stdin=json.dumps(eviction))

    def scale_controller(self, replicas: int) -> None:
        """And waits until that many are ready, and no other is there."""
        name = "deployment/axon-controller-manager"
        self("-n", SYSTEM, "scale", name, f"--replicas={replicas}")
        if replicas:
            self("-n", SYSTEM, "rollout", "status", name, "--timeout=90s")
        else:
            self.wait_gone("pod", "-n", SYSTEM, "-l", "app.kubernetes.io/component=controller")


class Programs(NamedTuple):
    axon: str
    controller: str
    entrypoint: str


@contextmanager
def installed(folder: Path, programs: Programs, more: Sequence[Path] = ()) -> Iterator[AxonCluster]:
    images = Images(folder, programs.entrypoint, programs.controller)
    with clusters.node([*images.archives, *more]) as kubectl:
        cluster = AxonCluster(kubectl, programs.axon)
        try:
            done = cluster.install()
            assert done.returncode == 0, done.stderr
            yield cluster
        finally:
            cluster.close()
