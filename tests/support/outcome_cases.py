"""What can happen to an agent, and what Axon says then. The ends are what the real CLIs did, not what one would wish."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from typing import Any, Callable, Mapping

from support import processes
from support.outcomes import FIRST, LAST, NONE, SUB, Case, End, Fault, Script, Stage
from support.processes import wait_until
from support.provider import FOREVER, Reply
from support.repos import git
from support.run import PID1, PLAIN

NAMES = ("claude-code", "codex", "gemini", "opencode")
BOTH = (PLAIN, PID1)
WORK = Reply(shell="true", usage=FIRST)
DONE = Reply(text="All done.", usage=LAST)
GRACE = {"AXON_GRACE_SECONDS": "3"}  # opencode does not always end at a TERM
STUBBORN = "setsid sh -c 'trap \"\" TERM INT HUP; sleep 300' >/dev/null 2>&1 &"


def ends(all_of_them: End, **others: End | None) -> Mapping[str, End]:
    """The same for each, but for those that are named (claude for claude-code); None: it has no such case."""
    named = {("claude-code" if name == "claude" else name): end for name, end in others.items()}
    each = {name: named.get(name, all_of_them) for name in NAMES}
    return {name: end for name, end in each.items() if end is not None}


def good(tokens: Any = FIRST + LAST, response: str = "All done.") -> End:
    return End(None, 0, tokens, response=response)


def bad(reason: str, code: int = 1, tokens: Any = NONE, says: str = "") -> End:
    return End(reason, code, tokens, says)


def late() -> Reply:
    return Reply(text="late", hang=threading.Event())


def cut(times: int) -> Callable[[Stage], Script]:
    return lambda stage: (WORK, Reply(text="All done.", usage=LAST, cut_after=stage.agent.cut, times=times), DONE)


def sleeping(work: str) -> Reply:
    return Reply(text="I wait.", shell=f"{work} touch started; sleep 300", usage=FIRST)


def options_of(name: str) -> Callable[[Stage], Mapping[str, Any]]:
    return lambda stage: getattr(stage.agent, name)(stage.task)


def variables(**env: str) -> Callable[[Stage], Mapping[str, Any]]:
    return lambda stage: env


def without_credential(stage: Stage) -> Mapping[str, Any]:
    del stage.task.sandbox.env[stage.agent.credential]
    return {}


def without_credential_for(model: str) -> Callable[[Stage], Mapping[str, Any]]:
    return lambda stage: {**without_credential(stage), "AXON_MODEL": model}


def own_commands(stage: Stage) -> Mapping[str, Any]:
    text = "---\ndescription: d\n---\nOF THE COMMAND\n"
    for path in (".claude/commands", ".codex/prompts", ".config/opencode/command"):
        stage.task.write(f"{path}/mine.md", text)
    stage.task.write(".gemini/commands/mine.toml", 'prompt = "OF THE COMMAND"\n')
    return {}


def broken_servers(stage: Stage) -> Mapping[str, Any]:
    servers = {"dies": {"command": "/bin/false"}, "missing": {"command": "/no/such/server"},
               "refused": {"type": "http", "url": "http://127.0.0.1:9/mcp"}}
    return {"AXON_MCP_SERVERS": json.dumps({"mcpServers": servers})}


def silent_stdin(stage: Stage) -> Mapping[str, Any]:
    """A pipe that stays open and says nothing."""
    return {"stdin": subprocess.PIPE}


def untrusted(stage: Stage) -> Mapping[str, Any]:
    """A repository that this home has never seen, and that the user's settings do not trust."""
    git(stage.task.sandbox.work, "init", "--quiet")
    return options_of("distrust")(stage)


def term_in_a_tool(stage: Stage) -> None:
    wait_until((stage.task.sandbox.work / "started").exists, "the tool")
    stage.running.signal(signal.SIGTERM)


def wait_for_the_second_turn(stage: Stage) -> None:
    stage.provider.wait_for_requests(2)
    stage.running.stdout.wait_for(stage.agent.step_told)


def term_while_it_thinks(stage: Stage) -> None:
    wait_for_the_second_turn(stage)
    stage.running.signal(signal.SIGTERM)


