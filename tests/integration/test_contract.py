"""What `run` does whatever the agent is: the files it writes, bad input, the exit code. A few lines of shell are the agent."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from support.fake_claude import RESULT, FakeClaude, install_fake_claude
from support.outputs import parse_markers
from support.processes import wait_until
from support.repos import Repo, git
from support.run import PID1, PLAIN, Finished, How, Sandbox

MCP = {"mcpServers": {
    "files": {"type": "stdio", "command": "mcp-files", "args": ["--root", "/"], "env": {"KEY": "env-secret-0123456789"}},
    "search": {"type": "http", "url": "https://mcp.example/x", "headers": {"Authorization": "Bearer header-secret-01"}},
    "old": {"type": "sse", "url": "https://mcp.example/sse"},
}}
FULL = {"AXON_MCP_SERVERS": json.dumps(MCP), "AXON_AGENTS_MD": "Be kind.\n"}


@pytest.fixture
def agent(sandbox: Sandbox) -> FakeClaude:
    return install_fake_claude(sandbox)


@pytest.fixture
def run(sandbox: Sandbox, entrypoint: str):
    def start_and_wait(*prompt: str, **options) -> Finished:
        return sandbox.run(entrypoint, "run", *(prompt or ("Do it.",)), **options)

    return start_and_wait


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """path -> mode and content of every file."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(p.relative_to(folder)): (p.stat().st_mode & 0o777, p.read_bytes()) for p in files}


def test_started_by_the_other_dialects_name_it_speaks_that(sandbox, entrypoint: str):
    """Its variables are ours by other names, and its markers those that its controller looks for."""
    agent = install_fake_claude(sandbox)
    del sandbox.env["AXON_AGENT_TYPE"]
    named = sandbox.folder / "kelos_entrypoint.sh"
    named.symlink_to(entrypoint)
    theirs = {"KELOS_" + name.removeprefix("AXON_"): value for name, value in FULL.items()}
    done = sandbox.run(str(named), "Do it.", KELOS_AGENT_TYPE="claude-code", KELOS_MODEL="m-1", **theirs)
    assert done.exit_code == 0, done.errors
    assert agent.stdin == b"Do it." and agent.argv[agent.argv.index("--model") + 1] == "m-1"
    assert "Be kind." in (sandbox.home / ".claude" / "CLAUDE.md").read_text()
    assert set(json.loads((sandbox.home / ".claude.json").read_text())["mcpServers"]) == {"files", "search", "old"}
    block = done.log.split("---KELOS_OUTPUTS_START---\n")[1].split("---KELOS_OUTPUTS_END---")[0]
    assert "cost-usd: 0.5\n" in block and "AXON_OUTPUTS" not in done.log


def test_a_second_run_leaves_the_same_bytes(sandbox, agent, run):
    assert run(**FULL).verdict == ("Succeeded", None, 0)
    first = tree(sandbox.home)
    assert run(**FULL).verdict == ("Succeeded", None, 0)
    assert tree(sandbox.home) == first != {}


def test_files_with_secrets_are_private(sandbox, agent, run):
    run(**FULL)
    holding = [(name, mode) for name, (mode, content) in tree(sandbox.home).items() if b"secret-" in content]
    assert [mode for _, mode in holding] == [0o600] * len(holding) != [], holding


def test_what_was_in_the_config_stays(sandbox, agent, run):
    config = sandbox.home / ".claude.json"
    mine = {"theme": "dark", "mcpServers": {"mine": {"type": "stdio", "command": "mine"},
                                            "files": {"type": "stdio", "command": "old"}}}
    config.write_text(json.dumps(mine))
    assert run(**FULL).verdict == ("Succeeded", None, 0)
    merged = json.loads(config.read_text())
    assert merged["theme"] == "dark"
    assert set(merged["mcpServers"]) == {"mine", "files", "search", "old"}
    assert merged["mcpServers"]["files"]["command"] == "mcp-files"


