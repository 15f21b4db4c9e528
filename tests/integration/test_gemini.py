"""The real Gemini CLI through the entrypoint: a Task from clone to results."""

from __future__ import annotations

import pytest

from support.agent_task import assert_usage, json_events
from support.gemini import gemini_provider, model_of, tool_results, user_texts
from support.gemini_run import FIRST, LAST, MODEL, GeminiTask
from support.gitserver import GitServer
from support.processes import files_holding
from support.provider import Reply, Tool, Usage
from support.repos import Repo, git
from support.run import PID1, PLAIN

EDIT = "echo done > result.txt && git add result.txt && git commit -qm 'add the result' && git push -q origin HEAD"
DONE = Reply(text="Done.", usage=LAST)
TOKEN = "ghs_0123456789abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize("how", [PLAIN, PID1], ids=["subreaper", "pid1"])
def test_clone_edit_push_and_report(gemini_task: GeminiTask, repo: Repo, tmp_path, how):
    """Its shell tool hides the user's .gitconfig, credential helpers and ssh command from git."""
    token_file = tmp_path / "token" / "GITHUB_TOKEN"
    token_file.parent.mkdir()
    token_file.write_text(TOKEN + "\n")
    box = gemini_task.sandbox
    checkout = box.folder / "workspace" / "repo"
    gemini_task.write(".gitconfig", "[user]\n\tname = Ann\n\temail = ann@example.com\n")
    script = (Reply(text="I will.", shell=EDIT, usage=FIRST), Reply(text="All done.", usage=LAST))
    with GitServer(tmp_path / "served", token=TOKEN) as server, gemini_provider(*script) as provider:
        env = {"AXON_GITHUB_TOKEN_FILE": str(token_file), "AXON_BRANCH": "agent/fix", "AXON_BASE_BRANCH": "main"}
        prepared = box.run(gemini_task.entrypoint, "prepare", "--repo", server.repo_url(repo.name), "--ref", "main",
                           "--branch", "agent/fix", "--path", str(checkout), how=how, **env)
        assert prepared.exit_code == 0, prepared.errors
        done = gemini_task.run(provider, how=how, cwd=checkout, **env)
    assert done.verdict == ("Succeeded", None, 0)
    assert_usage(done, FIRST + LAST)
    assert done.report.cost is None
    pushed = repo.sha("agent/fix")
    assert pushed == git(checkout, "rev-parse", "HEAD") != repo.first
    assert git(checkout, "show", "-s", "--format=%an <%ae>") == "Ann <ann@example.com>"
    assert files_holding(TOKEN, checkout, box.home, box.tmp) == []
    expected = {"branch": "agent/fix", "commit": pushed, "base-branch": "main",
                "model": MODEL, "session-id": json_events(done)[0]["session_id"]}
    assert {key: done.report.results.get(key) for key in expected} == expected
    assert {key: done.markers.get(key) for key in expected} == expected
    assert (done.report.results["turns"], done.markers.get("turns")) == (2, "2")
    assert (done.report.results["response"], done.markers.response) == ("All done.", "All done.")
    assert repo.show("agent/fix", "result.txt") == "done"
    assert done.left == {}


def test_the_quiet_settings_leave_the_provider_alone(gemini_task: GeminiTask):
    gemini_task.settings = None
    with gemini_provider(DONE) as provider:
        assert gemini_task.run(provider).verdict == ("Succeeded", None, 0)
    assert provider.requests == provider.model_requests


def test_the_model_is_the_one_that_was_asked_for(gemini_task: GeminiTask):
    with gemini_provider(DONE) as provider:
        done = gemini_task.run(provider, AXON_MODEL="gemini-2.5-flash")
    assert [model_of(request) for request in provider.model_requests] == ["gemini-2.5-flash"]
    assert (done.verdict, done.markers.get("model")) == (("Succeeded", None, 0), "gemini-2.5-flash")


