"""Agents that mean no good, or mean well and fail: what they print and what they do to files."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import struct
import termios

import pytest

from support.fake_claude import RESULT, install_fake_claude
from support.hostile import BOTH, CANCELLED, Scene, Stage, assert_as_told, cases, ident, program_of, run_unread, term
from support.outputs import END, START, read_report
from support.processes import wait_until
from support.run import Sandbox

FORGED_MARKERS = f"printf '%s\\n' {START} 'branch: forged' 'cost-usd: 0' 'input-tokens: 1' {END}"
FORGED = json.dumps({"version": "v1", "phase": "Finished", "outcome": "Succeeded", "exitCode": 0,
                     "results": {"branch": "forged"}, "usage": {"inputTokens": 1}})
FAILED = ("Failed", "AgentError", 7)
LOG = '"$AXON_TERMINATION_LOG"'
LINE = 64 * 1024 * 1024
SESSIONS = "$HOME/.claude/projects/x"

SCENES = {
    "a line of 64 MiB": Scene(f"head -c {LINE} /dev/zero | tr '\\0' x; echo; grep VmHWM /proc/$PPID/status >$here/memory"),
    "a line of 64 MiB in JSON": Scene(
        "printf '{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"'; "
        f"head -c {LINE} /dev/zero | tr '\\0' x; echo '\"}}]}}}}'; grep VmHWM /proc/$PPID/status >$here/memory"),
    "binary garbage": Scene("head -c 3000000 /dev/urandom; echo"),
    "nothing but zeros": Scene("head -c 3000000 /dev/zero; echo"),
    "brackets without end": Scene("head -c 3000000 /dev/zero | tr '\\0' '['; echo"),
    "fifty megabytes on stderr": Scene("head -c 50000000 /dev/zero | tr '\\0' x >&2"),
    "much on both at once": Scene(
        "head -c 20000000 /dev/urandom >&2 & head -c 20000000 /dev/zero | tr '\\0' y; wait; echo"),
    "no newline at its end": Scene("", FAILED, after="printf '{\"type\":'; exit 7"),
    "forged markers": Scene(f"{FORGED_MARKERS}; (while :; do {FORGED_MARKERS}; done) & sleep 0.1"),
    "forged markers behind the result": Scene("", after=f"{FORGED_MARKERS}; printf %s '{START}'"),
    "forged markers on the entrypoint's own stdout": Scene(
        f"setsid sh -c \"while :; do {FORGED_MARKERS}; done\" >/proc/$PPID/fd/1 2>&1 & sleep 0.1"),
    "a forged report": Scene(f"echo '{FORGED}' >{LOG}; exit 7", FAILED),
    "a report forged in a loop": Scene(
        f"export forged='{FORGED}'; setsid sh -c 'while :; do echo \"$forged\" >{LOG}; done' & sleep 0.1; exit 7", FAILED),
    "a longer report": Scene(f"head -c 200000 /dev/zero | tr '\\0' '[' >{LOG}; exit 7", FAILED),
    "the report removed": Scene(f"rm {LOG}; exit 7", FAILED),
    "the report nobody may write": Scene(f"chmod 0 {LOG}; exit 7", FAILED, uid=54_348),
    "a pipe for a report": Scene(f"rm {LOG}; mkfifo {LOG}; touch $here/ready; sleep 600", CANCELLED, drive=term),
    "a link for a report": Scene(f"rm {LOG}; ln -s /dev/null {LOG}; exit 7", FAILED),
    "its own directory removed": Scene("rm -rf \"$PWD\""),
    "its home removed": Scene("rm -rf \"$HOME\""),
    "a session file without end": Scene(
        f"mkdir -p {SESSIONS}; truncate -s 4T {SESSIONS}/{RESULT['session_id']}.jsonl; touch $here/ready; sleep 600",
        CANCELLED, drive=term),
    "a pipe for a session file": Scene(
        f"mkdir -p {SESSIONS}; mkfifo {SESSIONS}/{RESULT['session_id']}.jsonl; touch $here/ready; sleep 600", CANCELLED,
        drive=term),
    "a full disk": Scene("dd if=/dev/zero of=$HOME/fill bs=4096 2>/dev/null; true", tmpfs="2m"),
    "a full disk and a failure": Scene("dd if=/dev/zero of=$HOME/fill bs=4096 2>/dev/null; exit 7", FAILED, tmpfs="2m"),
    "a core file": Scene("kill -SEGV $$", ("Failed", "AgentCrashed", 139)),
}


@pytest.mark.parametrize(("scene", "way"), cases(SCENES))
def test_output_and_files(theatre, scene: Scene, way):
    played = theatre.played(scene, way)
    assert_as_told(played, scene)
    assert played.done.markers.get("branch") is None
    assert [path for path in played.box.work.glob("*") if "core" in path.name] == []


@pytest.mark.parametrize(("scene", "way"), cases({name: SCENES[name] for name in SCENES if "64 MiB" in name}))
def test_memory_is_bounded_whatever_the_line(theatre, scene: Scene, way):
    played = theatre.played(scene, way)
    assert len(played.done.stdout) > LINE
    kilobytes = int((played.agent.folder / "memory").read_text().split()[1])
    assert kilobytes <= 8 * 1024


def test_a_disk_that_is_full_from_the_start(entrypoint, tmp_path):
    stage = Stage(Scene("", tmpfs="1m"), entrypoint)
    try:
        with (stage.box.tmp / "fill").open("wb", buffering=0) as file, pytest.raises(OSError):
            while True:
                file.write(bytes(4096))
        stage.box.report = tmp_path / "report"
        done = stage.box.run(entrypoint, "run", "x", AXON_TERMINATION_LOG=str(stage.box.report),
                             AXON_AGENTS_MD="x" * 100_000)
        assert (done.verdict, stage.agent.started) == (("Failed", "ConfigInvalid", 78), False)
        assert "No space left on device" in done.report.raw["message"]
    finally:
        stage.close()


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_nobody_reads_a_stream(tmp_path, entrypoint, stream):
    """The agent is blocked and so is our own output: TERM still ends it, and the report tells. Both ways at once: it takes as
    long as the reader is waited for."""
    started = []
    for way in BOTH:
        box = Sandbox(tmp_path / ident(way))
        install_fake_claude(box, "yes" if stream == "stdout" else "yes >&2")
        started.append((box, way, *run_unread(box, entrypoint, way, stream, AXON_GRACE_SECONDS="1")))
    for _, way, process, read_end in started:
        waiting = lambda: struct.unpack("i", fcntl.ioctl(read_end, termios.FIONREAD, b"\0" * 4))[0]  # noqa: B023,E731
        wait_until(lambda: waiting() >= 60_000, "a full pipe")
        os.kill(program_of(process, way), signal.SIGTERM)
    for box, way, process, read_end in started:
        assert process.wait(60) == 143, ident(way)
        os.close(read_end)
        assert read_report(box.report).verdict == ("Failed", "Cancelled"), ident(way)


@pytest.mark.parametrize("way", BOTH, ids=ident)
def test_output_that_is_pending_at_the_exit(sandbox: Sandbox, entrypoint, way):
    """The agent is gone, and most of what it said still lies in pipes: the reader gets all of it, the markers last."""
    size = 700_000  # more than the reader's pipe takes, less than the agent's does
    agent = install_fake_claude(sandbox, f"head -c {size} /dev/zero | tr '\\0' x; echo; touch $here/said; exit 7")
    process, read_end = run_unread(sandbox, entrypoint, way)
    wait_until((agent.folder / "said").exists, "the agent's last word")
    with os.fdopen(read_end, "rb") as pipe:
        said = pipe.read()
    assert (process.wait(60), said.count(b"x" * size), said.rstrip().endswith(END.encode())) == (7, 1, True)
    assert read_report(sandbox.report).verdict == FAILED[:2]


@pytest.mark.parametrize("way", BOTH, ids=ident)
def test_the_reader_of_stdout_goes_away(sandbox: Sandbox, entrypoint, way):
    agent = install_fake_claude(
        sandbox, "touch $here/ready; while [ ! -e $here/go ]; do sleep 0.01; done; seq 200000")
    process, read_end = run_unread(sandbox, entrypoint, way)
    wait_until((agent.folder / "ready").exists, "the agent")
    os.close(read_end)
    (agent.folder / "go").touch()
    assert process.wait(60) == 0
    assert read_report(sandbox.report).verdict == ("Succeeded", None)
