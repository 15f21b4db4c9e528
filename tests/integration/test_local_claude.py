"""`axon run --local` with the real Claude Code against a scripted provider, in the sandbox and without it."""

from __future__ import annotations

import json

import pytest

from support import processes
from support.anthropic import claude_provider, tool_results, user_texts
from support.claude_run import API_KEY, FIRST, LAST
from support.local import Local, facts, isolation, local  # noqa: F401 - fixtures
from support.provider import Reply
from support.repos import git

MCP_SECRET = "mcp-secret-of-local-0123456789"
CONFIG = f"""\
apiVersion: axon.io/v1alpha1
kind: AgentConfig
metadata:
  name: my-config
spec:
  agentsMD: |
    # Project Rules
    Follow RULEMARK.
  plugins:
    - name: team-tools
      skills:
        - name: deploy
          content: |
            ---
            name: deploy
            description: Deploy the SKILLMARK
            ---
            Deploy instructions here...
      agents:
        - name: reviewer
          content: |
            ---
            name: reviewer
            description: Review the AGENTMARK
            ---
            You are a code reviewer...
  mcpServers:
    - name: docs
      type: http
      url: http://127.0.0.1:9/mcp
      headers:
        Authorization: "Bearer {MCP_SECRET}"
"""
TASK = """\
apiVersion: axon.io/v1alpha1
kind: Task
metadata:
  name: scaffold
spec:
  type: claude-code
  prompt: "Scaffold a new user service with PROMPTMARK"
  credentials:
    type: api-key
    secretRef:
      name: claude-api-key
  workspaceRef:
    name: my-workspace
  agentConfigRef:
    name: my-config
  branch: feature/user-service
---
apiVersion: v1
kind: Secret
metadata:
  name: claude-api-key
stringData:
  ANTHROPIC_API_KEY: {key}
---
apiVersion: axon.io/v1alpha1
kind: Workspace
metadata:
  name: my-workspace
spec:
  repo: {repo}
  ref: main
"""


@pytest.fixture
def claude_local(local: Local, claude) -> Local:  # noqa: F811
    local.box.env.update(PATH=f"{claude.parent}:{local.box.env['PATH']}", CLAUDE_CODE_MAX_RETRIES="2")
    return local


def script(shell: str) -> tuple[Reply, Reply]:
    return Reply(shell=shell, usage=FIRST), Reply(text="Done with DONEMARK.", usage=LAST)


def test_claude_from_flags(claude_local, isolation):  # noqa: F811
    with claude_provider(*script("echo made > a.txt && git add a.txt && git commit -qm made && pwd")) as provider:
        done = claude_local.axon("run", "--local", "--name", "flags", "-p", "Make PROMPTMARK", "--branch", "agent/a",
                                 "--agents-md", "Follow RULEMARK.", "--sandbox", isolation,
                                 ANTHROPIC_BASE_URL=provider.url, ANTHROPIC_API_KEY=API_KEY)
    assert done.exit_code == 0, done.errors
    told = facts(done.log)
    assert (told["Outcome"], told["Branch"]) == ("Succeeded", "agent/a")
    assert told["Commit"] == git(claude_local.clone("flags"), "rev-parse", "agent/a")
    assert git(claude_local.clone("flags"), "show", "agent/a:a.txt") == "made"
    assert "DONEMARK" in done.log
    asked = "\n".join(user_texts(provider.model_requests[0]))
    assert ("PROMPTMARK" in asked, "RULEMARK" in json.dumps(provider.model_requests[0].body)) == (True, True)
    if isolation == "bwrap":
        assert "/workspace/repo" in tool_results(provider.model_requests[1])[0]
    usage = claude_local.task("flags")["status"]["results"]
    assert (int(usage["input-tokens"]), int(usage["output-tokens"])) == (FIRST.input + LAST.input, FIRST.output + LAST.output)


def test_claude_from_documents(claude_local, isolation, repo, tmp_path):  # noqa: F811
    (tmp_path / "task.yaml").write_text(TASK.format(key=API_KEY, repo=f"file://{repo.bare}"))
    (tmp_path / "config.yaml").write_text(CONFIG)
    with claude_provider(*script("env | sort; cat ~/.claude.json")) as provider:
        done = claude_local.axon("run", "--local", "-f", str(tmp_path / "task.yaml"), "-f", str(tmp_path / "config.yaml"),
                                 "--sandbox", isolation, "-o", "json", cwd=tmp_path, ANTHROPIC_BASE_URL=provider.url)
    assert done.exit_code == 0, done.errors
    status = json.loads(done.log)["status"]
    assert (status["phase"], status["results"]["branch"]) == ("Succeeded", "feature/user-service")
    sent = json.dumps([request.body for request in provider.model_requests])
    assert [mark for mark in ("PROMPTMARK", "RULEMARK", "SKILLMARK", "AGENTMARK") if mark not in sent] == []
    assert MCP_SECRET in tool_results(provider.model_requests[1])[0]  # the agent has it, nobody else is shown it
    logs = claude_local.axon("logs", "scaffold", "--local", "--raw")
    for said in (done.log, done.errors, logs.log, logs.errors):
        assert [secret for secret in (API_KEY, MCP_SECRET) if secret in said] == []
    state = claude_local.state
    open_files = [path for secret in (API_KEY, MCP_SECRET) for path in processes.files_holding(secret, state)
                  if path.stat().st_mode & 0o077]
    assert open_files == []


def test_a_refused_key_is_the_reason(claude_local, isolation):  # noqa: F811
    """It is the one of the config file: the environment has none."""
    claude_local.config(f"apiKey: {API_KEY}\nmodel: claude-of-config\n")
    with claude_provider(Reply(status=401, message="invalid x-api-key", times=9)) as provider:
        done = claude_local.axon("run", "--local", "-p", "x", "--sandbox", isolation, ANTHROPIC_BASE_URL=provider.url)
    assert (done.exit_code, facts(done.log)["Reason"]) == (1, "AuthenticationFailed")
    asked = provider.model_requests[0]
    assert (asked.headers["x-api-key"], asked.body["model"]) == (API_KEY, "claude-of-config")
    assert API_KEY not in done.log + done.errors
