"""`axon get tasks` against `kubectl get tasks` with 1,000 Tasks, on the same API server, one after the other."""

from __future__ import annotations

import os
import statistics
import subprocess
import time

from control_plane import WAIT, control_plane, copy, etcd_key, other_uid
from rows import note, row
from stage import BUILD
from support.processes import wait_until

TASKS = 1000
ROUNDS = 15
SAMPLE = "task-00-00000"


def seconds(command: list[str], env: dict[str, str]) -> tuple[float, str]:
    begin = time.monotonic()
    done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return time.monotonic() - begin, done.stdout


def get() -> None:
    with control_plane() as plane:
        ns = plane.namespace("bench-get")
        uid = plane.task(ns, SAMPLE)["metadata"]["uid"]
        sample = plane.stored(ns, "tasks", SAMPLE)
        names = {f"task-00-{i:05}": other_uid(uid, i) for i in range(1, TASKS)}
        plane.store(((etcd_key(ns, "tasks", name), copy(sample, {SAMPLE: name, uid: other})) for name, other in names.items()),
                    at_once=64)
        env = {"PATH": os.environ["PATH"], "HOME": str(plane.folder), "KUBECONFIG": str(plane.server.kubectl.kubeconfig)}
        programs = {"axon": str(BUILD / "bin/axon"), "kubectl": plane.server.kubectl.program}
        lines = lambda program: len(seconds([program, "get", "tasks", "-n", ns], env)[1].splitlines())  # noqa: E731
        for program in programs.values():  # the API server's cache is filled behind etcd's back; kubectl's at its first run
            wait_until(lambda: lines(program) == TASKS + 1, f"all Tasks by {program}", WAIT)  # noqa: B023
        for flags in ((), ("-o", "wide"), ("-A",)):
            times: dict[str, list[float]] = {name: [] for name in programs}
            for _ in range(ROUNDS):
                for name, program in programs.items():
                    took, text = seconds([program, "get", "tasks", "-n", ns, *flags], env)
                    assert len(text.splitlines()) == TASKS + 1, f"{name}: {len(text.splitlines())} lines"
                    times[name].append(took * 1e3)
            ours, theirs = (statistics.median(times[name]) for name in ("axon", "kubectl"))
            row(f"{' '.join(('axon get tasks', *flags))}, {TASKS} Tasks", f"{ours:.0f} ms", f"kubectl: {theirs:.0f} ms",
                f"{ours / theirs:.2f}", "<= 1.0", ours <= theirs)
            note(f"at best {min(times['axon']):.0f} and {min(times['kubectl']):.0f} ms")
