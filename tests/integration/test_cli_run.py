"""`axon run` in a cluster: what it makes there, on a real API server, with a node that has nothing but logs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from support.apiserver import ApiServer
from support.rough import Asked, Rough, RoughProxy
from support.run import Sandbox
from support.run_scene import CONFIG, Scene


@pytest.fixture
def scene(shared_api: ApiServer, sandbox: Sandbox, axon_cli: str) -> Scene:
    return Scene(shared_api, sandbox, axon_cli)


def test_the_quick_start(scene: Scene) -> None:
    scene.config(CONFIG)
    done = scene.run("-p", "Add a hello world program in Python")
    assert done.exit_code == 0, done.errors
    name = re.fullmatch(r"task/(task-[a-z0-9]{5}) created\n", done.log).group(1)
    assert done.errors == ("secret/axon-credentials created\nsecret/axon-workspace-credentials created\n"
                           "workspace/axon-workspace created\n")
    assert scene.get("tasks", name)["spec"] == {
        "type": "claude-code", "prompt": "Add a hello world program in Python",
        "credentials": {"type": "oauth", "secretRef": {"name": "axon-credentials"}},
        "workspaceRef": {"name": "axon-workspace"}}
    assert scene.data("axon-credentials") == {"CLAUDE_CODE_OAUTH_TOKEN": "sk-first"}
    assert scene.data("axon-workspace-credentials") == {"GITHUB_TOKEN": "ghp-first"}
    assert scene.get("workspaces", "axon-workspace")["spec"] == {
        "repo": "https://github.com/your-org/your-repo.git", "ref": "main",
        "secretRef": {"name": "axon-workspace-credentials"}}
    again = scene.run("-p", "Another")
    assert (again.exit_code, again.errors) == (0, "") and again.log.startswith("task/task-")


def test_chained_tasks(scene: Scene) -> None:
    scene.config(CONFIG)
    assert scene.run("-p", "Scaffold", "--name", "scaffold", "--branch", "feature/user-service").log == "task/scaffold created\n"
    scene.run("-p", "Write tests", "--depends-on", "scaffold", "--branch", "feature/user-service", "--name", "tests")
    spec = scene.get("tasks", "tests")["spec"]
    assert (spec["dependsOn"], spec["branch"]) == (["scaffold"], "feature/user-service")
    taken = scene.run("-p", "Scaffold", "--name", "scaffold")
    assert taken.exit_code == 1 and taken.errors == (
        f'axon: Task "scaffold" is there already in namespace {scene.namespace}; choose another --name, or remove it with: '
        "axon delete task scaffold\n")


def test_every_flag_reaches_the_task(scene: Scene) -> None:
    done = scene.run("-p", "-starts with a dash", "-t", "codex", "--secret", "key", "--credential-type", "oauth", "--model", "m",
                     "--image", "localhost/codex:1", "--name", "all", "--workspace", "shop", "--timeout", "30m", "--stall", "5m",
                     "--grace", "20s", "--env", "A=1", "--env", "B=2", "--agent-config", "ac", "--depends-on", "one",
                     "--depends-on", "two", "--branch", "fix/1", "-n", scene.namespace, "-y")
    assert (done.exit_code, done.errors) == (0, ""), done
    assert scene.get("tasks", "all")["spec"] == {
        "type": "codex", "prompt": "-starts with a dash", "credentials": {"type": "oauth", "secretRef": {"name": "key"}},
        "model": "m", "image": "localhost/codex:1", "workspaceRef": {"name": "shop"}, "agentConfigRef": {"name": "ac"},
        "dependsOn": ["one", "two"], "branch": "fix/1", "stallSeconds": 300, "gracePeriodSeconds": 20,
        "podOverrides": {"activeDeadlineSeconds": 1800, "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}}


def test_what_is_there_is_not_overwritten_without_being_asked(scene: Scene) -> None:
    scene.config(CONFIG)
    scene.run("-p", "x")
    scene.config(CONFIG.replace("sk-first", "sk-second"))
    count = len(scene.tasks())
    question = (f"secret/axon-credentials in namespace {scene.namespace} is there with another CLAUDE_CODE_OAUTH_TOKEN. "
                "Overwrite it?")
    refused = scene.run("-p", "x")
    assert (refused.exit_code, refused.log) == (1, "")
    assert refused.errors == f"axon: {question} Nobody is there to answer; --yes overwrites it\n"
    assert scene.data("axon-credentials") == {"CLAUDE_CODE_OAUTH_TOKEN": "sk-first"} and len(scene.tasks()) == count
    scene.config(CONFIG.replace("sk-first", "sk-second").replace("ref: main", "ref: dev"))
    changed = scene.run("-p", "x", "--yes")
    assert changed.errors == "secret/axon-credentials changed\nworkspace/axon-workspace changed\n"
    assert scene.data("axon-credentials") == {"CLAUDE_CODE_OAUTH_TOKEN": "sk-second"}
    assert scene.get("workspaces", "axon-workspace")["spec"]["ref"] == "dev"


def test_a_key_of_another_agent_is_added_and_an_app_takes_the_place_of_a_token(scene: Scene) -> None:
    scene.config(CONFIG)
    scene.run("-p", "x")
    (scene.box.home / "app.pem").write_text("PEM")
    scene.config("type: codex\napiKey: k\nworkspace:\n  repo: https://github.com/your-org/your-repo.git\n  ref: main\n"
                 "  githubApp: {appID: 7, installationID: 8, privateKeyPath: ~/app.pem}\n")
    done = scene.run("-p", "x", "-y")
    assert done.exit_code == 0, done.errors
    assert scene.data("axon-credentials") == {"CLAUDE_CODE_OAUTH_TOKEN": "sk-first", "CODEX_API_KEY": "k"}
    assert scene.data("axon-workspace-credentials") == {"appID": "7", "installationID": "8", "privateKey": "PEM"}


def test_a_dry_run_asks_no_cluster_and_shows_no_secret(scene: Scene) -> None:
    scene.config(CONFIG)
    scene.box.env["KUBECONFIG"] = "/nonexistent"
    done = scene.run("-p", "Fix it", "--name", "t", "--dry-run")
    assert done.exit_code == 0, done.errors
    assert done.log == """\
