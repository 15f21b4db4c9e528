"""`axon run --local`, get, logs and delete, with the example agent: in the bubblewrap sandbox and without one."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest

from support.local import MANIFEST, Local, facts, isolation, local, needs_bwrap  # noqa: F401 - fixtures
from support.processes import wait_until
from support.repos import Repo, git

WAITING = "run: touch waiting\nwait: 300"


@pytest.fixture
def waiting(local: Local, isolation: str):
    """A run whose agent has begun and goes on for ever."""
    running = local.start_shell("waiting", WAITING, "--grace", "2s", "--branch", "agent/wait", sandbox=isolation)
    local.wait_for_clone("waiting", "waiting")
    return running


def assert_nobody_is_left(local: Local, name: str) -> None:
    wait_until(lambda: not local.processes(name), f"the end of {local.processes(name)}", 20)


def test_a_run_from_flags(local, isolation, repo: Repo):
    before = git(repo.work, "status", "--porcelain=v2", "--branch")
    done = local.shell("first", "write a.txt: made", "--branch", "agent/a", sandbox=isolation, SHELL_AGENT_PUSH="never")
    assert done.exit_code == 0, done.errors
    told = facts(done.log)
    commit = git(local.clone("first"), "rev-parse", "agent/a")
    assert (told["Task"], told["Outcome"], told["Branch"], told["Commit"]) == ("first", "Succeeded", "agent/a", commit)
    assert git(local.clone("first"), "show", "agent/a:a.txt") == "made"
    assert (git(repo.work, "status", "--porcelain=v2", "--branch"), (repo.work / "a.txt").exists()) == (before, False)
    subprocess.run(["sh", "-c", told["Take it over"]], check=True, capture_output=True)
    assert git(repo.work, "rev-parse", "FETCH_HEAD") == commit
    assert_nobody_is_left(local, "first")


def test_the_agent_says_where_its_branch_is_if_the_sandbox_lets_nobody_push(local, repo: Repo):
    needs_bwrap(local)
    git(repo.work, "remote", "remove", "origin")
    done = local.shell("demo", "Look around.", "--branch", "agent/look", sandbox="bwrap")
    assert done.exit_code == 0, done.errors
    said = done.log + done.errors
    assert "The branch agent/look is in this clone" in said
    assert not [word for word in ("problem", "rejected", "failed to push", "Failed") if word in said], said


def test_the_agent_pushes_to_a_repository_that_takes_it(local, repo: Repo):
    done = local.shell("pushed", "write a.txt: made", "--branch", "agent/a", sandbox="none")
    assert done.exit_code == 0, done.errors
    clone = local.clone("pushed")
    origin = git(clone, "remote", "get-url", "origin")
    assert git(Path(origin.removeprefix("file://")), "rev-parse", "agent/a") == git(clone, "rev-parse", "HEAD")


def test_a_run_in_json(local, isolation):
    done = local.shell("told", "write a.txt: made", "-o", "json", sandbox=isolation)
    task = json.loads(done.log)
    assert (done.exit_code, task["status"]["phase"], task["status"]["exitCode"]) == (0, "Succeeded", 0)
    assert (task["metadata"]["name"], task["spec"]["prompt"]) == ("told", "write a.txt: made")
    assert task["status"]["results"]["commit"] == git(local.clone("told"), "rev-parse", "HEAD")
    assert local.task("told") == task


def test_a_failure_is_told_and_is_the_exit_code(local, isolation):
    done = local.shell("bad", "fail: it cannot be done", sandbox=isolation)
    told = facts(done.log)
    assert (done.exit_code, told["Outcome"], told["Reason"]) == (1, "Failed", "AgentError")
    assert "it cannot be done" in told["Message"]


def test_documents(local, isolation, repo: Repo, tmp_path):
    (tmp_path / "task.yaml").write_text(f"""\
apiVersion: axon.io/v1alpha1
kind: Task
metadata:
  name: from-a-file
spec:
  type: shell-agent
  image: registry.example/shell-agent
  prompt: "Look around."
  workspaceRef:
    name: my-workspace
  agentConfigRef:
    name: my-config
  branch: feature/look
---
apiVersion: axon.io/v1alpha1
kind: Workspace
metadata:
  name: my-workspace
spec:
  repo: file://{repo.bare}
  ref: main
  files:
    - path: docs/given.txt
      content: given
