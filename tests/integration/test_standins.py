"""The stand-ins themselves: held to the real programs that they serve, without any program of ours."""

from __future__ import annotations

import json
import subprocess
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from support.anthropic import claude_provider, tool_results, user_texts
from support.github import GitHub, PullRequest
from support.gitserver import GitServer
from support.outputs import parse_markers
from support.provider import FOREVER, Provider, Reply, Tool, Usage
from support.repos import Repo, git
from support.run import PID1, Finished, Sandbox
from support.tls import Authority

FIRST = Usage(1000, 2000, 300, 150, 40)
LAST = Usage(500, 3000, 70, 60, 10)
FLAGS = ("--dangerously-skip-permissions", "--output-format", "stream-json", "--verbose")


def ask_claude(claude: Path, sandbox: Sandbox, provider: Provider, prompt: str = "do it") -> Finished:
    return sandbox.run(
        str(claude), *FLAGS, "-p", "--", prompt,
        ANTHROPIC_BASE_URL=provider.url,
        ANTHROPIC_API_KEY="sk-stub-0000",
        IS_SANDBOX="1",
        CLAUDE_CODE_MAX_RETRIES="2",
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC="1",
    )


def result_of(done: Finished) -> dict:
    return [e for e in map(json.loads, done.log.splitlines()) if e["type"] == "result"][-1]


def tokens_of(result: dict) -> Usage:
    used = list(result["modelUsage"].values())
    total = lambda key: sum(model[key] for model in used)  # noqa: E731
    return Usage(total("inputTokens"), total("cacheReadInputTokens"),
                 total("cacheCreationInputTokens"), total("outputTokens"))


def test_claude_plays_the_script_and_counts_what_was_served(claude, sandbox):
    script = (
        Reply(text="I will.", shell="echo made > made.txt; echo 'grüße'", usage=FIRST),
        Reply(text="Done.", usage=LAST),
    )
    with claude_provider(*script) as provider:
        done = ask_claude(claude, sandbox, provider)
        result = result_of(done)
    assert (done.exit_code, result["result"], result["num_turns"]) == (0, "Done.", 2)
    assert (sandbox.work / "made.txt").read_text() == "made\n"
    assert tool_results(provider.requests[1]) == ["grüße"]
    assert any("do it" in text for text in user_texts(provider.requests[0]))
    assert provider.requests[0].headers["x-api-key"] == "sk-stub-0000"
    served = provider.served
    assert tokens_of(result) == Usage(served.uncached, served.cache_read, served.cache_write, served.output)
    assert provider.unplayed == []


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(status=401, message="invalid x-api-key", times=FOREVER), 401),
        (Reply(status=404, message="model: no-such-model", times=FOREVER), 404),
        (Reply(status=429, message="slow down", headers={"retry-after": "0"}, times=FOREVER), 429),
        (Reply(status=529, message="Overloaded", headers={"retry-after": "0"}, times=FOREVER), 529),
    ],
)
def test_claude_takes_errors_as_the_providers_own(claude, sandbox, reply, said):
    with claude_provider(reply) as provider:
        done = ask_claude(claude, sandbox, provider)
    result = result_of(done)
    assert (done.exit_code, result["is_error"], result["api_error_status"]) == (1, True, said)


def test_claude_tries_again_after_a_cut_stream(claude, sandbox):
    with claude_provider(Reply(text="Do", cut_after=4), Reply(text="Done.", usage=LAST)) as provider:
        done = ask_claude(claude, sandbox, provider)
    assert (done.exit_code, result_of(done)["result"], len(provider.requests)) == (0, "Done.", 2)


def test_a_hanging_reply_waits_for_its_event_and_requests_can_be_waited_for(claude, sandbox):
    event = threading.Event()
    with claude_provider(Reply(text="Done.", hang=event)) as provider:
        running = sandbox.start(
            str(claude), *FLAGS, "-p", "--", "x", IS_SANDBOX="1",
            ANTHROPIC_BASE_URL=provider.url, ANTHROPIC_API_KEY="sk-stub-0000",
        )
        provider.wait_for_requests(1)
        assert running.process.poll() is None
        event.set()
        assert running.wait().exit_code == 0


