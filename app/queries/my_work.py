"""What I have done and begun, and the copies that came to my units: newest first, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, Row, Select, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from app.actor import Actor
from app.db import UtcDateTime, constant
from app.model import Assignment, Case, Delivery, Document, Follow, Person, Sending, Ticket, Unit
from app.queries.inbox import PAGE
from app.queries.matching import by_the_index, cases_saying, named, papers_saying
from app.queries.places import Place
from app.queries.reading import read
from app.queries.visibility import sent_to, visible
from app.rules import access

Line = TypeVar("Line")


@dataclass(frozen=True)
class Pages(Generic[Line]):
    """A page of lines, and where the next one begins (None: no more)."""

    rows: tuple[Line, ...]
    after: Place | None


@dataclass(frozen=True)
class DoneLine:
    """A task that was done; `late` if after its date, `by` in whose name it is kept."""

    assignment_id: int
    case_id: int
    number: str
    title: str
    task: str
    task_en: str
    unit: str
    by: str
    done_at: datetime
    late: bool
    status: str


@dataclass(frozen=True)
class BegunLine:
    """A case that was opened, or is followed, since then; `stage` is where it stands now."""

    case_id: int
    kind: str
    number: str
    title: str
    unit: str
    since: datetime
    status: str
    stage: str
    special_major: bool


@dataclass(frozen=True)
class CopyLine:
    """A paper, or a case itself, that came for reading (`reader`: in circulation, to be marked).

    `read_at`: when somebody of the unit, or the one it was sent to by name, opened it first.
    """

    delivery_id: int
    case_id: int
    document_id: int | None
    number: str
    title: str
    sender: str
    unit: str
    role: str
    delivered_at: datetime
    read_at: datetime | None


SENDER: Final = aliased(Unit)
OF_A_COPY: Final = (
    Delivery.id,
    Delivery.case_id,
    Delivery.document_id,
    Delivery.role,
    Delivery.delivered_at.label("moment"),
    Delivery.read_at,
    func.coalesce(Document.number, Case.number).label("number"),
    func.coalesce(Document.title, Case.title).label("title"),
    Unit.name.label("unit"),
    SENDER.name.label("sender"),
)
OF_A_CASE: Final = (
    Case.id,
    Case.kind,
    Case.number,
    Case.title,
    Case.status,
    Case.stage,
    Case.special_major,
    Unit.name.label("unit"),
)


def done(
    viewer: Actor, *, whole_unit: bool = False, text: str = "", after: Place | None = None
) -> Pages[DoneLine]:
    """Tasks this person completed, or anybody did for the units they work for."""
    mine: ColumnElement[bool] = Assignment.done_by == viewer.person_id
    if whole_unit:
        mine = Assignment.unit_id.in_(sorted(access.units_worked_for(viewer)))
    wanted = (
        select(
            Assignment.id,
            Assignment.case_id,
            Assignment.done_at.label("moment"),
            Assignment.due_at,
            Ticket.name,
            Ticket.name_en,
            Case.number,
            Case.title,
            Case.status,
            Unit.name.label("unit"),
            Person.name.label("by"),
        )
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .join(Case, Case.id == Assignment.case_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(Person, Person.id == Assignment.done_by)
        .where(Assignment.state == constant("done"), Assignment.done_at.is_not(None), mine)
        .where(visible(viewer))
    )
    if text:
        wanted = wanted.where(or_(Case.id.in_(cases_saying(text)), named(text)))
    with by_the_index(text):
        rows, more = _page(wanted, Assignment.done_at, Assignment.id, after)
    return Pages(tuple(_done_line(row) for row in rows), more)


def begun(
    viewer: Actor, *, whole_unit: bool = False, text: str = "", after: Place | None = None
) -> Pages[BegunLine]:
    """Cases this person opened, or their units did, among those they may know of."""
    mine: ColumnElement[bool] = Case.opened_by == viewer.person_id
    if whole_unit:
        mine = Case.opened_unit_id.in_(sorted(access.units_worked_for(viewer)))
    wanted = (
        select(*OF_A_CASE, Case.opened_at.label("moment"))
        .outerjoin(Unit, Unit.id == Case.opened_unit_id)
        .where(mine, visible(viewer))
    )
    if text:
        wanted = wanted.where(Case.id.in_(cases_saying(text)))
    with by_the_index(text):
        rows, more = _page(wanted, Case.opened_at, Case.id, after)
    return Pages(tuple(_begun_line(row) for row in rows), more)


def followed(viewer: Actor, *, text: str = "", after: Place | None = None) -> Pages[BegunLine]:
    """Cases this person marked to find them again, those they may still know of."""
    wanted = (
        select(*OF_A_CASE, Follow.since.label("moment"))
        .join(Follow, Follow.case_id == Case.id)
        .outerjoin(Unit, Unit.id == Case.opened_unit_id)
        .where(Follow.person_id == viewer.person_id, visible(viewer))
    )
    if text:
        wanted = wanted.where(Case.id.in_(cases_saying(text)))
    with by_the_index(text):
        rows, more = _page(wanted, Follow.since, Case.id, after)
    return Pages(tuple(_begun_line(row) for row in rows), more)


def follows(viewer: Actor, case_id: int) -> bool:
    """Whether the case is on this person's list."""
    mine = (Follow.person_id == viewer.person_id, Follow.case_id == case_id)
    return bool(read(select(exists().where(*mine)), {}).scalar_one())


