"""`axon get`, `delete`, `suspend`, `resume` and `cost` on a real API server, their output compared whole."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import yaml

from support.cli import Cli, cli  # noqa: F401 - a fixture
from support.shells import Shells

GITHUB = {"when": {"githubIssues": {"labels": ["bug"]}},
          "taskTemplate": {"type": "codex", "credentials": {"type": "none"}, "workspaceRef": {"name": "shop"}}}
CRON = {"when": {"cron": {"schedule": "0 6 * * 1"}}, "taskTemplate": {"type": "codex", "credentials": {"type": "none"},
                                                                      "promptTemplate": "Tidy up"}}


def ageless(text: str) -> str:
    return re.sub(r"\b\d+[smh](\d+s)?$", "AGE", text, flags=re.M)


def two(cli: Cli) -> None:  # noqa: F811
    cli.task("build", {"team": "web"}, branch="fix/1")
    cli.task("ship", dependsOn=["build", "paint"])
    cli.status("tasks", "build", phase="Failed", reason="RateLimited")


def test_tasks_are_a_table_that_kubectl_prints_alike(cli: Cli) -> None:  # noqa: F811
    two(cli)
    assert ageless(cli.out("get", "tasks")) == ("NAME    TYPE    PHASE     AGE\n"
                                                "build   codex   Failed    AGE\n"
                                                "ship    codex   Pending   AGE\n")
    for flags in ((), ("-o", "wide"), ("-A",), ("-l", "team=web")):
        ours = ageless(cli.out("get", "tasks", *flags)).split("\n")
        theirs = ageless(cli.api.kubectl("get", "tasks", "-n", cli.namespace, *flags)).split("\n")
        plain = [re.sub(r'\["(.*?)"\]', lambda found: found[1].replace('","', ","), line).split() for line in theirs]
        assert [line.split() for line in ours] == plain


def test_the_forms_for_programs(cli: Cli) -> None:  # noqa: F811
    two(cli)
    assert cli.out("get", "tasks", "-o", "name") == "task/build\ntask/ship\n"
    assert cli.out("get", "task/ship", "-o", "name") == "task/ship\n"
    one = cli.get("tasks", "build")
    del one["metadata"]["managedFields"]
    assert json.loads(cli.out("get", "task", "build", "-o", "json")) == one
    assert yaml.safe_load(cli.out("get", "task", "build", "-o", "yaml")) == json.loads(json.dumps(one))
    both = json.loads(cli.out("get", "tasks", "-o", "json"))
    assert (both["kind"], [task["metadata"]["name"] for task in both["items"]]) == ("List", ["build", "ship"])
    assert "managedFields" not in json.dumps(both)
    assert yaml.safe_load(cli.out("get", "tasks", "ship", "build", "-o", "yaml"))["items"][1] == both["items"][0]


def test_other_kinds_by_each_of_their_words(cli: Cli) -> None:  # noqa: F811
    cli.make("Workspace", "shop", {"repo": "https://github.com/o/shop.git", "ref": "main"})
    cli.make("AgentConfig", "rules", {"agentsMD": "Be kind"})
    cli.make("TaskSpawner", "bugs", GITHUB)
    cli.make("TaskSpawner", "tidy", CRON)
    cli.status("taskspawners", "bugs", phase="Running", totalDiscovered=7, totalTasksCreated=3, activeTasks=1)
    assert ageless(cli.out("get", "ws")) == "NAME   REPO                            REF    AGE\nshop   https://github.com/o/shop.git   main   AGE\n"
    assert ageless(cli.out("get", "agentconfig")) == "NAME    AGE\nrules   AGE\n"
    rows = [line.split("   ") for line in ageless(cli.out("get", "taskspawners")).splitlines()]
    assert [[cell.strip() for cell in row if cell] for row in rows] == [
        ["NAME", "SOURCE", "PHASE", "DISCOVERED", "TASKS", "AGE"], ["bugs", "GitHub shop", "Running", "7", "3", "AGE"],
        ["tidy", "cron 0 6 * * 1", "AGE"]]
    assert "WORKSPACE" in cli.out("get", "ts", "-o", "wide")


def test_the_namespace_of_a_flag_wins_over_the_file_and_that_over_the_context(cli: Cli) -> None:  # noqa: F811
    two(cli)
    assert cli("get", "tasks", "-n", "default").stderr == "No Tasks found in namespace default. Run one: axon run -p PROMPT\n"
    other = cli.home / "other.yaml"
    other.write_text("namespace: default\n")
    assert "namespace default" in cli("get", "tasks", "--config", str(other)).stderr
    assert cli.out("get", "tasks", "-n", cli.namespace, "-o", "name", AXON_CONFIG=str(other)) == "task/build\ntask/ship\n"
    cli.config.unlink()
    assert "namespace default" in cli("get", "tasks").stderr
    cli.write_config(f"namespace: {cli.namespace}\noauthTokn: x\n")
    assert cli.refused("get", "tasks") == f"axon: {cli.config}:2: oauthTokn: unknown field; did you mean \"oauthToken\"?\n"


def test_a_config_file_with_a_token_that_is_open_to_others_is_warned_of(cli: Cli) -> None:  # noqa: F811
    cli.write_config("apiKey: sk-1\n")
    cli.config.chmod(0o644)
    said = cli("get", "tasks").stderr
    assert said.startswith(f"axon: {cli.config} holds a token and is open to others; close it: chmod 600 {cli.config}\n")
    assert "sk-1" not in said


def test_a_task_has_a_page(cli: Cli) -> None:  # noqa: F811
    two(cli)
    cli.status("tasks", "build", phase="Failed", reason="RateLimited", retryable=True, message="Too many requests",
               startTime="2026-03-01T12:00:00Z", completionTime="2026-03-01T12:02:05Z",
               outputs=["branch: fix/1", "pr: https://github.com/o/shop/pull/1"],
               usage={"inputTokens": 1200, "cacheReadTokens": 200, "outputTokens": 40, "costUSD": "0.25"})
    page = cli.out("get", "task", "build", "--detail")
    assert page.splitlines()[:12] == [
        "Task:          build", "Outcome:       Failed", "Reason:        RateLimited (may well succeed if it is run again)",
        "Message:       Too many requests", "Hint:          run it again later, or fewer Tasks at a time", "Type:          codex",
        "Branch:        fix/1", "Pull request:  https://github.com/o/shop/pull/1",
        "Tokens:        1,200 in (200 from cache), 40 out", "Cost:          $0.25", "Time:          2m5s",
        f"Namespace:     {cli.namespace}"]
    assert cli.out("get", "task/build", "-o", "wide") == page
    assert "Depends on:   build (Failed)\n              paint (not there)\n" in cli.out("get", "task", "ship", "-d")


def test_a_page_shows_who_has_the_branch(cli: Cli) -> None:  # noqa: F811
    for name in ("first", "second"):
        cli.task(name, branch="fix/1")
    cli.task("elsewhere", branch="fix/2")
    assert re.search(r"^Branch queue: +first \(Pending\)\n +second \(Pending, this one\)$",
                     cli.out("get", "task", "second", "--detail"), re.M)


def test_what_is_not_there_and_what_does_not_go_together(cli: Cli) -> None:  # noqa: F811
    two(cli)
    assert cli.refused("get", "task", "nope") == (
        f'axon: get tasks {cli.namespace}/nope: tasks.axon.io "nope" not found (NotFound)\n')
    done = cli("get", "task", "nope", "ship", "-o", "name")
    assert (done.returncode, done.stdout) == (1, "task/ship\n") and '"nope" not found' in done.stderr
    known = "there are task, workspace (ws), agentconfig (ac), taskspawner (ts)"
    for arguments, said in {
        ("get", "pods"): f'unknown kind "pods"; {known}',
        ("get", "task", "ship", "-A"): "a name is of one namespace; give --namespace, not -A",
        ("get", "task", "ship", "-l", "a=b"): "give either names or --selector",
        ("get", "task", "a", "b", "-w"): "--watch takes one name, or none",
        ("get", "tasks", "-w", "-o", "json"): "--watch shows tables",
        ("get", "tasks", "--detail"): "--detail needs the name of a Task",
        ("get", "ws", "shop", "--detail"): "--detail is for Tasks; -o yaml shows all of a Workspace",
        ("get", "tasks", "--local", "-A"): "--watch, --selector and -A are for a cluster",
        ("get", "ws", "--local"): "a Workspace needs a cluster",
        ("delete", "task"): "axon: give either names, or --all or --selector",
        ("delete", "task", "a", "--all"): "give either names, or --all or --selector",
        ("suspend", "task", "a"): "axon: suspend: only a taskspawner can be suspended; a task is stopped with axon delete",
        ("resume", "ts"): "axon: which TaskSpawner?",
        ("cost", "--by", "week"): "--by: expected one of day, month, type",
        ("cost", "--since", "soon"): '--since: "soon" is no duration',
    }.items():
        assert said in cli.refused(*arguments), arguments
    assert "--output" in cli.refused("get", "tasks", "-o", "xml", code=2)


def test_deletion_by_name_by_label_and_of_all(cli: Cli) -> None:  # noqa: F811
    two(cli)
    cli.task("paint", {"team": "web"})
    assert cli.out("delete", "tasks", "-l", "team=web") == "task/build deleted\ntask/paint deleted\n"
    done = cli("delete", "task", "nope", "ship")
    assert (done.returncode, done.stdout) == (1, "task/ship deleted\n") and '"nope" not found' in done.stderr
    assert cli.out("delete", "task", "nope", "--ignore-not-found") == ""
    cli.make("Workspace", "shop", {"repo": "https://github.com/o/shop.git"})
    assert cli.out("delete", "ws", "--all") == "workspace/shop deleted\n"
    assert cli("delete", "ws", "--all").stderr == f"No Workspaces found in namespace {cli.namespace}.\n"


def test_a_task_spawner_is_suspended_and_goes_on(cli: Cli) -> None:  # noqa: F811
    cli.make("TaskSpawner", "bugs", GITHUB)
    assert cli.out("suspend", "taskspawner", "bugs") == "taskspawner/bugs suspended\n"
    assert cli.get("taskspawners", "bugs")["spec"]["suspend"] is True
    assert cli.out("resume", "ts/bugs") == "taskspawner/bugs resumed\n"
    assert cli.get("taskspawners", "bugs")["spec"]["suspend"] is False
    assert '"nope" not found' in cli.refused("suspend", "ts", "nope")


def spend(cli: Cli) -> None:  # noqa: F811
    for name, labels, end, cost in (("a", {"team": "web"}, "2026-03-01T23:00:00Z", "0.25"), ("b", {}, "2026-03-02T01:00:00Z", "0.5"),
                                    ("c", {"team": "web"}, "2026-03-02T02:00:00Z", None)):
        cli.task(name, labels)
        usage = {"inputTokens": 1000, "cacheReadTokens": 400, "outputTokens": 20} | ({"costUSD": cost} if cost else {})
        cli.status("tasks", name, phase="Succeeded", completionTime=end, usage=usage)
    cli.task("still-running")


def test_the_cost_of_tasks_is_summed_up(cli: Cli) -> None:  # noqa: F811
    spend(cli)
    done = cli("cost")
    assert (done.returncode, done.stdout) == (0, (
        "DAY          TASKS   INPUT   FROM CACHE   OUTPUT   COST\n"
        "2026-03-01   1       1,000   400          20       $0.25\n"
        "2026-03-02   2       2,000   800          40       $0.5 and more\n"
        "TOTAL        3       3,000   1,200        60       $0.75 and more\n"))
    assert done.stderr == "1 of 3 Tasks do not say what they cost; their tokens are counted where they are told.\n"
    rows = list(csv.reader(io.StringIO(cli.out("cost", "--by", "label=team", "-o", "csv"))))
    assert [(row[0], row[1], row[7]) for row in rows] == [("label=team", "tasks", "cost_usd"), ("", "1", "0.5"), ("web", "2", "0.25")]
    sheet = json.loads(cli.out("cost", "--by", "type", "-l", "team=web", "-o", "json"))
    assert (sheet["total"]["tasks"], sheet["total"]["costUSD"], sheet["rows"][0]["group"]) == (2, "0.25", "codex")
    assert cli("cost", "--since", "1d").stderr == "No finished Tasks found.\n"


@contextmanager
def started(cli: Cli, *arguments: str) -> Iterator[subprocess.Popen]:  # noqa: F811
    with subprocess.Popen([cli.program, *arguments], env=cli.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        try:
            yield child
        finally:
            child.kill()  # else a test that fails would wait for it


def test_a_watch_tells_every_change_once(cli: Cli) -> None:  # noqa: F811
    two(cli)
    with started(cli, "get", "tasks", "-w") as watch:
        assert [watch.stdout.readline().split()[0] for _ in range(3)] == ["NAME", "build", "ship"]
        cli.status("tasks", "ship", phase="Running")
        assert watch.stdout.readline().split()[:3] == ["ship", "codex", "Running"]
        cli.task("third")
        assert watch.stdout.readline().split()[0] == "third"
        watch.send_signal(signal.SIGINT)
        assert watch.communicate(timeout=60) == ("", "")
        assert watch.returncode == 130


def test_watches_go_on_after_the_api_server_was_killed(cli: Cli) -> None:  # noqa: F811
    two(cli)
    with ExitStack() as both:
        watch = both.enter_context(started(cli, "get", "tasks", "-w"))
        next_line = lambda: watch.stdout.readline().split()[:3]  # noqa: E731
        assert [next_line()[0] for _ in range(3)] == ["NAME", "build", "ship"]
        run = both.enter_context(started(cli, "run", "-p", "x", "--name", "fix", "--credential-type", "none", "-w"))
        assert (run.stdout.readline(), next_line()) == ("task/fix created\n", ["fix", "claude-code", "Pending"])
        cli.status("tasks", "fix", phase="Pending", observedGeneration=1, conditions=[
            {"type": "Ready", "status": "False", "reason": "Unschedulable", "message": "no node",
             "lastTransitionTime": "2026-03-01T12:00:00Z"}])
        said = next(line for line in run.stderr if "Unschedulable" in line)
        assert (said, next_line()) == ("[pending] Unschedulable: no node\n", ["fix", "claude-code", "Pending"])
        cli.api.kill()
        cli.api.start_again()
        cli.status("tasks", "ship", phase="Running")
        assert next_line() == ["ship", "codex", "Running"]
        cli.status("tasks", "fix", phase="Failed", reason="Evicted")
        assert next_line() == ["fix", "claude-code", "Failed"]
        told, errors = run.communicate(timeout=60)
        assert (run.returncode, told.count("task/fix"), "Reason:   Evicted" in told) == (1, 0, True), told
        assert errors == "axon: hint: the node needed its room or was drained; run it again\n"
        watch.send_signal(signal.SIGINT)
        assert watch.communicate(timeout=60) == ("", "")
        assert watch.returncode == 130


def test_on_a_terminal_phases_have_colours_and_the_table_fits(cli: Cli) -> None:  # noqa: F811
    two(cli)
    cli.make("Workspace", "shop", {"repo": "https://github.com/an-organisation/a-repository-with-a-long-name.git", "ref": "main"})

    def screen(*arguments: str, **env: str) -> str:
        ours, theirs = pty.openpty()
        subprocess.run(["stty", "cols", "50"], stdin=theirs, check=True)
        subprocess.run([cli.program, *arguments], env=cli.env | {"TERM": "xterm"} | env, stdout=theirs, check=True)
        os.close(theirs)
        seen = b""
        while chunk := read(ours):
            seen += chunk
        os.close(ours)
        return seen.decode()

    def read(terminal: int) -> bytes:
        try:
            return os.read(terminal, 65536)
        except OSError:  # EIO: nobody holds its other end any more
            return b""

    assert "\x1b[31mFailed\x1b[0m" in screen("get", "tasks")
    assert "\x1b" not in screen("get", "tasks", NO_COLOR="1")
    assert all(len(line) <= 50 for line in screen("get", "ws").split("\r\n"))


def test_completion_knows_what_is_there(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    two(cli)
    cli.make("Workspace", "shop", {"repo": "https://github.com/o/shop.git"})
    shells = Shells(cli.program, tmp_path, cli.env)
    complete = shells.bash

    assert complete("axon sus") == ["suspend"]
    assert "taskspawners" in complete("axon get ")
    assert complete("axon get tasks ") == ["build", "ship"]
    assert complete("axon delete ws ") == ["shop"]
    assert complete("axon get -o wide task b") == ["build"]
    assert complete("axon logs s") == ["ship"]
    assert complete("axon get -o ") == ["json", "name", "table", "wide", "yaml"]
    assert cli.namespace in complete("axon get tasks -n cli-")
    assert complete("axon get tasks --context ") == ["c"]
    assert complete("axon get tasks -n default ") == []
    assert complete("axon suspend ") == ["taskspawner"]
    assert complete("axon create w") == ["workspace", "ws"]
    assert "--repo" in complete("axon create ws shop --")
    assert "--watch" in complete("axon get --")
    shells.env["KUBECONFIG"] = "/no/such/file"
    assert complete("axon get tasks ") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_completes(cli: Cli, tmp_path: Path, shell: str) -> None:  # noqa: F811
    """A subcommand, a flag, a value of a flag, and what is there."""
    two(cli)
    complete = getattr(Shells(cli.program, tmp_path, cli.env), shell)
    lines = ["axon su", "axon get tasks --det", "axon get -o ", "axon get tasks ", "axon logs s"]
    assert [complete(line) for line in lines] == [
        ["suspend"], ["--detail"], ["json", "name", "table", "wide", "yaml"], ["build", "ship"], ["ship"]]


def test_a_config_file_is_written_to_fill_in_and_not_over_another(cli: Cli) -> None:  # noqa: F811
    assert cli.refused("init") == f"axon: {cli.config} is there already; edit it, or replace it with axon init --force\n"
    cli.config.unlink()
    cli.config.parent.rmdir()
    done = cli("init")
    assert (done.returncode, done.stdout) == (0, f"{cli.config} created\n") and "axon run -p PROMPT" in done.stderr
    assert oct(cli.config.stat().st_mode)[-3:] == "600" and oct(cli.config.parent.stat().st_mode)[-3:] == "700"
    cli.config.write_text(cli.config.read_text().replace("# oauthToken", "oauthToken"))
    assert cli.refused("get", "tasks").endswith("oauthToken: is still the placeholder; put your own in its place\n")
    assert cli("init", "--force").returncode == 0
    cli.config.write_text(cli.config.read_text().replace("# oauthToken: <your-oauth-token>", "oauthToken: mine"))
    assert cli("get", "tasks").returncode == 0


def test_the_oldest_api_server_prints_the_same(oldest_apiserver, axon_cli: str, tmp_path: Path) -> None:
    from support.there import with_crds  # noqa: PLC0415: only here

    with_crds(oldest_apiserver)
    oldest_apiserver.apply({"apiVersion": "axon.io/v1alpha1", "kind": "Task", "metadata": {"name": "old", "namespace": "default"},
                            "spec": {"type": "codex", "prompt": "x", "credentials": {"type": "none"}}})
    done = subprocess.run([axon_cli, "get", "tasks", "--kubeconfig", str(oldest_apiserver.kubeconfig)], text=True,
                          env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)}, capture_output=True, check=False)
    assert (done.returncode, ageless(done.stdout), done.stderr) == (
        0, "NAME   TYPE    PHASE     AGE\nold    codex   Pending   AGE\n", "")
