"""How an agent's run can end, as data: a case says what happens and, for each agent, what comes of it."""

from __future__ import annotations

import shutil
import socket
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Callable, Mapping, Union

import pytest

from support.agent_task import AgentTask
from support.provider import FOREVER, Provider, Reply, Request, Usage
from support.run import PID1, PLAIN, Finished, How, Running, Sandbox

AT_A_TIME = 3  # on two cores: who retries sleeps
BOUND = 300.0
FIRST = Usage(1000, 2000, 300, 150, 40)
LAST = Usage(500, 3000, 70, 60, 10)
SUB = Usage(7, 0, 0, 3)
NONE = Usage()


@dataclass(frozen=True)
class Fault:
    """An error in this provider's own words: a key of Agent.faults."""

    kind: str
    times: int = FOREVER


Step = Union[Reply, Fault]
Script = tuple[Step, ...]
Options = Callable[[AgentTask], Mapping[str, Any]]  # changes files, gives options of AgentTask.start


@dataclass(frozen=True)
class End:
    """Reason (None: it succeeded), exit code and tokens; `says` is a part of the message, `response` a success's answer."""

    reason: str | None
    code: int
    tokens: Usage | None = NONE  # None: what the agent itself counts, for answers that it broke off
    says: str = ""
    response: str | None = None

    @property
    def verdict(self) -> tuple[str, str | None, int]:
        return ("Failed" if self.reason else "Succeeded", self.reason, self.code)


@dataclass(frozen=True)
class Agent:
    """What differs between the four, each as its provider, its files and its command line have it."""

    name: str
    make: Callable[[str, Sandbox], AgentTask]
    provider: Callable[..., Provider]
    path: Callable[[], list[Path]]  # installs it
    credential: str  # the variable
    api_key: str
    process: str  # a part of its command line
    faults: Mapping[str, Reply]
    cut: int  # after so many events of a stream some of the answer has arrived
    environment_tool: str  # get-env of the MCP server that is named everything
    user_texts: Callable[[Request], list[str]]
    tool_results: Callable[[Request], list[str]]
    subagent: Callable[[AgentTask], Script]
    break_config: Options
    retry_for_ever: Options
    distrust: Options
    limit_turns: Options | None = None
    counts_cache_writes: bool = True
    patience: int = 15  # seconds in which it has done its first turn, unless the machine is very busy
    step_told: str = ""  # what it prints, some time after it went on, when the tokens of a step are known
    is_slow_to_exit: bool = False  # after its result, so that on a busy machine it may be ended
    check_cost: Callable[[Finished, Usage], None] = lambda done, tokens: None
    own_tokens: Callable[[Finished], Usage] | None = None

    def tells(self, usage: Usage) -> Usage:
        """The tokens as this provider's API can tell them."""
        if self.counts_cache_writes:
            return usage
        return replace(usage, uncached=usage.uncached + usage.cache_write, cache_write=0)

    def replies(self, script: Script) -> list[Reply]:
        def reply(step: Step) -> Reply:
            if isinstance(step, Fault):
                return replace(self.faults[step.kind], times=step.times)
            return replace(step, usage=self.tells(step.usage))

        return [reply(step) for step in script]


@dataclass
class Stage:
    """One run: what `prepare` and `drive` may look at and change."""

    agent: Agent
    task: AgentTask
    patience: int
    provider: Provider | None = None
    running: Running | None = None


@dataclass(frozen=True)
class Case:
    """One thing that can happen.

    script   the provider's, or what makes it; None: nobody listens there
    prepare  before the start; gives further options of AgentTask.start (variables, stdin, cwd)
    drive    while it runs
    ends     by the agent's name; an agent that is left out has no such case
    requests exactly so many model requests, by the agent's name
    waits    it lasts for the agent's patience, with nothing to do for the machine
    told     False: a detail that the table leaves out
    """

    name: str
    ends: Mapping[str, End]
    script: Script | Callable[[Stage], Script] | None = ()
    prepare: Callable[[Stage], Mapping[str, Any]] = lambda stage: {}
    drive: Callable[[Stage], None] = lambda stage: None
    prompt: str = "Do it."
    ways: tuple[How, ...] = (PLAIN,)
    requests: Mapping[str, int] = field(default_factory=dict)
    waits: bool = False
    told: bool = True


