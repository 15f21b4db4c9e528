"""The manager with an API server that is slow, refuses, breaks off, is killed and forgets: all Tasks end well all the same."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from support.apiserver import ApiServer
from support.history import JOBS, TASKS
from support.manager import Manager
from support.rough import Asked, Rough, RoughProxy
from support.workload import workload

OFTEN = 0.25


def slow(dice: random.Random, _: Asked) -> Rough:
    return Rough(delay=dice.uniform(0, 0.5))


def too_many(dice: random.Random, _: Asked) -> Rough | None:
    return Rough(status=429, retry_after=1) if dice.random() < OFTEN else None


def broken(dice: random.Random, _: Asked) -> Rough | None:
    return Rough(status=500) if dice.random() < OFTEN else None


def unavailable(dice: random.Random, _: Asked) -> Rough | None:
    return Rough(status=503) if dice.random() < OFTEN else None


def cut_before(dice: random.Random, _: Asked) -> Rough | None:
    return Rough(is_cut_before=True) if dice.random() < OFTEN else None


def cut_after(dice: random.Random, _: Asked) -> Rough | None:
    return Rough(is_cut_after=True) if dice.random() < OFTEN else None


def short_watches(dice: random.Random, asked: Asked) -> Rough | None:
    return Rough(events=dice.randrange(20)) if asked.is_watch else None


def conflicts(dice: random.Random, asked: Asked) -> Rough | None:
    return Rough(status=409) if asked.is_status_write and dice.random() < 0.5 else None


def all_of_it(dice: random.Random, asked: Asked) -> Rough | None:
    weathers = (slow, too_many, broken, unavailable, cut_before, cut_after, short_watches, conflicts)
    return dice.choice(weathers)(dice, asked)


@pytest.mark.parametrize("weather", [slow, too_many, broken, unavailable, cut_before, cut_after, short_watches, conflicts,
                                     all_of_it], ids=lambda weather: weather.__name__)
def test_all_tasks_end_well(axon_api: ApiServer, controller: str, rng: random.Random, tmp_path: Path,
                            weather: Callable[[random.Random, Asked], Rough | None]) -> None:
    namespace = weather.__name__.replace("_", "-")
    dice = random.Random(rng.random())
    with workload(axon_api, namespace, rng) as there, RoughProxy(axon_api, lambda asked: weather(dice, asked)) as proxy:
        with Manager(controller, proxy.kubeconfig(tmp_path / "config"), tmp_path / "manager.log", namespace):
            there.wave()
            there.wait_all()
        print(f"{namespace}: {len(proxy.asked)} requests for {len(there.names)} Tasks")


def test_an_api_server_that_is_killed_and_forgets(axon_api: ApiServer, controller: str, rng: random.Random,
                                                  tmp_path: Path) -> None:
    with workload(axon_api, "forgets", rng) as there:
        config = axon_api.kubeconfig(tmp_path / "config")
        with Manager(controller, config, tmp_path / "manager.log", "forgets"):
            for _ in range(3):
                there.wave()
                there.history.wait_for_a_job(60)
                axon_api.kill()
                axon_api.compact()  # the server that starts now answers 410 to those that go on from before
                axon_api.start_again()
            there.wait_all()


def creates(asked: Asked, namespace: str, job: str) -> bool:
    return asked.method == "POST" and asked.path == JOBS.format(namespace) and json.loads(asked.body)["metadata"]["name"] == job


def test_killed_between_a_job_and_its_status_it_gives_the_branch_to_nobody_else(
        axon_api: ApiServer, controller: str, rng: random.Random, tmp_path: Path) -> None:
    """At the worst moment: the Job is there, the Task's status does not tell of it, and the kubelet has not looked yet."""
    made = threading.Event()

    def stop_after_the_job(asked: Asked) -> Rough | None:
        if creates(asked, "worst", "b-early"):
            return Rough(is_cut_after=True, after=made.set)
        return Rough(is_cut_before=True) if made.is_set() else None

    with workload(axon_api, "worst", rng) as there:
        log = tmp_path / "manager.log"
        there.two_of_a_branch()
        with RoughProxy(axon_api, stop_after_the_job) as proxy:
            first = Manager(controller, proxy.kubeconfig(tmp_path / "far"), log, "worst").start()
            assert made.wait(60)
            first.kill()
        there.open_gate()
        with Manager(controller, axon_api.kubeconfig(tmp_path / "config"), log, "worst"):
            there.end_the_branch()
            there.wait_all()


def tasks_end_well_after_a_doubt(api: ApiServer, controller: str, rng: random.Random, folder: Path, namespace: str,
                                 attempt: Callable[[int], Rough], meanwhile: Callable[[Asked], Rough | None]) -> None:
    """What happens to the creation of one of two Jobs of a branch, attempt by attempt, and to all else, until its Task has
    waited long enough for the other one to come first."""
    attempts: list[Asked] = []
    tried, mended = threading.Event(), threading.Event()

    def treat(asked: Asked) -> Rough | None:
        if mended.is_set():
            return None
        if not creates(asked, namespace, "b-early"):
            return meanwhile(asked)
        attempts.append(asked)
        if len(attempts) == 8:  # from now on there is a while between two
            tried.set()
        return attempt(len(attempts))

    with workload(api, namespace, rng) as there, RoughProxy(api, treat) as proxy:
        with Manager(controller, proxy.kubeconfig(folder / "config"), folder / "manager.log", namespace):
            there.two_of_a_branch()
            assert tried.wait(60)
            there.open_gate()
            there.end_the_branch()
            mended.set()
            there.wait_all()


def test_a_lost_answer_gives_the_branch_to_nobody_else(axon_api: ApiServer, controller: str, rng: random.Random,
                                                       tmp_path: Path) -> None:
    """The Job was created; neither the answer nor the watch comes through, and to ask again does not, either."""
    tasks_end_well_after_a_doubt(
        axon_api, controller, rng, tmp_path, "lost", lambda count: Rough(is_cut_after=count == 1, is_cut_before=count > 1),
        lambda asked: Rough(events=0) if asked.is_watch and asked.path == JOBS.format("lost") else None)


def test_a_job_that_could_not_be_made_and_its_branch_wait_for_nobody(axon_api: ApiServer, controller: str, rng: random.Random,
                                                                    tmp_path: Path) -> None:
    """Whether the Job is there is not known: who is before its Task waits for it, so that it may not wait for them."""
    tasks_end_well_after_a_doubt(axon_api, controller, rng, tmp_path, "circle", lambda _: Rough(status=500), lambda _: None)


def test_a_status_that_is_always_refused_is_not_written_in_a_tight_loop(
        axon_api: ApiServer, controller: str, rng: random.Random, tmp_path: Path) -> None:
    refusals = 8
    refused: list[Asked] = []

    def stubborn(asked: Asked) -> Rough | None:
        if asked.path != f"{TASKS.format('stubborn')}/one/status" or len(refused) == refusals:
            return None
        refused.append(asked)
        return Rough(status=409)

    with workload(axon_api, "stubborn", rng) as there, RoughProxy(axon_api, stubborn) as proxy:
        with Manager(controller, proxy.kubeconfig(tmp_path / "config"), tmp_path / "manager.log", "stubborn"):
            there.task("one", ["none-of-that-name"])
            assert there.history.wait(lambda: there.history.status("one").get("phase") == "Waiting", 60)
        writes = [at for at, asked in proxy.asked if asked.is_status_write]
        assert len(writes) == refusals + 1
        assert writes[-1] - writes[0] > 1.2, "each wait is twice the one before it"
