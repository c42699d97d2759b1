"""Due dates and timers of assignments: set, explained, planned again when the date moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, insert, select, update

from app.advance.reference import calendar
from app.db import session
from app.model import Assignment, Case, Timer
from app.rules import ladder, standstill
from app.rules.deadlines import Due, due, fixed
from app.rules.profiles import Profile
from app.rules.workdays import Calendar

WHOLE_MATTER = "item"
SENT_BACK = "sent_back_until"


def due_for(case: Case, profile: Profile, rule_name: str, start: datetime) -> Due | None:
    """When something under that rule is due; None where the diagram names no rule.

    The rule `item` is the whole matter's: the day set at dispatch (or granted since), else counted
    from the moment the matter was issued. Days on which the case stood still do not count. A step
    that was sent back has the day it was sent back until (`send_back_until`).
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
    issued = case.issued_at if rule.from_ == "issue" else None
    return due(rule, issued or start, calendar(), stood_still)


def send_back_until(case: Case, rule_name: str, day: date) -> None:
    """Steps under that rule, opened again from now on, are due on that day.

    Counted anew from the issue they would be late at once; counted from their opening, whoever
    returns them inside a unit would win time.
    """
    days = {**(case.facts.get(SENT_BACK) or {}), rule_name: day.isoformat()}
    case.facts = {**case.facts, SENT_BACK: days}


def set_due(assignment: Assignment, found: Due) -> None:
    """Give an assignment its date (keeping the first one) and the rule it was found by."""
    assignment.due_at = found.due_at
    assignment.due_provisional = found.provisional
    assignment.due_rule = {**found.rule, "explanation": found.explanation.as_json()}
    if assignment.due_day_first is None:
        assignment.due_day_first = found.day


def plan_timers(
    assignments: Sequence[Assignment], profile: Profile, *, replan: bool = False
) -> None:
    """Write the timers of assignments that have a date; with `replan` those not fired yet move."""
    dated = [a for a in assignments if a.due_at is not None]
    if not dated:
        return
    fired = _drop_pending([a.id for a in dated]) if replan else {}
    days = calendar()
    rows = [
        {
            "case_id": a.case_id,
            "assignment_id": a.id,
            "kind": each.kind,
            "step": each.step,
            "fire_at": each.fire_at,
            "state": "pending",
        }
        for a in dated
        for each in _timers(a, profile, days, fired.get(a.id, frozenset()))
    ]
    if rows:
        session().execute(insert(Timer), rows)


def _timers(
    assignment: Assignment, profile: Profile, days: Calendar, fired: frozenset[int]
) -> Sequence[ladder.Planned]:
    """The rungs of the ladder the diagram names; without one only the reminder and the due day."""
    return ladder.timers(
        profile.ladder(assignment.ladder),
        due_at=assignment.due_at or assignment.opened_at,
        opened_at=assignment.opened_at,
        calendar=days,
        fired=fired,
    )


def _drop_pending(assignment_ids: Sequence[int]) -> dict[int, frozenset[int]]:
    session().execute(
        delete(Timer).where(Timer.assignment_id.in_(assignment_ids), Timer.state != "fired")
    )
    rows = session().execute(
        select(Assignment.id, Timer.step)
        .join(Timer, Timer.assignment_id == Assignment.id)
        .where(Assignment.id.in_(assignment_ids), Timer.state == "fired")
    )
    fired: dict[int, frozenset[int]] = {}
    for assignment_id, step in rows:
        fired[assignment_id] = fired.get(assignment_id, frozenset()) | {step}
    return fired


def cancel_timers(assignment_ids: Sequence[int]) -> None:
    """Nothing more happens to these assignments by itself."""
    if assignment_ids:
        session().execute(
            update(Timer)
            .where(Timer.assignment_id.in_(assignment_ids), Timer.state == "pending")
            .values(state="cancelled")
        )