apiVersion: axon.io/v1alpha1
kind: Workspace
metadata:
  name: axon-workspace
spec:
  ref: main
  repo: "https://github.com/your-org/your-repo.git"
  secretRef:
    name: axon-workspace-credentials
---
apiVersion: axon.io/v1alpha1
kind: Task
metadata:
  name: t
spec:
  credentials:
    secretRef:
      name: axon-credentials
    type: oauth
  prompt: Fix it
  type: claude-code
  workspaceRef:
    name: axon-workspace
"""
    assert done.errors == ("axon: secret/axon-credentials would get CLAUDE_CODE_OAUTH_TOKEN\n"
                           "axon: secret/axon-workspace-credentials would get GITHUB_TOKEN\n")
    assert scene.run("-p", "Fix it", "--name", "t", "--dry-run", "-o", "name").log == "workspace/axon-workspace\ntask/t\n"
    both = json.loads(scene.run("-p", "Fix it", "--dry-run", "-o", "json").log)
    assert [one["kind"] for one in both["items"]] == ["Workspace", "Task"]


def test_documents(scene: Scene, tmp_path: Path) -> None:
    file = tmp_path / "task.yaml"
    file.write_text("""\
apiVersion: axon.io/v1alpha1
kind: Workspace
metadata: {name: shop}
spec: {repo: "https://github.com/acme/shop.git", depth: 5}
---
apiVersion: v1
kind: Secret
metadata: {name: anthropic}
stringData: {ANTHROPIC_API_KEY: k}
---
apiVersion: axon.io/v1alpha1
kind: Task
metadata: {name: fix-login, labels: {team: web}}
spec:
  type: claude-code
  prompt: Fix it
  workspaceRef: {name: shop}
  credentials: {type: api-key, secretRef: {name: anthropic}}
  ttlSecondsAfterFinished: 60
