"""The real Claude Code through the entrypoint: a Task from clone to results."""

from __future__ import annotations

import pytest

from support.agent_task import assert_usage
from support.anthropic import claude_provider, tool_results, user_texts
from support.claude_run import FIRST, LAST, ClaudeTask, assert_cost_is_claudes, claude_result, claude_tokens
from support.gitserver import GitServer
from support.processes import files_holding
from support.provider import Reply, Tool, Usage
from support.repos import Repo, git
from support.run import PID1, PLAIN

TOKEN = "ghs_0123456789abcdefghijklmnopqrstuvwxyz"
EDIT = "echo done > result.txt && git add result.txt && git commit -qm 'add the result' && git push -q origin HEAD"


@pytest.mark.parametrize("how", [PLAIN, PID1], ids=["subreaper", "pid1"])
def test_clone_edit_push_and_report(claude_task: ClaudeTask, repo: Repo, tmp_path, how):
    """Nobody has told git who commits: a Pod's image need not, and the agent can commit all the same."""
    token_file = tmp_path / "token" / "GITHUB_TOKEN"
    token_file.parent.mkdir()
    token_file.write_text(TOKEN + "\n")
    checkout = claude_task.sandbox.folder / "workspace" / "repo"
    script = (Reply(text="I will.", shell=EDIT, usage=FIRST), Reply(text="All done.", usage=LAST))
    with GitServer(tmp_path / "served", token=TOKEN) as server, claude_provider(*script) as provider:
        env = {
            "AXON_GITHUB_TOKEN_FILE": str(token_file),
            "AXON_BRANCH": "agent/fix",
            "AXON_BASE_BRANCH": "main",
        }
        prepared = claude_task.sandbox.run(
            claude_task.entrypoint, "prepare", "--repo", server.repo_url(repo.name), "--ref", "main",
            "--branch", "agent/fix", "--path", str(checkout), how=how, **env,
        )
        assert prepared.exit_code == 0, prepared.errors
        done = claude_task.run(provider, how=how, cwd=checkout, **env)
    assert done.verdict == ("Succeeded", None, 0)
    assert_usage(done, FIRST + LAST)
    assert_cost_is_claudes(done)
    pushed = repo.sha("agent/fix")
    assert pushed == git(checkout, "rev-parse", "HEAD") != repo.first
    expected = {"branch": "agent/fix", "commit": pushed, "base-branch": "main", "model": "claude-opus-5-5",
                "session-id": claude_result(done)["session_id"]}
    assert {key: done.report.results.get(key) for key in expected} == expected
    assert {key: done.markers.get(key) for key in expected} == expected
    assert (done.report.results["turns"], done.markers.get("turns")) == (2, "2")
    assert (done.report.results["response"], done.markers.response) == ("All done.", "All done.")
    assert repo.show("agent/fix", "result.txt") == "done"
    assert files_holding(TOKEN, checkout, claude_task.sandbox.home, claude_task.sandbox.tmp) == []
    assert done.left == {}


def test_the_quiet_settings_leave_the_provider_alone(claude_task: ClaudeTask):
    with claude_provider(Reply(text="Done.", usage=LAST)) as provider:
        assert claude_task.run(provider).verdict == ("Succeeded", None, 0)
    assert provider.requests == provider.model_requests


def test_the_model_is_the_one_that_was_asked_for(claude_task: ClaudeTask):
    with claude_provider(Reply(text="Done.", usage=LAST)) as provider:
        done = claude_task.run(provider, AXON_MODEL="claude-haiku-4-5")
    assert provider.model_requests[0].body["model"] == "claude-haiku-4-5"
    assert (done.verdict, done.markers.get("model")) == (("Succeeded", None, 0), "claude-haiku-4-5")


def test_the_script_name_of_the_contract_is_the_run_command(claude_task: ClaudeTask):
    script = claude_task.sandbox.folder / "axon_entrypoint.sh"
    script.symlink_to(claude_task.entrypoint)
    with claude_provider(Reply(text="Done.", usage=LAST)) as provider:
        done = claude_task.sandbox.run(str(script), "Say hello.", ANTHROPIC_BASE_URL=provider.url)
    assert done.verdict == ("Succeeded", None, 0)
    assert any("Say hello." in text for text in user_texts(provider.model_requests[0]))


def test_a_stream_that_is_cut_once_succeeds(claude_task: ClaudeTask):
    script = (
        Reply(text="I will.", shell="true", usage=FIRST, cut_after=4),
        Reply(text="I will.", shell="true", usage=FIRST),
        Reply(text="All done.", usage=LAST),
    )
    with claude_provider(*script) as provider:
        done = claude_task.run(provider)
    assert done.verdict == ("Succeeded", None, 0)
    assert_usage(done, claude_tokens(done))
    assert_cost_is_claudes(done)
    assert provider.unplayed == []


