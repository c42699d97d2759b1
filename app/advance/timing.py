"""Due dates and timers of assignments: set, explained, planned again when the date moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from app.advance.reference import calendar
from app.db import session
from app.model import Assignment, Case, Timer
from app.rules import ladder
from app.rules.deadlines import Due, due, fixed
from app.rules.profiles import Profile

WHOLE_MATTER = "item"


def due_for(case: Case, profile: Profile, rule_name: str, start: datetime) -> Due | None:
    """When something under that rule is due; None where the diagram names no rule.

    The rule `item` is the whole matter's: the day set at dispatch (or granted since), else counted
    from the moment the matter was issued.
    """
    if not rule_name:
        return None
    if rule_name == WHOLE_MATTER and case.due_day is not None:
        return fixed(case.due_day, end_of_day=profile.end_of_day)
    rule = profile.deadline(rule_name)
    issued = case.issued_at if rule.from_ == "issue" else None
    return due(rule, issued or start, calendar())


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
    fired: set[tuple[int, str, int]] = set()
    if replan:
        fired = _drop_pending([a.id for a in dated])
    days = calendar()
    rows = [
        {
            "case_id": a.case_id, "assignment_id": a.id, "kind": t.kind, "step": t.step,
            "fire_at": t.fire_at, "state": "pending",
        }
        for a in dated
        for t in ladder.timers(profile.ladder, a.opened_at, a.due_at, days, full=bool(a.ladder))
        if (a.id, t.kind, t.step) not in fired
    ]
    if rows:
        session().execute(insert(Timer), rows)


def _drop_pending(assignment_ids: Sequence[int]) -> set[tuple[int, str, int]]:
    session().execute(
        delete(Timer).where(Timer.assignment_id.in_(assignment_ids), Timer.state != "fired")
    )
    rows = session().execute(
        select(Timer.assignment_id, Timer.kind, Timer.step).where(
            Timer.assignment_id.in_(assignment_ids), Timer.state == "fired"
        )
    )
    return {(row.assignment_id or 0, row.kind, row.step) for row in rows}


def cancel_timers(assignment_ids: Sequence[int]) -> None:
    """Nothing more happens to these assignments by itself."""
    if assignment_ids:
        session().execute(
            update(Timer)
            .where(Timer.assignment_id.in_(assignment_ids), Timer.state == "pending")
            .values(state="cancelled")
        )
