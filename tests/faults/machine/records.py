"""What the records say at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Executable, bindparam, select

from app.db import session
from app.model import Assignment, Case, CaseUnit, Event, Ticket, Timer

RUNNING = ("open", "suspended")
CASES = select(Case.id, Case.kind, Case.status, Case.parent_id, Case.state_seq)
TICKETS = select(Ticket.id, Ticket.case_id, Ticket.node, Ticket.state, Ticket.engine_task)
ASSIGNMENTS = select(
    Assignment.id, Assignment.case_id, Assignment.ticket_id, Assignment.role, Assignment.unit_id,
    Assignment.post, Assignment.person_id, Assignment.state, Assignment.opened_at,
    Assignment.due_at, Assignment.due_rule, Assignment.kind, Assignment.parent_id,
)  # fmt: skip
PARTS = select(CaseUnit.case_id, CaseUnit.role, CaseUnit.unit_id)
DATES = select(Timer.assignment_id, Timer.fire_at).where(
    Timer.kind == "due", Timer.state != "cancelled"
)
EVENTS = select(*Event.__table__.columns).where(Event.id > bindparam("last")).order_by(Event.id)


@dataclass
class Records:
    """What is looked at of every case and its tasks, and the journal as far as it was read."""

    cases: dict[int, Any] = field(default_factory=dict)
    tickets: list[Any] = field(default_factory=list)
    assignments: dict[int, Any] = field(default_factory=dict)
    parts: list[Any] = field(default_factory=list)
    dates: list[Any] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    last: int = 0


def read(before: Records | None = None) -> Records:
    """The records now; of the journal only what came since `before`."""
    session().rollback()
    last = before.last if before else 0

    def rows(what: Executable, **given: Any) -> Sequence[Any]:
        return session().execute(what, given).all()

    events = list(rows(EVENTS, last=last))
    return Records(
        cases={row.id: row for row in rows(CASES)},
        tickets=list(rows(TICKETS)),
        assignments={row.id: row for row in rows(ASSIGNMENTS)},
        parts=list(rows(PARTS)),
        dates=list(rows(DATES)),
        events=events,
        last=events[-1].id if events else last,
    )