""")
    done = scene.run("-f", str(file), "--model", "opus")
    assert done.log == "task/fix-login created\n" and done.errors == "workspace/shop created\nsecret/anthropic created\n", done
    task = scene.get("tasks", "fix-login")
    assert task["metadata"]["labels"] == {"team": "web"}
    assert (task["spec"]["model"], task["spec"]["ttlSecondsAfterFinished"]) == ("opus", 60)
    assert scene.get("workspaces", "shop")["spec"]["depth"] == 5 and scene.data("anthropic") == {"ANTHROPIC_API_KEY": "k"}
    second = scene.run("-f", str(file), "--name", "again", "-o", "name")
    assert (second.log, second.errors) == ("task/again\n", "")


def test_output_for_programs(scene: Scene) -> None:
    done = scene.run("-p", "x", "--credential-type", "none", "--name", "a", "-o", "json")
    assert json.loads(done.log)["metadata"]["name"] == "a" and done.errors == ""
    assert "\n  name: b\n" in scene.run("-p", "x", "--credential-type", "none", "--name", "b", "-o", "yaml").log


def test_an_answer_that_is_lost_makes_no_second_task(scene: Scene, tmp_path: Path) -> None:
    def cut_the_first(asked: Asked) -> Rough:
        return Rough(is_cut_after=asked.method == "POST" and asked.path.endswith("/tasks"))

    with RoughProxy(scene.api, cut_the_first) as proxy:
        scene.box.env["KUBECONFIG"] = str(proxy.kubeconfig(tmp_path / "rough"))
        done = scene.run("-p", "x", "--credential-type", "none", "-n", scene.namespace)
    (name,) = scene.tasks()
    assert (done.exit_code, done.log) == (0, f"task/{name} created\n"), done


@pytest.mark.parametrize(("arguments", "sentence"), [
    ((), "no prompt: give one with -p TEXT, -p @FILE or -p - (stdin), or a Task with -f FILE"),
    (("-p", " "), "--prompt: the prompt is empty"),
    (("-p", "x"), "no credential for claude-code: put oauthToken or apiKey into ~/.axon/config.yaml (axon init makes it), or "
                  "name a Secret: --secret NAME (--credential-type none runs without one); axon run --local takes the one of your "
                  "environment"),
    (("-p", "x", "--credential-type", "key"), "--credential-type: key not in {api-key,oauth,none}"),
    (("-p", "x", "--secret", "s", "--timeout", "0s"), '--timeout: must be at least 1s, found "0s"'),
    (("-p", "x", "--secret", "s", "--timeout", "soon"),
     '--timeout: "soon" is no duration; expected for example 30m, 1h30m or 90s'),
    (("-p", "x", "--secret", "s", "--env", "=x"), '--env: "" is no name of a variable; expected NAME=VALUE'),
    (("-p", "x", "--secret", "s", "--env", "AXON_MODEL=x"), "--env: AXON_MODEL is set by Axon itself"),
    (("-p", "x", "--secret", "s", "-t", "mine"),
     'unknown type "mine"; expected one of claude-code, codex, gemini, opencode, or any name together with --image IMAGE'),
    (("-p", "x", "--secret", "s", "--name", "A_b"),
     '--name: "A_b" must be a name of a-z, 0-9 and "-", at most 63 characters'),
    (("-p", "x", "--secret", "s", "--ref", "main"), "--ref: goes with --repo"),
    (("-p", "x", "--secret", "s", "--mcp", "a={}"), "--mcp: works with --local only; on a cluster put it into an AgentConfig"),
    (("-p", "x", "--secret", "s", "--sandbox", "none"),
     "--sandbox: works with --local only; on a cluster the Pod is the sandbox"),
    (("-p", "x", "--local", "--image", "i"), "--image: is for a cluster; with --local the agent is the program in your PATH"),
    (("-p", "x", "--local", "-o", "yaml"), "--output: is for a cluster; with --local: table, json"),
    (("-p", "@/none", "--secret", "s"), "--prompt: read /none: No such file or directory"),
    (("-p", "ab\udcff", "--secret", "s"), "--prompt: byte 3 is not UTF-8; only text can be given"),
    (("-p", "@/proc/self/cmdline", "--secret", "s"), "is NUL; only text can be given"),
    (("-p", "x", "--secret", "s", "--model", "\udcff"), ": a text in it is not valid UTF-8"),
    (("-p", "x", "--secret", "s", "--timeout", ""), "--timeout: is empty"),
    (("-p", "x", "--secret", "s", "--repo", "https://x.test/a", "--branch", "a b"),
     '--branch: "a b" must be a name of a branch: no space, and none of ~^:?*['),
    (("-f", "/none"), "--file: read /none: No such file or directory"),
    (("-p", "x", "--secret", "s", "-n", "none-such"), 'namespaces "none-such" not found'),
])
def test_bad_input_is_named_and_makes_nothing(scene: Scene, arguments: tuple[str, ...], sentence: str) -> None:
    done = scene.run(*arguments)
    assert done.exit_code in (1, 2) and done.log == "" and sentence in done.errors, done
    assert scene.tasks() == []
