"""The real opencode through the entrypoint: a Task from clone to results, and what stops it on the way."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from support import agents
from support.agent_task import json_events
from support.anthropic import claude_provider
from support.chat import chat_provider, tool_results, user_texts
from support.gitserver import GitServer
from support.opencode_run import (ANTHROPIC, ANTHROPIC_MODEL, API_KEY, CONFIG, FIRST, LAST, OpencodeTask, assert_usage)
from support.processes import files_holding
from support.provider import Reply, Tool, Usage
from support.repos import Repo, git
from support.run import PID1, PLAIN, How

TOKEN = "ghs_0123456789abcdefghijklmnopqrstuvwxyz"
EDIT = "echo done > result.txt && git add result.txt && git commit -qm 'add the result' && git push -q origin HEAD"
WAYS = pytest.mark.parametrize("how", [PLAIN, PID1], ids=["subreaper", "pid1"])


@WAYS
def test_clone_edit_push_and_report(opencode_task: OpencodeTask, repo: Repo, tmp_path, how):
    token_file = tmp_path / "token" / "GITHUB_TOKEN"
    token_file.parent.mkdir()
    token_file.write_text(TOKEN + "\n")
    box = opencode_task.sandbox
    checkout = box.folder / "workspace" / "repo"
    script = (Reply(text="I will.", shell=EDIT, usage=FIRST), Reply(text="All done.", usage=LAST))
    with GitServer(tmp_path / "served", token=TOKEN) as server, chat_provider(*script) as provider:
        env = {"AXON_GITHUB_TOKEN_FILE": str(token_file), "AXON_BRANCH": "agent/fix", "AXON_BASE_BRANCH": "main"}
        prepared = box.run(
            opencode_task.entrypoint, "prepare", "--repo", server.repo_url(repo.name), "--ref", "main",
            "--branch", "agent/fix", "--path", str(checkout), how=how, **env,
        )
        assert prepared.exit_code == 0, prepared.errors
        done = opencode_task.run(provider, how=how, cwd=checkout, **env)
    assert done.verdict == ("Succeeded", None, 0)
    assert_usage(done, FIRST + LAST)
    pushed = repo.sha("agent/fix")
    assert pushed == git(checkout, "rev-parse", "HEAD") != repo.first
    expected = {"branch": "agent/fix", "commit": pushed, "base-branch": "main",
                "session-id": json_events(done)[0]["sessionID"]}
    assert {key: done.report.results.get(key) for key in expected} == expected
    assert {key: done.markers.get(key) for key in expected} == expected
    assert (done.report.results["turns"], done.markers.get("turns")) == (2, "2")
    assert (done.report.results["response"], done.markers.response) == ("All done.", "All done.")
    assert repo.show("agent/fix", "result.txt") == "done"
    assert files_holding(TOKEN, checkout, box.home, box.tmp) == []
    assert done.left == {}
    # Nothing but these two requests: no title, no look at a list of models.
    assert [request.body["model"] for request in provider.requests] == ["m1", "m1"]
    assert {request.headers["authorization"] for request in provider.requests} == {f"Bearer {API_KEY}"}


def _long_prompt() -> str:
    lines = [f"{i:05} \t naïve $(GITHUB_TOKEN) $$ ${{HOME}} `id` \\n \"quoted\" 'x' ─ 🚀 @README.md" for i in range(5000)]
    text = "- first item of a list\n--model nothing\n" + "\n".join(lines) + "\nlast line"
    assert len(text.encode()) > 300 * 1024
    return text


def test_a_long_prompt_arrives_byte_for_byte(opencode_task: OpencodeTask, repo: Repo):
    prompt = _long_prompt()
    with chat_provider(Reply(text="Done.", usage=LAST)) as provider:
        done = opencode_task.run(provider, "Read the file.", cwd=repo.work, GITHUB_TOKEN=TOKEN,
                                 AXON_TASK_DIR=opencode_task.prompt_file(prompt))
    assert done.verdict == ("Succeeded", None, 0)
    assert user_texts(provider.model_requests[0]) == [prompt]


def test_an_awkward_prompt_arrives_by_the_argument(opencode_task: OpencodeTask, repo: Repo):
    prompt = "/init $(GITHUB_TOKEN) $$ x @README.md\n"
    with chat_provider(Reply(text="Done.", usage=LAST)) as provider:
        done = opencode_task.run(provider, prompt, cwd=repo.work, GITHUB_TOKEN=TOKEN)
        assert done.verdict == ("Succeeded", None, 0), done.errors
    assert user_texts(provider.model_requests[0]) == [prompt]


def test_the_key_reaches_the_provider_that_the_models_prefix_names(opencode_task: OpencodeTask):
    """Anthropic, which counts cache writes, tells reasoning inside the output and has a price in opencode."""
    opencode_task.config = ANTHROPIC
    first, last = Usage(1000, 2000, 300, 150), Usage(500, 3000, 70, 60)
    shell = Tool("bash", {"command": "echo ${ANTHROPIC_API_KEY:+set} ${OPENCODE_API_KEY:-gone}", "description": "d"})
    with claude_provider(Reply(tools=(shell,), usage=first), Reply(text="Done.", usage=last)) as provider:
        done = opencode_task.run(provider, AXON_MODEL=ANTHROPIC_MODEL)
    assert done.verdict == ("Succeeded", None, 0), done.errors
    assert [(r.body["model"], r.headers["x-api-key"]) for r in provider.requests] == [("claude-sonnet-4-5", API_KEY)] * 2
    assert "set gone" in provider.requests[1].text
    assert (done.report.usage, done.markers.usage) == (first + last, first + last)
    assert done.report.cost == pytest.approx((1500 * 3 + 5000 * 0.3 + 370 * 3.75 + 210 * 15) / 1e6, abs=1e-9)


def test_an_open_stdin_a_cut_stream_and_a_failing_tool_do_no_harm(opencode_task: OpencodeTask):
    """opencode reads stdin to its end before it does anything."""
    fails = Reply(text="I will.", shell="exit 3", usage=FIRST)
    with chat_provider(replace(fails, cut_after=3), fails, Reply(text="All done.", usage=LAST)) as provider:
        opencode_task.point_at(provider.url)
        done = opencode_task.sandbox.run("sh", "-c", 'mkfifo open && exec "$0" run "Do it." <>open', opencode_task.entrypoint)
    assert (done.verdict, provider.unplayed) == (("Succeeded", None, 0), [])
    assert user_texts(provider.model_requests[0]) == ["Do it."]
    assert_usage(done, FIRST + LAST)


def test_directories_elsewhere_and_no_ripgrep(opencode_task: OpencodeTask):
    box = opencode_task.sandbox
    programs = box.folder / "bin"
    programs.mkdir()
    for name in ("opencode", "git", "sh", "bash"):
        (programs / name).symlink_to(shutil.which(name, path=box.env["PATH"]))
    config, data = box.folder / "config", box.folder / "data"
    config.mkdir()
    opencode_task.config = {**CONFIG, "agent": {"helper": {"description": "d", "mode": "subagent"}}}
    call = Tool("task", {"description": "d", "prompt": "SUBPROMPT", "subagent_type": "helper"})
    script = (Reply(tools=(call,), usage=FIRST), Reply(text="sub", asked="SUBPROMPT", usage=Usage(7, 0, 0, 3)),
              Reply(text="All done.", usage=LAST))
    with chat_provider(*script) as provider:
        done = opencode_task.run(provider, PATH=str(programs), OPENCODE_CONFIG_DIR=str(config), XDG_DATA_HOME=str(data),
                                 AXON_AGENTS_MD="RULEMARK")
    assert done.verdict == ("Succeeded", None, 0)
    assert "RULEMARK" in provider.model_requests[0].text
    assert (config / "AGENTS.md").is_file()
    assert_usage(done, FIRST + Usage(7, 0, 0, 3) + LAST)
    assert "rg is not in PATH" in done.errors


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_any_user_and_a_home_that_cannot_be_written(opencode_task: OpencodeTask, entrypoint, tmp_path):
    """An arbitrary UID without a passwd entry; HOME is / when the image says nothing better."""
    box = opencode_task.sandbox
    programs = tmp_path / "bin"  # not in the sandbox: the files are shared and keep their owner
    programs.mkdir()
    agents.copy_for_everybody(agents.opencode(), programs)
    opencode_task.entrypoint = str(agents.copy_for_everybody(Path(entrypoint), programs))
    opencode_task.config = None
    config = json.dumps(CONFIG)
    box.give_to(54321)
    for parent in (box.folder.parent, *box.folder.parent.parents[:2]):
        parent.chmod(parent.stat().st_mode | 0o011)  # pytest's folders are its user's only
    with chat_provider(Reply(shell="echo made > made.txt", usage=FIRST), Reply(text="Done.", usage=LAST)) as provider:
        done = opencode_task.run(provider, how=How(uid=54321), AXON_AGENTS_MD="RULEMARK", HOME="/",
                                 PATH=f"{programs}:/usr/bin:/bin",
                                 OPENCODE_CONFIG_CONTENT=config.replace("{url}", provider.url))
    assert done.verdict == ("Succeeded", None, 0), done.errors
    assert "RULEMARK" in provider.model_requests[0].text
    assert (box.work / "made.txt").stat().st_uid == 54321
    assert_usage(done, FIRST + LAST)
