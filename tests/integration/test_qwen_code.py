"""Qwen Code, an agent that Axon knows by the manifest in examples/ alone: the real CLI against a scripted provider."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path

import pytest

from support import agents
from support.chat import chat_provider, user_texts
from support.processes import files_holding
from support.provider import Reply, Tool, Usage
from support.repos import Repo, git
from support.run import Sandbox

MANIFEST = Path(__file__).resolve().parents[2] / "examples" / "qwen-code" / "agent.yaml"
API_KEY = "sk-qwen-test-key-0123456789"
FIRST, LAST = Usage(1300, 2000, 0, 150, 0), Usage(570, 3000, 0, 60, 0)


def shell(command: str) -> tuple[Tool, ...]:
    return (Tool("run_shell_command", {"command": command, "description": "run", "is_background": False}),)


@pytest.fixture
def qwen(sandbox: Sandbox, entrypoint: str):
    """Starts it on a prompt against a provider."""
    try:
        path = f"{agents.qwen().parent}:{agents.pinned_node()}"
    except agents.NotInstalled as error:
        pytest.skip(f"Qwen Code is not here: {error}")
    sandbox.env.update(PATH=f"{path}:{sandbox.env['PATH']}", AXON_AGENT_MANIFEST=str(MANIFEST),
                       AXON_AGENT_TYPE="qwen-code", OPENAI_API_KEY=API_KEY, AXON_MODEL="m1")
    return lambda provider, prompt="- Do it.", **options: sandbox.start(
        entrypoint, "run", prompt, OPENAI_BASE_URL=f"{provider.url}/v1", **options)


def test_it_works_in_the_repository_with_all_that_the_task_gives(qwen, sandbox: Sandbox, repo: Repo, mcp_server):
    checkout = sandbox.folder / "repo"
    git(sandbox.folder, "clone", "-q", str(repo.bare), str(checkout))
    plugin = sandbox.folder / "plugin"
    skill = plugin / "team/skills/deploy/SKILL.md"
    skill.parent.mkdir(parents=True)
    skill.write_text("---\nname: deploy\ndescription: How we deploy here\n---\nPush the button.\n")
    servers = {"everything": {"command": mcp_server[0], "args": [*mcp_server[1:], "stdio"], "env": {"KEY": "hush-hush-1"}}}
    work = "echo done > result.txt && git add result.txt && git -c user.name=a -c user.email=a@b commit -qm work"
    script = (
        Reply(text="I will.", tools=(*shell(work), Tool("mcp__everything__echo", {"message": "ping"})), usage=FIRST),
        Reply(text="All done.", usage=LAST),
    )
    with chat_provider(*script) as provider:
        done = qwen(provider, cwd=checkout, AXON_AGENTS_MD="Rule 7: be kind.", AXON_PLUGIN_DIR=str(plugin),
                    AXON_MCP_SERVERS=json.dumps({"mcpServers": servers})).wait()
    assert done.verdict == ("Succeeded", None, 0), done.errors
    assert (done.report.usage, done.markers.usage) == (FIRST + LAST, FIRST + LAST)
    assert done.report.results["commit"] == git(checkout, "rev-parse", "HEAD") != repo.first
    assert (done.report.results["response"], done.report.results["turns"]) == ("All done.", 2)
    first, last = provider.requests
    assert "- Do it." in user_texts(first)[-1]
    assert "Rule 7: be kind." in json.dumps(first.body) and "How we deploy here" in json.dumps(first.body)
    assert "Echo: ping" in json.dumps(last.body)
    assert API_KEY not in done.log + done.errors
    assert done.left == {}


@pytest.mark.parametrize(("status", "reason"), [(401, "AuthenticationFailed"), (404, "ModelNotFound")])
def test_the_providers_refusal_is_named(qwen, status, reason):
    with chat_provider(Reply(status=status, message="no", times=50)) as provider:
        done = qwen(provider).wait()
    assert done.verdict == ("Failed", reason, 1)


def test_it_ends_when_it_is_told_to(qwen, sandbox: Sandbox):
    script = (Reply(text="Working.", tools=shell("true"), usage=FIRST), Reply(hang=threading.Event()))
    with chat_provider(*script) as provider:
        run = qwen(provider)
        provider.wait_for_requests(2)
        run.signal(signal.SIGTERM)
        done = run.wait()
    assert done.verdict == ("Failed", "Cancelled", 143)
    assert done.report.usage == FIRST
    assert done.left == {}
    assert files_holding(API_KEY, sandbox.home) == []
