"""The escalation ladder: which moments before and after a due date something has to happen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final, Protocol, TypeVar

from app.clock import LOCAL, UTC, local
from app.rules.workdays import Calendar

KINDS: Final = ("remind", "due", "urge", "bulletin", "escalate")


@dataclass(frozen=True)
class Step:
    """One rung: what happens, and how many working days after (before: negative) the due day."""

    no: int
    kind: str
    workdays: int


@dataclass(frozen=True)
class Ladder:
    """The rungs in order, and the local time of day at which they happen."""

    name: str
    at: time
    steps: tuple[Step, ...]
    sample: bool = False


@dataclass(frozen=True)
class Planned:
    """A timer to be set: it fires once, at that moment."""

    step: int
    kind: str
    fire_at: datetime


class Timer(Protocol):
    """Anything with a moment and a place on the ladder, planned or stored."""

    @property
    def step(self) -> int:
        """The number of the rung."""

    @property
    def fire_at(self) -> datetime:
        """The moment it has to happen."""


AnyTimer = TypeVar("AnyTimer", bound=Timer)


def timers(
    ladder: Ladder,
    *,
    due_at: datetime,
    opened_at: datetime,
    calendar: Calendar,
    fired: Collection[int] = (),
) -> tuple[Planned, ...]:
    """The timers of one assignment in order.

    A rung whose moment lies before the opening is left out (a reminder three days ahead of a
    two-day deadline). After an extension call it again with the new date and the numbers of the
    rungs that have `fired`: only the others are set anew.
    """
    planned = (
        Planned(step.no, step.kind, _moment(step, ladder, due_at, calendar))
        for step in ladder.steps
        if step.no not in fired
    )
    return ready((each for each in planned if each.fire_at > opened_at), None)


def ready(waiting: Iterable[AnyTimer], now: datetime | None) -> tuple[AnyTimer, ...]:
    """Those whose moment has come (all, without `now`), in the order they have to happen.

    After a standstill every missed rung still happens once, the earliest first; rungs of the
    same moment go up the ladder.
    """
    come = (timer for timer in waiting if now is None or timer.fire_at <= now)
    return tuple(sorted(come, key=lambda timer: (timer.fire_at, timer.step)))


def problems(steps: Sequence[Step]) -> list[str]:
    """What keeps rungs from being climbed in order."""
    found = [f"unknown kind {step.kind!r}" for step in steps if step.kind not in KINDS]
    numbers = [step.no for step in steps]
    if numbers != sorted(set(numbers)):
        found.append("the numbers of the steps must rise")
    days = [step.workdays for step in steps]
    if days != sorted(days):
        found.append("the working days of the steps must not fall")
    if [step.workdays for step in steps if step.kind == "due"] != [0]:
        found.append("exactly one step is of the kind due, on day 0")
    for step in steps:
        if step.kind == "remind" and step.workdays > 0:
            found.append(f"step {step.no}: a reminder comes before the due day")
        if step.kind in ("urge", "bulletin", "escalate") and step.workdays < 1:
            found.append(f"step {step.no}: {step.kind} comes after the due day")
    return found


def _moment(step: Step, ladder: Ladder, due_at: datetime, calendar: Calendar) -> datetime:
    if step.kind == "due":
        return due_at
    day = calendar.add_workdays(local(due_at).date(), step.workdays)
    return datetime.combine(day, ladder.at, tzinfo=LOCAL).astimezone(UTC)
