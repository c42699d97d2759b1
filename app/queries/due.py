"""A due date as people read it: the day, what is left, the light, and why it is that day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app import clock
from app.advance import calendar
from app.i18n import Text
from app.rules import lights
from app.rules.deadlines import Remaining, remaining
from app.rules.lights import Light
from app.rules.profiles import Profile
from app.rules.workdays import Calendar


@dataclass(frozen=True)
class DueLine:
    """`day` may be None (nothing is due); `provisional` says the calendar may still change it."""

    day: date | None
    first_day: date | None
    left: Text | None
    light: Light
    why: Text | None
    provisional: bool

    @property
    def moved(self) -> bool:
        """Whether the date was extended or recomputed since it was first set."""
        return self.first_day is not None and self.day != self.first_day


class DueLines:
    """Makes due lines at one moment, reading clock and calendar once."""

    def __init__(self) -> None:
        """Read the present moment and the calendar."""
        self.now: datetime = clock.now()
        self.calendar: Calendar = calendar()

    def line(
        self,
        profile: Profile,
        *,
        due_at: datetime | None,
        first_day: date | None = None,
        rule: Mapping[str, Any] | None = None,
        provisional: bool = False,
        suspended: bool = False,
        behind: bool = False,
        finished_at: datetime | None = None,
    ) -> DueLine:
        """The line for one assignment or case under its county's table of lights."""
        left = self.left(due_at) if finished_at is None else None
        light = (
            lights.closed_light(due_at, finished_at)
            if finished_at is not None
            else lights.light(
                profile.lights.table, lights.Situation(left, suspended=suspended, behind=behind)
            )
        )
        why = Text.from_json(rule["explanation"]) if rule and "explanation" in rule else None
        return DueLine(
            day=clock.local_day(due_at) if due_at else None,
            first_day=first_day,
            left=left.text if left and not suspended else None,
            light=light,
            why=why,
            provisional=provisional,
        )

    def left(self, due_at: datetime | None) -> Remaining | None:
        """The working days left or lost."""
        return remaining(due_at, self.now, self.calendar) if due_at else None