def copies(
    viewer: Actor, *, unread: bool = False, text: str = "", after: Place | None = None
) -> Pages[CopyLine]:
    """What came to one's units, or to oneself by name, for reading (抄送、传阅)."""
    wanted = (
        select(*OF_A_COPY)
        .join(Case, Case.id == Delivery.case_id)
        .join(Unit, Unit.id == Delivery.unit_id)
        .outerjoin(Document, Document.id == Delivery.document_id)
        .outerjoin(Sending, Sending.id == Delivery.sending_id)
        .outerjoin(SENDER, SENDER.id == func.coalesce(Sending.unit_id, Document.issuer_unit_id))
        .where(
            sent_to(sorted(access.units_worked_for(viewer)), viewer.person_id),
            Delivery.role != constant("main"),
            Delivery.delivered_at.is_not(None),
        )
    )
    if unread:
        wanted = wanted.where(Delivery.unread())
    if text:
        wanted = wanted.where(
            or_(
                Document.id.in_(papers_saying(text)),
                Delivery.document_id.is_(None) & Case.id.in_(cases_saying(text)),
            )
        )
    with by_the_index(text):
        rows, more = _page(wanted, Delivery.delivered_at, Delivery.id, after)
    return Pages(tuple(_copy_line(row) for row in rows), more)


def _page(
    wanted: Select[*tuple[Any, ...]], moment: Any, number: Any, after: Place | None
) -> tuple[Sequence[Row[Any]], Place | None]:
    """The newest rows after a place, and the place of the last one if there are more."""
    if after:
        last_moment, last_number = after.values
        place = tuple_(literal(last_moment, UtcDateTime()), literal(last_number))
        wanted = wanted.where(tuple_(moment, number) < place)
    ordered = wanted.order_by(moment.desc(), number.desc()).limit(PAGE + 1)
    found = read(ordered, {}).all()
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], Place((last.moment, last.id)) if last else None


def _done_line(row: Row[Any]) -> DoneLine:
    return DoneLine(
        assignment_id=row.id,
        case_id=row.case_id,
        number=row.number or "",
        title=row.title,
        task=row.name,
        task_en=row.name_en,
        unit=row.unit,
        by=row.by or "",
        done_at=row.moment,
        late=row.due_at is not None and row.moment > row.due_at,
        status=row.status,
    )


def _begun_line(row: Row[Any]) -> BegunLine:
    return BegunLine(
        case_id=row.id,
        kind=row.kind,
        number=row.number or "",
        title=row.title,
        unit=row.unit or "",
        since=row.moment,
        status=row.status,
        stage=row.stage,
        special_major=row.special_major,
    )


def _copy_line(row: Row[Any]) -> CopyLine:
    return CopyLine(
        delivery_id=row.id,
        case_id=row.case_id,
        document_id=row.document_id,
        number=row.number or "",
        title=row.title,
        sender=row.sender or "",
        unit=row.unit,
        role=row.role,
        delivered_at=row.moment,
        read_at=row.read_at,
    )
