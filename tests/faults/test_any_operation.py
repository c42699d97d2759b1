"""R17: every operation in any order on processes of any shape, and what must hold after each."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import pytest
from flask import Flask

from app.commands.operations import ON_CASES, ON_TASKS
from app.errors import Invalid, NotAllowed, NotFound, Stale, TooOften
from tests import databases
from tests.faults.conftest import installed
from tests.faults.desks.asides import ASIDES
from tests.faults.desks.desk import COMPLETE, WAYS, Desk
from tests.faults.desks.planted import PLANTS
from tests.faults.desks.scenes import set_up
from tests.faults.desks.shapes import publish
from tests.faults.desks.sitting import Everybody
from tests.faults.machine.people import must

OPERATIONS = 25  # of a sequence, at least
SEQUENCES = (24, 2000)  # of the sample, and of the whole
SHAPES = 40  # processes made up for so many sequences
IN_A_ROW = 25  # before the transaction around them is undone: a savepoint's memory stays till then
AT_ONCE = 2
SOUGHT = (40, 400)  # sequences in which a planted fault has to show
SAMPLE = (  # of the plants, in `make test`
    "others_keep_a_decided_task",
    "the_askers_turn_never_comes",
    "a_moved_case_leaves_tasks_behind",
    "a_reopened_case_has_no_work",
)
OFTEN = 100  # times each operation is to be done in the whole
REFUSED = {each.code for each in (Invalid, NotAllowed, NotFound, Stale, TooOften)}
NAMES = [COMPLETE, *(each.name for each in (*ON_CASES.rows, *ON_TASKS.rows)), *ASIDES]


@contextmanager
def staged(app: Flask, dice: int, folder: Path) -> Iterator[Callable[..., Desk]]:
    """The county every sequence begins with; commits are savepoints, so that one can be undone.

    Gives what lays a desk there, by the dice of the sequence.
    """
    with databases.rolled_back(app):
        county = installed()
        kinds = publish(random.Random(dice), SHAPES, folder / str(dice))
        items, everybody = set_up(county), Everybody()

        def laid(dice: int, heard: Counter[str], likes: Sequence[str] = ()) -> Desk:
            return Desk(app, county, heard, kinds, dice, items, everybody, likes)

        yield laid


def share(server: str, name: str, folder: Path, sequences: int, begins: int) -> Counter[str]:
    """Some of the sequences, on a database of their own."""
    heard = Counter[str]()
    with (
        quietly(),
        databases.fresh(server, name, folder) as address,
        databases.application(address) as app,
    ):
        for first in range(0, sequences, IN_A_ROW):
            with staged(app, begins + first, folder) as desk:
                for n in range(first, min(first + IN_A_ROW, sequences)):
                    played(desk(begins + n, heard), begins + n)
    return heard


@contextmanager
def quietly() -> Iterator[None]:
    """Thousands of acts leave no lines for the report of this test."""
    before = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(before)


def played(desk: Desk, dice: int) -> None:
    """One sequence; what goes wrong names the dice it can be played again with."""
    done = 0
    try:
        for turn in range(2 * OPERATIONS):
            done += done < OPERATIONS and desk.acted(turn)
        must(done == OPERATIONS, f"only {done} operations were done in {2 * OPERATIONS} turns")
    except Exception:
        print(f"R17: the sequence of seed {dice}")
        raise
    finally:
        desk.end()


@pytest.mark.soak("R17", minutes=60)
@pytest.mark.timeout(900)
def test_in_any_order_of_operations_the_records_stay_right(
    server, worker, tmp_path, size, chance, figures
):
    sequences, at_once = size(*SEQUENCES), size(1, AT_ONCE)
    shares = [
        (server, f"weathervane_{worker}_desks_{n}", tmp_path, sequences // at_once,
         chance.randrange(2**32))
        for n in range(at_once)
    ]  # fmt: skip
    if at_once == 1:
        heard = share(*shares[0])
    else:
        with ProcessPoolExecutor(at_once, get_context("fork")) as pool:
            heard = sum(pool.map(share, *zip(*shares, strict=True)), Counter[str]())

    print(dict(sorted(heard.items())))
    done = {name: heard[f"{name} done"] for name in NAMES}
    figures("sequences", sequences)
    figures("operations done", sum(done.values()), at_least=sequences * OPERATIONS)
    refused = [times for what, times in heard.items() if what.rpartition(" ")[2] in REFUSED]
    figures("operations refused", sum(refused))
    for name, times in done.items():
        figures(f"{name} done", times, at_least=size(0, OFTEN))
    for way in WAYS:
        figures(f"of them {way}", heard[way], at_least=size(0, OFTEN))


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "plant",
    [pytest.param(each, marks=pytest.mark.soak("R17", only=each not in SAMPLE)) for each in PLANTS],
)
def test_a_fault_planted_in_what_operations_share_is_found(
    app, tmp_path, plant, monkeypatch, size, chance, figures
):
    dice, found = chance.randrange(2**32), 0
    with staged(app, dice, tmp_path) as desk:
        plants, likes = PLANTS[plant]
        plants(monkeypatch)
        try:
            for n in range(size(*SOUGHT)):
                played(desk(dice + n, Counter(), likes), dice + n)
        except Exception as problem:  # noqa: BLE001 - whatever the play complains of is a find
            print(f"{plant}: {type(problem).__name__}: {str(problem)[:300]}")
            found = 1
    figures(f"planted fault found: {plant}", bool(found), exactly=True)
