"""What the CLI says of a cluster that is not there, refuses, or does not know Axon; and what `axon doctor` finds. The
tests run in this order: the API server learns Axon's kinds in the middle."""

from __future__ import annotations

import base64
import json
import signal
from pathlib import Path

import pytest

from support.apiserver import ApiServer
from support.processes import wait_until
from support.run import Finished, Sandbox
from support.there import with_crds

COMMANDS = {"run": ("run", "-p", "x", "--credential-type", "none"), "logs": ("logs", "fix"), "follow": ("logs", "fix", "-f")}


class Cli:
    def __init__(self, api: ApiServer, box: Sandbox, cli: str) -> None:
        self.api, self.box, self.cli = api, box, cli
        self.use()

    def use(self, user: dict | None = None, **cluster: str) -> None:
        self.box.env["KUBECONFIG"] = str(self.api.kubeconfig(self.box.folder / "kubeconfig", user, **cluster))

    def __call__(self, *arguments: str) -> Finished:
        return self.box.run(self.cli, *arguments, seconds=60)

    def config(self, text: str) -> Path:
        file = self.box.home / ".axon" / "config.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        file.chmod(0o600)
        return file

    def findings(self, *arguments: str) -> dict[str, tuple[str, str]]:
        """Of a doctor: by the check's name its level and finding."""
        done = self("doctor", "-o", "json", *arguments)
        found = json.loads(done.log)
        assert done.exit_code == (1 if any(check["level"] == "wrong" for check in found) else 0), done
        assert all(check["advice"] for check in found if check["level"] == "look"), found
        return {check["name"]: (check["level"], check["finding"]) for check in found}


@pytest.fixture
def axon(api: ApiServer, sandbox: Sandbox, axon_cli: str) -> Cli:
    return Cli(api, sandbox, axon_cli)


def only_error(done: Finished) -> str:
    assert done.exit_code == 1 and done.log == "", done
    return done.errors


