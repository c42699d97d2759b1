"""Durations and points in time as diagrams write them."""

from __future__ import annotations

import datetime as dt

import pytest

from app.engine import ExpressionError
from app.engine.language import moments

NOW = dt.datetime(2028, 1, 31, 16, tzinfo=dt.timezone.utc)
DURATIONS = {
    "P3D": dt.timedelta(days=3),
    "PT8H": dt.timedelta(hours=8),
    "PT90M": dt.timedelta(minutes=90),
    "P1DT12H30M": dt.timedelta(days=1, hours=12, minutes=30),
    "P2W": dt.timedelta(weeks=2),
    "PT1M": dt.timedelta(minutes=1),
    "P3660D": dt.timedelta(days=3660),
}
NOT_DURATIONS = [
    "P",
    "",
    "PT",
    "PT0M",
    "P0D",
    "P1M",
    "P1Y",
    "PT30S",
    "P1.5D",
    "P3661D",
    "P99999999Y",
    "P999999999M",
    "P9999999999999D",
    "-P1D",
    "P-1D",
    "p1d",
    "P1D ",
    "P1W2D",
    "P1DT",
    "P１D",
    "garbage",
    "R/PT1H",
]


@pytest.mark.parametrize(("text", "length"), DURATIONS.items())
@pytest.mark.parametrize("quote", ["", "'", '"', " "])
def test_a_duration_may_be_quoted_or_not(text, length, quote):
    written = f"{quote}{text}{quote}"
    moments.check("timeDuration", written)

    assert moments.due("timeDuration", written, {}, NOW) == NOW + length


@pytest.mark.parametrize("text", NOT_DURATIONS)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ExpressionError):
        moments.duration(text)


@pytest.mark.parametrize("text", ["'P1M'", "P1M", "'garbage'", "P", "PT", "", "P1.5D", "a b"])
def test_a_wrong_literal_is_noticed_before_a_case_meets_it(text):
    with pytest.raises(ExpressionError):
        moments.check("timeDuration", text)


INSTANTS = {
    "2028-03-01T08:00:00+08:00": dt.datetime(2028, 3, 1, tzinfo=dt.timezone.utc),
    "2028-03-01T00:00:00Z": dt.datetime(2028, 3, 1, tzinfo=dt.timezone.utc),
    "2028-03-01": dt.datetime(2028, 2, 29, 16, tzinfo=dt.timezone.utc),
}


@pytest.mark.parametrize(("text", "instant"), INSTANTS.items())
def test_a_date_begins_where_the_office_is(text, instant):
    moments.check("timeDate", f"'{text}'")

    assert moments.due("timeDate", text, {}, NOW) == instant
    assert moments.due("timeDate", f'"{text}"', {}, NOW) == instant


@pytest.mark.parametrize(
    "text", ["2028-03-01T08:00:00", "2028-02-30", "2028-13-01T00:00Z", "0001-01-01T00:00+23:59"]
)
def test_an_instant_without_a_zone_or_off_the_calendar_is_refused(text):
    with pytest.raises(ExpressionError):
        moments.check("timeDate", text)


def test_a_fact_may_say_how_long_or_when():
    moments.check("timeDuration", "long if urgent else short")
    facts = {"urgent": False, "long": "P1D", "short": "PT1H", "day": dt.date(2028, 3, 1)}

    assert moments.due("timeDuration", "long if urgent else short", facts, NOW) == NOW + (
        dt.timedelta(hours=1)
    )
    assert moments.due("timeDate", "day", facts, NOW).day == 29


@pytest.mark.parametrize(("kind", "value"), [("timeDuration", 5), ("timeDate", 5)])
def test_a_fact_that_is_no_time_is_refused(kind, value):
    with pytest.raises(ExpressionError):
        moments.due(kind, "fact", {"fact": value}, NOW)