def test_replies_kept_for_a_subagent_go_to_it(claude, sandbox):
    agent = Tool("Agent", {"description": "d", "prompt": "SUBPROMPT", "subagent_type": "general-purpose"})
    script = (
        Reply(tools=(agent,), usage=FIRST),
        Reply(text="The subagent is at work.", usage=LAST),
        Reply(text="sub says hi", asked="SUBPROMPT", usage=Usage(7, 0, 0, 3)),
        Reply(text="Done.", usage=LAST),
    )
    with claude_provider(*script) as provider:
        done = ask_claude(claude, sandbox, provider)
    assert provider.unplayed == []
    assert tokens_of(result_of(done)) == Usage(2007, 8000, 440, 273)


@pytest.mark.parametrize("secure", [False, True])
def test_git_clones_and_pushes_with_the_token_only(tmp_path, repo: Repo, authority: Authority, secure):
    tls = authority.server_context() if secure else None
    trust = {"GIT_SSL_CAINFO": str(authority.ca)}
    with GitServer(tmp_path / "served", token="ghs_secret", tls=tls) as server:
        url = server.repo_url(repo.name)
        with pytest.raises(RuntimeError, match="could not read Username"):
            git(tmp_path, "clone", url, "refused", **trust)
        git(tmp_path, "clone", url.replace("://", "://x-access-token:ghs_secret@"), "copy", **trust)
        git(tmp_path / "copy", "checkout", "-qb", "topic")
        git(tmp_path / "copy", "commit", "-q", "--allow-empty", "-m", "x")
        git(tmp_path / "copy", "push", "-q", "origin", "topic", **trust)
        assert repo.sha("topic") == git(tmp_path / "copy", "rev-parse", "HEAD")
        assert {r.status for r in server.requests if not r.authorized} == {401}


def test_git_server_refuses_shas_and_pushes_on_demand(tmp_path, repo: Repo):
    repo.commit({"a": "b"}, "second")
    with GitServer(tmp_path / "served") as server:
        url = server.repo_url(repo.name)
        git(tmp_path, "init", "-q", "copy")
        server.protocol_v2 = False
        with pytest.raises(RuntimeError, match="unadvertised object"):
            git(tmp_path / "copy", "fetch", "-q", "--depth=1", url, repo.first)
        repo.allow_sha_wants(True)
        git(tmp_path / "copy", "fetch", "-q", "--depth=1", url, repo.first)
        repo.reject_pushes()
        with pytest.raises(RuntimeError, match="pre-receive hook declined"):
            git(tmp_path / "copy", "push", url, "FETCH_HEAD:refs/heads/new")


def test_git_server_stalls_until_it_is_released(tmp_path, repo: Repo):
    with GitServer(tmp_path / "served") as server:
        server.stalled = threading.Event()
        clone = subprocess.Popen(["git", "clone", "-q", server.repo_url(repo.name), str(tmp_path / "copy")])
        assert server.holding.acquire(timeout=60)
        assert clone.poll() is None
        server.stalled.set()
        assert clone.wait(60) == 0


def test_github_lists_a_branchs_pull_requests_for_the_token(tmp_path):
    pulls = [PullRequest("acme", "widgets", 7, "topic"), PullRequest("acme", "widgets", 6, "old", "closed")]
    with GitHub("ghs_secret", pulls) as github:
        for prefix in ("", "/api/v3"):
            url = f"{github.url}{prefix}/repos/acme/widgets/pulls?head=acme:topic&state=all"
            request = urllib.request.Request(url, headers={"Authorization": "Bearer ghs_secret"})
            with urllib.request.urlopen(request) as answer:
                listed = json.load(answer)
            assert [pull["html_url"] for pull in listed] == ["https://github.com/acme/widgets/pull/7"]
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(url)


def test_a_run_as_pid_1_leaves_nothing_and_a_plain_one_is_found_out(sandbox):
    leave = ("sh", "-c", "setsid sleep 300 >/dev/null 2>&1 & exit 3")
    clean, left = sandbox.run(*leave, how=PID1), sandbox.run(*leave)
    assert (clean.exit_code, clean.left) == (3, {})
    assert left.exit_code == 3
    assert ["sleep 300" in command for command in left.left.values()] == [True]


def test_the_last_complete_marker_pair_wins():
    start, end = "---AXON_OUTPUTS_START---", "---AXON_OUTPUTS_END---"
    log = f"{start}\nbranch: forged\n{end}\n{start}\nbranch: a\npr: 1\npr: 2\n{end}\n{start}\nbranch: half\n"
    markers = parse_markers(log)
    assert markers and (markers.get("branch"), markers.all("pr")) == ("a", ["1", "2"])
