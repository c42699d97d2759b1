"""Desks where tasks wait, and people who go from desk to desk until they are told to stop."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Barrier, BrokenBarrierError, Event

from flask import Flask

from app.db import let_go, session
from app.errors import Busy
from tests import people
from tests.faults.harness import drills
from tests.faults.harness.clerks import Clerk
from tests.faults.harness.history import History
from tests.faults.harness.servers import Site
from tests.people import County

DUELLING = "WLX"  # the unit whose two handlers always want the same task
LATER = 0.1  # seconds the second of a pair may come after the first
SIGNED_IN = 120  # seconds for everybody to be at their desk
THREADS = 4
FEW = 40  # waiting tasks, fewer than which bring further cases in …
INTAKE = 1.0  # … every so many seconds, one led by each department
LONG_AGO, TODAY = "2026-07-06 09:00", "2026-08-24 08:00"
QUIET_ENDS_SOON = "2026-08-24 08:29:45"  # some reminders wait for the morning, others go at once


@dataclass
class Desk:
    """One person's desk: what waits there is completed, each task asked for once."""

    clerk: Clerk
    unit: int
    post: str
    tried: set[tuple[int, int]] = field(default_factory=set)

    def waiting(self) -> list[tuple[int, str, int]]:
        """What nobody here has tried yet."""
        try:
            found = drills.open_work(self.unit, self.post)
        except Busy:
            return []
        return [each for each in found if (each[0], each[2]) not in self.tried]

    def complete(self, task: tuple[int, str, int], throw: Callable[[], float]) -> None:
        """One task, by its form."""
        assignment, node, version = task
        self.tried.add((assignment, version))
        self.clerk.complete(assignment, drills.answers_for(node, throw), version=version)


def everybody(county: County, ports: list[int], heard: History) -> tuple[list[Desk], list[Desk]]:
    """A desk for each handler and leader, and the pair that duels over one unit's tasks."""
    desks = [
        Desk(Clerk(ports, people.login_of(code, post), heard), county.unit(code), post)
        for code in people.DEPARTMENTS
        for post in ("unit_handler", "unit_leader")
        if (code, post) != (DUELLING, "unit_handler")
    ]
    login = people.login_of(DUELLING, "unit_handler")
    pair = [
        Desk(Clerk(ports, each, heard), county.unit(DUELLING), "unit_handler")
        for each in (login, f"{login}_2")
    ]
    return desks, pair


@contextmanager
def at_work(
    app: Flask, county: County, site: Site, heard: History, chance: random.Random
) -> Iterator[list[int]]:
    """Four clerks with several desks each and a pair that duels, until the block is left.

    However fast they are, they don't run out of work.
    """
    stop, duels = Event(), []
    ports = list(site.ports.values())
    desks, pair = everybody(county, ports, heard)
    seeds = [chance.random() for _ in range(THREADS)]
    ready = Barrier(THREADS + 3, timeout=SIGNED_IN)
    with ThreadPoolExecutor(THREADS + 3) as threads:
        jobs = [
            threads.submit(clerk, app, desks[n::THREADS], ready, stop, random.Random(seed))
            for n, seed in enumerate(seeds)
        ]
        start = Barrier(2)
        jobs += [
            threads.submit(
                duellist, app, each, (ready, start), stop, duels, random.Random(seeds[n])
            )
            for n, each in enumerate(pair)
        ]
        try:
            ready.wait()
            jobs.append(threads.submit(intake, app, county, stop))
            yield duels
        finally:
            stop.set()
            wait(jobs)
            for desk in (*desks, *pair):
                desk.clerk.hang_up()
    for job in jobs:
        job.result()


def clerk(
    app: Flask, desks: list[Desk], ready: Barrier, stop: Event, chance: random.Random
) -> None:
    """Go from desk to desk and do what waits there."""
    with app.app_context():
        for desk in desks:
            desk.clerk.sign_in()
        ready.wait()
        while not stop.is_set():
            found = [(desk, task) for desk in desks for task in desk.waiting()[:5]]
            for desk, task in found:
                if not stop.is_set():
                    desk.complete(task, chance.random)
            if not found:
                stop.wait(0.1)


def intake(app: Flask, county: County, stop: Event) -> None:
    """Open further cases when little waits: how long the work lasts is not the machine's to say."""
    with app.app_context():
        while not stop.wait(INTAKE):
            with suppress(Busy):
                if drills.waiting(besides=county.unit(DUELLING)) < FEW:
                    drills.open_cases(county, len(people.DEPARTMENTS))
            let_go(session())


def duellist(
    app: Flask,
    desk: Desk,
    barriers: tuple[Barrier, Barrier],
    stop: Event,
    duels: list[int],
    chance: random.Random,
) -> None:
    """Complete the very task the other one completes, in the same moment or a moment later."""
    ready, start = barriers
    with app.app_context():
        desk.clerk.sign_in()
        ready.wait()
        while not stop.is_set():
            task = next(iter(desk.waiting()), None)
            try:
                agreed = start.wait(timeout=5)
            except BrokenBarrierError:
                if not stop.is_set():
                    start.reset()
                continue
            if task:
                stop.wait(agreed * chance.uniform(0, LATER))
                desk.complete(task, lambda: 1.0)
                if agreed == 0:
                    duels.append(task[0])
            else:
                stop.wait(0.1)
    start.abort()
