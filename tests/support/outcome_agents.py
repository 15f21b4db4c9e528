"""The four agents as the cases want them: their providers' words, their files, their subagents."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Mapping

from support import agents, anthropic, chat, claude_run, codex_run, gemini, gemini_run, openai, opencode_run
from support.agent_task import AgentTask, json_events
from support.claude_run import ClaudeTask, assert_cost_is_claudes, claude_tokens
from support.codex_run import CodexTask
from support.gemini_run import SETTINGS, GeminiTask, gemini_tokens
from support.opencode_run import OpencodeTask, assert_price
from support.outcomes import FIRST, LAST, SUB, Agent, Script
from support.provider import Reply, Tool, Usage
from support.run import Finished

AT_ONCE = {"retry-after": "0", "retry-after-ms": "1"}  # the second is opencode's
DONE = Reply(text="All done.", usage=LAST)


# Google says it in the answer; a quota of a day is told by its name.
RETRY_SOON = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0.1s"}
DAY_IS_OVER = {"@type": "type.googleapis.com/google.rpc.QuotaFailure",
               "violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel"}]}


def _fault(status: int, message: str, *details: dict[str, Any]) -> Reply:
    return Reply(status=status, message=message, headers=AT_ONCE, details=details)


CLAUDE_FAULTS = {
    "401": _fault(401, "invalid x-api-key"),
    "403": _fault(403, "Your organization has been disabled."),
    "no model": _fault(404, "model: no-such-model"),
    "too long": _fault(400, "prompt is too long: 250000 tokens > 200000 maximum"),
    "400": _fault(400, "tools.0: no such parameter"),
    "quota": _fault(400, "Your credit balance is too low to access the Anthropic API."),
    "429": _fault(429, "This request would exceed your rate limit."),
    "overloaded": _fault(529, "Overloaded"),
    "busy": Reply(status=529, message="Overloaded"),
    "500": _fault(500, "Internal server error"),
}
OPENAI_FAULTS = {
    "401": _fault(401, "Incorrect API key provided."),
    "403": _fault(403, "Country not supported."),
    "no model": _fault(404, "The model `none` does not exist"),
    "too long": _fault(400, "This model's maximum context length is 200000 tokens."),
    "400": _fault(400, "No such parameter."),
    "quota": _fault(402, "You exceeded your current quota."),
    "429": _fault(429, "Rate limit reached."),
    "overloaded": _fault(503, "Overloaded."),
    "busy": Reply(status=503, message="Overloaded."),
    "500": _fault(500, "Internal error."),
}
GEMINI_FAULTS = {
    "401": _fault(401, "Invalid authentication credentials."),
    "403": _fault(403, "Permission denied."),
    "no model": _fault(404, "models/none is not found for API version v1beta."),
    "too long": _fault(400, "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."),
    "400": _fault(400, "No such field."),
    "quota": _fault(429, "You exceeded your current quota, please check your plan and billing details.", DAY_IS_OVER),
    "429": _fault(429, "Resource has been exhausted (e.g. check quota).", RETRY_SOON),
    "overloaded": _fault(503, "The model is overloaded. Please try again later.", RETRY_SOON),
    "busy": Reply(status=503, message="The model is overloaded. Please try again later."),
    "500": _fault(500, "An internal error has occurred."),
}


def _node() -> Path:
    return Path(shutil.which("node") or "node").parent


def _claude_subagent(task: AgentTask) -> Script:
    call = Tool("Agent", {"description": "d", "prompt": "SUBPROMPT", "subagent_type": "general-purpose"})
    return (Reply(tools=(call,), usage=FIRST), Reply(text="The subagent is at work.", usage=LAST),
            Reply(text="sub says hi", asked="SUBPROMPT", usage=SUB), DONE)


def _claude_turns(task: AgentTask) -> Mapping[str, Any]:
    """The flag is not ours to set: a wrapper earlier in PATH adds it, as a user's image may."""
    path = task.sandbox.env["PATH"]
    wrapper = task.sandbox.folder / "bin" / "claude"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\nexec {path.split(":")[0]}/claude --max-turns 1 "$@"\n')
    wrapper.chmod(0o755)
    return {"PATH": f"{wrapper.parent}:{path}"}


def _claude_config(text: str) -> Any:
    def write(task: AgentTask) -> Mapping[str, Any]:
        task.write(".claude.json", text.replace("{work}", str(task.sandbox.work)))
        return {}

    return write


def _claude_cost(done: Finished, tokens: Usage) -> None:
    if any(event.get("type") == "result" for event in json_events(done)):
        assert_cost_is_claudes(done)


CLAUDE = Agent(
    "claude-code", ClaudeTask, anthropic.claude_provider, lambda: [agents.claude().parent], "ANTHROPIC_API_KEY",
    claude_run.API_KEY, "stream-json", CLAUDE_FAULTS, cut=4, environment_tool="mcp__everything__get-env",
    user_texts=anthropic.user_texts, tool_results=anthropic.tool_results, subagent=_claude_subagent, break_config=_claude_config('{"mcpServers": {'),
    retry_for_ever=lambda task: {"CLAUDE_CODE_MAX_RETRIES": "1000"}, limit_turns=_claude_turns,
    distrust=_claude_config('{"projects": {"{work}": {"hasTrustDialogAccepted": false}}}'),
    check_cost=_claude_cost, own_tokens=claude_tokens,
)


