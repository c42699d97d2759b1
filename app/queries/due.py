"""A due date as people read it: the day, what is left, the light, and why it is that day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from app import clock
from app.advance.reference import calendar, calendar_at
from app.i18n import Text
from app.rules import lights
from app.rules.deadlines import Remaining, remaining
from app.rules.explaining import explained
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


@dataclass(frozen=True)
class Pace:
    """The last percentage reported, and when the clock of the matter started."""

    percent: int
    since: datetime


class DueLines:
    """Makes due lines at one moment; clock and calendar are read once, when a date is there."""

    def __init__(self, now: datetime | None = None, head: str | None = None) -> None:
        """`now`: the moment, `head`: where the calendar's journal ends, if they were read along."""
        self._now = now
        self._head = head

    @cached_property
    def now(self) -> datetime:
        """The moment the lines are made at."""
        return self._now or clock.now()

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar as it stands."""
        return calendar() if self._head is None else calendar_at(self._head)

    def line(
        self,
        profile: Profile,
        *,
        due_at: datetime | None,
        first_day: date | None = None,
        rule: Mapping[str, Any] | None = None,
        provisional: bool = False,
        suspended: bool = False,
        pace: Pace | None = None,
        finished_at: datetime | None = None,
    ) -> DueLine:
        """The line for one assignment or case under its county's table of lights.

        `pace` says whether the work lags the time used up (序时进度).
        """
        left = self.left(due_at) if finished_at is None else None
        if finished_at is not None:
            light = lights.closed_light(due_at, finished_at)
        else:
            behind = self._behind(profile, pace, due_at)
            situation = lights.Situation(left, suspended=suspended, behind=behind)
            light = lights.light(profile.lights.table, situation)
        return DueLine(
            day=clock.local_day(due_at) if due_at else None,
            first_day=first_day,
            left=left.text if left and not suspended else None,
            light=light,
            why=explained(rule, self.calendar, due_at) if rule and due_at else None,
            provisional=provisional,
        )

    def _behind(self, profile: Profile, pace: Pace | None, due_at: datetime | None) -> bool:
        if pace is None or due_at is None:
            return False
        return lights.behind_schedule(
            Decimal(pace.percent),
            opened_at=pace.since,
            due_at=due_at,
            now=self.now,
            calendar=self.calendar,
            lag=profile.lights.schedule_lag,
        )

    def left(self, due_at: datetime | None) -> Remaining | None:
        """The working days left or lost."""
        return remaining(due_at, self.now, self.calendar) if due_at else None


def pace(case: Any) -> Pace | None:
    """How far this item (or a row with its progress) was reported to be, if anything was."""
    if case.progress is None or case.issued_at is None:
        return None
    return Pace(case.progress, case.issued_at)
