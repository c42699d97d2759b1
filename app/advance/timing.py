"""Due dates and timers of assignments: set, explained, planned again when the date moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, or_, select, tuple_, update

from app import clock, engine
from app.advance.reference import calendar
from app.db import session
from app.engine import TimerDue
from app.model import Assignment, Case, Timer
from app.rules import ladder, lights, standstill
from app.rules.deadlines import Due, due, fixed
from app.rules.profiles import Profile
from app.rules.workdays import Calendar

WHOLE_MATTER = "item"
SENT_BACK = "sent_back_until"
OWN_CLOCKS = "own_clocks"
FLOW = "flow"


def due_for(
    case: Case, profile: Profile, rule_name: str, start: datetime, unit_id: int | None = None
) -> Due | None:
    """When something under that rule is due; None where the diagram names no rule.

    The rule `item` is the whole matter's: the day set at dispatch (or granted since), else counted
    from the moment the matter was issued. Days on which the case stood still do not count. A step
    that was sent back has the day it was sent back until (`send_back_until`). A unit that got its
    part later, or has signed for it, has moments of its own to count from (`start_own_clock`).
    """
    if not rule_name:
        return None
    stood_still = standstill.spans_of(case.standstills or ())
    until = (case.facts.get(SENT_BACK) or {}).get(rule_name)
    if until:
        return fixed(date.fromisoformat(until), end_of_day=profile.clock.end_of_day)
    if rule_name == WHOLE_MATTER and case.due_rule is not None:
        return standstill.again(case.due_rule, calendar(), stood_still)
    if rule_name == WHOLE_MATTER and case.due_day is not None:
        return fixed(case.due_day, end_of_day=profile.clock.end_of_day)
    rule = profile.deadline(rule_name)
    own = (case.facts.get(OWN_CLOCKS) or {}).get(str(unit_id), {}).get(rule.from_)
    issued = case.issued_at if rule.from_ == "issue" else None
    counted_from = datetime.fromisoformat(own) if own else issued or start
    return due(rule, counted_from, calendar(), stood_still)


def start_own_clock(case: Case, unit_id: int, counted_from: str, at: datetime) -> None:
    """What is counted from `issue` or `receipt` is counted from this moment for that unit."""
    clocks = dict(case.facts.get(OWN_CLOCKS) or {})
    clocks[str(unit_id)] = {**clocks.get(str(unit_id), {}), counted_from: at.isoformat()}
    case.facts = {**case.facts, OWN_CLOCKS: clocks}


def send_back_until(case: Case, rule_name: str, day: date) -> None:
    """Steps under that rule, opened again from now on, are due on that day.

    Counted anew from the issue they would be late at once; counted from their opening, whoever
    returns them inside a unit would win time.
    """
    days = {**(case.facts.get(SENT_BACK) or {}), rule_name: day.isoformat()}
    case.facts = {**case.facts, SENT_BACK: days}


def forget_sent_back(case: Case) -> None:
    """Whoever has the matter now has the time its rules give."""
    case.facts = {name: value for name, value in case.facts.items() if name != SENT_BACK}


def set_due(assignment: Assignment, found: Due) -> None:
    """Give an assignment its date (keeping the first one) and the rule it was found by."""
    assignment.due_at = found.due_at
    assignment.due_provisional = found.provisional
    assignment.due_rule = dict(found.rule)
    if assignment.due_day_first is None:
        assignment.due_day_first = found.day


def set_lights(assignment: Assignment, case: Case, profile: Profile) -> None:
    """Keep from when each light shows for an assignment; again whenever something of it changes.

    What is due with the whole matter lags with the matter's progress (序时进度).
    """
    due_at, rule, days = assignment.due_at, assignment.due_rule or {}, calendar()
    behind = None
    if due_at and rule.get("matter") and case.progress is not None and case.issued_at:
        behind = lights.behind_from(
            case.progress,
            opened_at=case.issued_at,
            due_at=due_at,
            calendar=days,
            lag=profile.lights.schedule_lag,
        )
    course = lights.Course(due_at, suspended=case.status == "suspended", behind_from=behind)
    turned = lights.turns(profile.lights.table, course, days)
    for code in lights.PRESSING:
        setattr(assignment, f"{code}_from", turned.get(code))


def plan_timers(
    assignments: Sequence[Assignment], profile: Profile, *, replan: bool = False
) -> None:
    """Write the timers of assignments that have a date.

    With `replan` the date has moved: what has not happened yet moves with it, and what happened
    for the old date but lies ahead of the new one (a reminder before an extension) comes again.
    """
    dated = [a for a in assignments if a.due_at is not None]
    if not dated:
        return
    days = calendar()
    planned = [(a, each) for a in dated for each in _timers(a, profile, days)]
    if replan:
        planned = _still_to_come(dated, planned)
    rows = [
        {
            "case_id": a.case_id,
            "assignment_id": a.id,
            "kind": each.kind,
            "step": each.step,
            "fire_at": each.fire_at,
            "state": "pending",
            "attempts": 0,
        }
        for a, each in planned
    ]
    session().put_off(Timer, *rows)


def keep_flow_timers(case_id: int, process: engine.Compiled, running: Sequence[TimerDue]) -> None:
    """Write the moments at which the diagram itself goes on; those that no longer run are gone."""
    if not engine.waits_by_the_clock(process):
        return
    session().execute(
        delete(Timer).where(
            Timer.case_id == case_id, Timer.kind == FLOW, Timer.state.in_(("pending", "failed"))
        )
    )
    flow = {"case_id": case_id, "assignment_id": None, "kind": FLOW}
    moments = [{"step": step, "fire_at": each.due_at} for step, each in enumerate(running)]
    rows = ({**flow, **each, "state": "pending", "attempts": 0} for each in moments)
    session().put_off(Timer, *rows)


def _timers(assignment: Assignment, profile: Profile, days: Calendar) -> Sequence[ladder.Planned]:
    """The rungs of the ladder the diagram names; without one only the reminder and the due day."""
    return ladder.timers(
        profile.ladder(assignment.ladder),
        due_at=assignment.due_at or assignment.opened_at,
        opened_at=assignment.opened_at,
        calendar=days,
    )


def _still_to_come(
    moved: Sequence[Assignment], planned: Sequence[tuple[Assignment, ladder.Planned]]
) -> list[tuple[Assignment, ladder.Planned]]:
    """What has to be set anew; rows of what is set anew are dropped (the journal keeps them)."""
    now = clock.now()
    ids = [a.id for a in moved]
    rows = session().execute(
        select(Assignment.id, Timer.step)
        .join(Timer, Timer.assignment_id == Assignment.id)
        .where(Assignment.id.in_(ids), Timer.state == "fired")
    )
    fired = {(assignment_id, step) for assignment_id, step in rows}
    coming = [
        (a, each) for a, each in planned if (a.id, each.step) not in fired or each.fire_at > now
    ]
    again = [(a.id, each.step) for a, each in coming if (a.id, each.step) in fired]
    session().execute(
        delete(Timer).where(
            Timer.assignment_id.in_(ids),
            or_(Timer.state != "fired", tuple_(Timer.assignment_id, Timer.step).in_(again)),
        )
    )
    return coming


def cancel_timers(assignment_ids: Sequence[int]) -> None:
    """Nothing more happens to these assignments by itself."""
    if assignment_ids:
        session().execute(
            update(Timer)
            .where(Timer.assignment_id.in_(assignment_ids), Timer.pending())
            .values(state="cancelled")
        )
