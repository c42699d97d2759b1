"""The working-day calendar for reading: special days of a year, and how far it is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.db import session
from app.model import Assignment, CalendarDay, CalendarYear


@dataclass(frozen=True)
class CalendarPage:
    """A year's special days (day, kind, note, source), the years known, provisional dates open."""

    year: int
    years: tuple[int, ...]
    days: tuple[CalendarDay, ...]
    provisional: int


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
