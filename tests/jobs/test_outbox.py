"""Work that acts ask for is done, done once where it can be, and tried again when it failed."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from app import clock
from app.actor import SYSTEM
from app.commands import outbox
from app.jobs import handlers
from app.jobs.performing import perform
from tests import stories
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
    assert outbox.take(asked, actor=SYSTEM) == outbox.Job(asked, "note", 7)
    stories.set_clock("2026-07-06 09:01")
    assert (offered(), outbox.take(asked, actor=SYSTEM)) == ([], None)

    stories.set_clock("2026-07-06 09:03")

    assert offered() == [asked]
    assert outbox.take(asked, actor=SYSTEM) is not None


def test_work_is_done_once_however_often_it_is_offered(database, done):
    asked = ask()

    assert [perform(asked), perform(asked)] == [True, False]
    assert (done, work(asked).state, work(asked).problem) == ([7], "done", None)
    assert not outbox.waiting()


def test_failed_work_waits_longer_each_time_and_says_why(database, broken, caplog):
    stories.set_clock("2026-07-06 09:00")
    asked = ask("broken")
    pauses = []
    for attempt in range(1, outbox.MOST_ATTEMPTS + 1):
        assert not perform(asked)
        assert work(asked).attempts == attempt
        pauses.append(round((work(asked).not_before - clock.now()).total_seconds(), -1))

    assert pauses == [10, 20, 40, 80, 160]
    assert (work(asked).state, work(asked).problem) == ("failed", "LookupError: nothing named 7")
    assert "Work has failed for good." in caplog.messages
    stories.set_clock("2026-07-07 09:00")
    assert not perform(asked)
    assert work(asked).attempts == outbox.MOST_ATTEMPTS


def test_work_nobody_knows_how_to_do_fails_and_is_kept(database):
    asked = ask("unheard_of")

    assert not perform(asked)

    assert (work(asked).state, work(asked).problem) == ("pending", "KeyError: 'unheard_of'")


def test_finishing_or_putting_off_what_is_not_being_done_changes_nothing(database):
    asked = ask()

    outbox.finish(asked, actor=SYSTEM)
    outbox.put_off(asked, "late", actor=SYSTEM)

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
