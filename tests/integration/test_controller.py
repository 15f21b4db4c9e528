"""The manager is killed at random moments, replaced by another replica: no Task is lost, none is run twice."""

from __future__ import annotations

import os
import random
import time
from datetime import datetime
from pathlib import Path

from support.apiserver import ApiServer
from support.between import Relay
from support.manager import Manager
from support.processes import wait_until
from support.workload import workload

KILLS = int(os.environ.get("AXON_KILLS", "50"))
MOST_AT_A_TIME = 16  # unfinished Tasks, below which another wave comes


def test_killed_at_any_moment_it_loses_no_task_and_runs_none_twice(
        axon_api: ApiServer, controller: str, rng: random.Random, tmp_path: Path) -> None:
    begun = time.monotonic()
    with workload(axon_api, "kills", rng) as there:
        config = axon_api.kubeconfig(tmp_path / "config")
        with Manager(controller, config, tmp_path / "manager.log", "kills") as manager:
            for _ in range(KILLS):
                if len(there.unfinished()) < MOST_AT_A_TIME:
                    there.wave()
                if rng.random() < 0.5:
                    there.history.wait_for_a_job(rng.uniform(0, 1))  # between its creation and the Task's status
                else:
                    time.sleep(rng.uniform(0, 0.6))
                manager.kill()
                manager.start()
            there.wait_all()
    print(f"{KILLS} kills, {len(there.names)} Tasks, {time.monotonic() - begun:.0f} s")


def replica(controller: str, config: Path, folder: Path, name: str, namespace: str) -> Manager:
    return Manager(controller, config, folder / f"{name}.log", namespace, "--leader-elect", "--leader-elect-namespace",
                   namespace, HOSTNAME=name)


def lease(axon_api: ApiServer, namespace: str) -> dict:
    found = axon_api.request("GET", f"/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases/axon-controller")[1]
    return found.get("spec", {})


def leader(axon_api: ApiServer, namespace: str) -> str:
    return lease(axon_api, namespace).get("holderIdentity", "").split("_")[0]


def between(earlier: str, later: str) -> float:
    """Seconds, of two times of a Lease."""
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()


def wait_to_lead(axon_api: ApiServer, namespace: str, name: str) -> dict:
    wait_until(lambda: leader(axon_api, namespace) == name, f"{name} to lead")
    return lease(axon_api, namespace)


def test_another_replica_goes_on(axon_api: ApiServer, controller: str, rng: random.Random, tmp_path: Path) -> None:
    with workload(axon_api, "replicas", rng) as there:
        config = axon_api.kubeconfig(tmp_path / "config")
        one, two = (replica(controller, config, tmp_path, name, "replicas") for name in ("one", "two"))
        with one:
            wait_to_lead(axon_api, "replicas", "one")
            two.start()
            there.wave()
            there.history.wait_for_a_job(60)
            before = lease(axon_api, "replicas")
            one.kill()
            there.wave()
            after = wait_to_lead(axon_api, "replicas", "two")
            waited = between(before["renewTime"], after["acquireTime"])
            assert waited >= before["leaseDurationSeconds"], "the killed one might have been slow only"
            print(f"after KILL it took {waited:.1f} s from the last renewal on")
            there.wait_all()

            one.start()
            wait_until(lambda: "caches are complete" in two.log.read_text(), "the caches of the second")
            assert leader(axon_api, "replicas") == "two"
            there.wave()
            there.history.wait_for_a_job(60)
            before = lease(axon_api, "replicas")
            two.__exit__()  # an orderly stop
            after = wait_to_lead(axon_api, "replicas", "one")
            waited = between(before["renewTime"], after["acquireTime"])
            assert waited < before["leaseDurationSeconds"], "it was let go, so nobody has to wait until it ends"
            print(f"after TERM it took {waited:.1f} s from the last renewal on")
            there.wait_all()


def test_a_leader_that_is_cut_off_ends_and_is_replaced(
        axon_api: ApiServer, controller: str, rng: random.Random, tmp_path: Path) -> None:
    with workload(axon_api, "cut-off", rng) as there, Relay(axon_api.port) as relay:
        far = axon_api.kubeconfig(tmp_path / "far", server=f"https://127.0.0.1:{relay.port}")
        cut = replica(controller, far, tmp_path, "cut", "cut-off").start()
        wait_to_lead(axon_api, "cut-off", "cut")
        with replica(controller, axon_api.kubeconfig(tmp_path / "config"), tmp_path, "other", "cut-off"):
            there.wave()
            there.history.wait_for_a_job(60)
            relay.cut()
            assert cut.wait() == 1
            end = cut.lines()[-1]
            assert "could not be renewed in time" in end["error"]
            there.wait_all()
            assert between(end["time"], wait_to_lead(axon_api, "cut-off", "other")["acquireTime"]) > 0, "one at a time"
