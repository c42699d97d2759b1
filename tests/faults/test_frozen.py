"""R10: a background process that froze in the middle of something wakes up and does no harm."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from threading import Event, Thread

import pytest
from sqlalchemy import select

from app import clock
from app.commands import workers
from app.commands.supervising import urge
from app.db import session
from app.jobs import run_worker
from app.model import Delivery, Document, Timer, Work
from ops.machine import ROOT
from tests import stories, supervision
from tests.faults.frozen import IN_A_TRANSACTION, POINTS
from tests.faults.harness import drills, pace

TAKEN_OVER = 30.0  # seconds in which others do what a frozen process left
KINDS = ["remind", "remind", "due"]


@pytest.mark.timeout(150)
@pytest.mark.soak("R10", only=True)
@pytest.mark.parametrize("point", POINTS)
def test_who_froze_and_wakes_up_does_nothing_twice(
    own_county, committed_db, point, size, figures, monkeypatch
):
    address = committed_db.config["SQLALCHEMY_DATABASE_URI"]
    holds_the_only_lock = address.startswith("sqlite") and point in IN_A_TRANSACTION
    turns, took = size(1, 2), list[float]()
    monkeypatch.setattr(workers, "FROZEN_AFTER", timedelta(seconds=size(2, 20)))
    for turn in range(turns):
        item = to_be_done(own_county, turn)
        with frozen_at(address, point, silence=size(2, 20)) as process:
            began = time.monotonic()
            if holds_the_only_lock:
                os.kill(process.pid, signal.SIGCONT)
            with working(committed_db):
                if not holds_the_only_lock:
                    drills.pass_time(minutes=size(1, 0))
                    pace.until(partial(nothing_left, item), TAKEN_OVER + 10, "the others' turn")
                    took.append(round(time.monotonic() - began, 1))
                    drills.pass_time(minutes=10)
                    os.kill(process.pid, signal.SIGCONT)
                pace.until(partial(nothing_left, item), TAKEN_OVER, "the last of it")
                process.send_signal(signal.SIGTERM)
                assert process.wait(TAKEN_OVER) == 0
        once(item)

    figures(f"processes frozen: {point}", turns, at_least=1)
    if took:
        figures("what they left was done after", max(took), unit="s", at_most=TAKEN_OVER + 5)


def to_be_done(county, turn: int) -> int:
    """An item with three timers due and a reminder of the night to be delivered."""
    stories.set_clock("2026-07-06 09:00")
    item = supervision.in_hand(county, matter=f"冻结{turn}", co=[])
    stories.set_clock("2026-08-11 20:00")
    urge(item, {}, actor=county.post("supervising_office"))
    stories.set_clock("2026-08-18 08:31")
    session().rollback()
    return item


@contextmanager
def frozen_at(address: str, point: str, *, silence: int) -> Iterator[subprocess.Popen[bytes]]:
    """A background process that has come to the point and stands still."""
    command = [sys.executable, "-m", "tests.faults.frozen", address, point, str(silence)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            _pid, status = os.waitpid(process.pid, os.WUNTRACED)
            assert os.WIFSTOPPED(status), f"it ended with {status} before it came to the point"
            yield process
        finally:
            if process.poll() is None:
                process.kill()


@contextmanager
def working(app) -> Iterator[None]:
    """Another background process's work, in a thread of this one."""
    stop = Event()
    thread = Thread(target=run_worker, args=(app,), kwargs={"stop": stop, "pause": 0.1})
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


def left(case_id: int) -> tuple[list[str], list[str]]:
    """The timers and the work of a case that are still to be done."""
    session().rollback()
    now = clock.now()
    timers = session().scalars(
        select(Timer.kind).where(
            Timer.case_id == case_id, Timer.state == "pending", Timer.fire_at <= now
        )
    )
    work = session().scalars(
        select(Work.state)
        .join(Document, Document.id == Work.reference)
        .where(Document.case_id == case_id, Work.state != "done", Work.not_before <= now)
    )
    found = list(timers), list(work)
    session().rollback()
    return found


def nothing_left(case_id: int) -> bool:
    """Whether everything due has been done."""
    return left(case_id) == ([], [])


def once(case_id: int) -> None:
    """Every timer fired once, the paper was delivered once."""
    session().rollback()
    fired = [act["data"]["timer"] for act in stories.acts(f"case:{case_id}", "timer.fired")]
    assert max(Counter(fired).values()) == 1
    assert len(fired) == len(KINDS)
    delivered = session().scalars(
        select(Delivery.delivered_at)
        .join(Document, Document.id == Delivery.document_id)
        .where(Document.case_id == case_id, Document.kind == "reminder_notice")
    )
    assert [moment is not None for moment in delivered] == [True]
    served = [act for act in stories.acts(f"case:{case_id}") if act["kind"] == "document.delivered"]
    assert len(served) == 1
    session().rollback()
