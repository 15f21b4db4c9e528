"""Agents that mean no good, or mean well and fail: their processes and signals. Each run ends in bounded time, leaves nobody
behind and tells the truth."""

from __future__ import annotations

import signal
import subprocess

import pytest

from support.hostile import BOTH, CANCELLED, STALLED, SUCCEEDED, Scene, assert_as_told, cases, ident, term
from support.outputs import read_report
from support.run import PID1, PLAIN, Sandbox

DEAF = "trap '' TERM INT HUP QUIT USR1"
BOMB = "/usr/bin/python3 -SE $here/bomb.py"
FOREVER = "while :; do sleep 600; done"
RETRY = ('{"type":"system","subtype":"api_retry","attempt":1,"max_retries":10,"error_status":529,'
         '"error":"overloaded_error"}')

SCENES = {
    "ignores every signal": Scene(f"{DEAF}; touch $here/ready; {FOREVER}", CANCELLED, drive=term),
    "deaf children in sessions of their own": Scene(
        f"for i in 1 2 3; do setsid sh -c \"{DEAF}; {FOREVER}\" & done; touch $here/ready; wait; {FOREVER}",
        CANCELLED, drive=term),
    "double fork": Scene(f"(setsid sh -c \"{DEAF}; {FOREVER}\" &) &"),
    "double fork, nothing held open": Scene("(setsid sleep 600 >/dev/null 2>&1 </dev/null &) &"),
    "a daemon does the work": Scene("setsid sleep 600 & exit 0", ("Failed", "AgentError", 1)),
    "a grandchild goes on printing": Scene("(while :; do echo more; sleep 0.01; done) & sleep 0.1"),
    "lingers": Scene("", after="sleep 600", grace=600),
    "lingers and is deaf": Scene(f"setsid sh -c \"{DEAF}; {FOREVER}\" & {DEAF}", after=FOREVER),
    "retries for ever": Scene(f"while :; do echo '{RETRY}'; echo '{{\"type\":\"ping\"}}'; sleep 0.01; done", STALLED,
                              env={"AXON_STALL_SECONDS": "1"}),
    "chats in plain text for ever": Scene("while :; do echo thinking; sleep 0.01; done", STALLED,
                                          env={"AXON_STALL_SECONDS": "1"}),
    "stops itself": Scene("kill -STOP $$", STALLED, env={"AXON_STALL_SECONDS": "1"}),
    "closes its streams and goes on": Scene("exec 1>&- 2>&-; touch $here/ready; sleep 600; exit 3", CANCELLED,
                                            drive=term),
    "closes its streams and exits": Scene("exec 1>&- 2>&-; sleep 0.2; exit 3", ("Failed", "AgentError", 3)),
    "closes its streams after the result": Scene("", after="exec 1>&- 2>&-; sleep 600"),
    "kills its own group": Scene(
        "sleep 600 & read -r _ _ _ _ group _ </proc/$$/stat; [ $group = $$ ] && kill -KILL 0", ("Failed", "AgentCrashed", 137)),
    "stops the entrypoint by TERM": Scene("kill -TERM $PPID; sleep 600", CANCELLED),
    "sends itself a signal through the entrypoint": Scene(
        "trap 'touch $here/usr1' USR1; kill -USR1 $PPID; while [ ! -e $here/usr1 ]; do sleep 0.01; done"),
    "floods the entrypoint with signals": Scene("(while :; do kill -WINCH $PPID; done) & sleep 0.5"),
    "signals that would end any other process": Scene(
        "for s in KILL STOP ABRT SEGV ALRM PIPE TSTP XCPU PROF SYS PWR; do kill -$s $PPID; done; sleep 0.1",
        ways=(PID1,)),
    # The guard: outside of a namespace of its own this would be everybody's end.
    "kills everything in its namespace": Scene("sleep 600 & [ $PPID = 1 ] && kill -KILL -- -1; sleep 0.1", ways=(PID1,)),
    "fork bomb": Scene(f"exec {BOMB} $here/ready", CANCELLED, drive=term, uid=54_345, ways=(PLAIN,)),
    "fork bomb in a namespace": Scene(f"exec {BOMB} $here/ready", CANCELLED, drive=term, uid=54_346, ways=(PID1,)),
    "fork bomb and a result": Scene(f"{BOMB} $here/full & while [ ! -e $here/full ]; do :; done", uid=54_347,
                                    ways=(PLAIN,)),
    "three hundred orphans": Scene("i=0; while [ $i -lt 300 ]; do (sleep 600 &); i=$((i+1)); done"),
    "hears TERM though it was stopped": Scene(
        "trap 'touch $here/told; exit 0' TERM INT; touch $here/ready; kill -STOP $$; sleep 600", CANCELLED,
        drive=term, grace=600, proof="told"),
}


@pytest.mark.parametrize(("scene", "way"), cases(SCENES))
def test_processes(theatre, scene: Scene, way):
    assert_as_told(theatre.played(scene, way), scene)


@pytest.fixture
def exits(sandbox: Sandbox, entrypoint: str):
    """Runs an agent that is one line of shell once for each argument, all from one shell; argument -> report, exit code."""

    def run(line: str, arguments: list[int], way) -> dict[int, tuple]:
        program = sandbox.folder / "bin" / "exits"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\nn=$CASE\n{line}\n")
        program.chmod(0o755)
        manifest = sandbox.folder / "agent.yaml"
        manifest.write_text("contract: v1\nname: exits\ncommand: [exits]\n")
        env = {**sandbox.env, "PATH": f"{program.parent}:{sandbox.env['PATH']}", "AXON_AGENT_MANIFEST": str(manifest)}
        command = " ".join(way.wrap([entrypoint, "run", "x"]))
        script = (f"for n in {' '.join(map(str, arguments))}; do "
                  f"CASE=$n AXON_TERMINATION_LOG={sandbox.folder}/$n {command} >/dev/null 2>&1; echo $n $?; done")
        said = subprocess.run(["/bin/sh", "-c", script], env=env, cwd=sandbox.work, capture_output=True, text=True)
        codes = dict(map(int, line.split()) for line in said.stdout.splitlines())
        return {n: (*read_report(sandbox.folder / str(n)).verdict, codes[n]) for n in arguments}

    return run


@pytest.mark.parametrize(("way", "codes"), [(PLAIN, range(256)), (PID1, (0, 1, 2, 77, 126, 127, 128, 143, 255))],
                         ids=["subreaper", "pid1"])
def test_every_exit_code(exits, way, codes):
    found = exits("exit $n", list(codes), way)
    assert found == {n: ("Failed", "AgentError", n) if n else SUCCEEDED for n in codes}


@pytest.mark.parametrize("way", BOTH, ids=ident)
def test_every_deadly_signal(exits, way):
    harmless = {signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH}
    stopping = {signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}
    deadly = [n for n in range(1, 32) if n not in harmless | stopping]
    found = exits("kill -$n $$; sleep 600", deadly, way)
    assert found == {n: ("Failed", "AgentCrashed", 128 + n) for n in deadly}
