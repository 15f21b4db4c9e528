"""The real Codex through the entrypoint: a Task from clone to results."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support.agent_task import json_events
from support import agents
from support.codex_run import FIRST, LAST, CodexTask, assert_usage
from support.gitserver import GitServer
from support.openai import codex_provider, tool_results, user_texts
from support.processes import files_holding
from support.provider import Reply, Tool, Usage
from support.repos import Repo, git
from support.run import PID1, PLAIN, How

TOKEN = "ghs_0123456789abcdefghijklmnopqrstuvwxyz"
EDIT = "echo done > result.txt && git add result.txt && git commit -qm 'add the result' && git push -q origin HEAD"
DONE = Reply(text="Done.", usage=LAST)


@pytest.mark.parametrize("how", [PLAIN, PID1], ids=["subreaper", "pid1"])
def test_clone_edit_push_and_report(codex_task: CodexTask, repo: Repo, tmp_path, how):
    token_file = tmp_path / "token" / "GITHUB_TOKEN"
    token_file.parent.mkdir()
    token_file.write_text(TOKEN + "\n")
    checkout = codex_task.sandbox.folder / "workspace" / "repo"
    script = (Reply(text="I will.", shell=EDIT, usage=FIRST), Reply(text="All done.", usage=LAST))
    with GitServer(tmp_path / "served", token=TOKEN) as server, codex_provider(*script) as provider:
        env = {"AXON_GITHUB_TOKEN_FILE": str(token_file), "AXON_BRANCH": "agent/fix", "AXON_BASE_BRANCH": "main"}
        prepared = codex_task.sandbox.run(
            codex_task.entrypoint, "prepare", "--repo", server.repo_url(repo.name), "--ref", "main",
            "--branch", "agent/fix", "--path", str(checkout), how=how, **env,
        )
        assert prepared.exit_code == 0, prepared.errors
        done = codex_task.run(provider, how=how, cwd=checkout, **env)
    assert done.verdict == ("Succeeded", None, 0)
    assert_usage(done, FIRST + LAST)
    pushed = repo.sha("agent/fix")
    assert pushed == git(checkout, "rev-parse", "HEAD") != repo.first
    expected = {"branch": "agent/fix", "commit": pushed, "base-branch": "main",
                "session-id": json_events(done)[0]["thread_id"]}
    assert {key: done.report.results.get(key) for key in expected} == expected
    assert {key: done.markers.get(key) for key in expected} == expected
    assert (done.report.results["response"], done.markers.response) == ("All done.", "All done.")
    assert repo.show("agent/fix", "result.txt") == "done"
    assert files_holding(TOKEN, checkout, codex_task.sandbox.home, codex_task.sandbox.tmp) == []
    assert done.left == {}


def test_the_quiet_settings_leave_the_provider_alone(codex_task: CodexTask):
    with codex_provider(DONE) as provider:
        assert codex_task.run(provider).verdict == ("Succeeded", None, 0)
    assert provider.requests == provider.model_requests
    assert provider.requests[0].headers["authorization"] == f"Bearer {codex_task.sandbox.env['CODEX_API_KEY']}"


@pytest.mark.parametrize("model", ["gpt-5.5", "no-model-of-theirs"])
def test_the_model_is_the_one_that_was_asked_for(codex_task: CodexTask, model):
    """Both have plain tools instead of code mode."""
    with codex_provider(Reply(shell="echo hi there", usage=FIRST), DONE) as provider:
        done = codex_task.run(provider, AXON_MODEL=model)
    assert done.verdict == ("Succeeded", None, 0)
    assert [request.body["model"] for request in provider.model_requests] == [model, model]
    assert "hi there" in tool_results(provider.model_requests[1])[0]
    assert_usage(done, FIRST + LAST)


@pytest.mark.parametrize("key", ["CODEX_API_KEY", "OPENAI_API_KEY"])
def test_a_base_url_in_the_environment_is_obeyed(codex_task: CodexTask, key):
    codex_task.config = None
    del codex_task.sandbox.env["CODEX_API_KEY"]
    with codex_provider(DONE) as provider:
        env = {"OPENAI_BASE_URL": f"{provider.url}/v1", key: "sk-other-key-0123456789"}
        done = codex_task.run(provider, **env)
    assert done.verdict == ("Succeeded", None, 0), done.errors
    assert [r.headers["authorization"] for r in provider.requests] == ["Bearer sk-other-key-0123456789"]


def test_the_key_reaches_the_variable_that_the_users_provider_wants(codex_task: CodexTask):
    codex_task.config = codex_task.config.replace("CODEX_API_KEY", "GATEWAY_KEY")
    with codex_provider(DONE) as provider:
        assert codex_task.run(provider).verdict == ("Succeeded", None, 0)
    assert provider.requests[0].headers["authorization"] == f"Bearer {codex_task.sandbox.env['CODEX_API_KEY']}"


def test_a_directory_of_its_own_is_made(codex_task: CodexTask):
    codex_task.config = None
    where = codex_task.sandbox.folder / "elsewhere" / "codex"
    with codex_provider(Reply(shell="true", usage=FIRST), DONE) as provider:
        done = codex_task.run(provider, CODEX_HOME=str(where), AXON_AGENTS_MD="RULEMARK",
                              OPENAI_BASE_URL=f"{provider.url}/v1")
    assert done.verdict == ("Succeeded", None, 0), done.errors
    assert "RULEMARK" in provider.model_requests[0].text
    assert list(where.glob("sessions/*/*/*/*.jsonl")) != []
    assert not codex_task.home.exists()


def test_commands_keep_the_path(codex_task: CodexTask):
    """A login shell would read /etc/profile, which replaces it."""
    path = f"{codex_task.sandbox.env['PATH']}:/opt/kept/bin"
    with codex_provider(Reply(shell="echo $PATH", usage=FIRST), DONE) as provider:
        assert codex_task.run(provider, PATH=path).verdict == ("Succeeded", None, 0)
    assert "/opt/kept/bin" in tool_results(provider.model_requests[1])[0]


def test_a_stream_that_is_cut_once_succeeds(codex_task: CodexTask):
    script = (Reply(text="I will.", shell="true", usage=FIRST, cut_after=3),
              Reply(text="I will.", shell="true", usage=FIRST), Reply(text="All done.", usage=LAST))
    with codex_provider(*script) as provider:
        done = codex_task.run(provider)
    assert done.verdict == ("Succeeded", None, 0)
    assert_usage(done, FIRST + LAST)
    assert provider.unplayed == []


@pytest.mark.parametrize("fork", ["none", "all"])
def test_a_subagents_tokens_are_counted(codex_task: CodexTask, fork):
    spawn = Tool("collaboration.spawn_agent", {"task_name": "sub1", "message": "SUBPROMPT", "fork_turns": fork})
    wait = Tool("collaboration.wait_agent", {"timeout_ms": 10000})
    script = (Reply(tools=(spawn,), usage=FIRST), Reply(tools=(wait,), usage=FIRST),
              Reply(text="sub says hi", asked="SUBPROMPT", usage=Usage(7, 0, 0, 3)),
              Reply(text="All done.", usage=LAST))
    with codex_provider(*script) as provider:
        done = codex_task.run(provider)
    assert provider.unplayed == []
    assert done.verdict == ("Succeeded", None, 0)
    assert_usage(done, FIRST + FIRST + Usage(7, 0, 0, 3) + LAST)
    assert done.markers.response == "All done."


def _long_prompt() -> str:
    lines = [f"{i:05} \t naïve $(GITHUB_TOKEN) $$ ${{HOME}} `id` \\n \"quoted\" 'x' ─ 🚀" for i in range(5000)]
    text = "- first item of a list\n--model nothing\n" + "\n".join(lines) + "\nlast line"
    assert len(text.encode()) > 300 * 1024
    return text


def test_a_long_prompt_arrives_byte_for_byte(codex_task: CodexTask):
    prompt = _long_prompt()
    with codex_provider(DONE) as provider:
        done = codex_task.run(provider, "Read the file.", AXON_TASK_DIR=codex_task.prompt_file(prompt),
                              GITHUB_TOKEN=TOKEN)
    assert done.verdict == ("Succeeded", None, 0)
    assert prompt in user_texts(provider.model_requests[0])


@pytest.mark.parametrize("prompt", ["- a list\n- of things", "--version", "-", "$(GITHUB_TOKEN) $$ x\n"])
def test_an_awkward_prompt_arrives_by_the_argument(codex_task: CodexTask, prompt):
    with codex_provider(DONE) as provider:
        done = codex_task.run(provider, prompt, GITHUB_TOKEN=TOKEN)
        assert done.verdict == ("Succeeded", None, 0), done.errors
    assert prompt in user_texts(provider.model_requests[0])


def test_a_failing_tool_is_no_failure_of_the_task(codex_task: CodexTask):
    with codex_provider(Reply(shell="exit 3", usage=FIRST), DONE) as provider:
        done = codex_task.run(provider)
    assert done.verdict == ("Succeeded", None, 0)
    assert_usage(done, FIRST + LAST)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("home", ["own", "/"])
def test_any_user_and_a_home_that_cannot_be_written(codex_task: CodexTask, entrypoint, tmp_path, home):
    """An arbitrary UID without a passwd entry; HOME is / when the image says nothing better."""
    box = codex_task.sandbox
    programs = tmp_path / "bin"  # not in the sandbox: the files are shared and keep their owner
    programs.mkdir()
    for program in agents.codex_native():
        agents.copy_for_everybody(program, programs)
    codex_task.entrypoint = str(agents.copy_for_everybody(Path(entrypoint), programs))
    codex_task.config = None
    box.give_to(54321)
    for parent in (box.folder.parent, *box.folder.parent.parents[:2]):
        parent.chmod(parent.stat().st_mode | 0o011)  # pytest's folders are its user's only
    with codex_provider(Reply(shell="echo made > made.txt", usage=FIRST), DONE) as provider:
        done = codex_task.run(provider, how=How(uid=54321), AXON_AGENTS_MD="RULEMARK",
                              HOME=str(box.home) if home == "own" else home, PATH=f"{programs}:/usr/bin:/bin",
                              OPENAI_BASE_URL=f"{provider.url}/v1")
    assert done.verdict == ("Succeeded", None, 0), done.errors
    assert "RULEMARK" in provider.model_requests[0].text
    assert (box.work / "made.txt").stat().st_uid == 54321
    assert_usage(done, FIRST + LAST)
