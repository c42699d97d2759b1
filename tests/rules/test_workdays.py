"""Working days: the Spring Festival of 2026, weekends worked in exchange, and their arithmetic."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.workdays import Calendar, statutory_calendar, statutory_coverage, statutory_days

CALENDAR = statutory_calendar()
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
COUNTS = st.integers(-120, 120)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 13), True),  # the Friday before the Spring Festival
        (date(2026, 2, 14), True),  # a Saturday worked in exchange
        (date(2026, 2, 16), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),  # a Saturday worked in exchange
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),  # the make-up Saturday after the National Day
        (date(2026, 10, 11), False),
        (date(2026, 11, 21), False),
        (date(2026, 11, 23), True),
    ],
)
def test_statutory_days_of_2026(day, works):
    assert CALENDAR.is_workday(day) is works


def test_2026_has_33_holidays_and_six_weekend_days_worked():
    of_2026 = [special for special in statutory_days() if special.day.year == 2026]

    assert sum(special.kind == "holiday" for special in of_2026) == 33
    assert [special.day for special in of_2026 if special.kind == "makeup"] == [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]
    assert {special.note for special in of_2026 if special.day.month == 2} == {"春节"}


def test_special_days_are_given_once_and_in_order():
    days = [special.day for special in statutory_days()]

    assert days == sorted(set(days))
    assert days[0].year == 2004


def test_counting_over_the_spring_festival():
    assert CALENDAR.add_workdays(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert CALENDAR.add_workdays(date(2026, 2, 13), 2) == date(2026, 2, 24)
    assert CALENDAR.workdays_between(date(2026, 2, 13), date(2026, 2, 24)) == 2
    assert CALENDAR.add_workdays(date(2026, 2, 24), -2) == date(2026, 2, 13)


def test_the_make_up_saturday_counts():
    assert CALENDAR.add_workdays(date(2026, 9, 30), 3) == date(2026, 10, 10)


def test_a_local_day_off_and_a_local_working_day_can_be_added():
    calendar = Calendar.of(
        [(date(2026, 11, 23), "holiday"), (date(2026, 11, 22), "workday")],
        coverage_until=date(2026, 12, 31),
    )

    assert calendar.add_workdays(date(2026, 11, 20), 1) == date(2026, 11, 22)
    assert calendar.add_workdays(date(2026, 11, 22), 1) == date(2026, 11, 24)


def test_the_later_word_about_a_day_holds():
    day = date(2026, 11, 23)
    calendar = Calendar.of([(day, "holiday"), (day, "workday")], coverage_until=day)

    assert calendar.is_workday(day)


def test_after_the_published_schedules_days_are_provisional_and_follow_the_weekend_rule():
    assert statutory_coverage() == date(2026, 12, 31)
    assert not CALENDAR.provisional(date(2026, 12, 31))
    assert CALENDAR.provisional(date(2027, 1, 1))
    assert CALENDAR.is_workday(date(2027, 1, 1))
    assert not CALENDAR.is_workday(date(2027, 1, 2))


def test_an_unknown_kind_of_day_is_a_mistake():
    with pytest.raises(ValueError, match="halfday"):
        Calendar.of([(date(2026, 1, 1), "halfday")], coverage_until=date(2026, 12, 31))


@given(DAYS, COUNTS)
def test_between_undoes_add(day, count):
    assert CALENDAR.workdays_between(day, CALENDAR.add_workdays(day, count)) == count


@given(DAYS, COUNTS)
def test_there_and_back_again_from_a_working_day(day, count):
    start = CALENDAR.first_workday(day)

    assert CALENDAR.add_workdays(CALENDAR.add_workdays(start, count), -count) == start


@given(DAYS, COUNTS, st.integers(1, 30))
def test_more_days_end_later(day, count, more):
    assert CALENDAR.add_workdays(day, count) < CALENDAR.add_workdays(day, count + more)


@given(DAYS, st.integers(0, 60), COUNTS)
def test_a_later_start_never_ends_earlier(day, later, count):
    first = CALENDAR.add_workdays(day, count or 1)
    second = CALENDAR.add_workdays(day + timedelta(days=later), count or 1)

    assert first <= second


@given(DAYS)
def test_the_first_workday_is_one_and_none_is_skipped(day):
    found = CALENDAR.first_workday(day)

    assert CALENDAR.is_workday(found)
    skipped = [day + timedelta(days=n) for n in range((found - day).days)]
    assert not any(CALENDAR.is_workday(between) for between in skipped)
