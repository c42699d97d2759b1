"""Work that acts ask for is done, done once where it can be, and tried again when it failed."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from app import clock
from app.actor import SYSTEM
from app.commands import outbox, stuck, workers
from app.db import session
from app.errors import Busy, Stale
from app.i18n import Text
from app.jobs import handlers
from app.jobs.performing import perform
from app.model import Worker
from tests import stories, trouble
from tests.work import ask, work


@pytest.fixture
def broken(monkeypatch) -> None:
    """A kind of work that never succeeds."""

    def fail(reference, *, actor):
        raise LookupError(f"nothing named {reference}")

    monkeypatch.setitem(handlers.HANDLERS, "broken", fail)


def offered() -> list[int]:
    return outbox.offer(actor=SYSTEM)


def test_work_is_offered_oldest_first_and_then_left_alone(database):
    second, first = ask(after=timedelta(seconds=-1)), ask(after=timedelta(seconds=-2))
    ask(after=timedelta(hours=1))

    assert outbox.waiting()
    assert offered() == [first, second]
    assert (offered(), outbox.waiting()) == ([], False)


def test_what_nobody_took_is_offered_again(database):
    stories.set_clock("2026-07-06 09:00:00")
    asked = ask()
    offered()
    stories.set_clock("2026-07-06 09:00:10")

    assert offered() == [asked]


def test_what_somebody_took_is_offered_again_only_when_they_must_be_gone(database):
    stories.set_clock("2026-07-06 09:00")
    asked = ask()
    offered()
    taken = outbox.take(asked, actor=SYSTEM)
    assert taken is not None
    assert (taken.id, taken.kind, taken.reference) == (asked, "note", 7)
    stories.set_clock("2026-07-06 09:00:15")
    assert (offered(), outbox.take(asked, actor=SYSTEM)) == ([], None)

    stories.set_clock("2026-07-06 09:00:25")

    assert offered() == [asked]
    assert outbox.take(asked, actor=SYSTEM) is not None


def test_work_in_living_hands_is_left_there_however_long_it_lasts(database):
    stories.set_clock("2026-07-06 09:00")
    asked, worker = ask(), workers.sign_on("one", actor=SYSTEM)
    outbox.take(asked, worker_id=worker, actor=SYSTEM)
    for second in range(5, 60, 5):
        stories.set_clock(f"2026-07-06 09:00:{second:02}")
        workers.beat(worker, actor=SYSTEM)
    assert (offered(), outbox.take(asked, actor=SYSTEM)) == ([], None)

    stories.set_clock("2026-07-06 09:01:20")
    assert offered() == [asked], "no beat for longer than twenty seconds"


def test_whoever_signs_off_has_nothing_left_in_their_hands(database):
    stories.set_clock("2026-07-06 09:00")
    asked, worker = ask(), workers.sign_on("one", actor=SYSTEM)
    outbox.take(asked, worker_id=worker, actor=SYSTEM)
    stories.set_clock("2026-07-06 09:00:21")
    workers.beat(worker, actor=SYSTEM)
    assert offered() == []

    workers.sign_off(worker, actor=SYSTEM)

    assert offered() == [asked]


def test_a_worker_taken_for_gone_can_no_longer_say_what_became_of_the_work(database):
    stories.set_clock("2026-07-06 09:00")
    asked = ask()
    frozen = outbox.take(asked, actor=SYSTEM)
    stories.set_clock("2026-07-06 09:00:25")
    offered()
    other = outbox.take(asked, actor=SYSTEM)
    assert frozen is not None
    assert other is not None

    assert not outbox.finish(frozen, actor=SYSTEM)
    outbox.put_off(frozen, LookupError("woke up late"), actor=SYSTEM)

    assert (work(asked).state, work(asked).attempts, work(asked).claim) == (
        "running",
        0,
        other.claim,
    )
    assert outbox.finish(other, actor=SYSTEM)


def test_those_long_gone_are_forgotten(database):
    stories.set_clock("2026-07-06 09:00")
    workers.sign_on("one", actor=SYSTEM)
    stories.set_clock("2026-07-08 09:00")

    workers.sign_on("two", actor=SYSTEM)

    assert list(session().scalars(select(Worker.name))) == ["two"]
    assert not workers.beat(999, actor=SYSTEM)


def test_work_is_done_once_however_often_it_is_offered(database, done):
    asked = ask()

    assert [perform(asked), perform(asked)] == [True, False]
    assert (done, work(asked).state, work(asked).problem) == ([7], "done", None)
    assert not outbox.waiting()


def test_failed_work_waits_longer_each_time_and_says_why(database, broken, caplog):
    stories.set_clock("2026-07-06 09:00")
    asked = ask("broken")
    pauses = []
    for attempt in range(1, stuck.MOST_ATTEMPTS + 1):
        assert not perform(asked)
        assert not perform(asked), "not before its pause is over"
        assert work(asked).attempts == attempt
        pauses.append(round((work(asked).not_before - clock.now()).total_seconds(), -1))
        stories.set_clock(f"2026-07-06 {9 + attempt:02}:00")

    assert pauses == [10, 20, 40, 80, 160]
    assert (work(asked).state, work(asked).problem) == ("failed", "LookupError: nothing named 7")
    assert caplog.messages.count("Background work failed.") == stuck.MOST_ATTEMPTS
    (incident,) = trouble.incidents()
    assert (incident.kind, incident.reference, incident.attempts) == ("work", asked, 5)
    assert "nothing named 7" not in str(incident.problem)
    stories.set_clock("2026-07-07 09:00")
    assert not perform(asked)
    assert work(asked).attempts == stuck.MOST_ATTEMPTS


@pytest.mark.parametrize("problem", [Stale(Text("Too late.")), Busy(Text("Locked."))])
def test_what_is_nobodys_fault_is_tried_again_and_not_counted(database, monkeypatch, problem):
    def beaten(reference, *, actor):
        raise problem

    stories.set_clock("2026-07-06 09:00")
    monkeypatch.setitem(handlers.HANDLERS, "beaten", beaten)
    asked = ask("beaten")
    for minute in range(10):
        stories.set_clock(f"2026-07-06 09:{minute:02}")
        assert not perform(asked)

    assert (work(asked).state, work(asked).attempts) == ("pending", 0)


def test_work_nobody_knows_how_to_do_fails_and_is_kept(database):
    asked = ask("unheard_of")

    assert not perform(asked)

    assert (work(asked).state, work(asked).problem) == ("pending", "KeyError: 'unheard_of'")


def test_finishing_or_putting_off_what_is_not_being_done_changes_nothing(database):
    asked = ask()
    never_taken = outbox.Job(asked, "note", 7, "made up")

    outbox.finish(never_taken, actor=SYSTEM)
    outbox.put_off(never_taken, LookupError("late"), actor=SYSTEM)

    assert (work(asked).state, work(asked).attempts) == ("pending", 0)


def test_of_several_workers_one_takes_it(committed_db, monkeypatch):
    taken, start = [], Barrier(3)
    asked = [ask(reference=n) for n in range(5)]

    def take_all() -> None:
        with committed_db.app_context():
            start.wait()
            taken.extend(
                job.reference for job in (outbox.take(each, actor=SYSTEM) for each in asked) if job
            )

    threads = [Thread(target=take_all) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == [0, 1, 2, 3, 4]