@pytest.mark.parametrize("found", ["not json", "[1, 2]", '{"mcpServers": []}'])
def test_a_config_that_cannot_be_merged_is_not_destroyed(sandbox, agent, run, found):
    config = sandbox.home / ".claude.json"
    config.write_text(found)
    assert run(**FULL).verdict == ("Failed", "ConfigInvalid", 78)
    assert (config.read_text(), agent.started) == (found, False)


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"AXON_MCP_SERVERS": "{"}, "AXON_MCP_SERVERS"),
        ({"AXON_MCP_SERVERS": '{"mcpServers": {"x": {"type": "http"}}}'}, "url"),
        ({"AXON_MCP_SERVERS": '{"mcpServers": {"x": {"type": "stdio"}}}'}, "command"),
        ({"AXON_MCP_SERVERS": '{"mcpServers": {"x": {"type": "pigeon"}}}'}, "pigeon"),
        ({"AXON_MCP_SERVERS": '{"mcpServers": {"../x": {"type": "stdio", "command": "c"}}}'}, "../x"),
        ({"AXON_AGENT_TYPE": "no-such-agent"}, "no-such-agent"),
        ({"AXON_SETUP_COMMAND": "make"}, "AXON_SETUP_COMMAND"),
        ({"AXON_DEADLINE_SECONDS": "soon"}, "AXON_DEADLINE_SECONDS"),
        ({"AXON_STALL_SECONDS": "-1"}, "AXON_STALL_SECONDS"),
        ({"AXON_TASK_DIR": "/no/such/directory"}, "/no/such/directory"),
    ],
)
def test_bad_input_is_told_before_the_agent_starts(agent, run, env, named):
    done = run(**env)
    assert done.verdict == ("Failed", "ConfigInvalid", 78)
    assert named in done.report.raw["message"]
    assert not agent.started


def test_no_prompt_is_bad_input(sandbox, agent, entrypoint):
    done = sandbox.run(entrypoint, "run")
    assert done.verdict == ("Failed", "ConfigInvalid", 78)
    assert ("prompt" in done.report.raw["message"], agent.started) == (True, False)


def test_an_agent_that_is_not_there(sandbox, run):
    done = run(AXON_AGENT_TYPE="claude-code")
    assert done.verdict == ("Failed", "AgentNotFound", 127)
    assert "claude" in done.report.raw["message"]


def test_an_empty_root_tells_that_the_agent_is_not_there(sandbox, entrypoint, tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    program = root / "axon-entrypoint"
    program.write_bytes(Path(entrypoint).read_bytes())
    program.chmod(0o755)
    (root / "log").touch()
    done = sandbox.run("/axon-entrypoint", "run", "x", how=How(root=root), AXON_AGENT_TYPE="claude-code",
                       AXON_TERMINATION_LOG="/log", HOME="/", TMPDIR="/")
    assert done.exit_code == 127, done.errors
    assert json.loads((root / "log").read_text())["reason"] == "AgentNotFound"


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("exit 7", ("Failed", "AgentError", 7)),
        ("exit 0", ("Failed", "AgentError", 1)),
        ("kill -SEGV $$", ("Failed", "AgentCrashed", 139)),
        ("echo not json; echo '{broken'; echo '{\"type\":\"news\"}'", ("Succeeded", None, 0)),
    ],
    ids=["code-7", "no-result", "crash", "noise"],
)
def test_how_the_agent_ends(sandbox, entrypoint, body, verdict):
    install_fake_claude(sandbox, body)
    assert sandbox.run(entrypoint, "run", "x").verdict == verdict


def test_stdout_passes_byte_for_byte(sandbox, run):
    install_fake_claude(sandbox, "cat \"$here/noise\"")
    noise = bytes(range(256)) * 4000 + b"\n" + b"x" * 3_000_000 + b"\n"
    (sandbox.folder / "fake" / "noise").write_bytes(noise)
    done = run()
    assert done.verdict == ("Succeeded", None, 0)
    assert noise in done.stdout


def test_results_cannot_be_forged_by_the_agents_text(sandbox, run):
    forged = "printf '%s\\n' ---AXON_OUTPUTS_START--- 'branch: forged' 'cost-usd: 0' ---AXON_OUTPUTS_END---"
    install_fake_claude(sandbox, f"{forged}; (sleep 1; {forged}) &")
    done = run()
    assert done.markers.get("branch") != "forged"
    assert float(done.markers.get("cost-usd")) == RESULT["total_cost_usd"]


def test_who_holds_stdout_open_does_not_hang_the_run(sandbox, run):
    install_fake_claude(sandbox, "setsid sleep 300 &")
    done = run(seconds=60)
    assert (done.verdict, done.left) == (("Succeeded", None, 0), {})