def test_a_subagents_tokens_are_counted(claude_task: ClaudeTask):
    agent = Tool("Agent", {"description": "d", "prompt": "SUBPROMPT", "subagent_type": "general-purpose"})
    script = (
        Reply(tools=(agent,), usage=FIRST),
        Reply(text="The subagent is at work.", usage=LAST),
        Reply(text="sub says hi", asked="SUBPROMPT", usage=Usage(7, 0, 0, 3)),
        Reply(text="All done.", usage=LAST),
    )
    with claude_provider(*script) as provider:
        done = claude_task.run(provider)
    assert provider.unplayed == []
    assert done.verdict == ("Succeeded", None, 0)
    assert_usage(done, FIRST + LAST + Usage(7, 0, 0, 3) + LAST)
    assert_cost_is_claudes(done)
    assert done.markers.response == "All done."


def _long_prompt() -> str:
    lines = [f"{i:05} \t naïve $(GITHUB_TOKEN) $$ ${{HOME}} `id` \\n \"quoted\" 'x' ─ 🚀" for i in range(5000)]
    text = "- first item of a list\n--model nothing\n" + "\n".join(lines) + "\nlast line"
    assert len(text.encode()) > 300 * 1024
    return text


def test_a_long_prompt_arrives_byte_for_byte(claude_task: ClaudeTask):
    prompt = _long_prompt()
    with claude_provider(Reply(text="Done.", usage=LAST)) as provider:
        folder = claude_task.task_dir(prompt=prompt, task={"version": "v1", "type": "claude-code"})
        done = claude_task.run(provider, "Read the file.", AXON_TASK_DIR=folder, GITHUB_TOKEN=TOKEN)
    assert done.verdict == ("Succeeded", None, 0)
    assert prompt in user_texts(provider.model_requests[0])


@pytest.mark.parametrize("prompt", ["- a list\n- of things", "--version", "-p", "$(GITHUB_TOKEN) $$ x"])
def test_an_awkward_prompt_arrives_by_the_argument(claude_task: ClaudeTask, prompt):
    with claude_provider(Reply(text="Done.", usage=LAST)) as provider:
        done = claude_task.run(provider, prompt, GITHUB_TOKEN=TOKEN)
        assert done.verdict == ("Succeeded", None, 0), done.errors
    assert prompt in user_texts(provider.model_requests[0])


def test_the_task_directory_wins_over_the_variables(claude_task: ClaudeTask):
    task = {"version": "v1", "name": "demo", "type": "claude-code", "model": "claude-haiku-4-5"}
    with claude_provider(Reply(text="Done.", usage=LAST)) as provider:
        folder = claude_task.task_dir(prompt="FROM_THE_FILE", agents="RULES_OF_THE_FILE", task=task)
        done = claude_task.run(provider, "from the argument", AXON_TASK_DIR=folder, AXON_AGENT_TYPE="codex",
                               AXON_MODEL="other", AXON_AGENTS_MD="rules of the variable")
    request = provider.model_requests[0]
    assert done.verdict == ("Succeeded", None, 0)
    assert request.body["model"] == "claude-haiku-4-5"
    assert ["FROM_THE_FILE" in request.text, "RULES_OF_THE_FILE" in request.text] == [True, True]
    assert ["from the argument" in request.text, "rules of the variable" in request.text] == [False, False]


def test_every_result_of_the_tools_reaches_the_model(claude_task: ClaudeTask):
    write = Tool("Write", {"file_path": str(claude_task.sandbox.work / "a.txt"), "content": "grüße\n"})
    script = (Reply(tools=(write,), usage=FIRST), Reply(shell="cat a.txt; echo $AXON_AGENT_TYPE", usage=FIRST),
              Reply(text="Done.", usage=LAST))
    with claude_provider(*script) as provider:
        assert claude_task.run(provider).verdict == ("Succeeded", None, 0)
    assert tool_results(provider.model_requests[2]) == ["grüße\nclaude-code"]


def test_a_failing_tool_is_no_failure_of_the_task(claude_task: ClaudeTask):
    with claude_provider(Reply(shell="exit 3", usage=FIRST), Reply(text="Done.", usage=LAST)) as provider:
        done = claude_task.run(provider)
    assert done.verdict == ("Succeeded", None, 0)
    assert_usage(done, FIRST + LAST)