@pytest.mark.parametrize("command", COMMANDS)
def test_no_cluster_is_configured(axon: Cli, command: str) -> None:
    del axon.box.env["KUBECONFIG"]
    assert only_error(axon(*COMMANDS[command])) == (
        f"axon: no cluster is configured: there is no kubeconfig at {axon.box.home}/.kube/config, and this is no Pod of a "
        "cluster; set KUBECONFIG\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_context_that_is_not_there(axon: Cli, command: str) -> None:
    assert only_error(axon(*COMMANDS[command], "--context", "prod")) == (
        f'axon: {axon.box.env["KUBECONFIG"]}: contexts: there is none named "prod"; there are: c\n')


def test_a_cluster_that_does_not_answer(axon: Cli) -> None:
    axon.use(server="https://127.0.0.1:1")
    said = only_error(axon("logs", "fix"))
    assert "Connection refused" in said
    assert 'context "c" (https://127.0.0.1:1) cannot be reached: is it running, and the right --context?' in said
    assert axon.findings()["cluster"][0] == "wrong"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_credential_that_is_refused(axon: Cli, command: str) -> None:
    axon.use({"token": "expired"})
    assert ("does not accept your credentials, which may have expired: log in again, or choose another --context"
            in only_error(axon(*COMMANDS[command])))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_cluster_without_axon(axon: Cli, command: str) -> None:
    assert "does not know Axon's resources: axon install puts them there" in only_error(axon(*COMMANDS[command]))


def test_the_doctor_of_a_cluster_without_axon(axon: Cli) -> None:
    found = axon.findings()
    assert found["resources"] == ("wrong", "the cluster does not know tasks, workspaces, agentconfigs, taskspawners")
    assert found["controller"] == ("wrong", "is not installed")
    assert found["namespace"] == ("good", "default") and found["rights"][0] == "good"


def test_the_doctor_of_no_cluster(axon: Cli) -> None:
    axon.box.env["KUBECONFIG"] = "/nonexistent"
    done = axon("doctor")
    assert done.exit_code == 1 and "wrong  kubeconfig  no cluster is configured: there is no kubeconfig at /nonexistent" in done.log


# From here on the API server knows Axon's kinds.

@pytest.fixture
def axon_there(axon: Cli) -> Cli:
    with_crds(axon.api.kubectl)
    return axon


def as_visitor(axon: Cli) -> None:
    certificate, key = axon.api.authority.client("visitor", "/CN=visitor")
    axon.use({"client-certificate": str(certificate), "client-key": str(key)})


@pytest.mark.parametrize("command", COMMANDS)
def test_who_may_not(axon_there: Cli, command: str) -> None:
    as_visitor(axon_there)
    said = only_error(axon_there(*COMMANDS[command]))
    assert 'User "visitor" cannot ' in said and "ClusterRole edit in that namespace" in said, said


def test_the_doctor_of_who_may_not(axon_there: Cli) -> None:
    as_visitor(axon_there)
    found = axon_there.findings()
    assert found["rights"][0] == "wrong" and "you may not create tasks, get tasks" in found["rights"][1]
    assert found["rights"][1].endswith("get pods/log")
    assert found["controller"][0] == found["tasks"][0] == "look"


def deployment(image: str) -> dict:
    labels = {"app": "c"}
    return {"metadata": {"name": "axon-controller-manager"}, "spec": {
        "replicas": 1, "selector": {"matchLabels": labels}, "template": {
            "metadata": {"labels": labels}, "spec": {"containers": [{"name": "manager", "image": image}]}}}}


def test_the_doctor_of_a_cluster_that_works(axon_there: Cli) -> None:
    axon, api = axon_there, axon_there.api
    api.namespace("axon-system")
    version = axon("version").log.split()[1]
    path = "/apis/apps/v1/namespaces/axon-system/deployments"
    api.make(path, deployment(f"registry.example/axon-controller:{version}"))
    ready = {"observedGeneration": 1, "updatedReplicas": 1, "replicas": 1, "readyReplicas": 1, "availableReplicas": 1}
    assert api.request("PATCH", f"{path}/axon-controller-manager/status", {"status": ready})[0] == 200
    file = axon.config("secret: mine\nworkspace: {name: shop}\n")
    api.make("/api/v1/namespaces/default/secrets", {"metadata": {"name": "mine"}, "data": {"ANTHROPIC_API_KEY": "eA=="}})
    api.make("/apis/axon.io/v1alpha1/namespaces/default/workspaces", {
        "apiVersion": "axon.io/v1alpha1", "kind": "Workspace", "metadata": {"name": "shop"}, "spec": {"repo": "https://x/y.git"}})
    done = axon("doctor")
    server = json.loads(Path(axon.box.env["KUBECONFIG"]).read_text())["clusters"][0]["cluster"]["server"]
    kubernetes = json.loads(api.kubectl("version", "-o", "json"))["serverVersion"]["gitVersion"]
    assert done.exit_code == 0 and done.log == (
        f"good   config      {file}\n"
        "good   kubeconfig  context c\n"
        f"good   cluster     Kubernetes {kubernetes} at {server}\n"
        "good   namespace   default\n"
        "good   resources   the cluster knows Axon's resources\n"
        f"good   controller  registry.example/axon-controller:{version} is ready\n"
        "good   rights      you may do all that axon does in namespace default\n"
        "good   credential  Secret mine with ANTHROPIC_API_KEY\n"
        "good   workspace   Workspace shop\n"), done


def test_a_doctor_who_is_interrupted_leaves_no_pod(axon_there: Cli) -> None:
    axon, api = axon_there, axon_there.api
    pods = f"/api/v1/namespaces/{api.namespace('waits')}/pods"
    of_doctor = lambda: api.request("GET", pods)[1]["items"]  # noqa: E731
    running = axon.box.start(axon.cli, "doctor", "-n", "waits", "--image", "me/agent:1")
    (pod,) = wait_until(of_doctor, "the Pod")  # which nobody schedules here
    assert pod["spec"]["containers"][0]["image"] == "me/agent:1" and pod["metadata"]["name"].startswith("axon-doctor-")
    running.process.send_signal(signal.SIGINT)
    assert running.wait(60).exit_code == 130
    assert of_doctor() == []


def test_the_doctor_finds_what_is_wrong(axon_there: Cli) -> None:
    axon, api = axon_there, axon_there.api
    namespace = api.namespace("sick")
    data = {"OTHER": base64.b64encode(b"x").decode()}
    api.make(f"/api/v1/namespaces/{namespace}/secrets", {"metadata": {"name": "mine"}, "data": data})
    api.make(f"/apis/axon.io/v1alpha1/namespaces/{namespace}/tasks", {
        "apiVersion": "axon.io/v1alpha1", "kind": "Task", "metadata": {"name": "stuck"},
        "spec": {"type": "codex", "prompt": "x", "credentials": {"type": "none"}}})
    api.request("PATCH", f"/apis/axon.io/v1alpha1/namespaces/{namespace}/tasks/stuck/status", {"status": {
        "phase": "Pending", "conditions": [{"type": "Ready", "status": "False", "reason": "ImagePullFailed",
                                            "message": "no such image", "lastTransitionTime": "2026-03-01T12:00:00Z"}]}})
    axon.config("secret: mine\nworkspace: {name: shop}\n")
    found = axon.findings("-n", namespace)
    assert found["credential"] == ("wrong", "Secret mine has OTHER, but claude-code with api-key needs ANTHROPIC_API_KEY")
    assert found["workspace"] == ("wrong", "there is no Workspace shop")
    assert found["task stuck"] == ("look", "ImagePullFailed: no such image")
    assert axon.findings("-n", "none-such")["namespace"] == ("wrong", "there is no none-such")
    axon.config("nonsense: 1\n")
    assert axon.findings()["config"][0] == "wrong"
