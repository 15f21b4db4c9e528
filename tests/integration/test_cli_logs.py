"""`axon logs` of Tasks in a cluster: a real API server, with a node that has nothing but logs."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from support.apiserver import ApiServer
from support.between import Relay
from support.log_node import LogNode, stamp
from support.processes import wait_until
from support.run import Finished, Running, Sandbox

STREAMS = Path(__file__).resolve().parents[2] / "adapters"
NAMES = itertools.count()
AGENTS = {"claude-code": "claude", "codex": "codex", "gemini": "gemini", "opencode": "opencode"}


def recorded(agent: str, case: str = "success") -> list[str]:
    """The lines of a stream of the real agent."""
    return (STREAMS / AGENTS[agent] / "testdata" / case / "stdout.jsonl").read_text().splitlines()


class Scene:
    """A namespace with one Task, and the CLI that looks at it."""

    def __init__(self, api: ApiServer, node: LogNode, box: Sandbox, cli: str, agent: str = "claude-code") -> None:
        self.api, self.node, self.box, self.cli, self.agent = api, node, box, cli, agent
        self.namespace = api.namespace(f"logs-{next(NAMES)}")
        self.kubeconfig = api.kubeconfig(box.folder / "kubeconfig")
        spec = {"type": agent, "prompt": "Fix it", "credentials": {"type": "none"}}
        if agent not in AGENTS:
            spec["image"] = "x"
        api.make(f"/apis/axon.io/v1alpha1/namespaces/{self.namespace}/tasks",
                 {"apiVersion": "axon.io/v1alpha1", "kind": "Task", "metadata": {"name": "fix"}, "spec": spec})

    def start(self, *arguments: str, name: str = "fix") -> Running:
        return self.box.start(self.cli, "logs", name, "-n", self.namespace, *arguments, KUBECONFIG=str(self.kubeconfig))

    def axon(self, *arguments: str, name: str = "fix") -> Finished:
        return self.start(*arguments, name=name).wait(60)

    def pod(self, prepares: bool = True, phase: str = "Running", **states: str) -> str:
        """Of the Task; gives the beginning of its containers' logs' names."""
        name = self.node.pod(self.namespace, "fix", self.agent, prepares)
        self.node.states(self.namespace, name, phase, **states)
        return f"{self.namespace}/{name}"

    def states(self, pod: str, phase: str, **states: str) -> None:
        self.node.states(self.namespace, pod.split("/")[1], phase, **states)

    def status(self, **status: object) -> None:
        self.node.task_status(self.namespace, "fix", **status)

    def condition(self, kind: str, reason: str, message: str) -> None:
        self.status(phase="Pending", observedGeneration=1, message=message, conditions=[
            {"type": kind, "status": "False", "reason": reason, "message": message,
             "lastTransitionTime": "2026-03-01T12:00:00Z"}])

    def ended(self, lines: list[str], preparation: list[str] = ()) -> str:
        """A Task that is over, with its Pod."""
        pod = self.pod(bool(preparation), "Succeeded", **({"workspace": "terminated"} if preparation else {}),
                       **{self.agent.replace("-", "_"): "terminated"})
        self.node.write(f"{pod}/workspace", *preparation)
        self.node.write(f"{pod}/{self.agent}", *lines)
        for container in ("workspace", self.agent):
            self.node.end(f"{pod}/{container}")
        self.status(phase="Succeeded", conditions=[])
        return pod


@pytest.fixture
def scene(shared_api: ApiServer, log_node: LogNode, sandbox: Sandbox, axon_cli: str) -> Scene:
    return Scene(shared_api, log_node, sandbox, axon_cli)


def test_a_task_is_followed_from_what_it_waits_for_to_its_end(scene: Scene) -> None:
    following = scene.start("-f")
    scene.condition("Accepted", "SecretNotFound", 'Secret "key" is not there')
    following.stderr.wait_for('[pending] SecretNotFound: Secret "key" is not there\n')
    scene.condition("Ready", "ImagePullFailed", "no such image")
    following.stderr.wait_for("[pending] ImagePullFailed: no such image\n")
    scene.condition("Ready", "ImagePullFailed", "Back-off pulling image")
    following.stderr.wait_for("[pending] ImagePullFailed: Back-off pulling image\n")
    scene.condition("Ready", "ImagePullFailed", "no such image")  # the two take turns; each is told once
    pod = scene.pod(workspace="running", claude_code="waiting")
    scene.node.write(f"{pod}/workspace", "axon-entrypoint: cloning https://git.example/shop.git")
    following.stderr.wait_for("cloning https://git.example/shop.git\n")
    scene.node.end(f"{pod}/workspace")
    scene.states(pod, "Running", workspace="terminated", claude_code="running")
    scene.status(phase="Running", conditions=[])
    lines = recorded("claude-code")
    scene.node.write(f"{pod}/claude-code", *lines[:-1])
    following.stderr.wait_for("[turn] 1")
    scene.node.write(f"{pod}/claude-code", lines[-1])
    scene.node.end(f"{pod}/claude-code")
    scene.states(pod, "Succeeded", workspace="terminated", claude_code="terminated")
    scene.status(phase="Succeeded", conditions=[])
    done = following.wait(60)
    assert done.exit_code == 0
    head, _, rest = done.errors.partition("[model]")
    assert head == (
        '[pending] SecretNotFound: Secret "key" is not there\n[pending] ImagePullFailed: no such image\n'
        "[pending] ImagePullFailed: Back-off pulling image\n"
        "[pod] fix-x1y2z on node node-1\naxon-entrypoint: cloning https://git.example/shop.git\n")
    assert "[result] succeeded after" in rest and rest.splitlines()[-1].startswith("[usage] ")


@pytest.mark.parametrize("agent", AGENTS)
def test_each_agent_is_readable(shared_api: ApiServer, log_node: LogNode, sandbox: Sandbox, axon_cli: str, agent: str) -> None:
    scene = Scene(shared_api, log_node, sandbox, axon_cli, agent)
    scene.ended(recorded(agent))
    done = scene.axon()
    assert done.exit_code == 0, done.errors
    assert done.log and '{"' not in done.log, done.log
    assert "[tool]" in done.errors and "[result] succeeded" in done.errors and "[usage]" in done.errors, done.errors


@pytest.mark.parametrize("far", ["the API server", "the node", "the node, between two lines"])
def test_a_connection_that_breaks_off_costs_no_line_and_repeats_none(scene: Scene, far: str) -> None:
    wanted = [f"line {n}" for n in range(60)]
    pod = scene.pod(prepares=False, claude_code="running")
    log = f"{pod}/claude-code"
    with Relay(scene.api.port) as relay:
        scene.kubeconfig = scene.api.kubeconfig(scene.box.folder / "relayed", server=f"https://127.0.0.1:{relay.port}")
        following = scene.start("-f", "--raw")
        for first in range(0, 60, 10):
            scene.node.write(log, *wanted[first:first + 5])
            following.stdout.wait_for(wanted[first + 4] + "\n")
            if far == "the node":
                asked = len(scene.node.asked)
                with scene.node.changed:
                    scene.node.drop()
                    scene.node.write(log, *wanted[first + 5:first + 10])
                wait_until(lambda: len(scene.node.asked) > asked, "the next connection")
                continue
            relay.drop() if far == "the API server" else scene.node.drop()
            scene.node.write(log, *wanted[first + 5:first + 10])
        following.stdout.wait_for(wanted[-1] + "\n")
        scene.node.end(log)
        scene.states(pod, "Succeeded", claude_code="terminated")
        scene.status(phase="Succeeded", conditions=[])
        done = following.wait(60)
    assert done.exit_code == 0, done.errors
    assert done.log.splitlines() == wanted


def test_lines_of_one_moment_are_told_apart(scene: Scene) -> None:
    pod = scene.pod(prepares=False, claude_code="running")
    log = f"{pod}/claude-code"
    following = scene.start("-f", "--raw")
    scene.node.write(log, "a", "a", "b", at=10**9)
    following.stdout.wait_for("b\n")
    scene.node.drop()
    scene.node.write(log, "b", "c", at=10**9)
    following.stdout.wait_for("c\n")
    scene.node.end(log)
    scene.states(pod, "Succeeded", claude_code="terminated")
    scene.status(phase="Succeeded", conditions=[])
    assert following.wait(60).log == "a\na\nb\nb\nc\n"


def test_lost_lines_are_told(scene: Scene) -> None:
    pod = scene.pod(prepares=False, claude_code="running")
    log = f"{pod}/claude-code"
    following = scene.start("-f", "--raw")
    scene.node.write(log, "early")
    following.stdout.wait_for("early\n")
    with scene.node.changed:
        scene.node.logs[log].lines.clear()  # as after a rotation
        scene.node.drop()
    scene.node.write(log, "late", step=5 * 10**9)
    following.stdout.wait_for("late\n")
    scene.node.end(log)
    scene.states(pod, "Succeeded", claude_code="terminated")
    scene.status(phase="Succeeded", conditions=[])
    done = following.wait(60)
    assert done.log == "early\nlate\n" and "[log] some lines are lost here" in done.errors


def test_parts_of_a_log(scene: Scene) -> None:
    pod = scene.ended(["one", "two", "three"], ["cloning"])
    assert scene.axon().log == "one\ntwo\nthree\n" and scene.axon().errors == "cloning\n"
    tail = scene.axon("--tail", "2")
    assert (tail.log, tail.errors) == ("two\nthree\n", "")
    assert scene.axon("--tail", "0").log == ""
    times = [stamp(time) for time, _ in scene.node.logs[f"{pod}/claude-code"].lines]
    timed = f"{times[0]} one\n{times[1]} two\n{times[2]} three\n"
    assert scene.axon("--timestamps").log == timed
    assert scene.axon("--timestamps", "--raw").log == timed
    assert scene.axon("--since", "1s").log == ""  # of a log that is months old
    assert scene.axon("--since", "20000h").log == "one\ntwo\nthree\n"


def test_an_agent_of_a_manifest_is_readable_by_it(shared_api: ApiServer, log_node: LogNode, sandbox: Sandbox, axon_cli: str) -> None:
    scene = Scene(shared_api, log_node, sandbox, axon_cli, "shell-agent")
    lines = ['{"type":"start","model":"sh"}', '{"type":"step"}', "plain"]
    scene.ended(lines)
    assert scene.axon().log == "\n".join(lines) + "\n"
    manifest = str(STREAMS.parent / "examples" / "shell-agent" / "agent.yaml")
    readable = scene.axon("--agent-manifest", manifest)
    assert readable.exit_code == 0 and "plain\n" in readable.log and '"step"' not in readable.log, readable


def test_a_pod_that_is_gone_leaves_what_the_status_knows(scene: Scene) -> None:
    scene.status(phase="Failed", reason="AgentError", message="it gave up", startTime="2026-03-01T12:00:00Z",
                 completionTime="2026-03-01T12:01:30Z", outputs=["branch: fix/1", "commit: abc", "response: SSBnYXZlIHVw"],
                 usage={"inputTokens": 1200, "outputTokens": 40, "costUSD": "0.5"})
    for follow in ((), ("-f",)):
        done = scene.axon(*follow)
        assert (done.exit_code, done.log) == (1, "I gave up\n"), done
        assert done.errors == (
            "axon: the Pod of Task fix is gone, and its logs with it. Its status still knows:\n"
            "Task:     fix\nOutcome:  Failed\nReason:   AgentError\nMessage:  it gave up\nType:     claude-code\n"
            "Branch:   fix/1\nCommit:   abc\nTokens:   1,200 in, 40 out\nCost:     $0.5\nTime:     1m30s\n")


def test_a_task_that_never_had_a_pod_does_not_say_that_one_is_gone(scene: Scene) -> None:
    scene.status(phase="Failed", reason="ConfigInvalid", message="spec.branch: no", completionTime="2026-03-01T12:01:30Z")
    done = scene.axon()
    assert (done.exit_code, done.log) == (1, "")
    assert done.errors == (
        "axon: Task fix ended before its agent began; there are no logs. Its status says:\n"
        "Task:     fix\nOutcome:  Failed\nReason:   ConfigInvalid\nMessage:  spec.branch: no\nType:     claude-code\n")


def test_a_task_without_a_pod_says_so(scene: Scene) -> None:
    done = scene.axon()
    assert (done.exit_code, done.log) == (0, "")
    assert done.errors == "axon: Task fix is Pending and has no logs yet; axon logs fix -f waits for them\n"


def test_a_task_that_is_deleted_ends_the_following(scene: Scene) -> None:
    following = scene.start("-f")
    scene.condition("Accepted", "SecretNotFound", 'Secret "key" is not there')
    following.stderr.wait_for("SecretNotFound")
    scene.api.request("DELETE", f"/apis/axon.io/v1alpha1/namespaces/{scene.namespace}/tasks/fix")
    done = following.wait(60)
    assert done.exit_code == 1 and done.errors.endswith('axon: Task "fix" was deleted\n'), done


def test_nobody_looks_at_a_task(scene: Scene) -> None:
    following = scene.start("-f")
    following.stderr.wait_for("[pending] nobody has begun with the Task yet; axon doctor looks whether the controller runs\n")
    following.process.terminate()
    assert following.wait(60).exit_code == 143


@pytest.mark.parametrize(("arguments", "sentence"), [
    (("--since", "yesterday"), '--since: "yesterday" is no duration; expected for example 30m, 1h30m or 90s'),
    (("--tail", "-3"), "--tail: expected a number of lines, 0 or more (axon logs --help)"),
    (("--tail", "few"), "--tail: expected a number of lines, 0 or more (axon logs --help)"),
    (("--agent-manifest", "/none"), "--agent-manifest: read /none: No such file or directory"),
    (("--local", "--since", "3m"), "--since: of a Task in a cluster only, not with --local"),
    (("--local", "--timestamps"), "--timestamps: of a Task in a cluster only, not with --local"),
])
def test_bad_flags_are_named(scene: Scene, arguments: tuple[str, ...], sentence: str) -> None:
    done = scene.axon(*arguments)
    assert done.exit_code in (1, 2) and done.log == "" and f"axon: {sentence}" in done.errors, done


def test_a_task_that_is_not_there(scene: Scene) -> None:
    done = scene.axon(name="other")
    assert done.exit_code == 1 and '"other" not found' in done.errors
