"""Agents that Axon knows by a manifest only: the example agent, and small ones made here."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from support.processes import wait_until
from support.provider import Usage
from support.repos import Repo, git
from support.run import PID1, PLAIN, Sandbox

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "shell-agent"

COUNTING = """\
contract: v1
name: counting
command: [counting, {when: model, args: [--model, "{model}"]}]
prompt: stdin
stream:
  format: jsonl
  events:
    - when: {type: used}
      usageStep: {input: tokens.in, cacheRead: tokens.cached, output: tokens.out, cost: usd}
    - when: {type: done}
      result: {response: text, isError: failed, message: why}
"""


@pytest.fixture
def shell_agent(sandbox: Sandbox, entrypoint: str):
    """Starts the example agent on a prompt."""
    if not EXAMPLE.is_dir():
        pytest.skip("examples/shell-agent is not there")
    programs = sandbox.folder / "bin"
    programs.mkdir()
    (programs / "shell-agent").symlink_to(EXAMPLE / "shell-agent")
    sandbox.env.update(PATH=f"{programs}:{sandbox.env['PATH']}", AXON_AGENT_MANIFEST=str(EXAMPLE / "agent.yaml"),
                       AXON_AGENT_TYPE="shell-agent")
    return lambda prompt, **options: sandbox.start(entrypoint, "run", prompt, **options)


@pytest.fixture
def made_agent(sandbox: Sandbox, entrypoint: str):
    """Runs an agent of this shell body with the manifest COUNTING, or another text."""

    def run(body: str, manifest: str = COUNTING, **env: str):
        program = sandbox.folder / "bin" / "counting"
        program.parent.mkdir()
        program.write_text("#!/bin/sh\n" + body)
        program.chmod(0o755)
        path = sandbox.folder / "agent.yaml"
        path.write_text(manifest)
        settings = {"PATH": f"{program.parent}:{sandbox.env['PATH']}", "AXON_AGENT_MANIFEST": str(path), **env}
        return sandbox.run(entrypoint, "run", "Count.", **settings)

    return run


@pytest.mark.parametrize("how", [PLAIN, PID1], ids=["subreaper", "pid1"])
def test_a_wish_becomes_a_pushed_commit(shell_agent, repo: Repo, how):
    git(repo.work, "checkout", "-q", "-b", "agent/look")
    done = shell_agent("Look around.", cwd=repo.work, how=how, AXON_BASE_BRANCH="main").wait()
    assert done.verdict == ("Succeeded", None, 0), done.errors
    pushed = repo.sha("agent/look")
    assert (done.markers.get("branch"), done.markers.get("commit")) == ("agent/look", pushed)
    assert done.report.results["turns"] == 1
    assert done.markers.response.startswith("Wrote NOTES-")
    assert "Look around." in repo.show("agent/look", "NOTES-look-around.md")


def test_instructions_reach_the_agent_by_its_own_file(shell_agent, repo: Repo):
    done = shell_agent("Look around.", cwd=repo.work, AXON_AGENTS_MD="Be kind to RULEMARK.").wait()
    assert done.verdict == ("Succeeded", None, 0), done.errors
    assert "RULEMARK" in (repo.work / "NOTES-look-around.md").read_text()


def test_the_agent_says_why_it_failed(shell_agent, repo: Repo):
    done = shell_agent("write a.txt: 1\nfail: the wish cannot be granted", cwd=repo.work).wait()
    assert done.verdict == ("Failed", "AgentError", 1)
    assert "the wish cannot be granted" in done.report.raw["message"]


def test_an_agent_that_is_told_to_stop_can_save_its_work(shell_agent, repo: Repo):
    git(repo.work, "checkout", "-q", "-b", "agent/slow")
    running = shell_agent("write a.txt: saved\nrun: touch ../waiting\nwait: 300", cwd=repo.work)
    wait_until((repo.work.parent / "waiting").exists, "the third step")
    running.signal(signal.SIGTERM)
    done = running.wait(60)
    assert (done.verdict, done.left) == (("Failed", "Cancelled", 143), {})
    assert git(repo.work, "show", "HEAD:a.txt") == "saved"
    assert done.markers.get("commit") == git(repo.work, "rev-parse", "HEAD") != repo.first


def test_tokens_are_summed_as_the_manifest_says(made_agent):
    used = '{"type":"used","tokens":{"in":100,"cached":40,"out":7},"usd":0.25}'
    done = made_agent(f"echo '{used}'; echo '{used}'; echo '{{\"type\":\"done\",\"text\":\"Counted.\"}}'\n")
    assert done.verdict == ("Succeeded", None, 0)
    assert done.markers.usage == done.report.usage == Usage(120, 80, 0, 14)
    assert (done.report.cost, done.markers.get("cost-usd"), done.markers.response) == (0.5, "0.5", "Counted.")


@pytest.mark.parametrize(
    ("manifest", "named"),
    [
        (COUNTING.replace("prompt: stdin", "prompt: pigeon"), "agent.yaml:4"),
        (COUNTING.replace("name: counting", "nmae: counting"), "nmae"),
        (COUNTING.replace("{model}", "{modell}"), "modell"),
        ("a: [", "agent.yaml:1"),
        ("", "agent.yaml"),
    ],
    ids=["value", "key", "placeholder", "syntax", "empty"],
)
def test_a_broken_manifest_is_told_by_its_line(made_agent, manifest, named):
    done = made_agent("exit 0\n", manifest)
    assert done.verdict == ("Failed", "ConfigInvalid", 78)
    assert named in done.report.raw["message"]


def test_the_manifest_of_another_agent_is_refused(made_agent):
    done = made_agent("exit 0\n", AXON_AGENT_TYPE="someone-else")
    assert done.verdict == ("Failed", "ConfigInvalid", 78)
