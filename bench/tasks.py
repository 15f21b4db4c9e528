"""The figures of the controller against an API server alone: a burst, a Task's life, thousands that have ended, a chain.

Nothing runs Pods there: where a Task is to go on, bench/kubelet.py makes and ends its Pod.
"""

from __future__ import annotations

import collections
import json
import statistics
import time
from pathlib import Path

from control_plane import WAIT, Asked, ControlPlane, Process, control_plane, copy, etcd_key, other_uid
from kubelet import Kubelet
from rows import note, row

BURST = 1000
ROUNDS = 5
FINISHED = 5000
SAMPLE = "task-00-00000"
OF_THE_SERVER = ("controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name")


def name_of(group: int, number: int) -> str:
    return f"task-{group:02}-{number:05}"


def in_phase(phase: str):
    return lambda task: task.get("status", {}).get("phase") == phase


def is_let_go(pod: dict) -> bool:
    return pod["status"]["phase"] == "Succeeded" and not pod["metadata"].get("finalizers")


def write_templates(plane: ControlPlane, ns: str, file: Path) -> Path:
    """What our controller made for a Task, as the bare one is to make it for others."""
    uid = plane.get("bench-axon", "tasks", SAMPLE)["metadata"]["uid"]
    job = plane.get("bench-axon", "jobs", SAMPLE)
    (secret_name,) = (volume["secret"]["secretName"] for volume in job["spec"]["template"]["spec"]["volumes"]
                      if volume["name"] == "task")
    secret = plane.get("bench-axon", "secrets", secret_name)
    for made in (secret, job):
        made["metadata"] = {key: made["metadata"][key] for key in ("name", "namespace", "labels", "ownerReferences")
                            if key in made["metadata"]}
    del job["status"], job["spec"]["selector"]
    for labels in (job["metadata"]["labels"], job["spec"]["template"]["metadata"]["labels"]):
        for label in OF_THE_SERVER:
            labels.pop(label, None)
    text = json.dumps([secret, job]).replace("bench-axon", ns).replace(SAMPLE, "@NAME@").replace(uid, "@UID@")
    file.write_text(text)
    return file


def counted(requests: list[Asked]) -> collections.Counter[str]:
    return collections.Counter(one.what for one in requests)


class Burst:
    """1,000 Tasks at once, put into etcd as copies of one that the API server made, for a controller that runs already."""

    def __init__(self, plane: ControlPlane, ns: str, controller: Process) -> None:
        self.plane, self.ns, self.controller = plane, ns, controller
        self.rates: list[float] = []
        self.cpu: list[float] = []
        self.settled: list[float] = []

    def run(self, group: int, sample: bytes, uid: str) -> None:
        before = len(self.plane.requests(self.ns))
        cpu = self.controller.cpu_seconds()
        self.plane.store((etcd_key(self.ns, "tasks", name_of(group, i)),
                          copy(sample, {SAMPLE: name_of(group, i), uid: other_uid(uid, group * BURST + i), "bench-none": self.ns}))
                         for i in range(BURST))
        made = self._answers("create jobs", before)
        self.rates.append((BURST - 1) / (made[-1] - made[0]))
        self.settled.append(self._last_answer() - made[0])
        self.cpu.append((self.controller.cpu_seconds() - cpu) / BURST * 1e3)

    def _answers(self, what: str, begin: int) -> list[float]:
        """When the API server answered these requests, one for each Task: its audit log says it, no watch that would slow it."""
        end = time.monotonic() + WAIT
        while len(found := [one.at for one in self.plane.requests(self.ns)[begin:] if one.what == what]) < BURST:
            assert time.monotonic() < end, f"{what} in {self.ns}: {len(found)} of {BURST} within {WAIT:.0f} s"
            time.sleep(0.3)
        return found

    def _last_answer(self) -> float:
        """When what comes after the Jobs is done, too: the next group, of the other controller, must not be slowed by it."""
        while time.time() - (last := self.plane.requests(self.ns)[-1].at) < 1:
            time.sleep(0.3)
        return last


def burst() -> None:
    with control_plane() as plane:
        for ns in ("bench-axon", "bench-bare", "bench-none"):
            plane.namespace(ns)
        uid = plane.task("bench-none", SAMPLE)["metadata"]["uid"]
        sample = plane.stored("bench-none", "tasks", SAMPLE)
        with plane.manager("bench-axon") as ours:
            watch = plane.watch("bench-axon", "jobs")
            plane.task("bench-axon", SAMPLE)
            watch.wait([SAMPLE])
            watch.close()
            with plane.bare("bench-bare", write_templates(plane, "bench-bare", plane.folder / "templates.json")) as bare:
                both = [Burst(plane, "bench-axon", ours), Burst(plane, "bench-bare", bare)]
                for group in range(1, ROUNDS + 1):
                    for one in both if group % 2 else reversed(both):
                        one.run(group, sample, uid)
                print_burst(*both)


def print_burst(ours: Burst, bare: Burst) -> None:
    ratio = statistics.median(a / b for a, b in zip(ours.rates, bare.rates))
    rate, of_bare = statistics.median(ours.rates), statistics.median(bare.rates)
    row(f"burst of {BURST} Tasks, Jobs per second", f"{rate:.0f} /s", f"a Secret and a Job each: {of_bare:.0f} /s",
        f"{ratio:.2f}", ">= 0.9", ratio >= 0.9)
    for name, one in (("axon-controller", ours), ("bare controller", bare)):
        asked = counted(one.plane.requests(one.ns))
        events = asked["create events"] + asked["patch events"]
        made = ROUNDS * BURST
        note(f"{name}: {(asked.total() - events) / made:.2f} requests and {events / made:.2f} Events for each Task, "
             f"{statistics.median(one.cpu):.2f} ms of CPU, VmHWM {one.controller.peak_mb():.1f} MB with {made} Tasks; "
             f"rates {' '.join(f'{rate:.0f}' for rate in one.rates)}")
    note(f"the last request of a group {statistics.median(ours.settled):.2f} s after the first Job")


