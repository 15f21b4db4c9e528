"""kube/ against a real API server: reads, writes, refusals, retries."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from support.apiserver import ApiServer
from support.between import Fault, FaultyProxy, Relay
from support.pod_log import PodLog
from support.probe import Probe, run
from support.processes import wait_until

MAPS = "v1/configmaps"


@pytest.fixture(scope="module")
def demo(api: ApiServer) -> str:
    return api.namespace("client-demo")


def config_map(name: str, namespace: str, **data: str) -> dict:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}, "data": data}


def test_writes_in_every_way(api: ApiServer, kube_probe: str, demo: str, tmp_path: Path) -> None:
    config = api.kubeconfig(tmp_path / "config")

    def do(*words: object, stdin: object = None) -> dict:
        return run(kube_probe, config, *words, stdin=stdin)[0]

    made = do("create", MAPS, stdin=config_map("w", demo, a="1"))["result"]
    assert do("create", MAPS, stdin=config_map("w", demo))["code"] == "AlreadyExists"
    made["data"]["a"] = "2"
    replaced = do("replace", MAPS, stdin=made)["result"]
    assert replaced["data"] == {"a": "2"}
    assert do("replace", MAPS, stdin=made)["code"] == "Conflict", "the resourceVersion is an old one"
    assert do("merge", MAPS, demo, "w", stdin={"data": {"b": "3", "a": None}})["result"]["data"] == {"b": "3"}
    swap = [{"op": "test", "path": "/data/b", "value": "3"}, {"op": "add", "path": "/data/c", "value": "4"}]
    assert do("patch", MAPS, demo, "w", stdin=swap)["result"]["data"] == {"b": "3", "c": "4"}
    swap[0]["value"] = "other"
    assert do("patch", MAPS, demo, "w", stdin=swap)["code"] == "InvalidInput"
    assert do("delete", MAPS, demo, "w", "another-uid")["code"] == "Conflict"
    assert do("delete", MAPS, demo, "w", made["metadata"]["uid"]) == {"result": None}
    gone = do("delete", MAPS, demo, "w")
    assert gone == {"code": "NotFound", "error": f'delete configmaps {demo}/w: configmaps "w" not found (NotFound)'}


def test_applies_and_says_who_manages_a_field(api: ApiServer, kube_probe: str, demo: str, tmp_path: Path) -> None:
    config = api.kubeconfig(tmp_path / "config")
    mine = run(kube_probe, config, "apply", MAPS, "", "", "", "", "first", stdin=config_map("s", demo, a="1"))
    assert mine[0]["result"]["data"] == {"a": "1"}
    assert run(kube_probe, config, "apply", MAPS, "", "", "", "", "first", stdin=config_map("s", demo, a="1")) == mine
    other = run(kube_probe, config, "apply", MAPS, "", "", "", "", "second", stdin=config_map("s", demo, a="2"))[0]
    assert other["code"] == "Conflict" and '.data.a' in other["error"] and "first" in other["error"]
    forced = run(kube_probe, config, "apply", MAPS, "", "", "", "force", "second", stdin=config_map("s", demo, a="2"))
    assert forced[0]["result"]["data"] == {"a": "2"}


def test_writes_the_status_alone(api: ApiServer, kube_probe: str, demo: str, tmp_path: Path) -> None:
    config = api.kubeconfig(tmp_path / "config")
    api.make(f"/api/v1/namespaces/{demo}/pods",
             {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "i"}]}})
    told = run(kube_probe, config, "merge", "v1/pods", demo, "p", "status",
               stdin={"status": {"phase": "Running"}, "metadata": {"labels": {"not": "written"}}})[0]["result"]
    assert told["status"]["phase"] == "Running"
    assert told["spec"]["containers"][0]["image"] == "i"


def test_refusals_have_their_causes(api: ApiServer, kube_probe: str, demo: str, tmp_path: Path) -> None:
    config = api.kubeconfig(tmp_path / "config")
    wrong = config_map("Not_A_Name", demo) | {"data": {"a b": "x"}}
    refused = run(kube_probe, config, "create", MAPS, stdin=wrong)[0]
    assert refused["code"] == "InvalidInput"
    assert "metadata.name" in refused["error"] and "data[a b]" in refused["error"] and "(Invalid)" in refused["error"]
    nobody = api.kubeconfig(tmp_path / "nobody", user={})
    forbidden = run(kube_probe, nobody, "list", MAPS, demo, 5)[0]
    assert forbidden["code"] == "PermissionDenied"
    assert "system:anonymous" in forbidden["error"]


def test_finds_out_what_is_served(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    config = api.kubeconfig(tmp_path / "config")
    jobs = run(kube_probe, config, "discover", "batch/v1/jobs")[0]
    assert jobs["serves"] is True and jobs["major"] == 1 and jobs["minor"] >= 28 and jobs["text"].startswith("v1.")
    assert run(kube_probe, config, "discover", "axon.io/v1alpha1/tasks")[0]["serves"] is False
    assert run(kube_probe, config, "discover", "batch/v1/nothing")[0]["serves"] is False


def test_lists_many_objects_in_little_memory(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    namespace, count = api.namespace("many"), 5000

    def fill(part: int) -> None:
        connection = api.connect()
        for i in range(part, count, 4):
            status, _ = api.request("POST", f"/api/v1/namespaces/{namespace}/configmaps", {
                "metadata": {"name": f"m{i}"}, "data": {"text": f"{i} " * 500}}, connection=connection)
            assert status == 201

    threads = [threading.Thread(target=fill, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    config = api.kubeconfig(tmp_path / "config")
    one = run(kube_probe, config, "list", MAPS, namespace, 1000)[0]
    assert (one["count"], one["requests"]) == (count, 5)
    small = run(kube_probe, config, "list", MAPS, namespace, 10)[0]  # its peak is what the program takes anyway
    assert small["count"] == count
    assert one["peak"] < small["peak"] + 6 * 1024, "a list of 12 MB must not be held"
    meta = run(kube_probe, config, "list", MAPS, namespace, 1000, "metadata")[0]
    assert meta["count"] == count
    assert meta["last"]["kind"] == "PartialObjectMetadata" and "data" not in meta["last"]
    with Probe(kube_probe, config, "inform", MAPS, namespace, "metadata") as informer:
        synced = informer.until(lambda line: "synced" in line)
        assert synced["synced"] == count
    print(f"peak KiB: list {one['peak']}, in pages of ten {small['peak']}, informer with metadata {synced['peak']}")


def test_a_list_that_takes_too_long_begins_anew(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    namespace = api.namespace("expiring")
    for i in range(5):
        api.config_map(namespace, f"m{i}")
    with FaultyProxy(api) as proxy:
        expired = b'{"kind":"Status","code":410,"reason":"Expired","message":"The provided continue parameter is too old"}'
        proxy.faults = [Fault(body_limit=None), Fault(410, {}, expired)]
        config = api.kubeconfig(tmp_path / "config", user={}, server=proxy.url, certificate_authority="")
        listed = run(kube_probe, config, "list", MAPS, namespace, 2)[0]
        assert listed["count"] == 5
        assert ["continue=" in path for _, path in proxy.requests] == [False, True, False, True, True]


def test_repeats_what_may_be_repeated(api: ApiServer, kube_probe: str, demo: str, tmp_path: Path) -> None:
    with FaultyProxy(api) as proxy:
        config = api.kubeconfig(tmp_path / "config", user={}, server=proxy.url, certificate_authority="")
        api.config_map(demo, "r")
        proxy.faults = [Fault(503), Fault(500), Fault(429, {"Retry-After": "1"})]
        with Probe(kube_probe, config, "ask", MAPS, demo, "r") as probe:
            assert probe.ask()["result"]["metadata"]["name"] == "r"
            assert len(proxy.requests) == 4
            proxy.faults = [Fault(503, {}, b"<html>overloaded")] * 9
            failed = probe.ask()
            assert failed == {"code": "Unavailable", "error": f"get configmaps {demo}/r: <html>overloaded"}
            assert len(proxy.requests) == 10
        proxy.requests, proxy.faults = [], [Fault(503)]
        assert run(kube_probe, config, "create", MAPS, stdin=config_map("r2", demo))[0]["code"] == "Unavailable"
        assert len(proxy.requests) == 1, "it may have been made"
        proxy.requests, proxy.faults = [], [Fault(429, {"Retry-After": "1"})]
        assert "result" in run(kube_probe, config, "create", MAPS, stdin=config_map("r2", demo))[0]
        assert len(proxy.requests) == 2, "the server said that it did nothing"


def test_a_connection_that_was_cut_is_replaced(api: ApiServer, kube_probe: str, demo: str, tmp_path: Path) -> None:
    api.config_map(demo, "k")
    with Relay(api.port) as relay:
        config = api.kubeconfig(tmp_path / "config", server=f"https://127.0.0.1:{relay.port}")
        with Probe(kube_probe, config, "ask", MAPS, demo, "k") as probe:
            for _ in range(3):
                assert "result" in probe.ask()
            assert relay.connections == 1
            relay.drop()
            assert "result" in probe.ask()
            assert relay.connections == 2


def test_events_are_counted(api: ApiServer, kube_probe: str, demo: str, tmp_path: Path) -> None:
    config = api.kubeconfig(tmp_path / "config")
    uid = api.config_map(demo, "e")["metadata"]["uid"]
    with Probe(kube_probe, config, "record", demo, "e", uid, 7) as probe:
        assert probe.next() == {"recorded": True}

        def events() -> list[dict]:
            return api.request("GET", f"/api/v1/namespaces/{demo}/events")[1]["items"]

        (event,) = wait_until(events, "the event")
    assert (event["count"], event["reason"], event["type"]) == (7, "Tested", "Warning")
    assert event["involvedObject"]["uid"] == uid


def test_passes_a_log_on_as_it_comes(api: ApiServer, kube_probe: str, tmp_path: Path) -> None:
    with PodLog() as log:
        config = api.kubeconfig(tmp_path / "config", user={}, server=log.url, certificate_authority="")
        with Probe(kube_probe, config, "logs", "demo", "p", "follow") as probe:
            for line in ("one\n", "two\n"):
                log.write(line)
                assert probe.next() == {"piece": line}
            log.end()
            assert probe.next() == {"result": None}
        assert log.path == "/api/v1/namespaces/demo/pods/p/log?follow=true"
