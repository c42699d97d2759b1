"""When a mail may go out: never at night, never on a day of rest, and never earlier than asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import LOCAL, local
from app.rules.disturbing import Quiet, mail_at, working_day
from app.rules.workdays import Calendar

DAYS = Calendar.of(
    [
        (date(2026, 10, 1), "holiday"),
        (date(2026, 10, 2), "holiday"),
        (date(2026, 10, 10), "makeup"),
    ],
    coverage_until=date(2026, 12, 31),
)
NIGHT = Quiet.read("20:00", "08:00")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("wish", "now", "expected"),
    [
        ("now", "2026-08-05 10:00", "2026-08-05 10:00"),
        ("now", "2026-08-05 20:00", "2026-08-06 08:00"),
        ("now", "2026-08-05 03:00", "2026-08-05 08:00"),
        ("now", "2026-08-07 21:00", "2026-08-10 08:00"),
        ("now", "2026-08-08 12:00", "2026-08-10 08:00"),
        ("now", "2026-09-30 22:00", "2026-10-05 08:00"),
        ("now", "2026-10-10 10:00", "2026-10-10 10:00"),
        ("daily", "2026-08-05 07:00", "2026-08-05 08:30"),
        ("daily", "2026-08-05 08:31", "2026-08-06 08:30"),
        ("daily", "2026-08-07 09:00", "2026-08-10 08:30"),
        ("never", "2026-08-05 10:00", None),
    ],
)
def test_the_moment(wish, now, expected):
    found = mail_at(wish, at(now), daily_at="08:30", quiet=NIGHT, days=DAYS)
    assert found == (at(expected) if expected else None)


def test_a_daily_mail_asked_for_at_night_comes_in_the_morning():
    found = mail_at("daily", at("2026-08-05 10:00"), daily_at="23:00", quiet=NIGHT, days=DAYS)
    assert found == at("2026-08-06 08:00")


def test_without_quiet_hours_only_days_of_rest_are_left_out():
    none = Quiet.read("00:00", "00:00")
    found = mail_at("now", at("2026-08-05 03:00"), daily_at="08:30", quiet=none, days=DAYS)
    assert found == at("2026-08-05 03:00")
    assert mail_at("now", at("2026-08-08 03:00"), daily_at="08:30", quiet=none, days=DAYS) == at(
        "2026-08-10 00:00"
    )


TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0))
MOMENTS = st.integers(0, 60 * 24 * 60).map(lambda n: at("2026-09-01") + timedelta(minutes=n))


@given(MOMENTS, st.sampled_from(["now", "daily"]), TIMES, TIMES, TIMES)
def test_nobody_is_disturbed_and_nothing_comes_too_early_or_weeks_late(
    now, wish, start, end, daily
):
    quiet = Quiet(start, end)
    found = mail_at(wish, now, daily_at=f"{daily:%H:%M}", quiet=quiet, days=DAYS)

    assert found is not None
    assert now <= found < now + timedelta(days=7)
    here = local(found)
    assert DAYS.is_workday(here.date())
    assert not quiet.covers(here.time())


def test_a_weekend_belongs_to_the_working_day_before_it():
    assert working_day(at("2026-08-09 23:00"), DAYS) == date(2026, 8, 7)
    assert working_day(at("2026-08-10 00:00"), DAYS) == date(2026, 8, 10)
