"""Tasks on a real node that clone from a real git server, commit and push: by the shell agent and by the real Claude Code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import cluster as clusters, images
from support.anthropic import claude_provider
from support.axon_cluster import AxonCluster, Programs, installed
from support.gitserver import GitServer
from support.provider import Reply, Usage
from support.repos import Repo
from support.sshd import Sshd, secret_of

TOKEN = "ghs_token-of-the-workspace"
SHELL = {"type": "shell-agent", "image": images.name("shell-agent")}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory, programs: Programs):
    try:
        more = [images.archive(name) for name in ("shell-agent", "claude-code")]
    except images.CannotBuild as error:
        pytest.skip(f"an image cannot be made here: {error}")
    yield from clusters.or_skip(installed(tmp_path_factory.mktemp("images"), programs, more))


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory, node: AxonCluster):
    """A repository behind a token, with a Workspace of the same name for it."""
    root = tmp_path_factory.mktemp("served")
    made = Repo(root)
    with GitServer(root, token=TOKEN) as server:
        host = node.expose(server.port)
        node("create", "secret", "generic", "git", f"--from-literal=GITHUB_TOKEN={TOKEN}")
        node.apply({"apiVersion": "axon.io/v1alpha1", "kind": "Workspace", "metadata": {"name": "widgets"},
                    "spec": {"repo": f"http://{host}/{made.name}", "ref": "main", "secretRef": {"name": "git"}}})
        yield made


def test_the_shell_agent_clones_commits_and_pushes(node: AxonCluster, repository: Repo):
    node.task("push", "write made.txt: by hand\ncommit: made\n", workspaceRef={"name": "widgets"}, branch="made", **SHELL)
    status = node.ended("push")
    assert status["phase"] == "Succeeded", status
    assert status["results"]["branch"] == "made" and status["results"]["commit"] == repository.sha("made")
    assert repository.show("made", "made.txt") == "by hand"
    pod = node.pod_of("push")
    assert TOKEN not in json.dumps([pod, node.get("job", "push"), status]) + node("logs", pod["metadata"]["name"], "--all-containers")


def test_ten_tasks_on_one_branch_go_one_after_another(node: AxonCluster, repository: Repo):
    names = [f"turn-{number}" for number in range(10)]
    for name in names:
        node.task(name, f"append turns.txt: {name}\ncommit: {name}\n", workspaceRef={"name": "widgets"}, branch="turns", **SHELL)
    ended = {name: node.ended(name, seconds=180) for name in names}
    assert {status["phase"] for status in ended.values()} == {"Succeeded"}, ended
    assert repository.show("turns", "turns.txt").split() == names
    times = sorted((status["startTime"], status["completionTime"]) for status in ended.values())
    assert all(first[1] <= second[0] for first, second in zip(times, times[1:]))


def test_a_pipeline_hands_its_branch_on(node: AxonCluster, repository: Repo):
    node.task("plan", "write plan.txt: x\ncommit: plan\n", workspaceRef={"name": "widgets"}, branch="pipe", **SHELL)
    node.task("build", 'run: test -e plan.txt\nwrite built.txt: {{ index .Deps "plan" "Results" "commit" }}\ncommit: build\n',
              workspaceRef={"name": "widgets"}, branch="pipe", dependsOn=["plan"], **SHELL)
    status = node.ended("build")
    assert status["phase"] == "Succeeded", status
    assert repository.show("pipe", "built.txt") == node.status("plan")["results"]["commit"]


def test_what_needs_programs_is_cloned_in_the_agents_image(node: AxonCluster, repository: Repo, tmp_path: Path):
    """By ssh, with a key that the agent can push with; and in part."""
    with Sshd(tmp_path / "sshd", repository.bare.parent.parent) as sshd:
        host = node.expose(sshd.port)
        known = tmp_path / "known_hosts"
        known.write_text(sshd.known_hosts.read_text().replace("[127.0.0.1]", "[" + host.split(":")[0] + "]"))
        node("create", "secret", "generic", "deploy", f"--from-file=ssh-privatekey={sshd.key}", f"--from-file={known}")
        node.apply({"apiVersion": "axon.io/v1alpha1", "kind": "Workspace", "metadata": {"name": "by-ssh"},
                    "spec": {"repo": f"ssh://{sshd.user}@{host}/{repository.name}", "ref": "main", "sparse": ["docs"],
                             "filter": "blob:none", "secretRef": {"name": "deploy"}}})
        node.task("ssh", "run: git sparse-checkout list\nwrite docs/ssh.txt: by ssh\ncommit: made\n",
                  workspaceRef={"name": "by-ssh"}, branch="ssh", **SHELL)
        status = node.ended("ssh")
    assert status["phase"] == "Succeeded", status
    assert status["results"]["commit"] == repository.sha("ssh")
    pod = node.pod_of("ssh")
    log = node("logs", pod["metadata"]["name"], "--all-containers")
    assert "docs" in log.splitlines() and secret_of(sshd.key) not in log + json.dumps([pod, node.get("job", "ssh")])


@pytest.mark.parametrize(("change", "reason", "words"), [
    ({"ref": "no-such-branch"}, "CloneFailed", ["no-such-branch"]),
    ({"secretRef": {"name": "wrong"}}, "CloneFailed", ["token"]),
])
def test_a_clone_that_fails_says_why(node: AxonCluster, repository: Repo, change: dict, reason: str, words: list[str]):
    node.run("create", "secret", "generic", "wrong", "--from-literal=GITHUB_TOKEN=ghs_of_somebody_else")
    name = "bad-" + next(iter(change)).lower()
    spec = {**node.get("workspace", "widgets")["spec"], **change}
    node.apply({"apiVersion": "axon.io/v1alpha1", "kind": "Workspace", "metadata": {"name": name}, "spec": spec})
    status = node.ended(node.task(name, "run: true", workspaceRef={"name": name}, **SHELL))
    assert (status["phase"], status["reason"]) == ("Failed", reason), status
    assert all(word in status["message"] for word in words), status


def test_the_quick_start_with_claude_code(node: AxonCluster, repository: Repo, tmp_path: Path):
    """A config file and `axon run -w`: Claude Code in its image clones, commits and pushes, and is seen doing it."""
    first, last = Usage(1000, 2000, 300, 150, 40), Usage(500, 3000, 70, 60, 10)
    work = "echo by claude > claude.txt && git add -A && git commit -qm 'by claude' && git push -q origin HEAD"
    with claude_provider(Reply(text="I will.", shell=work, usage=first), Reply(text="Pushed.", usage=last)) as provider:
        host = node.expose(provider.port)
        repo = node.get("workspace", "widgets")["spec"]["repo"]
        config = tmp_path / "config.yaml"
        config.write_text(f"apiKey: sk-ant-api03-of-a-test-0123456789\nworkspace:\n  repo: {repo}\n  ref: main\n  token: {TOKEN}\n")
        config.chmod(0o600)
        done = node.axon("run", "-p", "Do it.", "-w", "--name", "claude", "--branch", "claude", "--image", images.name("claude-code"),
                         "--env", f"ANTHROPIC_BASE_URL=http://{host}", "-n", "default", "--config", str(config))
        served = provider.served
    status = node.status("claude")
    assert done.returncode == 0 and status["phase"] == "Succeeded", (done, status)
    assert status["results"]["commit"] == repository.sha("claude")
    assert repository.show("claude", "claude.txt") == "by claude"
    assert status["usage"]["inputTokens"] == served.uncached + served.cache_read + served.cache_write
    assert status["usage"]["outputTokens"] == served.output
    said = done.stdout.splitlines()
    assert said[:3] == ["task/claude created", "I will.", "Pushed."], done
    assert repository.sha("claude") in done.stdout
    told = done.stderr
    steps = ["workspace/axon-workspace created", "[pod] claude-", repo, "[model] claude-", f"[tool] Bash {work}", "[result] succeeded",
             "[usage] "]
    places = [told.find(step) for step in steps]
    assert -1 not in places and places == sorted(places), (places, told)
    assert TOKEN not in done.stdout + told
