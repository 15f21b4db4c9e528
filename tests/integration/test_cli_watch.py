"""`axon run -w` in a cluster: it follows a Task to its end, on a real API server, with a node that has nothing but logs."""

from __future__ import annotations

import json
import re
import signal
import threading
from pathlib import Path

import pytest

from support.apiserver import ApiServer
from support.between import Relay
from support.log_node import LogNode
from support.rough import Asked, Rough, RoughProxy
from support.run import Sandbox
from support.run_scene import STREAM, Scene, Watched

WATCHED = ("-p", "Fix it", "--credential-type", "none", "--name", "fix", "-w")


@pytest.fixture
def scene(shared_api: ApiServer, sandbox: Sandbox, axon_cli: str) -> Scene:
    return Scene(shared_api, sandbox, axon_cli)


def test_a_watched_run_ends_as_the_task_does(scene: Scene, log_node: LogNode) -> None:
    running = scene.start(*WATCHED)
    pod = Watched(scene, log_node)
    pod.write(*STREAM.read_text().splitlines())
    pod.end("Succeeded", outputs=["branch: fix/1"])
    done = running.wait(60)
    assert done.exit_code == 0, done.errors
    assert done.log.startswith("task/fix created\n")
    assert done.log.endswith("\nTask:     fix\nOutcome:  Succeeded\nType:     claude-code\nBranch:   fix/1\nTime:     1m30s\n"
                             "Logs:     axon logs fix\n"), done.log
    assert "[pod] fix-x1y2z on node node-1\n" in done.errors and "[result] succeeded" in done.errors
    assert "hint" not in done.errors


def test_the_end_of_a_task_may_be_heard_before_its_pod_is(scene: Scene, log_node: LogNode, tmp_path: Path) -> None:
    is_watching, is_over = threading.Event(), threading.Event()

    def hold_back_the_pod(asked: Asked) -> Rough:
        if asked.is_watch and asked.path.endswith("/pods"):
            is_watching.set()
            is_over.wait(60)
        return Rough()

    with RoughProxy(scene.api, hold_back_the_pod) as proxy:
        scene.box.env["KUBECONFIG"] = str(proxy.kubeconfig(tmp_path / "rough"))
        running = scene.start(*WATCHED, "-n", scene.namespace)
        assert is_watching.wait(60)
        pod = Watched(scene, log_node)
        pod.write(*STREAM.read_text().splitlines())
        pod.end("Succeeded")
        done = running.wait(60)
        is_over.set()
    assert done.exit_code == 0 and "[result] succeeded" in done.errors, done


def test_a_watched_run_fails_as_the_task_does(scene: Scene, log_node: LogNode) -> None:
    running = scene.start(*WATCHED, "-o", "json")
    pod = Watched(scene, log_node)
    pod.write("no JSON")
    pod.end("Failed", reason="AgentError", message="it gave up")
    done = running.wait(60)
    assert done.exit_code == 1
    assert json.loads(done.log)["status"]["reason"] == "AgentError"
    assert "task/fix created\n" in done.errors and "no JSON\n" in done.errors
    assert done.errors.endswith("axon: hint: the log says more: axon logs fix\n")


def test_the_hint_of_a_failure_is_the_one_of_its_page(scene: Scene, log_node: LogNode) -> None:
    running = scene.start(*WATCHED)
    Watched(scene, log_node).end("Failed", reason="CloneFailed", message="there is no branch none")
    done = running.wait(60)
    assert done.exit_code == 1 and "Reason:   CloneFailed" in done.log, done
    page = scene.box.start(scene.cli, "get", "task", "fix", "--detail").wait(60).log
    hint = "look at repo and ref of the Workspace, and at its token"
    assert re.search(f"^Hint: +{hint}$", page, re.M), page
    assert done.errors.endswith(f"axon: hint: {hint}\n"), done.errors


def test_a_watched_run_goes_on_after_its_connections_were_cut(scene: Scene, log_node: LogNode, tmp_path: Path) -> None:
    lines = [f"line {n}" for n in range(20)]
    with Relay(scene.api.port) as relay:
        scene.box.env["KUBECONFIG"] = str(scene.api.kubeconfig(tmp_path / "relayed", server=f"https://127.0.0.1:{relay.port}"))
        running = scene.start(*WATCHED, "-n", scene.namespace)
        pod = Watched(scene, log_node)
        pod.write(*lines[:10])
        running.stdout.wait_for("line 9\n")
        relay.cut()
        pod.write(*lines[10:])
        pod.end("Succeeded")
        relay.mend()
        done = running.wait(60)
    assert done.exit_code == 0, done.errors
    assert [line for line in done.log.splitlines() if line.startswith(("line", "task/"))] == ["task/fix created", *lines]
    assert done.errors.count("[pod] fix-x1y2z on node node-1\n") == 1, done.errors


def test_a_signal_leaves_the_task_running(scene: Scene, log_node: LogNode) -> None:
    running = scene.start(*WATCHED)
    Watched(scene, log_node).write("at work")
    running.stdout.wait_for("at work\n")
    running.signal(signal.SIGTERM)
    done = running.wait(60)
    assert done.exit_code == 143
    assert done.errors.endswith(
        "axon: Task fix goes on. Follow it again: axon logs fix -f; stop it: axon delete task fix\n"), done.errors
    assert scene.get("tasks", "fix")["status"]["phase"] == "Running"
