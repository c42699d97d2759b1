"""What the records say at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.db import session
from app.model import Assignment, Case, Event, Ticket, Timer

RUNNING = ("open", "suspended")


@dataclass
class Records:
    """Every running case with its tasks and timers, and the journal as far as it was read."""

    cases: dict[int, Any] = field(default_factory=dict)
    tickets: list[Any] = field(default_factory=list)
    assignments: dict[int, Any] = field(default_factory=dict)
    timers: list[Any] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    last: int = 0


def read(before: Records | None = None) -> Records:
    """The records now; of the journal only what came since `before`."""
    session().rollback()
    last = before.last if before else 0

    def rows(table: Any) -> list[Any]:
        return list(session().execute(select(*table.__table__.columns)).all())

    events = session().execute(
        select(*Event.__table__.columns).where(Event.id > last).order_by(Event.id)
    ).all()  # fmt: skip
    return Records(
        cases={row.id: row for row in rows(Case)},
        tickets=rows(Ticket),
        assignments={row.id: row for row in rows(Assignment)},
        timers=rows(Timer),
        events=list(events),
        last=events[-1].id if events else last,
    )
