"""The manager with the rights of its ServiceAccount alone: they are enough, and it uses each of them."""

from __future__ import annotations

import random
import re
from pathlib import Path

import yaml

from support.apiserver import ApiServer
from support.github_app import GitHubWithApp
from support.history import TASKS
from support.manager import Manager
from support.processes import wait_until
from support.rough import Asked, RoughProxy
from support.tls import Authority
from support.there import ROOT
from support.workload import Workload, workload

RIGHTS = ROOT / "controller" / "manifests" / "rbac.yaml"
PATH = re.compile(r"/(?:api/v1|apis/(?P<group>[^/]+)/[^/]+)(?:/namespaces/[^/]+)?/(?P<plural>[^/]+)(?:/(?P<name>[^/]+))?(?:/(?P<part>[^/]+))?$")
Right = tuple[str, str, str]  # API group, resource, verb


def granted() -> set[Right]:
    return {(group, resource, verb)
            for role in yaml.safe_load_all(RIGHTS.read_text()) if role["metadata"]["name"] == "axon-controller"
            for rule in role.get("rules", []) for group in rule["apiGroups"] for resource in rule["resources"]
            for verb in rule["verbs"]}


def used(asked: Asked) -> Right:
    words = PATH.match(asked.path)
    assert words, asked
    read = "watch" if asked.is_watch else "get" if words["name"] else "list"
    verb = {"GET": read, "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}[asked.method]
    return words["group"] or "", "/".join(filter(None, (words["plural"], words["part"]))), verb


class Situations(Workload):
    """Each makes the manager do what it seldom does."""

    def make(self, plural: str, kind: str, name: str, **parts: object) -> None:
        self.api.make(f"/apis/axon.io/v1alpha1/namespaces/{self.namespace}/{plural}",
                      {"apiVersion": "axon.io/v1alpha1", "kind": kind, "metadata": {"name": name}, **parts})

    def special(self, name: str, **spec: object) -> None:
        self.make("tasks", "Task", name, spec={"type": "claude-code", "prompt": "x", "credentials": {"type": "none"}, **spec})

    def wait_reason(self, task: str, reason: str) -> None:
        def look() -> bool:
            status = self.api.request("GET", f"{TASKS.format(self.namespace)}/{task}")[1].get("status", {})
            return any(one["reason"] == reason for one in status.get("conditions", []))
        wait_until(look, f"{reason} of Task {task}", 60)

    def an_app(self, github: GitHubWithApp) -> None:
        github.life = 6  # so that its token is replaced soon
        self.api.make(self._secrets, {"metadata": {"name": "app"}, "stringData": {
            "appID": github.app_id, "installationID": github.installation, "privateKey": github.key.pkcs1.read_text()}})
        self.make("workspaces", "Workspace", "by-app", spec={"repo": f"{github.url}/o/r.git", "secretRef": {"name": "app"}})
        self.kubelet.held.add("pushes")
        self.special("pushes", workspaceRef={"name": "by-app"})

    def the_same_trouble_twice(self) -> None:
        value = {"name": "A", "secretKeyRef": {"name": "late", "key": "token"}}
        self.make("agentconfigs", "AgentConfig", "tools",
                  spec={"mcpServers": [{"name": "m", "type": "http", "url": "https://m.example", "headersFrom": [value]}]})
        self.special("needy", agentConfigRef={"name": "tools"})
        self.wait_reason("needy", "SecretNotFound")
        self.api.make(self._secrets, {"metadata": {"name": "late"}, "stringData": {"other": "x"}})
        self.wait_reason("needy", "SecretKeyNotFound")
        assert self.api.request("DELETE", f"{self._secrets}/late")[0] == 200
        self.wait_reason("needy", "SecretNotFound")

    def a_name_that_is_taken(self) -> None:
        pod = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}
        self.api.make(f"/apis/batch/v1/namespaces/{self.namespace}/jobs",
                      {"metadata": {"name": "taken"}, "spec": {"suspend": True, "template": {"spec": pod}}})
        self.special("taken")

    def an_agent_without_a_report(self) -> None:
        self.kubelet.silent.add("silent")
        self.special("silent", ttlSecondsAfterFinished=0)

    @property
    def _secrets(self) -> str:
        return f"/api/v1/namespaces/{self.namespace}/secrets"


def test_its_rights_are_enough_and_each_is_used(axon_api: ApiServer, controller: str, github: GitHubWithApp,
                                                authority: Authority, rng: random.Random, tmp_path: Path) -> None:
    axon_api.namespace("axon-system")
    axon_api.kubectl("apply", "-f", RIGHTS)
    with (workload(axon_api, "rights", rng, kind=Situations) as there,
          RoughProxy(axon_api, lambda _: None, "axon-system:axon-controller") as proxy,
          Manager(controller, proxy.kubeconfig(tmp_path / "config"), tmp_path / "log", "rights", "--leader-elect",
                  SSL_CERT_FILE=str(authority.ca)) as manager):
        there.an_app(github)
        there.a_name_that_is_taken()
        there.an_agent_without_a_report()
        there.the_same_trouble_twice()
        there.task("plain")
        left: set[Right] = set()

        def all_used() -> bool:
            nonlocal left
            left = granted() - {used(asked) for _, asked in list(proxy.asked)}
            return not left
        try:
            wait_until(all_used, "the use of each right", 60)
        except TimeoutError:
            raise AssertionError(f"never used: {left}") from None
        assert {used(asked) for _, asked in list(proxy.asked)} <= granted()
        assert "forbidden" not in manager.log.read_text().lower()
