"""Agents that mean no good, or mean well and fail: their processes and signals. Each run ends in bounded time, leaves nobody
behind and tells the truth."""

from __future__ import annotations

import json
import signal
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from support import processes
from support.fake_claude import RESULT, install_fake_claude
from support.hostile import BOTH, CANCELLED, STALLED, SUCCEEDED, Scene, assert_as_told, cases, ident, term
from support.outputs import read_report
from support.processes import wait_until
from support.repos import Repo
from support.run import PID1, PLAIN, Sandbox

DEAF = "trap '' TERM INT HUP QUIT USR1"
BOMB = "/usr/bin/python3 -SE $here/bomb.py"
# The agent itself goes to the process group of a child, so that its own group is empty.
MOVES = ("export here; exec /usr/bin/perl -e 'my $c = fork() // die; if (!$c) { setpgrp(0, 0); sleep 600 while 1 } "
         "1 until setpgrp(0, $c); $SIG{TERM} = $SIG{INT} = %s; open F, q(>), qq($ENV{here}/ready); sleep 600 while 1'")
# A process that forks and exits, again and again: whoever looks for it finds a dead one. It gives up after a minute.
RUNS = ("/usr/bin/perl -MPOSIX -e '$SIG{TERM} = q(IGNORE); my $end = time + 60; while (time < $end) { fork() && POSIX::_exit(0); %s } ' "
        ">/dev/null 2>&1 & ")
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
    "changes its process group": Scene(MOVES % "sub { open F, q(>), qq($ENV{here}/told); exit 0 }", CANCELLED, drive=term,
                                       grace=600, proof="told"),
    "changes its process group and is deaf": Scene(MOVES % "q(IGNORE)", CANCELLED, drive=term),
    "kills its siblings": Scene(
        "(setsid sleep 600 &); (setsid sleep 600 >/dev/null 2>&1 &); "
        "for p in $(cat /proc/$PPID/task/$PPID/children); do [ $p = $$ ] || kill -KILL $p; done"),
    "pings for ever, much of it": Scene(
        "p='{\"type\":\"ping\"}'; i=0; while [ $i -lt 12 ]; do p=\"$p\n$p\"; i=$((i+1)); done; "
        "while :; do printf \"$p\\n\"; done", STALLED, env={"AXON_STALL_SECONDS": "1"}),
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
    "fork bomb that leaves the entrypoint no process": Scene(f"exec {BOMB} $here/ready", CANCELLED, drive=term, uid=54_349,
                                                             processes=60, ways=(PLAIN,)),
    "fork bomb that leaves PID 1 no process": Scene(f"exec {BOMB} $here/ready", CANCELLED, drive=term, uid=54_350,
                                                    processes=60, ways=(PID1,)),
    "no process for the agent": Scene("", ("Failed", "AgentNotFound", 126), uid=54_351, processes=1, ways=(PLAIN,)),
    "forks and exits for ever": Scene(RUNS % ""),
    "forks and exits for ever, each in a session of its own": Scene(RUNS % "setsid();"),
    "a daemon of the setup command": Scene(
        "kill -0 $(cat daemon) && exit 7",
        env={"AXON_SETUP_COMMAND": json.dumps(["sh", "-c", "setsid sleep 600 & echo $! >daemon"])}),
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


@pytest.mark.parametrize("way", BOTH, ids=ident)
def test_every_exit_code(exits, way):
    found = exits("exit $n", list(range(256)), way)
    assert found == {n: ("Failed", "AgentError", n) if n else SUCCEEDED for n in range(256)}


@pytest.mark.parametrize("way", BOTH, ids=ident)
def test_every_deadly_signal(exits, way):
    harmless = {signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH}
    stopping = {signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}
    deadly = [n for n in (*range(1, 32), *range(signal.SIGRTMIN, signal.SIGRTMAX + 1)) if n not in harmless | stopping]
    found = exits("kill -$n $$; sleep 600", deadly, way)
    assert found == {n: ("Failed", "AgentCrashed", 128 + n) for n in deadly}


@pytest.mark.parametrize("way", BOTH, ids=ident)
def test_a_checkpoint_survives_the_entrypoints_own_death(sandbox: Sandbox, entrypoint, way, repo: Repo):
    """As an OOM kill of the container: nobody writes a last word. In a namespace nobody is left either."""
    said = {"type": "assistant", "message": {"id": "m", "usage": RESULT["usage"]}}
    session = f"$HOME/.claude/projects/x/{RESULT['session_id']}.jsonl"
    install_fake_claude(sandbox, "git checkout -q -b agent/fix; mkdir -p $HOME/.claude/projects/x; "
                                 f"echo '{json.dumps(said)}' >{session}; exec sleep 600")
    running = sandbox.start(entrypoint, "run", "x", how=way, cwd=repo.work)
    wait_until(lambda: (report := read_report(sandbox.report)) and report.usage.input, "a checkpoint with usage")
    running.signal(signal.SIGKILL)
    assert running.process.wait(60) != 0
    report = read_report(sandbox.report)
    assert (report.raw["phase"], report.results["branch"]) == ("Running", "agent/fix")
    assert (report.usage.input, report.usage.output) == (60, 4)
    if way is PID1:
        wait_until(lambda: not processes.of_run(running.run_id), "the namespace's end")
    running.abort()


@pytest.mark.parametrize("way", BOTH, ids=ident)
def test_a_deadline_is_told_and_kept(sandbox: Sandbox, entrypoint, way):
    agent = install_fake_claude(sandbox, f"{DEAF}; echo $AXON_DEADLINE >$here/deadline; {FOREVER}")
    begin = datetime.now(UTC)
    done = sandbox.run(entrypoint, "run", "x", how=way, AXON_DEADLINE_SECONDS="4", AXON_GRACE_SECONDS="1",
                       AXON_AGENTS_MD="Be kind.")
    assert (done.verdict, done.left) == (("Failed", "DeadlineExceeded", 124), {})
    told = (agent.folder / "deadline").read_text().strip()
    assert begin - timedelta(seconds=1) < datetime.fromisoformat(told) <= begin + timedelta(seconds=4 + done.seconds)
    instructions = (sandbox.home / ".claude" / "CLAUDE.md").read_text()
    assert ("Be kind." in instructions, f"stopped at {told}" in instructions) == (True, True)
