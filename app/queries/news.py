"""What a person was told: newest first, page by page, and how much of it is unread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Row,
    case,
    literal,
    select,
    tuple_,
)

from app.actor import Actor
from app.db import UtcDateTime, constant
from app.model import Assignment, Case, Notification, Person, Ticket, Unit
from app.queries.my_work import Pages
from app.queries.places import Place
from app.queries.reading import read
from app.queries.visibility import visible

PAGE: Final = 50


@dataclass(frozen=True)
class NewsLine:
    """One piece of news. Of a case that is no longer open to the person nothing is said.

    `waits`: the task it is about still waits for somebody.
    """

    id: int
    kind: str
    at: datetime
    times: int
    unread: bool
    case_id: int | None = None
    assignment_id: int | None = None
    number: str = ""
    title: str = ""
    case_kind: str = ""
    task: str = ""
    task_en: str = ""
    unit: str = ""
    said_by: str = ""
    due_at: datetime | None = None
    waits: bool = False


def news(
    viewer: Actor, *, only_unread: bool = False, after: Place | None = None
) -> Pages[NewsLine]:
    """A page of it."""
    of = Notification
    wanted = (
        select(*COLUMNS, case((visible(viewer), 1), else_=0).label("open"))
        .join(Case, Case.id == of.case_id)
        .outerjoin(Assignment, Assignment.id == of.assignment_id)
        .outerjoin(Ticket, Ticket.id == Assignment.ticket_id)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(Person, Person.id == of.said_by)
        .where(of.person_id == viewer.person_id)
        .order_by(of.at.desc(), of.id.desc())
        .limit(PAGE + 1)
    )
    if only_unread:
        wanted = wanted.where(of.read_at.is_(None))
    if after:
        place = tuple_(literal(after.values[0], UtcDateTime()), literal(after.values[1]))
        wanted = wanted.where(tuple_(of.at, of.id) < place)
    found = read(wanted, {}).all()
    last = found[PAGE - 1] if len(found) > PAGE else None
    more = Place((last.at, last.id)) if last else None
    return Pages(tuple(_line(row) for row in found[:PAGE]), more)


COLUMNS: Final = (
    Notification.id,
    Notification.kind,
    Notification.at,
    Notification.times,
    Notification.read_at,
    Notification.case_id,
    Notification.assignment_id,
    Case.number,
    Case.title,
    Case.kind.label("case_kind"),
    Ticket.name.label("task"),
    Ticket.name_en.label("task_en"),
    Unit.name.label("unit"),
    Person.name.label("said_by"),
    Assignment.due_at,
    case((Assignment.state == constant("active"), 1), else_=0).label("waits"),
)


def _line(row: Row[Any]) -> NewsLine:
    plain = NewsLine(row.id, row.kind, row.at, row.times, row.read_at is None)
    if not row.open:
        return plain
    return NewsLine(
        row.id,
        row.kind,
        row.at,
        row.times,
        row.read_at is None,
        case_id=row.case_id,
        assignment_id=row.assignment_id,
        number=row.number or "",
        title=row.title,
        case_kind=row.case_kind,
        task=row.task or "",
        task_en=row.task_en or "",
        unit=row.unit or "",
        said_by=row.said_by or "",
        due_at=row.due_at if row.waits else None,
        waits=bool(row.waits),
    )