def _codex_subagent(task: AgentTask) -> Script:
    spawn = Tool("collaboration.spawn_agent", {"task_name": "sub1", "message": "SUBPROMPT", "fork_turns": "all"})
    wait = Tool("collaboration.wait_agent", {"timeout_ms": 10000})
    return (Reply(tools=(spawn,), usage=FIRST), Reply(tools=(wait,), usage=LAST),
            Reply(text="sub says hi", asked="SUBPROMPT", usage=SUB), DONE)


def _codex_config(change: Any) -> Any:
    def write(task: CodexTask) -> Mapping[str, Any]:
        task.config = change(task)
        return {}

    return write


def _no_cost(done: Finished, tokens: Usage) -> None:
    assert (done.report.cost, done.markers.get("cost-usd")) == (None, None)


CODEX = Agent(
    "codex", CodexTask, openai.codex_provider, lambda: [agents.codex().parent, _node()], "CODEX_API_KEY",
    codex_run.API_KEY, "linux-musl/bin/codex exec", OPENAI_FAULTS, cut=3, environment_tool="mcp__everything__get_env",
    user_texts=openai.user_texts, tool_results=openai.tool_results, subagent=_codex_subagent,
    break_config=_codex_config(lambda task: "model = \n"),
    retry_for_ever=_codex_config(lambda task: task.config.replace("stream_max_retries = 1", "stream_max_retries = 100")),
    distrust=_codex_config(lambda task: f'{task.config}\n[projects."{task.sandbox.work}"]\ntrust_level = "untrusted"\n'),
    check_cost=_no_cost,
)


def _gemini_subagent(task: AgentTask) -> Script:
    task.write(".gemini/agents/helper.md", "---\nname: helper\ndescription: Helps\n---\nYou help.\n")
    return (Reply(tools=(Tool("invoke_agent", {"agent_name": "helper", "prompt": "SUBPROMPT"}),), usage=FIRST),
            Reply(tools=(Tool("complete_task", {"result": "sub says hi"}),), asked="SUBPROMPT", usage=SUB), DONE)


def _gemini_settings(**change: Any) -> Any:
    def change_settings(task: GeminiTask) -> Mapping[str, Any]:
        task.settings = {**SETTINGS, **change}
        return {}

    return change_settings


def _gemini_broken(task: GeminiTask) -> Mapping[str, Any]:
    task.settings = None
    task.write(".gemini/settings.json", '{"general": {')
    return {}


GEMINI = Agent(
    "gemini", GeminiTask, gemini.gemini_provider, lambda: [agents.gemini().parent, _node()], "GEMINI_API_KEY",
    gemini_run.API_KEY, "stream-json", GEMINI_FAULTS, cut=1, environment_tool="mcp_everything_get-env",
    user_texts=gemini.user_texts, tool_results=gemini.tool_results, subagent=_gemini_subagent, break_config=_gemini_broken,
    retry_for_ever=_gemini_settings(general={"maxAttempts": 100}),
    limit_turns=_gemini_settings(model={"maxSessionTurns": 1}),
    distrust=_gemini_settings(security={"folderTrust": {"enabled": True}}),
    counts_cache_writes=False, check_cost=_no_cost, own_tokens=gemini_tokens, patience=30, is_slow_to_exit=True,
)


def _opencode_subagent(task: OpencodeTask) -> Script:
    task.config = {**opencode_run.CONFIG, "agent": {"helper": {"description": "d", "mode": "subagent"}}}
    call = Tool("task", {"description": "d", "prompt": "SUBPROMPT", "subagent_type": "helper"})
    return Reply(tools=(call,), usage=FIRST), Reply(text="sub says hi", asked="SUBPROMPT", usage=SUB), DONE


def _opencode_broken(task: OpencodeTask) -> Mapping[str, Any]:
    task.config = None
    task.write(".config/opencode/opencode.json", '{"provider": {')
    return {}


# By itself it gives up after a minute; on a busy machine that is less than it needs to begin.
OPENCODE_FAULTS = {**OPENAI_FAULTS, "busy": Reply(status=503, message="Overloaded.", headers={"retry-after": "600"})}
OPENCODE = Agent(
    "opencode", OpencodeTask, chat.chat_provider, lambda: [agents.opencode().parent], "OPENCODE_API_KEY",
    opencode_run.API_KEY, "--print-logs", OPENCODE_FAULTS, cut=2, environment_tool="everything_get-env",
    user_texts=chat.user_texts, tool_results=chat.tool_results, subagent=_opencode_subagent, break_config=_opencode_broken,
    retry_for_ever=lambda task: {}, distrust=lambda task: {}, counts_cache_writes=False, check_cost=assert_price,
    step_told="step_finish", patience=45,
)

AGENTS = [CLAUDE, CODEX, GEMINI, OPENCODE]
