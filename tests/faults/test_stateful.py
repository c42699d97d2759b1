"""R13: random acts of many people in random order; planted faults show that it would be seen."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import databases
from tests.faults.conftest import installed
from tests.faults.machine.machine import Machine
from tests.faults.machine.people import Play, settled
from tests.faults.machine.planted import PLANTS, SAMPLE
from tests.people import County

STEPS = 30
REFUSED = ("refused", "invalid", "stale", "not_allowed", "not_found")
PLAYS = {"sqlite": (25, 1000), "postgresql": (5, 1000)}  # of a part, and of the whole
WHOLE = pytest.mark.soak("R13", minutes=45)
PARTS = [pytest.param(0, marks=WHOLE), 1, 2, 3]  # `make test` deals the parts out to its processes
IN_A_ROW = 25  # before the transaction around them is undone: a savepoint's memory stays till then
AT_ONCE = 2  # processes that play in full size, each on a database of its own
SOUGHT = (40, 400)  # plays in which a planted fault has to show; the first that does is the last


Stage = tuple[Flask, County]


@contextmanager
def staged(app: Flask) -> Iterator[Stage]:
    """The county every play begins with; commits are savepoints, so that a play can be undone."""
    with databases.rolled_back(app):
        county = installed()
        settled(county)
        yield app, county


@pytest.fixture
def stage(app: Flask) -> Iterator[Stage]:
    """The same, on the database all tests share."""
    with staged(app) as found:
        yield found


def share(
    server: str, name: str, folder: Path, plays: int, steps: int, begins: int
) -> Counter[str]:
    """Some of the plays, on a database of their own."""
    heard = Counter[str]()
    with (
        databases.fresh(server, name, folder) as address,
        databases.application(address) as app,
    ):
        for first in range(0, plays, IN_A_ROW):
            with staged(app) as stage, kept():
                heard += played(stage, min(IN_A_ROW, plays - first), steps, begins + first)
    return heard


@contextmanager
def kept() -> Iterator[None]:
    """What is there now stays: it need not be looked through again and again."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def played(stage: Stage, plays: int, steps: int, begins: int) -> Counter[str]:
    """So many plays of so many acts; what people heard, by act."""
    heard: Counter[str] = Counter()
    machine = type("Machine", (Machine,), {"begin": staticmethod(partial(Play, *stage, heard))})
    wanted = settings(
        max_examples=plays, stateful_step_count=steps, deadline=None, database=None,
        phases=(Phase.generate,), suppress_health_check=list(HealthCheck), derandomize=False,
        report_multiple_bugs=False, verbosity=Verbosity.normal,
    )  # fmt: skip
    run_state_machine_as_test(seed(begins)(machine), settings=wanted)
    return heard


@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", PARTS)
def test_whatever_people_do_the_records_stay_right(
    server, worker, tmp_path, size, chance, figures, part
):
    plays = size(*PLAYS["sqlite" if server == "sqlite" else "postgresql"])
    steps, at_once = size(STEPS, 50), size(1, AT_ONCE)
    shares = [
        (server, f"weathervane_{worker}_plays_{n}", tmp_path, plays // at_once, steps,
         part + chance.randrange(2**32))
        for n in range(at_once)
    ]  # fmt: skip
    if at_once == 1:
        heard = share(*shares[0])
    else:
        with ProcessPoolExecutor(at_once, get_context("fork")) as pool:
            heard = sum(pool.map(share, *zip(*shares, strict=True)), Counter[str]())

    done = sum(n for what, n in heard.items() if what.endswith("done"))
    refused = sum(n for what, n in heard.items() if what.endswith(REFUSED))
    struck = sum(n for what, n in heard.items() if what.startswith("struck"))
    print(dict(sorted(heard.items())))
    figures("plays", plays)
    figures("acts done", done, at_least=plays)
    figures("acts refused", refused, at_least=plays)
    figures("acts struck down", struck, at_least=1)
    figures("repeats answered", heard["repeat answered"], at_least=1)
    figures(
        "dates held to their working days",
        heard["dates found again after a standstill"],
        at_least=size(0, 10),
    )
    handed = sum(heard[f"{act} done"] for act in ("claim", "release", "transfer"))
    figures("tasks claimed, released, handed on", handed, at_least=size(0, 100))
    figures("timers fired", heard["timers fired"], at_least=1)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "plant",
    [pytest.param(each, marks=pytest.mark.soak("R13", only=each not in SAMPLE)) for each in PLANTS],
)
def test_a_planted_fault_is_found(stage, plant, monkeypatch, size, chance, figures):
    PLANTS[plant](monkeypatch)

    found = 0
    try:
        played(stage, size(*SOUGHT), STEPS, chance.randrange(2**32))
    except Exception as problem:  # noqa: BLE001 - whatever the play complains of is a find
        print(f"{plant}: {type(problem).__name__}: {str(problem)[:300]}")
        found = 1
    figures("planted faults found", found, exactly=1)
