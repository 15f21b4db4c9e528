"""`axon run` at a terminal: what the screen shows while a Task runs, colours, questions, Ctrl-C."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.apiserver import ApiServer
from support.log_node import LogNode
from support.run import Sandbox
from support.run_scene import CONFIG, Scene, Watched
from support.terminal import Terminal

LINES = [
    '{"type":"system","subtype":"init","session_id":"s","model":"claude-x","tools":[]}',
    '{"type":"assistant","message":{"id":"m1","role":"assistant","content":[{"type":"text","text":"I look at it."},'
    '{"type":"tool_use","id":"t1","name":"Bash","input":{"command":"make test"}}],"usage":{"input_tokens":10,"output_tokens":5}}}',
    '{"type":"result","subtype":"success","is_error":false,"num_turns":1,"result":"Done.","session_id":"s","total_cost_usd":0.5,'
    '"usage":{"input_tokens":10,"output_tokens":5}}',
]


@pytest.fixture
def scene(shared_api: ApiServer, sandbox: Sandbox, axon_cli: str) -> Scene:
    return Scene(shared_api, sandbox, axon_cli)


def watched(scene: Scene, tmp_path: Path, **env: str) -> Terminal:
    command = [scene.cli, "run", "-p", "Fix it", "--credential-type", "none", "--name", "fix", "-w"]
    return Terminal(tmp_path, command, scene.box.env | env)


def test_a_task_is_watched(scene: Scene, log_node: LogNode, tmp_path: Path) -> None:
    with watched(scene, tmp_path) as terminal:
        terminal.wait_for("task/fix created")
        log_node.task_status(scene.namespace, "fix", phase="Pending", observedGeneration=1, conditions=[
            {"type": "Ready", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes are available",
             "lastTransitionTime": "2026-03-01T12:00:00Z"}])
        terminal.wait_for("[pending] Unschedulable: 0/1 nodes are available")
        pod = Watched(scene, log_node)
        pod.write(*LINES[:2])
        shown = terminal.wait_for("[tool] Bash make test")
        assert shown == ("task/fix created\n[pending] Unschedulable: 0/1 nodes are available\n"
                         "[pod] fix-x1y2z on node node-1\n[model] claude-x\n[turn] 1\nI look at it.\n[tool] Bash make test\n"), shown
        coloured = terminal.shown(in_colour=True)
        assert "\x1b[2m[tool]" in coloured and "\x1b[1mBash" in coloured, repr(coloured)
        pod.write(LINES[2])
        pod.end("Succeeded", outputs=["branch: fix/1"])
        terminal.wait_for("exit=0")
        assert "\x1b[32m" in terminal.shown(in_colour=True)


def test_no_color_is_heard(scene: Scene, log_node: LogNode, tmp_path: Path) -> None:
    with watched(scene, tmp_path, NO_COLOR="1") as terminal:
        terminal.wait_for("task/fix created")
        pod = Watched(scene, log_node)
        pod.write(*LINES)
        pod.end("Failed", reason="AgentError", message="no")
        terminal.wait_for("exit=1")
        assert "\x1b[" not in terminal.shown(in_colour=True)


def test_ctrl_c_leaves_the_task_running(scene: Scene, log_node: LogNode, tmp_path: Path) -> None:
    with watched(scene, tmp_path) as terminal:
        terminal.wait_for("task/fix created")
        Watched(scene, log_node).write(*LINES[:2])
        terminal.wait_for("[tool]")
        terminal.press("C-c")
        shown = terminal.wait_for("exit=130")
        assert "axon: Task fix goes on. Follow it again: axon logs fix -f; stop it: axon delete task fix\n" in shown
        assert "broke off" not in shown
    assert scene.get("tasks", "fix")["status"]["phase"] == "Running"


@pytest.mark.parametrize(("keys", "code", "token"), [
    (("y", "Enter"), 0, "sk-second"), (("n", "Enter"), 1, "sk-first"), (("Enter",), 1, "sk-first"), (("C-c",), 130, "sk-first"),
    (("C-d",), 1, "sk-first")])
def test_a_question_is_answered(scene: Scene, tmp_path: Path, keys: tuple[str, ...], code: int, token: str) -> None:
    scene.config(CONFIG)
    scene.run("-p", "x")
    scene.config(CONFIG.replace("sk-first", "sk-second"))
    with Terminal(tmp_path, [scene.cli, "run", "-p", "x"], scene.box.env, columns=200) as terminal:
        terminal.wait_for("Overwrite it? [y/N]")
        terminal.press(*keys)
        terminal.wait_for(f"exit={code}")
    assert scene.data("axon-credentials") == {"CLAUDE_CODE_OAUTH_TOKEN": token}
