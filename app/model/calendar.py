"""The working-day calendar as data: special days and the last day they are known for."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code


class CalendarDay(Base):
    """A day that differs from the weekend rule: holiday, or makeup (a weekend worked)."""

    __tablename__ = "calendar_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[Code]
    source: Mapped[str]
    note: Mapped[str] = mapped_column(default="")


class CalendarYear(Base):
    """A year whose schedule is known; dates beyond the last covered year are provisional."""

    __tablename__ = "calendar_year"
    year: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
