"""kube/'s informer and leader election against a real API server that is cut off, killed and made to forget."""

from __future__ import annotations

import random
import signal
from pathlib import Path

from support.apiserver import ApiServer
from support.between import Fault, FaultyProxy, Relay
from support.probe import Probe
from support.processes import wait_until

MAPS = "v1/configmaps"


def change(api: ApiServer, namespace: str, name: str, value: str) -> None:
    path = f"/api/v1/namespaces/{namespace}/configmaps/{name}"
    status, body = api.request("PATCH", path, {"data": {"value": value}})
    assert status == 200, body


def delete(api: ApiServer, namespace: str, name: str) -> None:
    assert api.request("DELETE", f"/api/v1/namespaces/{namespace}/configmaps/{name}")[0] == 200


def told(line: dict) -> tuple[str, str, str | None]:
    return line["change"], line["name"], (line["data"] or {}).get("value")


def next_change(probe: Probe) -> tuple[str, str, str | None]:
    return told(probe.until(lambda line: "change" in line))


def check_history(seen: list[dict]) -> dict[str, str]:
    """Each change follows from the one before it; gives what is there at the end."""
    known: dict[str, str] = {}
    for line in (line for line in seen if "change" in line):
        before = known.pop(line["name"], "")
        if line["change"] == "added":
            assert before == "", line
        elif line["change"] == "updated":
            assert before == line["before"] != line["version"], line
        else:
            assert before != "", line
        if line["change"] != "deleted":
            known[line["name"]] = line["version"]
    return known


def versions(api: ApiServer, namespace: str) -> dict[str, str]:
    items = api.request("GET", f"/api/v1/namespaces/{namespace}/configmaps")[1]["items"]
    return {item["metadata"]["name"]: item["metadata"]["resourceVersion"] for item in items}


