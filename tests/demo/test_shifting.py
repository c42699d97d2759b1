"""Days of the dataset become days around today, working day by working day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.demo.shifting import AS_OF, Shift
from app.rules.workdays import statutory_calendar

CALENDAR = statutory_calendar()
TODAYS = st.dates(date(2026, 2, 1), date(2032, 12, 31))
DAYS = st.dates(date(2026, 1, 5), date(2026, 12, 31))


def test_the_story_plays_on_the_very_days():
    assert Shift.none().day(date(2026, 7, 10)) == date(2026, 7, 10)
    assert Shift.none().period("2026H1").code == "2026H1"


@given(TODAYS, DAYS)
def test_as_many_working_days_lie_between_a_day_and_today(today, day):
    assume(CALENDAR.is_workday(today))
    moved = Shift(today, CALENDAR).day(day)

    assert CALENDAR.workdays_between(moved, today) == CALENDAR.workdays_between(day, AS_OF)


def test_the_working_day_before_a_sunday_is_its_friday():
    shift = Shift(date(2026, 11, 22), CALENDAR)

    assert shift.day(date(2026, 11, 17)) == date(2026, 11, 20)
    assert shift.day(date(2026, 11, 19)) == date(2026, 11, 23)


@given(TODAYS, DAYS, st.integers(0, 60))
def test_what_came_later_still_comes_later(today, day, later):
    shift = Shift(today, CALENDAR)

    assert shift.day(day) <= shift.day(day + timedelta(days=later))


@given(TODAYS)
def test_every_round_is_over_when_it_is_evaluated(today):
    shift = Shift(today, CALENDAR)

    assert shift.period("2026H1").end < shift.day(date(2026, 7, 6))
    assert shift.period("2025A").end < shift.day(date(2026, 2, 10))
    assert shift.period("2026Q3").end < today
    assert shift.period("2025A").year == shift.period("2026H1").year - 1


@pytest.mark.parametrize(
    ("today", "half", "year", "quarter"),
    [
        ("2026-11-18", "2026H1", "2025A", "2026Q3"),
        ("2027-05-31", "2026H2", "2025A", "2027Q1"),
        ("2028-02-15", "2027H1", "2026A", "2027Q4"),
    ],
)
def test_the_rounds_follow_the_year(today, half, year, quarter):
    shift = Shift(date.fromisoformat(today), CALENDAR)

    assert [shift.period(code).code for code in ("2026H1", "2025A", "2026Q3")] == [
        half,
        year,
        quarter,
    ]
