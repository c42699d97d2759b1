"""Fire what is due: each timer once, in order, whatever the outage before; nobody holds others up.

Reminders, whose journal row is the whole act, fire many at a time. Everything else fires case by
case. Claim, effect and journal row are one transaction; the case's row lock is the claim.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, select, update

from app import advance, clock, journal
from app.actor import SYSTEM, Actor
from app.advance import Loaded
from app.commands import due, stuck
from app.commands.command import command
from app.commands.due import DueTimer
from app.db import session
from app.effects import escalation, reminders
from app.errors import Busy, Stale
from app.model import Assignment, Case, Timer
from app.rules import access

BATCH: Final = 200
MOST_CLEARED: Final = 2000
FIRST_PAUSE: Final = timedelta(seconds=30)
AFTER_A_CLASH: Final = timedelta(seconds=2)
_log = logging.getLogger("weathervane.timers")


@dataclass(frozen=True)
class Firing:
    """A timer that fires now; its case is locked. `loaded` is there for all but the plain kinds."""

    timer: DueTimer
    now: datetime
    loaded: Loaded | None = None

    @property
    def case(self) -> Loaded:
        """The case, for an act that needs it."""
        assert self.loaded is not None  # noqa: S101 - only plain kinds come without
        return self.loaded

    def assignment(self) -> Assignment:
        """The assignment whose moment has come, as it is now."""
        return session().get_one(Assignment, self.timer.assignment_id, populate_existing=True)


class TimerFailed(Exception):
    """Firing this timer went wrong; the cause is what it was raised from."""

    def __init__(self, timer_id: int) -> None:
        """Remember which one."""
        super().__init__(f"timer {timer_id}")
        self.timer_id = timer_id


def fire_due(limit: int = 1000, *, actor: Actor = SYSTEM) -> int:
    """Fire up to `limit` timers whose moment has come by the database's clock; how many did.

    A timer that fails is put off and tried again; it never holds up those of other assignments.
    """
    fired, singly = 0, False
    if _anything(due.dead):
        clear_away(actor=actor)
    while fired < limit and _anything(due.anything):
        try:
            done = 0 if singly else fire_plain(min(BATCH, limit - fired), actor=actor)
            done = done or fire_case(actor=actor)
        except TimerFailed as failure:
            _put_off(failure, actor)
            singly = False
            continue
        except (Busy, Stale):
            break
        except Exception:
            if singly:
                raise
            _log.exception("One of several reminders is broken; now one by one.")
            singly = True
            continue
        if not done:
            break
        fired += done
    return fired


@command
def clear_away(*, actor: Actor) -> int:
    """Cancel due timers that nobody waits for any more; how many. Acts leave them behind."""
    access.only_the_system(actor)
    dead = due.dead(clock.now())
    claim = dead.limit(MOST_CLEARED).with_for_update(of=Case, skip_locked=True)
    ids = list(session().scalars(claim))
    if not ids:
        return 0
    still = list(session().scalars(dead.where(Timer.id.in_(ids))))
    session().execute(update(Timer).where(Timer.id.in_(still)).values(state="cancelled"))
    return len(still)


@command
def fire_plain(limit: int, *, actor: Actor) -> int:
    """Fire reminders of many cases at once: whichever are due in cases nobody works on just now."""
    now = clock.now()
    claim = due.plain(now).limit(limit).with_for_update(of=Case, skip_locked=True)
    ids = session().scalars(claim).all()
    firings = [Firing(timer, now) for timer in due.known(now, Timer.id.in_(ids))] if ids else []
    _mark_fired([each.timer.id for each in firings], now)
    for firing in firings:
        journal.know_head(firing.timer.stream, firing.timer.seq, firing.timer.hash)
        _record(firing, ACTS[firing.timer.kind](firing, actor), actor)
    return len(firings)


@command
def fire_case(*, actor: Actor) -> int:
    """Fire everything due in the first case nobody works on just now; 0 when there is none."""
    now = clock.now()
    claim = due.anything(now).limit(1).with_for_update(of=Case, skip_locked=True)
    first = session().scalar(claim)
    if first is None:
        return 0
    try:
        case_id = session().scalars(select(Timer.case_id).where(Timer.id == first)).one()
        loaded = advance.load(case_id)
        timers = due.known(now, Timer.case_id == case_id)
    except Busy:
        raise
    except Exception as problem:
        raise TimerFailed(first) from problem
    held: set[int | None] = set()
    fired = 0
    for timer in timers:
        if timer.held or timer.assignment_id in held:
            held.add(timer.assignment_id)
        else:
            fired += _fire(Firing(timer, now, loaded), actor)
    return fired


@command
def put_off(timer_id: int, problem: Exception, *, actor: Actor) -> None:
    """Keep what went wrong and try again later; after the last attempt it is an incident.

    What somebody else was faster at is tried again at once, and not counted.
    """
    locked = session().scalar(
        select(Case.id)
        .join(Timer, Timer.case_id == Case.id)
        .where(Timer.id == timer_id)
        .with_for_update(of=Case)
    )
    timer = session().get(Timer, timer_id, populate_existing=True) if locked else None
    if timer is None or timer.state != "pending":
        return
    now = clock.now()

    timer.problem = f"{type(problem).__name__}: {problem}"[:2000]
    if stuck.clashed(problem):
        timer.not_before = now + AFTER_A_CLASH
        return
    timer.attempts += 1
    timer.not_before = now + FIRST_PAUSE * 2 ** (timer.attempts - 1)
    if timer.attempts >= stuck.MOST_ATTEMPTS:
        timer.state = "failed"
        stuck.open_incident(
            stuck.Trouble("timer", timer.id, timer.kind, timer.case_id),
            problem,
            attempts=timer.attempts,
            actor=actor,
        )


def _put_off(failure: TimerFailed, actor: Actor) -> None:
    problem = failure.__cause__
    assert isinstance(problem, Exception)  # noqa: S101 - it is always raised from one
    _log.error("A timer failed.", extra={"timer": failure.timer_id}, exc_info=problem)
    put_off(failure.timer_id, problem, actor=actor)


def _anything(such: Callable[[datetime], Select[int]]) -> bool:
    """A look that locks nothing: most of the time there is nothing to do."""
    session().rollback()
    found = session().scalar(such(clock.now()).limit(1))
    session().rollback()
    return found is not None


def _fire(firing: Firing, actor: Actor) -> int:
    """Fire one timer of the case that is locked now, unless the one before it took it away."""
    timer = firing.timer
    try:
        if not _mark_fired([timer.id], firing.now):
            return 0
        _record(firing, ACTS[timer.kind](firing, actor), actor)
        session().flush()
    except Busy:
        raise
    except Exception as problem:
        raise TimerFailed(timer.id) from problem
    return 1


def _mark_fired(ids: list[int], now: datetime) -> int:
    """Mark those that are still pending; how many that were."""
    if not ids:
        return 0
    done = session().execute(
        update(Timer)
        .where(Timer.id.in_(ids), Timer.pending())
        .values(state="fired", fired_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined] # an UPDATE's result has it


def _record(firing: Firing, done: Mapping[str, Any], actor: Actor) -> None:
    timer = firing.timer
    journal.record(
        "timer.fired",
        stream=timer.stream,
        case_id=timer.case_id,
        actor=actor,
        unit_id=timer.opened_unit_id,
        data={
            "timer": timer.id,
            "kind": timer.kind,
            "step": timer.step,
            "assignment": timer.assignment_id,
            "of_unit": timer.unit_id,
            "planned": timer.fire_at,
            "due": timer.due_at,
            "superseded": timer.superseded,
            **done,
        },
    )


def _say(_firing: Firing, _actor: Actor) -> Mapping[str, Any]:
    """The journal row is the act: inbox and lights show the date themselves."""
    return {}


def _urge(firing: Firing, actor: Actor) -> Mapping[str, Any]:
    """Send the automatic reminder (ZJ-06), unless the next one is due already."""
    if firing.timer.superseded:
        return {}
    paper = reminders.remind(firing.case, [firing.assignment()], actor=actor)
    return {"paper": paper.number}


def _escalate(firing: Firing, actor: Actor) -> Mapping[str, Any]:
    """Open the escalation for the supervising office, once per matter and unit."""
    unit_id = firing.assignment().unit_id
    found = escalation.escalated(firing.case.case.id, unit_id)
    if found:
        return {"escalation": found[-1].id, "opened": False}
    child = escalation.open_escalation(firing.case, actor=actor, lead=unit_id)
    return {"escalation": child.case.id, "opened": True}


def _flow(firing: Firing, _actor: Actor) -> Mapping[str, Any]:
    """The diagram itself goes on at this moment."""
    return advance.move_by_clock(firing.case)


ACTS: Final[Mapping[str, Callable[[Firing, Actor], Mapping[str, Any]]]] = {
    "remind": _say,
    "due": _say,
    "urge": _urge,
    "bulletin": _escalate,
    "escalate": _escalate,
    "flow": _flow,
}
