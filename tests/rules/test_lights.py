"""Lights: the ordered table of domain.md 2.3, total, and never milder as time runs out."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import UTC
from app.rules.deadlines import Remaining, remaining
from app.rules.lights import (
    CODES,
    DEFAULT_TABLE,
    Course,
    LightRule,
    Situation,
    behind_from,
    behind_schedule,
    closed_light,
    light,
    problems,
    showing,
    turns,
)
from app.rules.profiles import load
from app.rules.workdays import statutory_calendar

CALENDAR = statutory_calendar()
AUGUST = datetime(2026, 8, 3, 2, tzinfo=UTC)
REMAINING = st.one_of(
    st.none(), st.builds(Remaining, workdays=st.integers(0, 300), overdue=st.booleans())
)


def left(workdays, *, overdue=False):
    return Remaining(workdays, overdue=overdue)


@pytest.mark.parametrize(
    ("situation", "code", "reason"),
    [
        (Situation(left(9, overdue=True), suspended=True), "grey", "The clock is stopped."),
        (Situation(None, suspended=True), "grey", "The clock is stopped."),
        (Situation(left(0, overdue=True)), "red", "The due date has passed."),
        (Situation(left(30, overdue=True)), "red", "The due date has passed."),
        (Situation(left(0)), "yellow", "Due within 2 working days."),
        (Situation(left(2)), "yellow", "Due within 2 working days."),
        (Situation(left(3), behind=True), "yellow", "Progress lags behind the time used."),
        (Situation(left(3)), "blue", "Due within 5 working days."),
        (Situation(left(5)), "blue", "Due within 5 working days."),
        (Situation(left(6)), "green", "There is time enough."),
        (Situation(left(60), behind=True), "yellow", "Progress lags behind the time used."),
        (Situation(None), "green", "Nothing is due."),
    ],
)
def test_the_table(situation, code, reason):
    found = light(DEFAULT_TABLE, situation)

    assert (found.code, str(found.reason)) == (code, reason)


def test_a_light_is_a_word_and_an_icon_too():
    found = [light((LightRule(code, "always"),), Situation(None)) for code in CODES]

    assert [str(each.word) for each in found] == [
        "Suspended",
        "Overdue",
        "Urgent",
        "Due soon",
        "On track",
    ]
    assert len({each.icon for each in found}) == len(CODES)


def test_overdue_comes_first_and_suspended_last_in_lists():
    found = [light((LightRule(code, "always"),), Situation(None)) for code in CODES]

    assert [each.code for each in sorted(found, key=lambda each: each.rank)] == [
        "red",
        "yellow",
        "blue",
        "green",
        "grey",
    ]


@pytest.mark.parametrize("key", ["tanghe", "tongxu"])
def test_the_profiles_carry_this_table(key):
    assert load(key).lights.table == DEFAULT_TABLE


@given(REMAINING, st.booleans(), st.booleans())
def test_every_situation_has_one_light(remaining, suspended, behind):
    assert light(DEFAULT_TABLE, Situation(remaining, suspended, behind)).code in CODES


@given(st.integers(0, 100), st.integers(0, 100), st.booleans())
def test_less_time_is_never_a_milder_light(one, other, behind):
    less, more = sorted((one, other))

    pressing = light(DEFAULT_TABLE, Situation(left(less), behind=behind))
    relaxed = light(DEFAULT_TABLE, Situation(left(more), behind=behind))

    assert pressing.rank <= relaxed.rank


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ((), "the last row must apply always"),
        ((LightRule("green", "within", 2),), "the last row must apply always"),
        ((LightRule("pink", "always"),), "unknown light 'pink'"),
        ((LightRule("red", "full moon"),), "unknown condition 'full moon'"),
        (
            (LightRule("blue", "always"), LightRule("green", "always")),
            "no row can apply after one that applies always",
        ),
        (
            (LightRule("blue", "within", 5), LightRule("red", "overdue"), DEFAULT_TABLE[-1]),
            "the rows must come in the order grey, red, yellow, blue, green",
        ),
    ],
)
def test_a_table_that_is_not_total_or_not_ordered_is_named(table, problem):
    assert problems(table) == [problem]


def test_the_default_table_is_in_order():
    assert problems(DEFAULT_TABLE) == []


@pytest.mark.parametrize(
    ("progress", "days", "behind"),
    [
        (None, 28, False),  # silence is the reminders' business
        (Decimal(0), 0, False),
        (Decimal(40), 28, False),  # 20 of 30 working days used: 66.7 %, lag 26.7
        (Decimal(36), 28, True),
        (Decimal(80), 60, False),  # after the end the whole time is used, not more
        (Decimal(60), 60, True),
    ],
)
def test_progress_is_measured_against_the_working_days_used(progress, days, behind):
    found = behind_schedule(
        progress,
        opened_at=AUGUST,
        due_at=datetime(2026, 9, 14, 15, 59, 59, tzinfo=UTC),
        now=AUGUST + timedelta(days=days),
        calendar=CALENDAR,
        lag=Decimal(30),
    )

    assert found is behind


@pytest.mark.parametrize(
    ("due_after", "code", "word"),
    [(-1, "red", "Finished late"), (0, "green", "Finished on time"), (1, "green", None)],
)
def test_finished_work_keeps_its_colour(due_after, code, word):
    found = closed_light(AUGUST + timedelta(days=due_after), AUGUST)

    assert found.code == code
    assert word in (None, str(found.word))


def test_work_without_a_due_date_is_never_late():
    assert str(closed_light(None, AUGUST).reason) == "Finished; nothing was due."


MOMENTS = st.builds(
    lambda after: datetime(2026, 1, 1, tzinfo=UTC) + after,
    st.timedeltas(timedelta(0), timedelta(days=540)),
)  # over the end of what the calendar is sure of
ROWS = st.lists(
    st.one_of(
        st.builds(LightRule, st.sampled_from(CODES), st.just("within"), st.integers(0, 12)),
        st.builds(
            LightRule, st.sampled_from(CODES), st.sampled_from(["suspended", "overdue", "behind"])
        ),
    ),
    max_size=6,
)
TABLES = st.one_of(
    st.just(DEFAULT_TABLE),
    st.builds(
        lambda rows, last: (
            *sorted(rows, key=lambda row: CODES.index(row.light)),
            LightRule(last, "always"),
        ),
        ROWS,
        st.just("green"),
    ),
)


@given(
    table=TABLES,
    opened=MOMENTS,
    lasts=st.one_of(st.none(), st.timedeltas(timedelta(0), timedelta(days=90))),
    later=st.timedeltas(timedelta(0), timedelta(days=120)),
    suspended=st.booleans(),
    progress=st.one_of(st.none(), st.integers(0, 100)),
    lag=st.decimals(0, 60, places=1),
)
def test_the_moments_kept_for_lists_give_the_light_the_table_gives(
    table, opened, lasts, later, suspended, progress, lag
):
    assert problems(table) == []
    due_at, now = (opened + lasts if lasts is not None else None), opened + later
    pace = {"opened_at": opened, "due_at": due_at, "calendar": CALENDAR, "lag": lag}
    behind = due_at is not None and behind_schedule(
        None if progress is None else Decimal(progress), now=now, **pace
    )
    left = remaining(due_at, now, CALENDAR) if due_at else None
    course = Course(
        due_at,
        suspended=suspended,
        behind_from=behind_from(progress, **pace) if due_at else None,
    )

    shown = showing(turns(table, course, CALENDAR), now)
    assert shown == light(table, Situation(left, suspended=suspended, behind=behind)).code


def test_a_light_turns_at_midnight_and_red_the_moment_after():
    due_at = datetime(2026, 8, 14, 15, 59, 59, tzinfo=UTC)  # a Friday, one second before midnight
    turned = turns(DEFAULT_TABLE, Course(due_at), CALENDAR)
    midnight = datetime(2026, 8, 11, 16, tzinfo=UTC)  # Wednesday begins: two working days left

    assert turned["yellow"] == midnight
    assert showing(turned, midnight - timedelta(microseconds=1)) == "blue"
    assert showing(turned, midnight) == "yellow"
    assert showing(turned, due_at) == "yellow"
    assert showing(turned, due_at + timedelta(microseconds=1)) == "red"
