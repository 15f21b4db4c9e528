"""The clusters that other tests stand on: they start, do the real thing, and leave nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support import cluster as clusters

TESTS = Path(__file__).resolve().parent.parent


def pod(name: str, *command: str) -> dict:
    return {
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name},
        "spec": {"restartPolicy": "Never", "dnsPolicy": "Default",
                 "containers": [{"name": "main", "image": "localhost/busybox:1", "command": list(command)}]},
    }


def finished(seen: dict) -> bool:
    return seen["status"]["phase"] in ("Succeeded", "Failed")


def test_an_api_server_keeps_what_is_applied(apiserver):
    apiserver.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kept"}, "data": {"a": "b"}})
    assert apiserver.get("configmap", "kept")["data"] == {"a": "b"}


def test_the_oldest_api_server_is_the_oldest_supported_one(oldest_apiserver):
    assert oldest_apiserver.run("version").stdout.count("v1.28.") == 1


def test_a_pod_says_hello_and_ends(cluster):
    cluster.apply(pod("hello", "echo", "hello from a real kubelet"))
    ended = cluster.wait_until(60, "the Pod's end", "pod", "hello", accept=finished)
    assert ended["status"]["phase"] == "Succeeded"
    assert cluster("logs", "hello") == "hello from a real kubelet\n"


def test_a_job_reports_the_exit_code_of_its_pod(cluster):
    template = pod("unused", "sh", "-c", "exit 7")["spec"]
    cluster.apply({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "fails"},
                   "spec": {"backoffLimit": 0, "template": {"spec": template}}})
    cluster.wait_until(60, "the Job's end", "job", "fails", accept=lambda job: job["status"].get("failed") == 1)
    pods = cluster.get("pods", "-l", "job-name=fails")["items"]
    assert [one["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"] for one in pods] == [7]


def test_a_pod_reaches_the_api_server_as_its_service_account(cluster):
    script = "test -s /var/run/secrets/kubernetes.io/serviceaccount/token && echo | nc -w 5 $KUBERNETES_SERVICE_HOST $KUBERNETES_SERVICE_PORT"
    cluster.apply(pod("asks", "sh", "-c", script))
    assert cluster.wait_until(60, "the Pod's end", "pod", "asks", accept=finished)["status"]["phase"] == "Succeeded"


def _command_lines() -> str:
    lines = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            lines.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return "\n".join(lines)


@pytest.mark.parametrize("which", ["apiserver", "node"])
def test_nothing_is_left_when_the_starter_is_killed(which, request):
    request.getfixturevalue("apiserver" if which == "apiserver" else "cluster")  # built, and able to run here
    script = (f"import sys, time; sys.path.insert(0, {str(TESTS)!r}); from support import cluster\n"
              f"with cluster.{which}() as kubectl: print(kubectl.kubeconfig.parent, flush=True); time.sleep(600)")
    starter = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True,
                               env={**os.environ, "USE_EXISTING_CLUSTER": ""})
    state = Path(starter.stdout.readline().strip())
    owner = (state / "pid").read_text().strip()
    assert str(state) in _command_lines()
    starter.kill()
    starter.wait()
    end = time.monotonic() + 30
    while state.exists() or str(state) in _command_lines():
        assert time.monotonic() < end, _command_lines()
        time.sleep(0.1)
    assert not list(Path("/sys/fs/cgroup").glob(f"**/axon-cluster-{owner}"))
    assert str(state) not in Path("/proc/self/mountinfo").read_text()


def test_a_directory_that_holds_no_cluster_is_not_removed(tmp_path):
    (tmp_path / "mine").write_text("kept")
    for command in (["down", tmp_path], ["apiserver", "stop", tmp_path]):
        done = subprocess.run([TESTS / "cluster" / command[0], *command[1:]], capture_output=True, text=True)
        assert done.returncode == 1 and "holds no cluster" in done.stderr
    assert (tmp_path / "mine").read_text() == "kept"


def test_kubebuilder_assets_are_taken_as_they_are(tmp_path):
    env = {**os.environ, "KUBEBUILDER_ASSETS": str(tmp_path)}
    build = [TESTS / "cluster" / "build", "apiserver"]
    refused = subprocess.run(build, capture_output=True, text=True, env=env)
    assert refused.returncode == 1 and "holds no etcd" in refused.stderr
    for name in ("etcd", "kube-apiserver", "kubectl"):
        (tmp_path / name).touch(0o755)
    assert subprocess.run(build, capture_output=True, text=True, env=env).stdout == f"{tmp_path}\n"


def test_an_existing_cluster_is_used_only_where_it_is_asked_for(monkeypatch, tmp_path):
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "production"))
    monkeypatch.delenv("USE_EXISTING_CLUSTER", raising=False)
    assert clusters._existing() is None
