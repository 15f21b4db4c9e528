"""Tasks on a real node: kubelet, containerd and runc run them; `axon install` has brought the controller."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from support.axon_cluster import AxonCluster, image
from support.between import Relay
from support.run import PLAIN, Running


def test_a_task_runs_to_its_end_in_a_namespace_that_allows_the_least(axon_cluster: AxonCluster):
    axon_cluster("create", "namespace", "strict")
    axon_cluster("label", "namespace", "strict", "pod-security.kubernetes.io/enforce=restricted")
    axon_cluster.task("first", "run: echo hello", ns="strict")
    status = axon_cluster.ended("first", "strict")
    assert (status["phase"], status["message"]) == ("Succeeded", "the agent succeeded"), status
    assert status["results"]["turns"] == "1"
    assert status["startTime"] <= status["completionTime"]
    assert axon_cluster("get", "task", "first", "-n", "strict", "--no-headers").split()[:3] == ["first", "shell-agent", "Succeeded"]
    events = {event["reason"] for event in axon_cluster.get("events", "-n", "strict")["items"] if event["involvedObject"]["kind"] == "Task"}
    assert {"TaskCreated", "TaskSucceeded", "OutputsCaptured"} <= events


def test_the_prompt_arrives_byte_for_byte(axon_cluster: AxonCluster):
    prompt = "fail: $(GITHUB_TOKEN) $$ `x` \"q\" 'ü' -- " + "long " * 40000
    status = axon_cluster.ended(axon_cluster.task("bytes", prompt))
    assert status["phase"] == "Failed"
    assert "$(GITHUB_TOKEN) $$ `x` \"q\" 'ü' -- long" in status["message"]


def test_an_image_that_knows_only_the_old_contract(axon_cluster: AxonCluster):
    status = axon_cluster.ended(axon_cluster.task("old", "do it $(HOME)", type="by-hand", image=image("old-contract")))
    assert status["phase"] == "Succeeded", status
    assert status["results"]["branch"] == "made-by-hand"
    assert {"inputTokens": 12, "outputTokens": 3, "costUSD": "0.5"}.items() <= status["usage"].items()
    pod = axon_cluster.pod_of("old")["metadata"]["name"]
    assert "agent of type by-hand was asked: do it $(HOME)\n" in axon_cluster("logs", pod)


def test_an_image_that_fails_without_a_word(axon_cluster: AxonCluster):
    axon_cluster.task("old-fails", "x", type="by-hand", image=image("old-contract"),
                      podOverrides={"env": [{"name": "EXIT_CODE", "value": "7"}]})
    status = axon_cluster.ended("old-fails")
    assert (status["phase"], status["reason"]) == ("Failed", "AgentError")
    assert "code 7" in status["message"] and status["results"]["branch"] == "made-by-hand"


def test_an_unmodified_image_gets_the_entrypoint(axon_cluster: AxonCluster):
    axon_cluster.task("without", "run: true", image=image("unmodified"))
    status = axon_cluster.ended("without")
    assert (status["phase"], status["reason"]) == ("Failed", "AgentNotFound") and "injectEntrypoint" in status["message"]
    assert "startTime" not in status
    axon_cluster.task("with", "run: true", image=image("unmodified"), injectEntrypoint=True)
    assert axon_cluster.ended("with")["phase"] == "Succeeded"


def test_images_that_know_nothing_of_us_get_the_prompt_byte_for_byte(axon_cluster: AxonCluster):
    """No shell, no git, no home; made for root; made for UID 1000; run by any other; with sidecars."""
    prompt = "--rm $(GITHUB_TOKEN) $$ `x` 'q' \"ü\"\n" * 9000
    assert len(prompt.encode()) > 300 * 1024
    sidecar = {"image": image("unmodified"), "securityContext": {"allowPrivilegeEscalation": False,
                                                                 "capabilities": {"drop": ["ALL"]}}}
    tasks = {
        "bare": ("digest", {}),
        "of-root": ("digest-of-root", {}),
        "of-1000": ("digest-of-1000", {}),
        "as-4711": ("digest-of-1000", {"securityContext": {"runAsUser": 4711, "runAsGroup": 4711, "fsGroup": 4711}}),
        "beside": ("digest", {"sidecars": [{"name": name, "command": ["sleep", "600"], **sidecar} for name in ("a", "b")]}),
        "broken": ("digest", {"sidecars": [{"name": "fails", "command": ["false"], **sidecar}]}),
    }
    for name, (made_of, overrides) in tasks.items():
        axon_cluster.task(name, prompt, type="digest", image=image(made_of), injectEntrypoint=True, podOverrides=overrides)
    assert "container fails: " in axon_cluster.condition("broken", "Ready", "ConfigInvalid")
    axon_cluster("delete", "task", "broken")
    for name in tasks.keys() - {"broken"}:
        status = axon_cluster.ended(name)
        assert status["phase"] == "Succeeded", (name, status)
        assert base64.b64decode(status["results"]["response"]).decode() == hashlib.sha256(prompt.encode()).hexdigest() + "  -", name


def test_a_pipeline_passes_results_on(axon_cluster: AxonCluster):
    axon_cluster.task("one", "run: true")
    axon_cluster.task("two", 'run: echo "{{ index .Deps "one" "Results" "turns" }}"', dependsOn=["one"])
    axon_cluster.task("three", '{{ if eq .Deps.two.Name "two" }}fail: {{ index .Deps "two" "Results" "turns" }} turn{{ end }}',
                      dependsOn=["one", "two"])
    axon_cluster.task("four", "run: true", dependsOn=["three"])
    assert axon_cluster.ended("three")["message"].count("1 turn") == 1
    assert axon_cluster.ended("two")["phase"] == "Succeeded"
    last = axon_cluster.ended("four")
    assert last["phase"] == "Failed" and 'Dependency "three" failed' in last["message"]


def test_what_a_task_waits_for_is_told_while_it_lasts(axon_cluster: AxonCluster):
    secret = {"type": "api-key", "secretRef": {"name": "later"}}
    axon_cluster.task("no-secret", "x", type="by-hand", image=image("old-contract"), credentials=secret)
    assert "later" in axon_cluster.condition("no-secret", "Accepted", "SecretNotFound")
    axon_cluster.task("no-workspace", "x", workspaceRef={"name": "later"})
    assert "later" in axon_cluster.condition("no-workspace", "Accepted", "WorkspaceNotFound")
    axon_cluster.task("no-image", "x", image="localhost/none:1")
    assert "localhost/none:1" in axon_cluster.condition("no-image", "Ready", "ImagePullFailed")
    axon_cluster.task("no-room", "x", podOverrides={"resources": {"requests": {"memory": "9Ti"}}})
    assert "memory" in axon_cluster.condition("no-room", "Ready", "Unschedulable")
    assert {axon_cluster.status(name)["phase"] for name in ("no-secret", "no-workspace", "no-image", "no-room")} == {"Pending"}
    axon_cluster("create", "secret", "generic", "later", "--from-literal=KEY=value")
    assert axon_cluster.ended("no-secret")["phase"] == "Succeeded"
    for name in ("no-workspace", "no-image", "no-room"):
        axon_cluster("delete", "task", name)


def test_a_pod_that_the_cluster_refuses_is_told_and_starts_later(axon_cluster: AxonCluster):
    axon_cluster("create", "namespace", "narrow")
    axon_cluster("create", "quota", "few", "--hard=pods=0", "-n", "narrow")
    axon_cluster.task("refused", "run: true", ns="narrow")
    assert "exceeded quota: few" in axon_cluster.condition("refused", "Ready", "PodRefused", ns="narrow")
    axon_cluster("delete", "quota", "few", "-n", "narrow")
    assert axon_cluster.ended("refused", ns="narrow")["phase"] == "Succeeded"


def test_a_deadline_ends_the_agent_and_keeps_its_results(axon_cluster: AxonCluster):
    axon_cluster.task("late", "run: true\nwait: 300", podOverrides={"activeDeadlineSeconds": 8}, gracePeriodSeconds=3)
    status = axon_cluster.ended("late")
    assert (status["phase"], status["reason"]) == ("Failed", "DeadlineExceeded"), status
    assert status["results"]["turns"] == "1"


def test_out_of_memory_is_told(axon_cluster: AxonCluster):
    eat = "run: true\nrun: a=x; while :; do a=$a$a; done"
    axon_cluster.task("hungry", eat, podOverrides={"resources": {"limits": {"memory": "64Mi"}}})
    status = axon_cluster.ended("hungry")
    assert (status["phase"], status["reason"]) == ("Failed", "OutOfMemory"), status


def test_deletion_while_it_runs_leaves_nothing(axon_cluster: AxonCluster):
    axon_cluster.task("unwanted", "wait: 300", gracePeriodSeconds=1)
    axon_cluster.reached("unwanted", "Running")
    axon_cluster("delete", "task", "unwanted")
    for which in (["job/unwanted"], ["secret/axon-task-unwanted"], ["pod", "-l", "axon.io/task=unwanted"]):
        axon_cluster.wait_gone(*which)


def test_nothing_secret_is_in_a_pod(axon_cluster: AxonCluster):
    value = "hunter2-and-more"
    axon_cluster("create", "secret", "generic", "key", f"--from-literal=KEY={value}")
    axon_cluster.apply({"apiVersion": "axon.io/v1alpha1", "kind": "AgentConfig", "metadata": {"name": "tools"},
                        "spec": {"agentsMD": "# Rules\nBe kind.", "mcpServers": [
                            {"name": "m", "type": "http", "url": "http://x.example/",
                             "headersFrom": [{"name": "Authorization", "secretKeyRef": {"name": "key", "key": "KEY"}}]}]}})
    axon_cluster.task("quiet", "run: echo $KEY", type="by-hand", image=image("old-contract"), agentConfigRef={"name": "tools"},
                      credentials={"type": "api-key", "secretRef": {"name": "key"}})
    assert axon_cluster.ended("quiet")["phase"] == "Succeeded"
    pod = axon_cluster.pod_of("quiet")
    assert value not in json.dumps([pod, axon_cluster.get("job", "quiet"), axon_cluster.status("quiet")])
    assert pod["spec"]["automountServiceAccountToken"] is False


@pytest.mark.parametrize("controller", ["up", "down"])
@pytest.mark.parametrize("how", ["the agent's container is killed", "the Pod is deleted", "the node drains it"])
def test_results_so_far_outlive_the_pod(axon_cluster: AxonCluster, how: str, controller: str):
    name = f"lost-{how.split()[-1]}-{controller}"
    axon_cluster.task(name, "run: true\nrun: true\nwait: 300", gracePeriodSeconds=2)
    axon_cluster.reached(name, "Running")
    pod = axon_cluster.pod_of(name)["metadata"]["name"]
    axon_cluster.wait_log(pod, lambda log: log.count('"type":"step"') == 2)
    if controller == "down":
        axon_cluster.scale_controller(0)
    if how.endswith("killed"):
        axon_cluster.kill_container(pod)
    elif how.endswith("deleted"):
        axon_cluster("delete", "pod", pod, "--wait=false")
    else:
        axon_cluster.evict(pod)
    if controller == "down":
        axon_cluster("wait", "--for=jsonpath={.status.phase}=Failed", "pod", pod, "--timeout=60s")
        axon_cluster.scale_controller(1)
    status = axon_cluster.ended(name)
    assert status["phase"] == "Failed", status
    assert int(status["results"]["turns"]) >= 2, status


def test_a_pod_is_let_go_when_its_task_was_deleted_without_a_controller(axon_cluster: AxonCluster):
    axon_cluster.task("orphan", "wait: 300", gracePeriodSeconds=1)
    axon_cluster.reached("orphan", "Running")
    axon_cluster.scale_controller(0)
    axon_cluster("delete", "task", "orphan")
    axon_cluster.scale_controller(1)
    axon_cluster.wait_gone("pod", "-l", "axon.io/task=orphan")


def run_shell_agent(prompt: str, *arguments: str) -> list[str]:
    return ["run", "-p", prompt, "-t", "shell-agent", "--image", image("shell-agent"), "--credential-type", "none", "-n", "default",
            "--config", "/dev/null", *arguments]


def test_a_run_is_watched_to_its_end(axon_cluster: AxonCluster):
    done = axon_cluster.axon(*run_shell_agent("run: echo hello", "-w", "--name", "watched"))
    assert done.returncode == 0, done
    assert done.stdout.startswith("task/watched created\n") and "\nOutcome:  Succeeded\n" in done.stdout, done
    assert "[pod] watched-" in done.stderr and "hello\n" in done.stdout, done
    healthy = axon_cluster.axon("doctor", "-n", "default", "--config", "/dev/null")
    assert healthy.returncode == 0 and "good   rights" in healthy.stdout and "is ready" in healthy.stdout, healthy
    of_image = lambda name: axon_cluster.axon("doctor", "-n", "default", "--config", "/dev/null", "--image", name)  # noqa: E731
    pulled, missing = of_image(image("unmodified")), of_image("localhost/none:1")
    assert pulled.returncode == 0 and f"{image('unmodified')}: node axon has it\n" in pulled.stdout, pulled
    assert missing.returncode == 1 and "localhost/none:1: ErrImagePull: " in missing.stdout, missing
    left = axon_cluster.get("pods", "-n", "default", "-l", "app.kubernetes.io/component=doctor")["items"]
    assert all("deletionTimestamp" in pod["metadata"] for pod in left), left
    failed = axon_cluster.axon(*run_shell_agent("fail: no luck", "-w", "-o", "json"))
    assert failed.returncode == 1 and json.loads(failed.stdout)["status"]["phase"] == "Failed", failed


def test_a_log_is_followed_over_many_connections(axon_cluster: AxonCluster, tmp_path: Path):
    """Each is cut while the agent writes; what comes out is what the node has."""
    long = "head -c 40000 /dev/zero | tr '\\0' x; echo"  # the node keeps such a line in pieces
    write = f"run: i=0; while [ $i -lt 100 ]; do i=$((i + 1)); echo $i: line $i; {long}; sleep 0.03; done"
    assert axon_cluster.axon(*run_shell_agent(write, "--name", "chatty")).returncode == 0
    config = yaml.safe_load(axon_cluster.kubeconfig.read_text())
    server = config["clusters"][0]["cluster"]
    with Relay(urlsplit(server["server"]).port) as relay:
        server["server"] = f"https://127.0.0.1:{relay.port}"
        (tmp_path / "relayed").write_text(json.dumps(config))
        following = Running(subprocess.Popen(
            [axon_cluster.program_under_test, "logs", "chatty", "-f", "--raw", "-n", "default", "--config", "/dev/null",
             "--kubeconfig", str(tmp_path / "relayed")], stdout=subprocess.PIPE, stderr=subprocess.PIPE), PLAIN, "none", None)
        for number in range(10, 100, 10):
            following.stdout.wait_for(f"\n{number}: line")
            relay.drop()
        done = following.wait()
    assert done.exit_code == 0, done.errors
    assert done.log == axon_cluster("logs", axon_cluster.pod_of("chatty")["metadata"]["name"])


def test_uninstall_asks_first_and_leaves_nothing(axon_cluster: AxonCluster):
    axon_cluster.task("last", "wait: 300", gracePeriodSeconds=1)
    axon_cluster.reached("last", "Running")
    refused = axon_cluster.axon("uninstall")
    assert refused.returncode == 1 and "tasks" in refused.stderr and "--yes" in refused.stderr
    kept = axon_cluster.axon("uninstall", "--keep-data")
    assert kept.returncode == 0, kept.stderr
    assert axon_cluster.status("last")["phase"] == "Running"
    assert axon_cluster.install().returncode == 0
    done = axon_cluster.axon("uninstall", "--yes")
    assert done.returncode == 0, done.stderr
    assert axon_cluster("get", "crd", "-o", "name") == ""
    axon_cluster.wait_gone("pod", "-A", "-l", "app.kubernetes.io/managed-by=axon-controller")