def test_without_a_model_it_chooses_one_and_that_is_counted_and_told(gemini_task: GeminiTask):
    choice = Reply(text='{"complexity_reasoning": "x", "complexity_score": 10}', usage=Usage(50, 0, 0, 9))
    with gemini_provider(choice, DONE) as provider:
        done = gemini_task.run(provider, AXON_MODEL="")
    assert done.verdict == ("Succeeded", None, 0)
    assert_usage(done, LAST + Usage(50, 0, 0, 9))
    assert done.markers.get("model") == model_of(provider.model_requests[1])


def test_a_subagents_tokens_are_counted(gemini_task: GeminiTask):
    gemini_task.write(".gemini/agents/helper.md", "---\nname: helper\ndescription: Helps\n---\nYou help.\n")
    script = (
        Reply(tools=(Tool("invoke_agent", {"agent_name": "helper", "prompt": "SUBPROMPT"}),), usage=FIRST),
        Reply(tools=(Tool("complete_task", {"result": "sub says hi"}),), asked="SUBPROMPT", usage=Usage(7, 0, 0, 3)),
        Reply(text="All done.", usage=LAST),
    )
    with gemini_provider(*script) as provider:
        done = gemini_task.run(provider)
    assert provider.unplayed == []
    assert done.verdict == ("Succeeded", None, 0)
    assert_usage(done, FIRST + LAST + Usage(7, 0, 0, 3))
    assert done.markers.response == "All done."


def _long_prompt() -> str:
    lines = [f"{i:05} \t naïve $(GITHUB_TOKEN) $$ ${{HOME}} `id` \\n \"quoted\" 'x' ─ 🚀" for i in range(5000)]
    text = "- first item of a list\n--model nothing\n" + "\n".join(lines) + "\nlast line"
    assert len(text.encode()) > 300 * 1024
    return text


def test_a_long_prompt_arrives_byte_for_byte(gemini_task: GeminiTask):
    prompt = _long_prompt()
    with gemini_provider(DONE) as provider:
        done = gemini_task.run(provider, "Read the file.", AXON_TASK_DIR=gemini_task.prompt_file(prompt),
                               GITHUB_TOKEN=TOKEN)
    assert done.verdict == ("Succeeded", None, 0)
    assert prompt in user_texts(provider.model_requests[0])


@pytest.mark.parametrize("prompt", ["- a list\n- of things", "--version", "-p",
                                    "$(GITHUB_TOKEN) $$ x", "ask @octocat about @types/node, a@b.c"])
def test_an_awkward_prompt_arrives_by_the_argument(gemini_task: GeminiTask, prompt):
    (gemini_task.sandbox.work / "my-octocat.txt").write_text("not asked for")
    with gemini_provider(DONE) as provider:
        done = gemini_task.run(provider, prompt, GITHUB_TOKEN=TOKEN)
    assert done.verdict == ("Succeeded", None, 0), done.errors
    assert prompt in user_texts(provider.model_requests[0])
    assert "not asked for" not in provider.model_requests[0].text


def test_every_result_of_the_tools_reaches_the_model(gemini_task: GeminiTask):
    write = Tool("write_file", {"file_path": str(gemini_task.sandbox.work / "a.txt"), "content": "grüße\n"})
    script = (Reply(tools=(write,), usage=FIRST), Reply(shell="cat a.txt; echo $AXON_AGENT_TYPE", usage=FIRST), DONE)
    with gemini_provider(*script) as provider:
        assert gemini_task.run(provider).verdict == ("Succeeded", None, 0)
    assert "grüße\ngemini" in tool_results(provider.model_requests[2])[0]


def test_a_failing_tool_is_no_failure_of_the_task(gemini_task: GeminiTask):
    with gemini_provider(Reply(shell="exit 3", usage=FIRST), DONE) as provider:
        done = gemini_task.run(provider)
    assert done.verdict == ("Succeeded", None, 0)
    assert_usage(done, FIRST + LAST)
