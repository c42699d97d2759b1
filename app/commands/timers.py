"""Fire what is due: each timer once, in order, one transaction each, whatever the outage before."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import aliased

from app import advance, clock, journal
from app.actor import SYSTEM, Actor
from app.advance import Loaded
from app.commands.command import command
from app.db import session
from app.effects import escalation, reminders
from app.errors import Busy
from app.model import Assignment, Case, Timer

MOST_ATTEMPTS: Final = 5
FIRST_PAUSE: Final = timedelta(seconds=30)
_log = logging.getLogger("weathervane.timers")


@dataclass(frozen=True)
class Firing:
    """A timer whose moment has come, with its locked case and assignment."""

    timer: Timer
    loaded: Loaded
    assignment: Assignment
    now: datetime
    superseded: bool


class TimerFailed(Exception):
    """Firing this timer went wrong; the cause is what it was raised from."""

    def __init__(self, timer_id: int) -> None:
        """Remember which one."""
        super().__init__(f"timer {timer_id}")
        self.timer_id = timer_id


def fire_due(limit: int = 100, *, actor: Actor = SYSTEM) -> int:
    """Fire up to `limit` timers whose moment has come by the database's clock; how many did.

    A timer that fails is put off and tried again; it never holds up those of other assignments.
    """
    fired = 0
    for _turn in range(limit):
        if not _anything_due():
            break
        try:
            found = fire_next(actor=actor)
        except TimerFailed as failure:
            problem = failure.__cause__
            _log.exception("A timer failed.", extra={"timer": failure.timer_id})
            put_off(failure.timer_id, f"{type(problem).__name__}: {problem}", actor=actor)
            continue
        except Busy:
            break
        if found is None:
            break
        fired += found
    return fired


@command
def fire_next(*, actor: Actor) -> bool | None:
    """Claim the earliest due timer whose case nobody works on just now, and fire it.

    None when there is nothing to claim; False when it turns out not to be due any more.
    """
    claim = _due(clock.now()).limit(1).with_for_update(of=Case, skip_locked=True)
    timer_id = session().scalar(claim)
    if timer_id is None:
        return None
    try:
        return _fire(timer_id, actor)
    except OperationalError:
        raise
    except Exception as problem:
        raise TimerFailed(timer_id) from problem


@command
def put_off(timer_id: int, problem: str, *, actor: Actor) -> None:
    """Keep what went wrong and try again later; after the last attempt the timer has failed."""
    case_id = session().scalar(select(Timer.case_id).where(Timer.id == timer_id))
    if case_id is None:
        return
    loaded = advance.load(case_id)
    timer = session().get(Timer, timer_id, populate_existing=True)
    if timer is None or timer.state != "pending":
        return

    timer.attempts += 1
    timer.problem = problem[:2000]
    if timer.attempts >= MOST_ATTEMPTS:
        timer.state = "failed"
        journal.record(
            "timer.failed",
            stream=loaded.stream,
            case_id=timer.case_id,
            actor=actor,
            unit_id=loaded.case.opened_unit_id,
            data={
                "timer": timer.id,
                "kind": timer.kind,
                "step": timer.step,
                "problem": timer.problem,
            },
        )
        _log.error("A timer has failed for good.", extra={"timer": timer.id})
    else:
        timer.not_before = clock.now() + FIRST_PAUSE * 2 ** (timer.attempts - 1)


def _anything_due() -> bool:
    """A look that locks nothing: most of the time there is nothing to do."""
    session().rollback()
    found = session().scalar(_due(clock.now()).limit(1))
    session().rollback()
    return found is not None


def _fire(timer_id: int, actor: Actor) -> bool:
    """Fire one timer of the case that is locked now, if it is still due."""
    timer, now = session().get(Timer, timer_id, populate_existing=True), clock.now()
    if timer is None or session().scalar(_due(now).where(Timer.id == timer_id)) is None:
        return False
    loaded = advance.load(timer.case_id)
    assignment = session().get_one(Assignment, timer.assignment_id, populate_existing=True)
    timer.state, timer.fired_at = "fired", now
    firing = Firing(timer, loaded, assignment, now, superseded=_superseded(timer, now))
    done = ACTS[timer.kind](firing, actor)
    journal.record(
        "timer.fired",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=loaded.case.opened_unit_id,
        data={
            "timer": timer.id,
            "kind": timer.kind,
            "step": timer.step,
            "assignment": assignment.id,
            "of_unit": assignment.unit_id,
            "planned": timer.fire_at,
            "due": assignment.due_at,
            "superseded": firing.superseded,
            **done,
        },
    )
    return True


def _due(now: datetime) -> Select[int]:
    """Timers whose moment has come, earliest first; per assignment only the first one waiting."""
    earlier = aliased(Timer)
    before: ColumnElement[bool] = (
        select(earlier.id)
        .where(
            earlier.assignment_id == Timer.assignment_id,
            earlier.state == "pending",
            (earlier.fire_at < Timer.fire_at)
            | ((earlier.fire_at == Timer.fire_at) & (earlier.step < Timer.step)),
        )
        .exists()
    )
    return (
        select(Timer.id)
        .join(Case, Case.id == Timer.case_id)
        .join(Assignment, Assignment.id == Timer.assignment_id)
        .where(
            Timer.state == "pending",
            Timer.fire_at <= now,
            func.coalesce(Timer.not_before, Timer.fire_at) <= now,
            Case.status == "open",
            Assignment.state == "active",
            ~before,
        )
        .order_by(Timer.fire_at, Timer.step, Timer.id)
    )


def _superseded(timer: Timer, now: datetime) -> bool:
    """Whether the next one of its kind is due as well (after an outage): then one notice is enough.

    A reminder of a date has nothing to say either once the date itself has passed.
    """
    kinds = ("remind", "due") if timer.kind == "remind" else (timer.kind,)
    later = session().scalar(
        select(Timer.id)
        .where(
            Timer.assignment_id == timer.assignment_id,
            Timer.state == "pending",
            Timer.id != timer.id,
            Timer.kind.in_(kinds),
            Timer.fire_at <= now,
        )
        .limit(1)
    )
    return later is not None


def _say(_firing: Firing, _actor: Actor) -> Mapping[str, Any]:
    """The journal row is the act: inbox and lights show the date themselves."""
    return {}


def _urge(firing: Firing, actor: Actor) -> Mapping[str, Any]:
    """Send the automatic reminder (ZJ-06), unless the next one is due already."""
    if firing.superseded:
        return {}
    paper = reminders.remind(firing.loaded, [firing.assignment], actor=actor)
    return {"paper": paper.number}


def _escalate(firing: Firing, actor: Actor) -> Mapping[str, Any]:
    """Open the escalation for the supervising office, once per matter and unit."""
    unit_id = firing.assignment.unit_id
    found = escalation.escalated(firing.loaded.case.id, unit_id)
    if found:
        return {"escalation": found[-1].id, "opened": False}
    child = escalation.open_escalation(firing.loaded, actor=actor, lead=unit_id)
    return {"escalation": child.case.id, "opened": True}


ACTS: Final[Mapping[str, Callable[[Firing, Actor], Mapping[str, Any]]]] = {
    "remind": _say,
    "due": _say,
    "urge": _urge,
    "bulletin": _escalate,
    "escalate": _escalate,
}