""")
    (tmp_path / "config.yaml").write_text("""\
apiVersion: axon.io/v1alpha1
kind: AgentConfig
metadata:
  name: my-config
spec:
  agentsMD: |
    # Project Rules
    Follow RULEMARK.
""")
    done = local.axon("run", "--local", "-f", str(tmp_path / "task.yaml"), "-f", str(tmp_path / "config.yaml"),
                      "--agent-manifest", str(MANIFEST), "--sandbox", isolation, cwd=tmp_path)
    assert done.exit_code == 0, done.errors
    clone = local.clone("from-a-file")
    assert git(clone, "branch", "--show-current") == "feature/look"
    assert "RULEMARK" in (clone / "NOTES-look-around.md").read_text()
    assert (clone / "docs" / "given.txt").read_text() == "given"


def test_the_config_file_says_what_nobody_else_does(local, repo: Repo, tmp_path):
    """The repository of the file is for who stands in none."""
    local.config(f"type: shell-agent\nworkspace:\n  repo: file://{repo.bare}\n  ref: main\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    there = local.shell("there", "write a.txt: 1", sandbox="none", cwd=elsewhere)
    assert there.exit_code == 0 and f"axon: clones {repo.bare}: what is committed there" in there.errors, there
    dry = local.shell("here", "write a.txt: 1", "--dry-run", "-o", "json", sandbox="none")
    assert json.loads(dry.log)["run"]["source"] == str(repo.work), dry


def test_get_in_every_form(local):
    assert local.axon("get", "tasks", "--local").errors.startswith("No Tasks")
    local.shell("one", "write a.txt: 1", sandbox="none")
    local.shell("two", "fail: no", sandbox="none")
    lines = [line.split() for line in local.axon("get", "tasks", "--local").log.splitlines()]
    assert lines[0][:4] == ["NAME", "TYPE", "PHASE", "REASON"]
    assert [line[:3] for line in lines[1:]] == [["one", "shell-agent", "Succeeded"], ["two", "shell-agent", "Failed"]]
    assert local.axon("get", "tasks", "--local", "-o", "name").log.splitlines() == ["task/one", "task/two"]
    listed = json.loads(local.axon("get", "tasks", "--local", "-o", "json").log)
    assert [item["metadata"]["name"] for item in listed["items"]] == ["one", "two"]
    assert "phase: Succeeded" in local.axon("get", "task", "one", "--local", "-o", "yaml").log
    assert facts(local.axon("get", "task", "two", "--local").log)["Reason"] == "AgentError"
    missing = local.axon("get", "task", "three", "--local")
    assert (missing.exit_code, "three" in missing.errors) == (1, True)


def test_logs_during_and_after(local, waiting):
    following = local.start("logs", "waiting", "--local", "-f")
    following.stderr.wait_for("touch waiting")
    during = local.axon("logs", "waiting", "--local")
    assert "touch waiting" in during.errors + during.log
    waiting.signal(signal.SIGINT)
    waiting.wait(60)
    followed = following.wait(30)
    assert (followed.exit_code, "stopped by a signal" in followed.errors + followed.log) == (0, True)
    raw = local.axon("logs", "waiting", "--local", "--raw").log.splitlines()
    assert [json.loads(line)["type"] for line in raw if line.startswith("{")][0] == "start"
    assert "---AXON_OUTPUTS_END---" in raw


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_in_order_and_reports(local, waiting, number):
    waiting.signal(number)
    done = waiting.wait(60)
    told = facts(done.log)
    assert (done.exit_code, told["Outcome"], told["Reason"]) == (143, "Failed", "Cancelled")
    assert git(local.clone("waiting"), "log", "-1", "--format=%s") == "shell-agent: work so far"
    assert told["Commit"] == git(local.clone("waiting"), "rev-parse", "agent/wait")
    assert_nobody_is_left(local, "waiting")


def test_a_killed_cli_leaves_nobody_and_is_explained(local, waiting):
    wait_until(lambda: "agent/wait" in (local.folder("waiting") / "report.json").read_text(), "a checkpoint")
    assert local.task("waiting")["status"]["phase"] == "Running"
    waiting.signal(signal.SIGKILL)
    waiting.wait(60)
    assert_nobody_is_left(local, "waiting")
    status = local.task("waiting")["status"]
    assert (status["phase"], status["results"]["branch"]) == ("Failed", "agent/wait")
    assert status["reason"] in ("Interrupted", "Cancelled")
    assert status["message"]
    assert local.axon("delete", "task", "waiting", "--local").exit_code == 0
    assert local.tasks == []


def test_delete(local, waiting):
    """A running Task is stopped first."""
    local.shell("done", "write a.txt: 1", sandbox="none")
    assert local.axon("delete", "task", "done", "--local").log == "task/done deleted\n"
    assert local.axon("delete", "tasks", "--local", "--all").exit_code == 0
    assert waiting.wait(60).exit_code != 0
    assert_nobody_is_left(local, "waiting")
    assert local.tasks == []
    again = local.axon("delete", "task", "done", "--local")
    assert (again.exit_code, '"done"' in again.errors) == (1, True)


def test_two_runs_at_once(local, isolation):
    both = [local.start_shell(name, f"write {name}.txt: {name}\nrun: touch ../{name}", sandbox=isolation)
            for name in ("left", "right")]
    assert [running.wait().exit_code for running in both] == [0, 0]
    for name, other in (("left", "right"), ("right", "left")):
        assert (local.clone(name) / f"{name}.txt").exists()
        assert not (local.clone(name) / f"{other}.txt").exists()


def test_a_name_is_taken_once(local):
    local.shell("same", "write a.txt: 1", sandbox="none")
    again = local.shell("same", "write b.txt: 1", sandbox="none")
    assert (again.exit_code, '"same"' in again.errors, local.tasks) == (1, True, ["same"])
    assert not (local.clone("same") / "b.txt").exists()


def probe(local: Local, *commands: str) -> dict[str, str]:
    """What each command prints inside the sandbox."""
    steps = "\n".join(f"run: {{ {command}; }} >probe-{i} 2>&1; true" for i, command in enumerate(commands))
    done = local.shell("probe", steps, sandbox="bwrap")
    assert done.exit_code == 0, done.errors
    return {command: (local.clone("probe") / f"probe-{i}").read_text() for i, command in enumerate(commands)}


def test_the_sandbox_hides_and_protects(local, repo: Repo):
    needs_bwrap(local)
    ssh = local.box.home / ".ssh"
    ssh.mkdir()
    (ssh / "id_ed25519").write_text("PRIVATE-KEY-MARK")
    outside = local.box.folder / "outside"
    outside.write_text("OUTSIDE-MARK")
    with subprocess.Popen(["sleep", "300.125"]) as other:
        seen = probe(local, f"cat {ssh}/id_ed25519 ~/.ssh/*", f"ls -A {local.box.home} ~", f"cat {outside}",
                     "cat /proc/[0-9]*/cmdline | tr '\\0' ' '", f"kill -0 {other.pid} && echo ALIVE",
                     f"touch {repo.work}/.git/made {repo.work}/made", f"git -C {repo.work} commit --allow-empty -m made",
                     f"touch {local.state}/axon/made", "touch /usr/made /etc/made /made", "env", "cat /axon/task/* >/dev/null")
        other.kill()
    said = "\n".join(seen.values())
    for mark in ("PRIVATE-KEY-MARK", "OUTSIDE-MARK", "300.125", "ALIVE", str(local.box.home)):
        assert mark not in said.replace(f"cat: {ssh}", "").replace(f"'{local.box.home}'", ""), mark
    assert "AXON_TEST_RUN" not in seen["env"] and "XDG_STATE_HOME" not in seen["env"]
    made = [path for path in (repo.work / ".git/made", repo.work / "made", local.state / "axon/made", Path("/usr/made"),
                              Path("/etc/made"), Path("/made")) if path.exists()]
    assert made == []
    assert git(repo.work, "rev-parse", "HEAD") == repo.first


def test_a_relative_entry_in_path_is_not_searched(local, repo: Repo):
    (repo.work / "claude").write_text("#!/bin/sh\ntouch /tmp/never\n")
    (repo.work / "claude").chmod(0o755)
    done = local.axon("run", "--local", "-p", "x", "--sandbox", "none", PATH=".:/usr/bin:/bin", ANTHROPIC_API_KEY="k" * 20)
    assert (done.exit_code, "claude" in done.errors, local.tasks) == (1, True, [])