def live(plane: ControlPlane, ns: str, names: list[str]) -> None:
    """Through their whole life, all of them a step at a time, so that each step is seen and told."""
    kubelet = Kubelet(plane, ns)
    pods = plane.watch(ns, "pods", is_let_go)
    start = lambda name: (kubelet.make(name), kubelet.start(name))  # noqa: E731
    for kind, accept, step in (("jobs", bool, lambda name: plane.task(ns, name)), ("tasks", in_phase("Running"), start),
                               ("tasks", in_phase("Succeeded"), kubelet.end)):
        watch = plane.watch(ns, kind, accept)
        plane.each(step, names)
        watch.wait(names)
        watch.close()
    pods.wait(kubelet.pod_name(name) for name in names)
    pods.close()


def life() -> None:
    names = [name_of(1, i) for i in range(200)]
    with control_plane() as plane:
        ns = plane.namespace("bench-life")
        with plane.manager(ns) as manager:
            manager.wait_for_line("caches are complete")
            cpu = manager.cpu_seconds()
            live(plane, ns, names)
            cpu = manager.cpu_seconds() - cpu
        asked = counted(plane.requests(ns))
        events = asked["create events"] + asked["patch events"]
        each = (asked.total() - events) / len(names)
        row("API requests per Task over its life", f"{each:.2f}", f"Events beside them: {events / len(names):.2f}", "", "<= 5",
            each <= 5)
        note(f"of {len(names)} Tasks, Job controller and kubelet played: " + ", ".join(
            f"{what} {count / len(names):.2f}" for what, count in sorted(asked.items())) +
            f"; {cpu / len(names) * 1e3:.1f} ms of CPU")


def store_finished(plane: ControlPlane, ns: str) -> None:
    """Copies of a Task that was lived through, and of its Secret, Job and Pod."""
    pod = Kubelet(plane, ns).pod_name(SAMPLE)
    task = plane.get(ns, "tasks", SAMPLE)
    job = plane.get(ns, "jobs", SAMPLE)
    (secret,) = (volume["secret"]["secretName"] for volume in job["spec"]["template"]["spec"]["volumes"]
                 if volume["name"] == "task")
    kinds = {"tasks": SAMPLE, "jobs": SAMPLE, "pods": pod, "secrets": secret}
    uids = [task["metadata"]["uid"]] + [plane.get(ns, kind, kinds[kind])["metadata"]["uid"] for kind in ("jobs", "pods", "secrets")]
    samples = {kind: plane.stored(ns, kind, name) for kind, name in kinds.items()}
    for kind, name in kinds.items():
        plane.store(((etcd_key(ns, kind, name.replace(SAMPLE, name_of(1, i))),
                       copy(samples[kind], {SAMPLE: name_of(1, i), **{uid: other_uid(uid, i) for uid in uids}}))
                     for i in range(1, FINISHED)), at_once=64)


def finished() -> None:
    with control_plane() as plane:
        plane.server.namespace("axon-system")
        ns = plane.namespace("bench-old")
        with plane.manager(ns):
            live(plane, ns, [SAMPLE])
        store_finished(plane, ns)
        peaks, times, cpu = [], [], []
        for number in range(5):
            name = name_of(2, number)
            plane.task(ns, name)
            jobs = plane.watch(ns, "jobs", whole=False)
            begin = time.monotonic()
            with plane.manager(ns, "--leader-elect") as manager:
                times.append(jobs.wait([name])[0] - begin)
                cpu.append(manager.cpu_seconds())
                peaks.append(manager.peak_mb())
            jobs.close()
        row(f"memory with {FINISHED} finished Tasks", f"{max(peaks):.1f} MB", "", "", "<= 45 MB", max(peaks) <= 45)
        took = statistics.median(times)
        row(f"restart with {FINISHED} finished Tasks, first new Job", f"{took:.2f} s", "", "", "<= 1.5 s", took <= 1.5)
        note(f"VmHWM, with their Secrets, Jobs and Pods there; {statistics.median(cpu):.2f} s of CPU until that Job; "
             f"runs: {' '.join(f'{one:.2f}' for one in times)}")


def dependency() -> None:
    with control_plane() as plane:
        ns = plane.namespace("bench-chain")
        kubelet = Kubelet(plane, ns)
        with plane.manager(ns):
            running, ended = (plane.watch(ns, "tasks", in_phase(phase)) for phase in ("Running", "Succeeded"))
            jobs = plane.watch(ns, "jobs", whole=False)
            from_pod, from_status = [], []
            for number in range(20):
                first, second = name_of(1, number), name_of(2, number)
                plane.task(ns, first)
                plane.task(ns, second, dependsOn=[first], prompt='Go on from {{ index .Deps "' + first + '" "Results" "branch" }}')
                jobs.wait([first])
                kubelet.make(first)
                kubelet.start(first)
                running.wait([first])
                begin = time.monotonic()
                kubelet.end(first)
                made = jobs.wait([second])[0]
                from_pod.append((made - begin) * 1e3)
                from_status.append((made - ended.wait([first])[0]) * 1e3)
            for watch in (running, ended, jobs):
                watch.close()
        took = statistics.median(from_pod)
        row("dependency ended, dependant's Job created", f"{took:.0f} ms", "", "", "<= 100 ms", took <= 100)
        note(f"median of {len(from_pod)} from the end of the dependency's Pod, at most {max(from_pod):.0f} ms; from its status "
             f"{statistics.median(from_status):.0f} ms")
