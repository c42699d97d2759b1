"""Due dates over time: a day decided by hand, clocks that stood still, a calendar that grew."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from app.clock import UTC, local
from app.rules.deadlines import Due, Suspension, fixed, lost_days, recompute
from app.rules.workdays import ONE_DAY, Calendar


def decided(day: date, *, at: datetime, end_of_day: time) -> Due:
    """A day somebody chose at that moment; only standstills after it push the day on."""
    found = fixed(day, end_of_day=end_of_day)
    return replace(
        found,
        rule={**found.rule, "decided": day.isoformat(), "since": at.astimezone(UTC).isoformat()},
    )


def again(stored: Mapping[str, Any], calendar: Calendar, standstills: Sequence[Suspension]) -> Due:
    """Find a due date again from its stored rule, today's calendar and every standstill so far.

    A counted date is counted anew; a decided day moves on by the working days that were lost
    between the decision and the day. What the rule holds besides is kept.
    """
    if stored["kind"] == "counted":
        counted = recompute(stored, calendar, standstills)
        return replace(counted, rule={**stored, **counted.rule})
    decided_day = stored.get("decided", stored["day"])
    lost = _lost_after(stored.get("since"), standstills)
    day = _pushed_on(date.fromisoformat(decided_day), lost, calendar)
    found = fixed(day, end_of_day=time.fromisoformat(stored["end_of_day"]))
    return replace(
        found,
        provisional=bool(lost) and calendar.provisional(day),
        rule={**stored, "decided": decided_day, "day": day.isoformat()},
    )


def spans_of(stored: Sequence[Sequence[str]]) -> tuple[Suspension, ...]:
    """Standstills as a case keeps them (pairs of UTC texts), as moments."""
    return tuple((datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in stored)


def _lost_after(since: str | None, spans: Sequence[Suspension]) -> frozenset[date]:
    """The days lost after the day of the decision, which itself is never counted."""
    lost = lost_days(spans)
    if since is None:
        return lost
    first = local(datetime.fromisoformat(since)).date()
    return frozenset(day for day in lost if day > first)


def _pushed_on(day: date, lost: Collection[date], calendar: Calendar) -> date:
    """The day after as many more working days as were lost up to it; itself when none was."""
    if day not in lost and not any(each < day for each in lost):
        return day
    owed = sum(each <= day and calendar.is_workday(each) for each in lost)
    while owed or day in lost or not calendar.is_workday(day):
        day += ONE_DAY
        if owed and calendar.is_workday(day) and day not in lost:
            owed -= 1
    return day
