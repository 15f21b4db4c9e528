"""What the user gave is wrong, or the machine is not fit: one clear sentence that names it, and nothing left behind."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from support.local import MANIFEST, Local, local  # noqa: F401 - fixtures
from support.run import How

AGENT = ("--agent-manifest", str(MANIFEST))
TASK = "apiVersion: axon.io/v1alpha1\nkind: Task\nmetadata:\n  name: t\nspec:\n  type: claude-code\n"

CASES = {
    "no prompt": (AGENT, ("-p TEXT", "-f FILE")),
    "an empty prompt": ((*AGENT, "-p", " \n"), ("--prompt", "empty")),
    "a prompt file that is none": ((*AGENT, "-p", "@/no/such/prompt"), ("--prompt", "/no/such/prompt")),
    "an unknown type": (("-p", "x", "-t", "oracle"), ("oracle", "claude-code", "--agent-manifest")),
    "a type that is no name": (("-p", "x", "-t", "No Type"), ("--type", "No Type")),
    "a task name that is none": ((*AGENT, "-p", "x", "--name", "../x"), ("--name", "../x")),
    "a flag that is none": ((*AGENT, "-p", "x", "--modell", "m"), ("--modell",)),
    "a file that is none": (("-f", "/no/such.yaml"), ("--file", "/no/such.yaml")),
    "MCP without a name": ((*AGENT, "-p", "x", "--mcp", "{}"), ("--mcp", "NAME=")),
    "MCP JSON that is none": ((*AGENT, "-p", "x", "--mcp", "docs={"), ("--mcp docs", "JSON")),
    "MCP without its URL": ((*AGENT, "-p", "x", "--mcp", 'docs={"type":"http"}'), ("--mcp docs", "url")),
    "MCP with a wrong key": ((*AGENT, "-p", "x", "--mcp", 'docs={"type":"http","url":"http://x/","uri":""}'),
                             ("--mcp docs", "uri")),
    "a skill's name with dots": ((*AGENT, "-p", "x", "--skill", "..=x"), ("--skill", "..")),
    "a skill's name with a slash": ((*AGENT, "-p", "x", "--skill", "../../etc=x"), ("--skill", "../../etc")),
    "a subagent's name with dots": ((*AGENT, "-p", "x", "--agent", "..=x"), ("--agent", "..")),
    "a time that is none": ((*AGENT, "-p", "x", "--timeout", "soon"), ("--timeout", "soon")),
    "a setup command that is no list": ((*AGENT, "-p", "x", "--setup", '["a", 1]'), ("--setup",)),
    "a variable without a name": ((*AGENT, "-p", "x", "--env", "=1"), ("--env",)),
    "a repository that is not there": ((*AGENT, "-p", "x", "--repo", "/no/such/repo"), ("/no/such/repo",)),
    "a directory that is no repository": ((*AGENT, "-p", "x", "--repo", "/usr"), ("/usr", "--repo")),
    "a manifest that is not there": (("-p", "x", "--agent-manifest", "/no/agent.yaml"), ("/no/agent.yaml",)),
    "a sandbox that is none": ((*AGENT, "-p", "x", "--sandbox", "jail"), ("--sandbox", "jail")),
    "no --local": (("-p", "x"), ("--local",)),
}
NOTES = ("axon: clones ", "axon: --sandbox none: the agent")  # said before anything goes wrong
DOCUMENTS = {
    "YAML that is none": ("a: [1,\nb: }\n", ("task.yaml:2",)),
    "a wrong field": (TASK + "  promt: x\n", ("task.yaml:7", "spec.promt")),
    "a field of another kind": (TASK + "  prompt: [x]\n", ("task.yaml:7", "spec.prompt")),
    "another kind": (TASK.replace("Task", "Tsak"), ("task.yaml:2", "kind", "Tsak")),
    "another version": (TASK.replace("v1alpha1", "v9") + "  prompt: x\n", ("task.yaml:1", "apiVersion")),
    "no prompt": (TASK, ("spec.prompt",)),
    "a reference to nothing": (TASK + "  prompt: x\n  workspaceRef:\n    name: nowhere\n", ("nowhere", "task.yaml")),
    "a plugin's name with dots": (
        TASK + "  prompt: x\n  agentConfigRef: {name: c}\n---\napiVersion: axon.io/v1alpha1\nkind: AgentConfig\n"
        "metadata: {name: c}\nspec:\n  plugins:\n    - name: ..\n", ("task.yaml:15", "plugins[0].name")),
    "nothing": ("", ("task.yaml",)),
    "no Task": ("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n", ("task.yaml", "Task")),
    "a YAML bomb": ("a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{c}: &{c} [{','.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi")), ("task.yaml",)),
}


@pytest.fixture
def refused(local: Local):  # noqa: F811
    """Asserts that the command is refused with one sentence that has all of the words, and leaves nothing."""

    def run(*arguments: str, words: tuple[str, ...], lines: int = 1, **options) -> str:
        done = local.axon("run", *arguments, **options)
        assert done.exit_code in (1, 2), (done.exit_code, done.log, done.errors)
        assert [word for word in words if word not in done.errors] == [], done.errors
        told = [line for line in done.errors.splitlines() if not line.startswith(NOTES)]
        assert len(told) <= lines, done.errors
        assert (done.log, local.tasks) == ("", [])
        return done.errors

    return run


@pytest.mark.parametrize(("arguments", "words"), CASES.values(), ids=CASES)
def test_a_bad_command_line(refused, arguments, words):
    local_flag = () if "--local" in words else ("--local",)
    refused(*local_flag, *arguments, words=words)


@pytest.mark.parametrize(("text", "words"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_bad_document(refused, tmp_path, text, words):
    (tmp_path / "task.yaml").write_text(text)
    refused("--local", "-f", str(tmp_path / "task.yaml"), words=words, lines=3, seconds=30)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [("prompt: stdin", "promt: stdin", ("agent.yaml", "promt")), ("contract: v1", "contract: v9", ("agent.yaml", "contract")),
     ("command:", "command: [", ("agent.yaml",))],
    ids=["key", "contract", "syntax"],
)
def test_a_bad_manifest(refused, tmp_path, old, new, words):
    (tmp_path / "agent.yaml").write_text(MANIFEST.read_text().replace(old, new))
    refused("--local", "-p", "x", "--agent-manifest", str(tmp_path / "agent.yaml"), words=words)


def test_no_repository_here(refused, local, tmp_path):  # noqa: F811
    refused("--local", "-p", "x", *AGENT, words=(str(tmp_path), "--repo"), cwd=tmp_path)


def test_no_credential(refused, local, tmp_path):  # noqa: F811
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "claude").write_text("#!/bin/sh\n")
    (programs / "claude").chmod(0o755)
    refused("--local", "-p", "x", words=("ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN"),
            PATH=f"{programs}:{local.box.env['PATH']}")


def test_a_config_file_with_a_mistake(refused, local):  # noqa: F811
    local.config("apikey: k\n")
    refused("--local", "-p", "x", words=("config.yaml:1: apikey: unknown field", "apiKey"))


def test_claude_not_in_path(refused):
    refused("--local", "-p", "x", words=("claude", "PATH"), ANTHROPIC_API_KEY="k" * 20)


def test_bwrap_not_in_path(refused, local):  # noqa: F811
    """Where it is installed at its usual place it is found there: this one has an empty root for a system."""
    hide = ["unshare", "-m", "sh", "-c", 'mount --bind /dev/null /usr/bin/bwrap && exec "$@"', "sh"]
    if os.geteuid() != 0 or not Path("/usr/bin/bwrap").exists():
        pytest.skip("wants root and /usr/bin/bwrap, to hide it")
    env = {**local.box.env}
    done = subprocess.run([*hide, local.cli, "run", "--local", "-p", "x", *AGENT], env=env, cwd=local.repo.work,
                          capture_output=True, text=True)
    assert (done.returncode, local.tasks) == (1, [])
    assert [word for word in ("bwrap", "bubblewrap", "--sandbox none") if word not in done.stderr] == []


def test_no_home_and_no_state(refused):
    refused("--local", "-p", "x", *AGENT, "--sandbox", "none", words=("XDG_STATE_HOME", "HOME"), XDG_STATE_HOME="", HOME="")


@pytest.mark.parametrize("place", ["state", "home"])
def test_an_unwritable_place(refused, local, tmp_path, place):  # noqa: F811
    closed = tmp_path / "closed"
    closed.write_text("a file where a directory should be")
    env = {"XDG_STATE_HOME": str(closed)} if place == "state" else {"XDG_STATE_HOME": "", "HOME": str(closed)}
    refused("--local", "-p", "x", *AGENT, "--sandbox", "none", words=(str(closed), "XDG_STATE_HOME"), **env)


@pytest.mark.skipif(os.geteuid() != 0, reason="wants root, to be another user")
def test_a_state_of_another_user(refused, local, tmp_path):  # noqa: F811
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    done = subprocess.run(How(uid=54_349).wrap([local.cli, "run", "--local", "-p", "x", *AGENT, "--sandbox", "none"]),
                          env={**local.box.env, "XDG_STATE_HOME": str(closed)}, cwd="/", capture_output=True, text=True)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="wants root, to mount")
def test_a_full_disk(local, tmp_path):  # noqa: F811
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)], check=True)
    try:
        (disk / "fill").write_bytes(bytes(60 * 1024))
        done = local.axon("run", "--local", "-p", "x" * 9_000, *AGENT, "--sandbox", "none", XDG_STATE_HOME=str(disk))
        assert (done.exit_code, "No space left on device" in done.errors) == (1, True)
        assert str(disk) in done.errors
        assert [path for path in disk.rglob("*") if path.is_file() and path.name != "fill"] == []
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