def test_tells_each_change_once(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    namespace = api.namespace("informer-plain")
    api.config_map(namespace, "old", {"value": "1"})
    with Probe(kube_probe, api.kubeconfig(tmp_path / "config"), "inform", MAPS, namespace) as probe:
        assert next_change(probe) == ("added", "old", "1")
        assert probe.next()["synced"] == 1
        change(api, namespace, "old", "2")
        assert next_change(probe) == ("updated", "old", "2")
        api.config_map(namespace, "new", {"value": "3"})
        assert next_change(probe) == ("added", "new", "3")
        delete(api, namespace, "old")
        assert next_change(probe) == ("deleted", "old", "2")
        assert check_history(probe.seen) == versions(api, namespace)


def test_goes_on_where_a_watch_was_cut(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    namespace = api.namespace("informer-cut")
    with Relay(api.port) as relay:
        config = api.kubeconfig(tmp_path / "config", server=f"https://127.0.0.1:{relay.port}")
        with Probe(kube_probe, config, "inform", MAPS, namespace) as probe:
            probe.until(lambda line: "synced" in line)
            api.config_map(namespace, "a", {"value": "0"})
            assert next_change(probe) == ("added", "a", "0")
            for i in range(1, 6):
                relay.cut()
                change(api, namespace, "a", f"{i}-unseen")
                change(api, namespace, "a", f"{i}")
                relay.mend()
                assert next_change(probe) == ("updated", "a", f"{i}-unseen"), "a watch misses nothing"
                assert next_change(probe) == ("updated", "a", f"{i}")
            assert check_history(probe.seen) == versions(api, namespace)


def test_lists_anew_when_its_place_is_forgotten(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    namespace = api.namespace("informer-gone")
    for name in ("changed", "deleted", "same", "replaced"):
        api.config_map(namespace, name, {"value": "1"})
    with Relay(api.port) as relay:
        config = api.kubeconfig(tmp_path / "config", server=f"https://127.0.0.1:{relay.port}")
        with Probe(kube_probe, config, "inform", MAPS, namespace) as probe:
            probe.until(lambda line: "synced" in line)
            relay.cut()
            change(api, namespace, "changed", "2")
            delete(api, namespace, "deleted")
            delete(api, namespace, "replaced")
            api.config_map(namespace, "replaced", {"value": "another"})
            api.config_map(namespace, "made", {"value": "1"})
            api.kill()
            api.compact()  # etcd forgets what was, and the server that starts now never knew
            api.start_again()
            relay.mend()
            after = {next_change(probe) for _ in range(5)}
            assert after == {("updated", "changed", "2"), ("deleted", "deleted", "1"), ("deleted", "replaced", "1"),
                             ("added", "replaced", "another"), ("added", "made", "1")}
            change(api, namespace, "same", "2")
            assert next_change(probe) == ("updated", "same", "2")
            assert check_history(probe.seen) == versions(api, namespace)


def test_an_api_server_may_be_killed_at_any_time(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    namespace = api.namespace("informer-killed")
    dice = random.Random(1)
    with Probe(kube_probe, api.kubeconfig(tmp_path / "config"), "inform", MAPS, namespace) as probe:
        probe.until(lambda line: "synced" in line)
        names: list[str] = []
        for i in range(60):
            if i in (20, 40):
                api.kill()
                api.start_again()
            if not names or dice.random() < 0.4:
                names.append(f"m{i}")
                api.config_map(namespace, names[-1], {"value": "1"})
            elif dice.random() < 0.5:
                change(api, namespace, dice.choice(names), f"{i}")
            else:
                delete(api, namespace, names.pop(dice.randrange(len(names))))
        api.config_map(namespace, "last")
        probe.until(lambda line: line.get("name") == "last")
        assert check_history(probe.seen) == versions(api, namespace)
        assert [line for line in probe.seen if "error" in line], "the trouble is told"


def test_answers_that_break_off_are_asked_for_again(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    namespace = api.namespace("informer-broken")
    for i in range(20):
        api.config_map(namespace, f"m{i}")
    with FaultyProxy(api) as proxy:
        config = api.kubeconfig(tmp_path / "config", user={}, server=proxy.url, certificate_authority="")
        proxy.faults = [Fault(body_limit=9000), Fault(503), Fault(body_limit=200)]
        with Probe(kube_probe, config, "inform", MAPS, namespace) as probe:
            assert probe.until(lambda line: "synced" in line)["synced"] == 20
            assert check_history(probe.seen) == versions(api, namespace)


def lead(kube_probe: str, config: Path, name: str, lease: str = "leader") -> Probe:
    return Probe(kube_probe, config, "lead", "kube-system", lease, name, 6, 4, 1)


def holder(api: ApiServer, lease: str = "leader") -> str:
    found = api.request("GET", f"/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/{lease}")[1]
    return found["spec"]["holderIdentity"]


def test_one_leads_and_the_next_follows(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    config = api.kubeconfig(tmp_path / "config")
    with lead(kube_probe, config, "a") as first:
        assert first.next() == {"leads": True}
        with lead(kube_probe, config, "b") as second, lead(kube_probe, config, "c") as third:
            assert holder(api) == "a"
            first.signal(signal.SIGKILL)
            wait_until(lambda: holder(api) != "a", "another leader")
            leader, other = (second, third) if holder(api) == "b" else (third, second)
            assert leader.next() == {"leads": True}
            leader.signal(signal.SIGTERM)
            assert leader.next() == {"released": True}
            assert other.next() == {"leads": True}, "it waits no longer than to its next look"
            assert other.seen == [{"leads": True}], "it never led before"


def test_a_leader_that_cannot_renew_gives_up(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    with Relay(api.port) as relay:
        config = api.kubeconfig(tmp_path / "config", server=f"https://127.0.0.1:{relay.port}")
        with lead(kube_probe, config, "cut", "alone") as probe:
            assert probe.next() == {"leads": True}
            relay.cut()
            lost = probe.until(lambda line: "lost" in line)
            assert "could not be renewed in time" in lost["lost"]
            assert holder(api, "alone") == "cut"


def test_a_leader_whose_lease_was_taken_gives_up(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    config = api.kubeconfig(tmp_path / "config")
    with lead(kube_probe, config, "robbed", "robbed") as probe:
        assert probe.next() == {"leads": True}
        path = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/robbed"
        status, _ = api.request("PATCH", path, {"spec": {"holderIdentity": "thief", "leaseDurationSeconds": 60}})
        assert status == 200
        assert "is held by thief" in probe.until(lambda line: "lost" in line)["lost"]
