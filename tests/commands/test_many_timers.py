"""Many timers at once: together where they may, one by one where one of them is broken."""

from __future__ import annotations

from sqlalchemy import select, update

from app import clock
from app.actor import SYSTEM
from app.commands import timers
from app.commands.clock import suspend
from app.commands.timers import fire_due
from app.db import session
from app.model import Timer
from app.queries import audit
from tests import stories, supervision
from tests.commands.test_timers import LADDER, failing_for, item, kinds, pending

__all__ = ["item"]


def test_a_turn_has_a_limit_that_only_one_case_oversteps(tanghe, item):
    stories.set_clock("2026-09-07 10:00")

    assert [fire_due(limit=2), fire_due(limit=2), fire_due(limit=2)] == [2, 5, 0]


def test_reminders_of_many_cases_fire_in_one_transaction(tanghe, item):
    others = [supervision.in_hand(tanghe, matter=f"事项{n}", co=[]) for n in range(3)]
    stories.set_clock("2026-08-12 10:00")

    assert timers.fire_plain(10, actor=SYSTEM) == 4
    assert [kinds(each) for each in (item, *others)] == [["remind"]] * 4
    assert not [each for each in audit.verify().breaks if each.stream.startswith("case:")]


def test_one_broken_reminder_does_not_undo_the_others(tanghe, item, monkeypatch, caplog):
    others = [supervision.in_hand(tanghe, matter=f"事项{n}", co=[]) for n in range(3)]
    monkeypatch.setitem(timers.ACTS, "remind", failing_for(others[1]))
    stories.set_clock("2026-08-12 10:00")

    assert fire_due() == 3

    assert [kinds(each) for each in (item, *others)] == [["remind"], ["remind"], [], ["remind"]]
    assert "One of several reminders is broken; now one by one." in caplog.messages


def test_timers_nobody_waits_for_any_more_are_cleared_away_when_they_come_due(tanghe, item):
    supervision.struck_off(tanghe, item)
    session().execute(
        update(Timer).where(Timer.case_id == item).values(state="pending", fired_at=None)
    )
    stories.set_clock("2026-08-18 10:00")

    assert fire_due() == 0

    rows = select(Timer.fire_at < clock.now(), Timer.state).where(Timer.case_id == item)
    assert set(session().execute(rows).all()) == {(True, "cancelled"), (False, "pending")}


def test_a_suspended_cases_timers_are_kept_for_later(tanghe, item):
    suspend(item, {"reason": "等待法院裁判结果"}, actor=tanghe.post("supervising_office"))
    stories.set_clock("2026-08-18 10:00")

    assert (fire_due(), timers.clear_away(actor=SYSTEM)) == (0, 0)

    assert len(pending(item)) == len(LADDER)
