"""The working-day calendar for reading: special days of a year, and how far it is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import func, select

from app.db import session
from app.model import Assignment, CalendarDay, CalendarYear


@dataclass(frozen=True)
class Span:
    """Days in a row that are special for the same reason."""

    first: date
    last: date
    kind: str
    note: str
    source: str


@dataclass(frozen=True)
class CalendarPage:
    """A year's special days, the years known, and how many open dates are provisional."""

    year: int
    years: tuple[int, ...]
    days: tuple[CalendarDay, ...]
    provisional: int

    @property
    def spans(self) -> tuple[Span, ...]:
        """The special days, those in a row for the same reason together."""
        numbered = enumerate(self.days)
        runs = (
            [day for _number, day in run]
            for _same, run in groupby(numbered, lambda one: _run(*one))
        )
        return tuple(
            Span(run[0].day, run[-1].day, run[0].kind, run[0].note, run[0].source) for run in runs
        )


def calendar_page(year: int) -> CalendarPage:
    """One year; the calendar is no secret, everybody who signs in may read it."""
    years = session().execute(select(CalendarYear.year).order_by(CalendarYear.year)).scalars()
    days = (
        session()
        .execute(
            select(CalendarDay)
            .where(CalendarDay.day >= date(year, 1, 1), CalendarDay.day <= date(year, 12, 31))
            .order_by(CalendarDay.day)
        )
        .scalars()
    )
    provisional = (
        session()
        .execute(
            select(func.count()).where(Assignment.state == "active", Assignment.due_provisional)
        )
        .scalar_one()
    )
    return CalendarPage(year, tuple(years), tuple(days), provisional)


def _run(number: int, day: CalendarDay) -> tuple[str, str, str, int]:
    """The same for days that follow each other and are special for the same reason."""
    return day.kind, day.note, day.source, day.day.toordinal() - number
