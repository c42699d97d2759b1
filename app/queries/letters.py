"""What a letter says: whatever its person may see and has not read at the moment it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Result, Row, select

from app import clock
from app.advance import reference
from app.db import session
from app.errors import NotFound
from app.model import Assignment, Case, Letter, Notification, Person, Ticket, Unit
from app.queries.people import actor_by_id
from app.queries.visibility import visible
from app.rules.disturbing import Quiet, next_moment


@dataclass(frozen=True)
class LetterLine:
    """One piece of news; nothing of the case but its kind, number, step and date."""

    kind: str
    case_id: int
    assignment_id: int | None
    case_kind: str
    number: str
    step: str
    step_en: str
    unit: str
    unit_en: str | None
    due_at: datetime | None
    times: int


@dataclass(frozen=True)
class LetterFacts:
    """A letter to be sent: to which address, in which language, and what it tells of.

    `not_before`: the first moment from now on at which it disturbs nobody.
    """

    id: int
    address: str
    locale: str | None
    now: datetime
    not_before: datetime
    lines: tuple[LetterLine, ...]


def letter(letter_id: int, quiet: Quiet) -> LetterFacts | None:
    """The letter, if it waits and there is somebody to send it to and something to tell."""
    found = (
        session()
        .execute(
            select(Letter.person_id, Person.email, Person.locale)
            .join(Person, Person.id == Letter.person_id)
            .where(Letter.id == letter_id, Letter.state == "waiting", Person.active)
        )
        .one_or_none()
    )
    if found is None or not found.email:
        return None
    lines = _lines(letter_id, found.person_id)
    if not lines:
        return None
    now = clock.now()
    by_day = next_moment(now, quiet, reference.calendar())
    return LetterFacts(letter_id, found.email, found.locale, now, by_day, lines)


def _lines(letter_id: int, person_id: int) -> tuple[LetterLine, ...]:
    try:
        viewer = actor_by_id(person_id)
    except NotFound:
        return ()
    rows: Result[Any] = session().execute(
        select(
            Notification.kind,
            Notification.case_id,
            Notification.assignment_id,
            Notification.times,
            Case.number,
            Case.kind.label("case_kind"),
            Ticket.name,
            Ticket.name_en,
            Unit.name.label("unit"),
            Unit.name_en.label("unit_en"),
            Assignment.due_at,
        )
        .join(Case, Case.id == Notification.case_id)
        .outerjoin(Assignment, Assignment.id == Notification.assignment_id)
        .outerjoin(Ticket, Ticket.id == Assignment.ticket_id)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .where(Notification.letter_id == letter_id, Notification.read_at.is_(None))
        .where(visible(viewer))
        .order_by(Notification.id)
    )
    return tuple(_line(row) for row in rows)


def _line(found: Row[Any]) -> LetterLine:
    return LetterLine(
        kind=found.kind,
        case_id=found.case_id,
        assignment_id=found.assignment_id,
        case_kind=found.case_kind,
        number=found.number or "",
        step=found.name or "",
        step_en=found.name_en or "",
        unit=found.unit or "",
        unit_en=found.unit_en,
        due_at=found.due_at,
        times=found.times,
    )