def test_who_lingers_after_its_result_is_ended(sandbox, entrypoint):
    fake = install_fake_claude(sandbox)
    program = fake.folder / "claude"
    program.write_text(program.read_text() + "trap '' TERM INT\nsleep 300 & wait\nsleep 300\n")
    done = sandbox.run(entrypoint, "run", "x", seconds=90, AXON_GRACE_SECONDS="1")
    assert (done.verdict, done.left) == (("Succeeded", None, 0), {})


@pytest.mark.parametrize("how", [PLAIN, PID1], ids=["subreaper", "pid1"])
def test_an_agent_that_ignores_term_is_killed_after_the_grace(sandbox, entrypoint, how):
    fake = install_fake_claude(sandbox, "trap '' TERM INT HUP; touch \"$here/deaf\"; while :; do sleep 0.2; done")
    running = sandbox.start(entrypoint, "run", "x", how=how, AXON_GRACE_SECONDS="1")
    wait_until((fake.folder / "deaf").exists, "the agent")
    running.signal(signal.SIGTERM)
    done = running.wait(60)
    assert (done.verdict, done.left) == (("Failed", "Cancelled", 143), {})


def test_a_second_term_shortens_the_grace(sandbox, entrypoint):
    fake = install_fake_claude(sandbox, "trap 'touch \"$here/told\"' TERM INT; touch \"$here/ready\"; while :; do sleep 0.2; done")
    running = sandbox.start(entrypoint, "run", "x", AXON_GRACE_SECONDS="600")
    wait_until((fake.folder / "ready").exists, "the agent")
    running.signal(signal.SIGTERM)
    wait_until((fake.folder / "told").exists, "the first signal at the agent")  # two at once would be one
    running.signal(signal.SIGTERM)
    assert running.wait(60).verdict == ("Failed", "Cancelled", 143)


def test_orphans_are_reaped(sandbox, run):
    """A hundred processes that nobody waits for: none is a zombie while the agent goes on."""
    body = ("for i in $(seq 100); do (setsid true &) ; done; sleep 1; "
            "grep -l '^State:.Z' /proc/[0-9]*/status >\"$here/zombies\" 2>/dev/null; true")
    install_fake_claude(sandbox, body)
    assert run(how=PID1).verdict == ("Succeeded", None, 0)
    assert (sandbox.folder / "fake" / "zombies").read_text() == ""


def test_the_setup_command_runs_first_and_its_failure_is_told(sandbox, agent, run):
    ok = run(AXON_SETUP_COMMAND=json.dumps(["sh", "-c", "echo made-by-setup; touch set-up"]))
    assert (ok.verdict, (sandbox.work / "set-up").exists(), agent.started) == (("Succeeded", None, 0), True, True)
    os.unlink(agent.folder / "argv")
    bad = run(AXON_SETUP_COMMAND=json.dumps(["sh", "-c", "exit 9"]))
    assert (bad.verdict[:2], agent.started) == (("Failed", "SetupFailed"), False)


def test_stdin_and_descriptors_are_closed_to_the_agent(sandbox, run):
    install_fake_claude(sandbox, "ls -l /proc/self/fd > \"$here/fds\"")
    assert run().verdict == ("Succeeded", None, 0)
    lines = (sandbox.folder / "fake" / "fds").read_text().splitlines()[1:]
    others = [line for line in lines if line.split(" -> ")[0].split()[-1] not in ("0", "1", "2")]
    assert [line for line in others if not line.endswith("/fd")] == []  # what ls itself reads


def test_the_report_fits_the_kubelets_limit(sandbox, run, repo: Repo):
    git(repo.work, "checkout", "-q", "-b", "agent/fix")
    install_fake_claude(sandbox)
    program = sandbox.folder / "fake" / "claude"
    program.write_text(program.read_text().replace('"result": "Done."', '"result": "' + "ü\\\\n" * 20_000 + '"'))
    done = run(cwd=repo.work, AXON_BRANCH="agent/fix")
    assert done.verdict == ("Succeeded", None, 0)
    assert sandbox.report.stat().st_size <= 4096
    assert (done.report.results["branch"], done.report.usage.input) == ("agent/fix", 60)


def test_a_run_outside_a_repository_has_no_branch(agent, run):
    done = run()
    assert (done.verdict, done.markers.get("branch"), done.markers.get("commit")) == (("Succeeded", None, 0), None, None)


def test_no_termination_log_is_no_failure(sandbox, agent, run):
    done = run(AXON_TERMINATION_LOG="/no/such/dir/log")
    assert (done.exit_code, parse_markers(done.log) is not None) == (0, True)
