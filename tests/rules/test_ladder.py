"""The escalation ladder: its moments, each once and in order, also after a standstill."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import UTC, local
from app.rules.deadlines import DeadlineRule, due
from app.rules.ladder import Ladder, Planned, Step, problems, ready, timers
from app.rules.profiles import load
from app.rules.workdays import statutory_calendar

CALENDAR = statutory_calendar()
STANDARD = load("tanghe").ladder("standard")
OPENED = datetime(2026, 8, 3, 2, tzinfo=UTC)
ITEM = due(DeadlineRule.parse("30wd"), OPENED, CALENDAR)
MOMENTS = st.integers(0, 700 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def planned(due_at=ITEM.due_at, opened_at=OPENED, fired=(), ladder=STANDARD):
    return timers(ladder, due_at=due_at, opened_at=opened_at, calendar=CALENDAR, fired=fired)


def test_the_rungs_of_an_item_due_on_14_september():
    assert [(each.step, each.kind, local(each.fire_at).isoformat()[:16]) for each in planned()] == [
        (1, "remind", "2026-09-09T09:00"),
        (2, "remind", "2026-09-11T09:00"),
        (3, "due", "2026-09-14T23:59"),
        (4, "urge", "2026-09-15T09:00"),
        (5, "urge", "2026-09-17T09:00"),
        (6, "bulletin", "2026-09-20T09:00"),  # a Sunday worked in exchange
        (7, "escalate", "2026-09-28T09:00"),  # past the Mid-autumn Festival
    ]


def test_the_due_rung_is_the_very_moment():
    assert next(each for each in planned() if each.kind == "due").fire_at == ITEM.due_at


def test_a_reminder_before_the_opening_is_left_out():
    soon = due(DeadlineRule.parse("2wd"), OPENED, CALENDAR)

    assert [each.step for each in planned(soon.due_at)][:2] == [2, 3]


def test_an_extension_sets_anew_only_what_has_not_fired():
    later = due(DeadlineRule.parse("40wd"), OPENED, CALENDAR)

    again = planned(later.due_at, fired={1, 2, 3})

    assert [each.step for each in again] == [4, 5, 6, 7]
    assert again[0].fire_at > later.due_at


def test_after_a_week_down_every_missed_rung_happens_once_in_order():
    waiting = list(reversed(planned()))
    back_up = datetime(2026, 9, 20, 2, tzinfo=UTC)

    missed = ready(waiting, back_up)

    assert [each.step for each in missed] == [1, 2, 3, 4, 5, 6]
    assert ready((each for each in waiting if each not in missed), back_up) == ()


def test_nothing_is_ready_before_its_moment():
    first = planned()[0]

    assert ready(planned(), first.fire_at - timedelta(seconds=1)) == ()
    assert ready(planned(), first.fire_at) == (first,)


def test_rungs_of_the_same_moment_go_up_the_ladder():
    moment = ITEM.due_at
    together = [Planned(6, "bulletin", moment), Planned(5, "urge", moment)]

    assert [each.step for each in ready(together, moment)] == [5, 6]


@given(MOMENTS, st.integers(1, 60))
def test_rungs_never_fire_out_of_order_nor_before_the_opening(opened, count):
    found = planned(due(DeadlineRule.parse(f"{count}wd"), opened, CALENDAR).due_at, opened)

    assert [each.step for each in found] == sorted(each.step for each in found)
    assert all(one.fire_at < next_.fire_at for one, next_ in pairwise(found))
    assert all(each.fire_at > opened for each in found)


@given(MOMENTS, st.lists(st.integers(0, 60), min_size=1, max_size=6))
def test_however_often_the_system_wakes_each_rung_happens_once_in_order(opened, pauses):
    waiting = planned(due(DeadlineRule.parse("5wd"), opened, CALENDAR).due_at, opened)
    happened, now = [], opened
    for pause in pauses:
        now += timedelta(days=pause)
        happened += ready((each for each in waiting if each not in happened), now)

    assert happened == [each for each in waiting if each.fire_at <= now]


@pytest.mark.parametrize("key", ["tanghe", "tongxu"])
def test_the_ladders_of_the_profiles_are_in_order(key):
    assert all(problems(ladder.steps) == [] for ladder in load(key).ladders.values())


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ([], "exactly one step is of the kind due, on day 0"),
        ([Step(1, "due", 1)], "exactly one step is of the kind due, on day 0"),
        ([Step(1, "due", 0), Step(1, "urge", 1)], "the numbers of the steps must rise"),
        ([Step(1, "due", 0), Step(2, "shout", 1)], "unknown kind 'shout'"),
        ([Step(1, "due", 0), Step(2, "remind", 1)], "step 2: a reminder comes before the due day"),
        ([Step(1, "urge", 0), Step(2, "due", 0)], "step 1: urge comes after the due day"),
        (
            [Step(1, "due", 0), Step(2, "urge", 3), Step(3, "escalate", 2)],
            "the working days of the steps must not fall",
        ),
    ],
)
def test_a_ladder_that_cannot_be_climbed_is_named(steps, problem):
    assert problem in problems(steps)


def test_a_ladder_keeps_its_own_time_of_day():
    afternoon = Ladder("x", time(14, 30), (Step(1, "due", 0), Step(2, "urge", 1)))

    urge = planned(ladder=afternoon)[1]

    assert local(urge.fire_at).date() == date(2026, 9, 15)
    assert local(urge.fire_at).time() == time(14, 30)
