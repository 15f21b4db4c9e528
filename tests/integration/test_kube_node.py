"""kube/ on a whole node: as a Pod's own client, and with the log of a container that runs."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from support.cluster import Kubectl
from support.probe import Probe


def pod(folder: Path, script: str) -> dict:
    container = {"name": "c", "image": "localhost/busybox:1", "imagePullPolicy": "Never",
                 "command": ["sh", "-c", script], "volumeMounts": [{"name": "probe", "mountPath": "/probe"}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "client", "namespace": "default"},
            "spec": {"restartPolicy": "Never", "terminationGracePeriodSeconds": 0, "dnsPolicy": "Default",
                     "containers": [container],
                     "volumes": [{"name": "probe", "hostPath": {"path": str(folder)}}]}}


@pytest.fixture
def probe_folder(kube_probe: str, tmp_path: Path) -> Path:
    """Holds the program alone, for a Pod to mount: busybox has no library that it could need."""
    if b"ld-linux" in Path(kube_probe).read_bytes()[:4096]:
        pytest.skip("kube-probe is not static: build the release preset")
    return Path(shutil.copy(kube_probe, tmp_path)).parent


def test_a_pod_is_a_client_and_has_a_log(cluster: Kubectl, kube_probe: str, probe_folder: Path) -> None:
    # The first request is allowed to everybody who has logged in, the second to nobody by default.
    script = "/probe/kube-probe discover v1/pods; /probe/kube-probe list v1/pods kube-system 5; read line </probe/go; echo $line"
    cluster.apply(pod(probe_folder, script))
    go = probe_folder / "go"
    os.mkfifo(go)
    try:
        cluster.wait_until(60, "the Pod", "pod", "client", accept=lambda seen: seen["status"]["phase"] != "Pending")
        with Probe(kube_probe, cluster.kubeconfig, "logs", "default", "client", "follow") as log:
            text = ""

            def read_until(end: str) -> None:
                nonlocal text
                while end not in text:
                    text += log.next()["piece"]

            read_until("PermissionDenied")
            version, refusal = (json.loads(line) for line in text.splitlines()[:2])
            assert version["serves"] is True and version["text"].startswith("v1.")
            assert "system:serviceaccount:default:default" in refusal["error"]
            go.write_text("and on\n")
            read_until("and on")
            while (line := log.next()) != {"result": None}:
                assert "piece" in line
    finally:
        cluster("delete", "pod", "client", "--wait=false")
