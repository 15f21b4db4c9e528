"""How the manager begins: with flags that are wrong, and on a cluster that is not ready for it."""

from __future__ import annotations

import json
import random
import socket
import subprocess
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from support.apiserver import ApiServer
from support.manager import Manager
from support.processes import wait_until
from support.there import with_crds
from support.workload import workload


def run(controller: str, *flags: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([controller, "manager", *flags], env={"HOME": "/nonexistent"}, text=True, capture_output=True,
                          timeout=60, check=False)


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done
    last = json.loads(done.stderr.splitlines()[-1])
    assert (last["level"], last["msg"]) == ("error", "ended")
    return last["error"]


def test_wrong_flags_are_named(controller: str) -> None:
    for flags, sentence in {
        ("--nonsense",): "The following argument was not expected: --nonsense",
        ("--workers", "0"): "--workers: Value 0 not in range 1 to 1000",
        ("--workers", "many"): "--workers: Value many not in range 1 to 1000",
        ("--kubeconfig",): "--kubeconfig: 1 required TEXT missing",
    }.items():
        done = run(controller, *flags)
        assert done.returncode == 2, done
        assert done.stderr.splitlines()[0] == sentence


def test_without_a_cluster_it_says_what_it_looked_for(controller: str, tmp_path: Path) -> None:
    assert complaint(run(controller)) == ("no cluster is configured: there is no kubeconfig at /nonexistent/.kube/config, "
                                          "and this is no Pod of a cluster; set KUBECONFIG")
    missing = tmp_path / "missing"
    assert complaint(run(controller, "--kubeconfig", str(missing))) == (
        f"kubeconfig: read {missing}: No such file or directory")
    broken = tmp_path / "broken"
    broken.write_text("clusters: 7")
    assert complaint(run(controller, "--kubeconfig", str(broken))).startswith("kubeconfig: ")


def test_an_address_that_cannot_be_listened_on_is_named(controller: str, api: ApiServer, tmp_path: Path) -> None:
    config = str(api.kubeconfig(tmp_path / "config"))

    def with_address(flag: str, address: str) -> str:
        other = {"--metrics-bind-address": "--health-probe-bind-address",
                 "--health-probe-bind-address": "--metrics-bind-address"}[flag]
        return complaint(run(controller, "--kubeconfig", config, flag, address, other, "0"))

    for flag in ("--metrics-bind-address", "--health-probe-bind-address"):
        for wrong in (":x", "nonsense", "127.0.0.1", "127.0.0.1:99999", "localhost:8080"):
            assert with_address(flag, wrong) == (
                f'{flag}: "{wrong}" is no address; expected for example :8080 or 127.0.0.1:8080, or 0 for none')
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            assert with_address(flag, address) == f"{flag}: listen on {address}: Address already in use"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def ready(address: str) -> int:
    try:
        with urlopen(f"http://{address}/readyz", timeout=60) as answer:
            return answer.status
    except HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_it_waits_for_its_kinds_to_be_installed(controller: str, api: ApiServer, rng: random.Random, tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    manager = Manager(controller, api.kubeconfig(tmp_path / "config"), tmp_path / "log", "early", health=address)
    with manager:
        (first,) = wait_until(lambda: [line for line in manager.lines() if line.get("resource") == "tasks"][:1], "a warning")
        assert first["hint"] == "the API server does not know it; run axon install"
        wait_until(lambda: ready(address) == 503, "a sign of life")
        with_crds(api.kubectl)
        with workload(api, "early", rng) as there:
            there.task("one")
            there.wait_all()
        assert ready(address) == 200
        before = len(manager.lines())
    assert [line["msg"] for line in manager.lines()[before:]] == ["stopped"]


def test_a_job_of_somebody_else_is_left_alone(controller: str, axon_api: ApiServer, rng: random.Random, tmp_path: Path) -> None:
    with workload(axon_api, "foreign", rng) as there:
        pod = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}
        jobs = "/apis/batch/v1/namespaces/foreign/jobs"
        axon_api.make(jobs, {"metadata": {"name": "taken"}, "spec": {"suspend": True, "template": {"spec": pod}}})
        manager = Manager(controller, axon_api.kubeconfig(tmp_path / "config"), tmp_path / "log", "foreign")
        with manager:
            there.task("taken")
            sentence = 'a Job named "taken" exists and is not this Task\'s; delete it, or give the Task another name'
            for _ in range(2):
                assert there.history.wait(lambda: there.history.status("taken").get("message") == sentence, 60)
                manager.kill()
                manager.start()
            assert axon_api.request("DELETE", f"{jobs}/taken", {"propagationPolicy": "Background"})[0] == 200
            there.wait_all()