def kill_the_agent(stage: Stage) -> None:
    wait_for_the_second_turn(stage)
    if stage.agent.name == "claude-code":  # it writes its session file a moment after it has asked again
        known = f'"output_tokens":{FIRST.output}'
        wait_until(lambda: processes.files_holding(known, stage.task.sandbox.home), "its session file")
    found = wait_until(lambda: processes.named(stage.running.run_id, stage.agent.process), "the agent")
    os.kill(found[0], signal.SIGKILL)


CASES = [
    Case("success", ends(good()), (WORK, DONE), requests=dict.fromkeys(NAMES, 2)),
    Case("a tool fails", ends(good()), (Reply(shell="exit 3", usage=FIRST), DONE)),
    Case("a subagent works", ends(good(FIRST + SUB + LAST), claude=good(FIRST + LAST + SUB + LAST),
                                  codex=good(FIRST + LAST + SUB + LAST)),
         lambda stage: stage.agent.subagent(stage.task)),
    Case("an MCP server that dies, one that is not there, one that refuses", ends(good()), (WORK, DONE),
         prepare=broken_servers),
    Case("standard input is a pipe that stays silent", ends(good()), (WORK, DONE), prepare=silent_stdin),
    Case("a folder that its settings do not trust", ends(good()), (WORK, DONE), prepare=untrusted),
    Case("the prompt is /compact", ends(good(LAST)), (DONE,), prompt="/compact"),
    Case("the prompt is /init", ends(good(LAST)), (DONE,), prompt="/init", told=False),
    Case("the prompt is /quit", {"gemini": good(LAST)}, (DONE,), prompt="/quit", told=False),
    Case("the prompt names a command of the user", ends(good(LAST)), (DONE,), prompt="/mine now", prepare=own_commands, told=False),
    Case("the prompt begins with a path", ends(good(LAST)), (DONE,), prompt="/usr/bin/foo is broken", told=False),
    # The provider refuses.
    Case("401: the credential is wrong", ends(bad("AuthenticationFailed"), gemini=bad("AuthenticationFailed", 145)),
         (Fault("401"),)),
    Case("401 once", {"codex": good()}, (WORK, Fault("401", 1), DONE), told=False),
    Case("400: the key is not valid", {"gemini": bad("AuthenticationFailed", 144)},
         (Reply(status=400, message="API key not valid. Pass a valid one.", times=FOREVER),), told=False),
    Case("403: not allowed", ends(bad("AuthenticationFailed"), gemini=bad("AuthenticationFailed", 147)),
         (Fault("403"),)),
    Case("no credential", ends(bad("AuthenticationFailed"), gemini=bad("AuthenticationFailed", 41, says="GEMINI_API_KEY")),
         (Fault("401"),), prepare=without_credential, requests=dict.fromkeys(NAMES[:3], 0)),
    Case("404: no such model", ends(bad("ModelNotFound")), (Fault("no model"),)),
    Case("a model that it does not know", {"opencode": bad("ModelNotFound", says="no credential")},
         prepare=variables(AXON_MODEL="stub/none"), requests={"opencode": 0}, told=False),
    Case("a model of a provider that it has no key for", {"opencode": bad("ModelNotFound", says="no credential")},
         prepare=without_credential_for("anthropic/claude-sonnet-4-5"), requests={"opencode": 0}, told=False),
    Case("400: too long for the model", ends(bad("ContextExceeded", tokens=FIRST), gemini=bad("ContextExceeded", 144, FIRST)),
         (WORK, Fault("too long"))),
    # It exits with 1 then, as if the error had been the end.
    Case("too long for the model, until it is compacted", {"opencode": good(FIRST + SUB + LAST)},
         (WORK, Fault("too long", 1), Reply(text="A summary.", usage=SUB), DONE), told=False),
    Case("400: another", ends(bad("AgentError"), gemini=bad("AgentError", 144)), (Fault("400"),)),
    Case("quota used up", ends(bad("QuotaExceeded", tokens=FIRST), gemini=bad("QuotaExceeded", 173, FIRST)),
         (WORK, Fault("quota"))),
    Case("429 once", ends(good()), (WORK, Fault("429", 1), DONE)),
    Case("429 for ever", ends(bad("RateLimited"), gemini=bad("RateLimited", 173)), (Fault("429"),)),
    # Codex tries a 429 again only where the answer says when.
    Case("429 that does not say until when", {"codex": bad("RateLimited", tokens=FIRST)},
         (WORK, Reply(status=429, message="later"), DONE), requests={"codex": 2}, told=False),
    Case("overloaded twice", ends(good()), (WORK, Fault("overloaded", 2), DONE)),
    Case("overloaded for ever", ends(bad("Overloaded"), gemini=bad("Overloaded", 247)), (Fault("overloaded"),)),
    Case("500 for ever", ends(bad("Overloaded"), gemini=bad("Overloaded", 244)), (Fault("500"),)),
    Case("an error after some work", ends(bad("Overloaded", tokens=FIRST), gemini=bad("Overloaded", 247, FIRST)),
         (WORK, Fault("overloaded"))),
    Case("nobody answers at the provider's address", ends(bad("NetworkError")), None),
    # Claude Code counts what it has read of the answer that broke off.
    Case("the stream is cut once", ends(good(), claude=good(None), gemini=bad("NetworkError", tokens=FIRST)), cut(1)),
    Case("the stream is cut again and again", ends(bad("NetworkError", tokens=FIRST),
                                                 claude=bad("NetworkError", tokens=None)), cut(FOREVER)),
    # The answer is not what one wants.
    Case("refused, or stopped by a filter", ends(bad("Refused", tokens=FIRST + LAST), claude=bad("Refused", tokens=FIRST + LAST + LAST),
                                                 codex=bad("Refused", tokens=FIRST),
                                                 gemini=good(response="I cannot")),
         (WORK, Reply(text="I cannot", stop="refusal", usage=LAST, times=FOREVER))),
    Case("refused without a word", ends(bad("Refused", tokens=FIRST + LAST),
                                        claude=bad("Refused", tokens=FIRST + LAST + LAST),
                                        codex=bad("Refused", tokens=FIRST), gemini=bad("Refused", tokens=None)),
         (WORK, Reply(stop="refusal", usage=LAST, times=FOREVER))),
    Case("cut at the limit of output tokens, once", ends(
        bad("AgentError", tokens=FIRST + LAST, says="output tokens"), claude=good(FIRST + LAST + LAST),
        gemini=good(response="Half an ans")),
         (WORK, Reply(text="Half an ans", stop="max_tokens", usage=LAST), DONE)),
    Case("cut at the limit of output tokens before a word", ends(
        bad("AgentError", tokens=LAST), claude=bad("AgentError", tokens=None), gemini=bad("ContextExceeded", tokens=None)),
         (Reply(stop="max_tokens", usage=LAST, times=FOREVER),)),
    Case("the same call again and again", {"gemini": bad("AgentError", tokens=None, says="again and again")},
         (Reply(shell="true", usage=FIRST, times=FOREVER),)),
    Case("its limit of turns", ends(bad("MaxTurns", tokens=FIRST), gemini=bad("MaxTurns", 53, FIRST), codex=None,
                                    opencode=None),
         (WORK, DONE), prepare=options_of("limit_turns")),
    # It cannot begin.
    Case("its configuration cannot be read", ends(bad("ConfigInvalid"), codex=bad("ConfigInvalid", 78),
                                                  gemini=bad("ConfigInvalid", 78), opencode=bad("ConfigInvalid", 78)),
         prepare=options_of("break_config"), requests=dict.fromkeys(NAMES, 0)),
    # It is stopped.
    Case("TERM while a tool runs", ends(bad("Cancelled", 143, FIRST), opencode=bad("Cancelled", 143)),
         (sleeping(STUBBORN),), prepare=variables(**GRACE), drive=term_in_a_tool, ways=BOTH),
    Case("TERM while the model thinks", ends(bad("Cancelled", 143, FIRST)), (WORK, late()),
         prepare=variables(**GRACE), drive=term_while_it_thinks, ways=BOTH),
    Case("KILL of the agent", ends(bad("AgentCrashed", 137, FIRST)),
         (Reply(shell="setsid sleep 300 >/dev/null 2>&1 & true", usage=FIRST), late()), drive=kill_the_agent, ways=BOTH),
    Case("the deadline", ends(bad("DeadlineExceeded", 124, FIRST)),
         (Reply(shell="echo by $AXON_DEADLINE", usage=FIRST), late()),
         prepare=lambda stage: {"AXON_DEADLINE_SECONDS": str(stage.patience), **GRACE}, waits=True),
    Case("the stall time is over while it tries again", ends(bad("Stalled", 124, FIRST)),
         (WORK, Fault("busy")),
         prepare=lambda stage: {**stage.agent.retry_for_ever(stage.task), "AXON_STALL_SECONDS": str(stage.patience), **GRACE},
         waits=True),
]