@dataclass(frozen=True)
class Played:
    done: Finished
    provider: Provider | None


def play(agent: Agent, case: Case, how: How, entrypoint: str) -> Played:
    """A time that was over before the first turn was, on a busy machine, says nothing: once more, with more of it."""
    patience = agent.patience
    played = play_once(agent, case, how, entrypoint, patience)
    while case.waits and played.done.report.usage == NONE and patience < BOUND / 2:
        patience *= 2
        played = play_once(agent, case, how, entrypoint, patience)
    return played


def play_once(agent: Agent, case: Case, how: How, entrypoint: str, patience: int) -> Played:
    folder = Path(tempfile.mkdtemp(prefix="axon-outcome-"))
    box = Sandbox(folder, agent.path())
    stage = Stage(agent, agent.make(entrypoint, box), patience)
    try:
        options = dict(case.prepare(stage))
        if case.script is None:
            with socket.socket() as taken:  # bound, not listening: refused, and nobody else gets the port
                taken.bind(("127.0.0.1", 0))
                return Played(_run(stage, case, how, f"http://127.0.0.1:{taken.getsockname()[1]}", options), None)
        script = case.script(stage) if callable(case.script) else case.script
        with agent.provider(*agent.replies(script)) as provider:
            stage.provider = provider
            return Played(_run(stage, case, how, provider.url, options), provider)
    finally:
        box.close()
        shutil.rmtree(folder, ignore_errors=True)


def _run(stage: Stage, case: Case, how: How, url: str, options: dict[str, Any]) -> Finished:
    stage.running = stage.task.start(url, case.prompt, how=how, **options)
    case.drive(stage)
    return stage.running.wait(BOUND)


class Theatre:
    """Plays the chosen cases, some at a time; each test asks for the end of one."""

    def __init__(self, entrypoint: str) -> None:
        self._entrypoint = entrypoint
        self._pool, self._waiting = ThreadPoolExecutor(AT_A_TIME), ThreadPoolExecutor(AT_A_TIME)
        self._played: dict[tuple[str, str, How], Future[Played]] = {}

    def start_all(self, request: pytest.FixtureRequest) -> Theatre:
        # The slowest first, so that the last ones to end are quick ones.
        for item in sorted(request.session.items, key=_patience, reverse=True):
            params = item.callspec.params if hasattr(item, "callspec") else {}
            if item.module is request.module and "case" in params:
                agent, case, how = params["agent"], params["case"], params["how"]
                pool = self._waiting if case.waits else self._pool
                self._played[agent.name, case.name, how] = pool.submit(play, agent, case, how, self._entrypoint)
        return self

    def played(self, agent: Agent, case: Case, how: How) -> Played:
        return self._played[agent.name, case.name, how].result()

    @property
    def seen(self) -> Mapping[tuple[str, str], Played]:
        """By agent and case, all that was chosen, of each the first way."""
        first: dict[tuple[str, str], Played] = {}
        for (agent, case, _), future in self._played.items():
            first.setdefault((agent, case), future.result())
        return first

    def close(self) -> None:
        for pool in (self._pool, self._waiting):
            pool.shutdown(cancel_futures=True)


def _patience(item: pytest.Item) -> int:
    params = item.callspec.params if hasattr(item, "callspec") else {}
    return params["agent"].patience if "agent" in params else 0


def parameters(agents: list[Agent], cases: list[Case]) -> list[Any]:
    return [
        pytest.param(agent, case, how, id=f"{agent.name}-{case.name}{'-pid1' if how == PID1 else ''}".replace(" ", "_"))
        for case in cases for agent in agents if agent.name in case.ends for how in case.ways
    ]
