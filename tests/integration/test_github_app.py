"""The manager makes tokens of a GitHub App and keeps them fresh: on a real API server, with a stand-in for an Enterprise
host that verifies each JWT by openssl."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from support.cluster import Kubectl
from support.github_app import AppKey, GitHubWithApp
from support.there import There, condition, managed, token_in, with_crds
from support.tls import Authority


@pytest.fixture(scope="module")
def crds(apiserver: Kubectl) -> Kubectl:
    return with_crds(apiserver)


@pytest.fixture
def there(crds: Kubectl, github: GitHubWithApp, controller: str, authority: Authority, tmp_path: Path) -> Iterator[There]:
    with managed(crds, github, controller, authority, tmp_path) as there:
        yield there


def test_a_task_waits_for_the_token_and_mounts_its_secret_as_a_directory(there: There) -> None:
    there.github.gate.clear()
    there.secret("app")
    there.workspace("shop")
    there.task("first")
    message = there.wait_condition("first", "Ready", "False", "GitHubTokenPending")
    assert message == 'waits for a token of the GitHub App in Secret "app"; it is being made'
    assert condition(there.get("task", "first"), "Accepted")["status"] == "True"
    assert there.get("job", "first") is None
    there.github.gate.set()
    job = there.wait("job", "first")

    secret = there.get("secret", "axon-github-token-shop")
    assert token_in(secret) == there.github.tokens[0]
    assert secret["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "axon-controller"
    (owner,) = secret["metadata"]["ownerReferences"]
    assert (owner["kind"], owner["uid"]) == ("Workspace", there.get("workspace", "shop")["metadata"]["uid"])

    pod = job["spec"]["template"]["spec"]
    (volume,) = [volume for volume in pod["volumes"] if volume["name"] == "github-token"]
    assert volume["secret"]["secretName"] == "axon-github-token-shop"
    assert volume["secret"]["items"] == [{"key": "GITHUB_TOKEN", "path": "GITHUB_TOKEN"}]
    for container in (*pod["initContainers"], *pod["containers"]):
        (mounted,) = [mount for mount in container["volumeMounts"] if mount["name"] == "github-token"]
        assert mounted == {"name": "github-token", "mountPath": "/axon/github-token", "readOnly": True}, "no subPath"
        variables = {variable["name"]: variable for variable in container["env"]}
        assert variables["AXON_GITHUB_TOKEN_FILE"]["value"] == "/axon/github-token/GITHUB_TOKEN"
        for name in ("GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN"):
            assert variables[name]["valueFrom"]["secretKeyRef"]["name"] == "axon-github-token-shop"

    there.task("second")
    there.wait("job", "second")
    assert [request.path for request in there.github.requests] == ["/api/v3/app/installations/5678/access_tokens"]


def test_a_token_is_replaced_before_it_ends_while_a_task_uses_it(there: There) -> None:
    there.github.life = 20
    there.secret("app", privateKey=there.github.key.pkcs8.read_text() + "\n", appID="1234\n")
    for name in ("shop", "other"):
        there.workspace(name)
        there.task(f"in-{name}", name)
        there.wait("job", f"in-{name}")
    there.github.life = 6  # of those that follow
    first = there.get("secret", "axon-github-token-shop")
    second = there.wait_for_next_token("shop", first)
    assert first["metadata"]["uid"] == second["metadata"]["uid"], "replaced in its place"
    assert second["metadata"]["annotations"]["axon.io/issued-at"] < first["metadata"]["annotations"]["axon.io/expires-at"]

    there.set_status("task", "in-shop", {"phase": "Succeeded"})
    there.wait_for_next_token("other")  # one of the first may be on its way
    last = there.get("secret", "axon-github-token-shop")
    for _ in range(2):
        there.wait_for_next_token("other")
    assert there.get("secret", "axon-github-token-shop") == last
    there.task("later")
    there.wait_for_next_token("shop", last)
    there.wait("job", "later")


def test_what_is_wrong_stands_in_the_condition_until_it_is_mended(there: There, tmp_path: Path) -> None:
    url = there.github.url
    wrong = {
        "wrong-key": ({"privateKey": AppKey(tmp_path, "other").pkcs1.read_text()},
                      f"{url}/api/v3 gave no token to App 1234: HTTP 401 (A JSON web token could not be decoded): appID "
                      'and privateKey in Secret "wrong-key" do not belong together, or the key was deleted'),
        "wrong-app": ({"appID": "99"},
                      f"{url}/api/v3 gave no token to App 99: HTTP 404 (Integration not found): there is no App with the "
                      'appID in Secret "wrong-app" on that server'),
        "wrong-installation": ({"installationID": "99"},
                               f"{url}/api/v3 gave no token to App 1234: HTTP 404 (Not Found): installationID in Secret "
                               '"wrong-installation" is not one of App 1234, or the App is no longer installed'),
        "no-key": ({"privateKey": "hush hush"},
                   'Secret "no-key", key privateKey: expected a private key in PEM form, the file that GitHub gives, '
                   "which begins with -----BEGIN RSA PRIVATE KEY-----, with its line breaks"),
        "no-number": ({"installationID": "o/r"},
                      'Secret "no-number", key installationID: expected a number, the last part of the address of the '
                      "installation's settings page"),
    }
    for name, (changed, _) in wrong.items():
        there.secret(name, **changed)
        there.workspace(name, secret=name)
        there.task(name, name)
    for name, (_, message) in wrong.items():
        assert there.wait_condition(name, "Accepted", "False", "GitHubTokenFailed") == message
        assert there.get("job", name) is None
        there.wait("task", name, lambda task: task["status"]["phase"] == "Pending" and task["status"]["message"])
    events = there.kubectl.get("events", "-n", there.namespace)["items"]
    assert {event["involvedObject"]["kind"] for event in events if event["reason"] == "GitHubTokenFailed"} == {
        "Task", "Workspace"}
    for name in wrong:
        there.secret(name)  # mended
        there.wait("job", name)
        there.wait_condition(name, "Accepted", "True", "Accepted")


def test_a_server_that_cannot_be_reached_is_tried_again(there: There) -> None:
    there.github.failing = 502
    there.secret("app")
    there.workspace("shop")
    there.workspace("nowhere", repo="https://127.0.0.1:1/o/r.git")
    there.task("waits")
    there.task("nowhere", "nowhere")
    message = there.wait_condition("waits", "Accepted", "False", "GitHubTokenFailed")
    assert message.endswith(": HTTP 502 (a failure of the test): it will be tried again")
    message = there.wait_condition("nowhere", "Accepted", "False", "GitHubTokenFailed")
    assert message.startswith("https://127.0.0.1:1/api/v3 cannot be reached: ")
    there.github.failing = None
    there.wait("job", "waits")  # nobody has touched anything


def test_another_manager_goes_on_with_the_token_that_is_there(there: There) -> None:
    there.secret("app")
    there.workspace("shop")
    there.task("first")
    there.wait("job", "first")
    there.manager.__exit__()
    there.manager.__enter__()
    there.task("second")
    there.wait("job", "second")
    assert len(there.github.tokens) == 1
    there.kubectl("delete", "secret", "axon-github-token-shop", "-n", there.namespace)
    there.wait("secret", "axon-github-token-shop", lambda secret: token_in(secret) == there.github.tokens[1])
    there.secret("app", installationID="99")
    there.task("third")
    there.wait_condition("third", "Accepted", "False", "GitHubTokenFailed")


def test_a_running_task_says_when_its_token_runs_out(there: There) -> None:
    there.github.life = 12
    there.secret("app")
    there.workspace("shop")
    there.task("runs")
    job = there.wait("job", "runs")
    there.github.failing = 503
    owner = {"apiVersion": "batch/v1", "kind": "Job", "name": "runs", "uid": job["metadata"]["uid"], "controller": True}
    there.kubectl.apply({"apiVersion": "v1", "kind": "Pod",
                         "metadata": {"name": "runs-pod", "namespace": there.namespace, "ownerReferences": [owner],
                                      "labels": job["spec"]["template"]["metadata"]["labels"]},
                         "spec": {"automountServiceAccountToken": False,
                                  "containers": [{"name": "claude-code", "image": "i"}]}})
    running = {"name": "claude-code", "image": "i", "imageID": "i", "ready": True, "restartCount": 0,
               "state": {"running": {"startedAt": "2026-03-01T12:00:00Z"}}}
    there.set_status("pod", "runs-pod", {"phase": "Running", "containerStatuses": [running]})
    message = there.wait_condition("runs", "GitHubTokenFresh", "False", "GitHubTokenFailed")
    assert "HTTP 503" in message
    there.github.failing = None
    there.wait_condition("runs", "GitHubTokenFresh", "True", "Refreshed")
