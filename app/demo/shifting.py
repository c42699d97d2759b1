"""Move the days of the dataset so that the county is as of today, working day by working day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.rules import periods
from app.rules.periods import Period
from app.rules.workdays import Calendar

AS_OF: Final = date(2026, 11, 18)
HALF_EVALUATED: Final = date(2026, 7, 6)


@dataclass(frozen=True)
class Shift:
    """`n` working days before (after) the dataset's day become `n` before (after) today."""

    today: date
    calendar: Calendar | None

    @classmethod
    def none(cls) -> Shift:
        """Every day stays what it is."""
        return cls(AS_OF, None)

    def day(self, day: date) -> date:
        """Where a day of the dataset lies now."""
        if self.calendar is None:
            return day
        away = self.calendar.workdays_between(day, AS_OF)
        return self.calendar.add_workdays(self.today, -away)

    def period(self, code: str) -> Period:
        """The period a round of the dataset is about now: always over when it is evaluated."""
        period = periods.parse(code)
        if self.calendar is None:
            return period
        half = self._half_year()
        if period.kind == "half_year":
            return half
        if period.kind == "annual":
            return Period(half.year - AS_OF.year + period.year, 1, "annual")
        return self._quarter()

    def _half_year(self) -> Period:
        """The half-year that was over last when the dataset's was evaluated."""
        day = self.day(HALF_EVALUATED)
        if day.month > 6:
            return Period(day.year, 1, "half_year")
        return Period(day.year - 1, 2, "half_year")

    def _quarter(self) -> Period:
        """The quarter that was over last today."""
        n = (self.today.month - 1) // 3
        if n:
            return Period(self.today.year, n, "quarter")
        return Period(self.today.year - 1, 4, "quarter")
