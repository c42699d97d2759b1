"""Counting working days: weekends, statutory holidays and the weekends worked in exchange."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from chinese_calendar.constants import Holiday, holidays, workdays

Kind = Literal["workday", "holiday", "makeup"]
SATURDAY: Final = 5
ONE_DAY: Final = timedelta(days=1)


class SpecialDay(NamedTuple):
    """A day on which the weekend rule does not hold, and the festival it belongs to."""

    day: date
    kind: Kind
    note: str


@dataclass(frozen=True)
class Calendar:
    """The working days of a county: the weekend rule, corrected by the days known to differ."""

    working: frozenset[date]
    resting: frozenset[date]
    coverage_until: date

    @classmethod
    def of(cls, days: Iterable[tuple[date, str]], *, coverage_until: date) -> Calendar:
        """Build it from special days `(day, kind)`; after `coverage_until` nothing is certain."""
        special = dict(days)
        unknown = set(special.values()) - {"workday", "makeup", "holiday"}
        if unknown:
            raise ValueError(f"Unknown kinds of calendar day: {sorted(unknown)}")

        resting = frozenset(day for day, kind in special.items() if kind == "holiday")
        return cls(frozenset(special) - resting, resting, coverage_until)

    def is_workday(self, day: date) -> bool:
        """Whether offices work on that day."""
        if day in self.working:
            return True
        return day.weekday() < SATURDAY and day not in self.resting

    def provisional(self, day: date) -> bool:
        """Whether the schedule of that day is not published yet, so that it rests on a guess."""
        return day > self.coverage_until

    def first_workday(self, day: date) -> date:
        """The day itself if it is a working day, otherwise the next one."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def add_workdays(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it when negative); 0 is `day` itself."""
        step = ONE_DAY if count > 0 else -ONE_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`.

        Negative when `end` lies before `start`, so that it always undoes `add_workdays`.
        """
        step = ONE_DAY if end > start else -ONE_DAY
        count, day = 0, start
        while day != end:
            day += step
            count += self.is_workday(day)
        return count if end > start else -count


def statutory_days() -> tuple[SpecialDay, ...]:
    """The State Council's schedules from 2004 on, as far as the installed package knows them."""
    rest = [SpecialDay(day, "holiday", _festival(name)) for day, name in holidays.items()]
    work = [SpecialDay(day, "makeup", _festival(name)) for day, name in workdays.items()]
    return tuple(sorted(rest + work))


def statutory_coverage() -> date:
    """The last day those schedules speak about."""
    return date(max(day.year for day in holidays), 12, 31)


def statutory_calendar() -> Calendar:
    """The calendar a new county starts with."""
    days = ((special.day, special.kind) for special in statutory_days())
    return Calendar.of(days, coverage_until=statutory_coverage())


def _festival(name: str) -> str:
    return str(Holiday(name).chinese)
