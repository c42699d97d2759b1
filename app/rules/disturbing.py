"""When a mail may disturb somebody: on working days, outside the quiet hours, daily or at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from app.clock import LOCAL, UTC, local
from app.rules.telling import DAILY, NEVER
from app.rules.workdays import ONE_DAY, Calendar


@dataclass(frozen=True)
class Quiet:
    """The hours of a day in which nobody is disturbed; over midnight if they end earlier."""

    start: time
    end: time

    @classmethod
    def read(cls, start: str, end: str) -> Quiet:
        """From two times of day (`20:00`); the same time twice means no quiet hours."""
        return cls(read_time(start), read_time(end))

    def covers(self, at: time) -> bool:
        """Whether that is a time of quiet."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


def read_time(said: str) -> time:
    """A time of day as `08:30`; raises ValueError."""
    return time.fromisoformat(said)


def mail_at(
    wish: str, now: datetime, *, daily_at: str, quiet: Quiet, days: Calendar
) -> datetime | None:
    """When news of this moment may go out by mail; None: never."""
    if wish == NEVER:
        return None
    if wish == DAILY:
        here, wanted = local(now), read_time(daily_at)
        at = quiet.end if quiet.covers(wanted) else wanted
        day = here.date() if here.time() <= at else here.date() + ONE_DAY
        return _on_workday(day, at, at, days)
    return next_moment(now, quiet, days)


def next_moment(now: datetime, quiet: Quiet, days: Calendar) -> datetime:
    """This moment, where somebody may be disturbed now; else the next one when they may."""
    here = local(now)
    return _on_workday(*_after_quiet(here.date(), here.time(), quiet), quiet.end, days)


def _after_quiet(day: date, at: time, quiet: Quiet) -> tuple[date, time]:
    """That moment, or the end of the quiet hours it falls in."""
    if not quiet.covers(at):
        return day, at
    over_midnight = quiet.start > quiet.end and at >= quiet.start
    return day + ONE_DAY if over_midnight else day, quiet.end


def _on_workday(day: date, at: time, morning: time, days: Calendar) -> datetime:
    """That moment if offices work then, else the next working day at `morning`."""
    first = days.first_workday(day)
    return datetime.combine(first, at if first == day else morning, tzinfo=LOCAL).astimezone(UTC)


def working_day(moment: datetime, days: Calendar) -> date:
    """The working day a moment belongs to; a weekend belongs to the Friday before it."""
    day = local(moment).date()
    while not days.is_workday(day):
        day -= ONE_DAY
    return day
