"""Dates that move: decided days, standstills, and calendars that grow (domain row 15, 16, §4)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.clock import LOCAL, UTC
from app.rules import standstill
from app.rules.deadlines import DeadlineRule, due, fixed, lost_days
from app.rules.workdays import Calendar

HOLIDAYS = [(date(2026, 10, day), "holiday") for day in range(1, 8)]
COVERED = date(2026, 12, 31)
CALENDAR = Calendar.of([*HOLIDAYS, (date(2026, 10, 10), "makeup")], coverage_until=COVERED)
BLANK = Calendar.of([], coverage_until=COVERED)
END = time(23, 59, 59)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL).astimezone(UTC)


def chosen(day: str, since: str = "2026-09-01 09:00") -> dict:
    return dict(standstill.decided(date.fromisoformat(day), at=at(since), end_of_day=END).rule)


def test_a_decided_day_stays_without_a_standstill_even_on_a_holiday():
    found = standstill.again(chosen("2026-10-02"), CALENDAR, ())

    assert (found.day, found.provisional) == (date(2026, 10, 2), False)


def test_a_decided_day_moves_by_the_working_days_lost_before_it():
    lost = (at("2026-09-07 10:00"), at("2026-09-14 10:00"))

    found = standstill.again(chosen("2026-09-18"), CALENDAR, [lost])

    assert found.day == date(2026, 9, 25)
    assert found.rule["decided"] == "2026-09-18"


def test_a_standstill_over_the_due_day_leaves_that_day_to_work_in():
    lost = (at("2026-09-18 10:00"), at("2026-09-22 15:00"))

    assert standstill.again(chosen("2026-09-18"), CALENDAR, [lost]).day == date(2026, 9, 22)


def test_a_standstill_before_the_decision_or_after_the_day_changes_nothing():
    before = (at("2026-08-03 10:00"), at("2026-08-17 10:00"))
    after = (at("2026-09-21 10:00"), at("2026-09-28 10:00"))

    found = standstill.again(chosen("2026-09-18"), CALENDAR, [before, after])

    assert found.day == date(2026, 9, 18)


def test_a_standstill_that_began_before_the_decision_counts_from_the_decision_on():
    lost = (at("2026-08-03 10:00"), at("2026-09-03 10:00"))

    found = standstill.again(chosen("2026-09-18"), CALENDAR, [lost])

    assert found.day == date(2026, 9, 21)


def test_a_day_pushed_beyond_the_calendar_is_provisional():
    lost = (at("2026-12-28 10:00"), at("2027-01-04 10:00"))

    found = standstill.again(chosen("2026-12-31"), CALENDAR, [lost])

    assert (found.day, found.provisional) == (date(2027, 1, 7), True)


def test_a_bare_day_from_before_decisions_were_dated_is_pushed_on_too():
    bare = dict(fixed(date(2026, 9, 18)).rule)
    lost = (at("2026-09-07 10:00"), at("2026-09-09 10:00"))

    found = standstill.again(bare, CALENDAR, [lost])

    assert found.day == date(2026, 9, 22)
    assert standstill.again(found.rule, CALENDAR, [lost]).day == found.day


def test_what_the_rule_holds_besides_is_kept():
    counted = dict(due(DeadlineRule.parse("5wd"), at("2026-09-28 09:00"), BLANK).rule)

    found = standstill.again({**counted, "matter": True}, CALENDAR, ())

    assert found.rule["matter"] is True
    assert found.day == date(2026, 10, 10)
    assert standstill.again({**chosen("2026-09-18"), "matter": True}, CALENDAR, ()).rule["matter"]


MOMENTS = st.integers(0, 90 * 24).map(lambda hours: at("2026-08-24 00:00") + timedelta(hours=hours))


@st.composite
def apart(draw):
    """Standstills one after the other."""
    moments = sorted(draw(st.lists(MOMENTS, max_size=8, unique=True)))
    return list(zip(moments[::2], moments[1::2], strict=False))


@given(day=st.dates(date(2026, 9, 1), date(2026, 12, 1)), spans=apart())
def test_each_further_standstill_only_pushes_a_day_on(day, spans):
    rule = chosen(day.isoformat(), "2026-08-24 00:00")
    found = [standstill.again(rule, CALENDAR, spans[:n]).day for n in range(len(spans) + 1)]

    assert found == sorted(found)
    assert found[0] == day


@given(day=st.dates(date(2026, 9, 1), date(2026, 12, 1)), spans=apart())
def test_the_working_days_there_were_are_the_working_days_there_are(day, spans):
    start = date(2026, 8, 24)
    lost = lost_days(spans)
    found = standstill.again(chosen(day.isoformat(), "2026-08-24 00:00"), CALENDAR, spans).day

    kept = [
        each
        for each in (start + timedelta(days=n) for n in range((found - start).days + 1))
        if each > start and CALENDAR.is_workday(each) and each not in lost
    ]
    if CALENDAR.is_workday(day):
        assert len(kept) == CALENDAR.workdays_between(start, day)


@given(
    day=st.dates(date(2026, 9, 1), date(2026, 12, 1)),
    spans=apart(),
    length=st.sampled_from(["5wd", "30wd", "15d", "1m"]),
)
def test_a_counted_date_never_comes_earlier_by_a_standstill(day, spans, length):
    rule = due(DeadlineRule.parse(length), at(f"{day} 09:00"), CALENDAR).rule
    found = [standstill.again(rule, CALENDAR, spans[:n]).due_at for n in range(len(spans) + 1)]

    assert found == sorted(found)
