"""Who was faster: refuse an act on what somebody changed after the person had looked at it.

A form about something that is no task carries the place in the journal where its reader stood
(`version`). Only acts on the same thing count, never other acts on the same case.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select

from app.advance import Loaded
from app.db import session
from app.errors import Stale
from app.i18n import _
from app.model import Assignment, Event, Person, Ticket

Clashes = Mapping[str, Callable[[Mapping[str, Any]], bool]]
"""Kinds of journal rows, and by their data whether the row is about the same thing."""


def always(_data: Mapping[str, Any]) -> bool:
    """Every row of this kind is about it."""
    return True


def about(**same: Any) -> Callable[[Mapping[str, Any]], bool]:
    """Rows whose data hold these values are about it."""
    return lambda data: all(data.get(name) == value for name, value in same.items())


ENDED: Final[Clashes] = {
    "task.completed": about(finished=True),
    "task.waived": about(finished=True),
    "case.void": always,
    "case.terminated": always,
    "case.revoked": always,
}
STOPPED: Final[Clashes] = {**ENDED, "case.suspended": always}
CHANGED: Final = _("Somebody else was faster: this was changed after you opened it.")


def require_unchanged(stream: str, seen: int | None, clashes: Clashes) -> None:
    """Refuse with Stale (409: by, what, at, version) when such a row came after the place seen.

    The thing itself must be locked before. Without `seen` nothing is asked.
    """
    if seen is None:
        return
    later = _acts(stream).where(Event.seq > seen, Event.kind.in_(clashes))
    for row in session().execute(later.order_by(Event.seq.desc())):
        if clashes[row.kind](_data(row)):
            raise Stale(CHANGED, details=_told(stream, row, row.seq))


def last(stream: str, clashes: Clashes, version: int) -> dict[str, Any]:
    """Who did the last such act, what and when: the details of a Stale."""
    rows = _acts(stream).where(Event.kind.in_(clashes)).order_by(Event.seq.desc())
    found = (row for row in session().execute(rows) if clashes[row.kind](_data(row)))
    return _told(stream, next(found, None), version)


def require_open(
    loaded: Loaded,
    ticket: Ticket,
    assignment: Assignment,
    version: int | None,
    states: Collection[str] = ("active",),
) -> None:
    """Refuse with Stale when a task is not open any more, or not as the person saw it."""
    current = assignment.state in states and loaded.case.status == "open"
    if current and version in (None, assignment.version):
        return
    row = _closing(loaded.stream, ticket, assignment)
    raise Stale(
        _("This task is no longer open as you saw it."),
        details={
            **_told(loaded.stream, row, assignment.version),
            "what": ticket.name,
            "state": assignment.state,
        },
    )


def _closing(stream: str, ticket: Ticket, assignment: Assignment) -> Any:
    """The act that ended a task; where no row says so of itself, the case's last one."""
    own, of_node = about(assignment=assignment.id), about(task=ticket.node)
    clashes: Clashes = {
        **STOPPED,
        "task.completed": own if assignment.state == "done" else of_node,
        "task.waived": own,
        "task.withdrawn": always,
        "task.returned": always,
    }
    rows = (
        session()
        .execute(_acts(stream).where(Event.at >= assignment.opened_at).order_by(Event.seq.desc()))
        .all()
    )
    ended = (row for row in rows if row.kind in clashes and clashes[row.kind](_data(row)))
    return next(ended, rows[0] if rows else None)


def _acts(stream: str) -> Select[int, str, datetime, int | None, str, str]:
    return (
        select(Event.seq, Event.kind, Event.at, Event.unit_id, Event.body, Person.name)
        .outerjoin(Person, Person.id == Event.person_id)
        .where(Event.stream == stream)
    )


def _data(row: Any) -> dict[str, Any]:
    return {"acting_unit": row.unit_id, **json.loads(row.body)["data"]}


def _told(stream: str, row: Any, version: int) -> dict[str, Any]:
    """Who did what when, and where the journal says so."""
    if row is None:
        return {"by": "", "at": None, "what": "", "version": version}
    found = {"by": row.name or "", "at": row.at, "what": row.kind, "version": version}
    return {**found, "stream": stream, "seq": row.seq}
