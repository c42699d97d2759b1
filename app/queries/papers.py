"""Documents as people read them: what one may see, and one paper with its deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from app import documents
from app.actor import Actor
from app.advance import profile
from app.db import session
from app.documents import Block, Kind
from app.errors import NotFound
from app.model import Case, Delivery, Document, Person, Unit
from app.queries.instructions import Said, instructions_of
from app.queries.matching import papers_saying
from app.queries.visibility import sent_to, those_visible, visible
from app.rules import access


@dataclass(frozen=True)
class PaperLine:
    """One document in the list; whoever only got a copy may not know of its case."""

    document_id: int
    kind: Kind
    number: str
    title: str
    issuer: str
    state: str
    issued_at: datetime | None
    case_id: int
    case_title: str
    case_open: bool


@dataclass(frozen=True)
class Copy:
    """To whom a paper went, and what became of it there; `by_hand`: later than it was issued."""

    unit: str
    person: str
    role: str
    method: str
    delivered_at: datetime | None
    signed_at: datetime | None
    read_at: datetime | None
    refused_reason: str
    recalled_at: datetime | None
    by_hand: bool


@dataclass(frozen=True)
class PaperPage:
    """One paper: `blocks` are its sections in order, `basis` the written rule it rests on.

    `unread`: it came to the viewer, or to a unit of theirs, and nobody there has opened it.
    """

    line: PaperLine
    blocks: tuple[Block, ...]
    copies: tuple[Copy, ...]
    instructions: tuple[Said, ...]
    basis: str
    sha256: str
    unread: bool


def papers(
    viewer: Actor, *, kind: str = "", text: str = "", limit: int = 200
) -> tuple[PaperLine, ...]:
    """The newest documents of the cases this person may see (copies to their units among them)."""
    wanted = (
        select(Document, Case, Unit.name, visible(viewer))
        .join(Case, Case.id == Document.case_id)
        .outerjoin(Unit, Unit.id == Document.issuer_unit_id)
        .where(_readable(viewer, at_once=bool(text)))
    )
    if kind:
        wanted = wanted.where(Document.kind == kind)
    if text:
        wanted = wanted.where(Document.id.in_(papers_saying(text)))
    rows = session().execute(wanted.order_by(Document.id.desc()).limit(limit))
    return tuple(_line(*row) for row in rows)


def paper(viewer: Actor, document_id: int) -> PaperPage:
    """One document with whom it went to; NotFound for strangers."""
    found = (
        session()
        .execute(
            select(Document, Case, Unit.name, visible(viewer))
            .join(Case, Case.id == Document.case_id)
            .outerjoin(Unit, Unit.id == Document.issuer_unit_id)
            .where(Document.id == document_id, _readable(viewer))
        )
        .one_or_none()
    )
    if found is None:
        raise NotFound
    document, case, unit, open_ = found
    rows = (
        session()
        .execute(
            select(Delivery, Unit.name, Person.name)
            .join(Unit, Unit.id == Delivery.unit_id)
            .outerjoin(Person, Person.id == Delivery.person_id)
            .where(Delivery.document_id == document.id)
            .order_by(Delivery.id)
        )
        .all()
    )
    return PaperPage(
        line=_line(document, case, unit, open_),
        blocks=documents.blocks(document.kind, document.content),
        copies=tuple(_copy(*row) for row in rows),
        instructions=instructions_of(viewer, case.id, document.id) if open_ else (),
        basis=profile(case.profile_id).basis.title,
        sha256=document.sha256,
        unread=any(_waits(viewer, delivery) for delivery, _unit, _person in rows),
    )


def _copy(delivery: Delivery, unit: str, person: str | None) -> Copy:
    return Copy(
        unit=unit,
        person=person or "",
        role=delivery.role,
        method=delivery.method,
        delivered_at=delivery.delivered_at,
        signed_at=delivery.signed_at,
        read_at=delivery.read_at,
        refused_reason=delivery.refused_reason,
        recalled_at=delivery.recalled_at,
        by_hand=delivery.sending_id is not None,
    )


def _waits(viewer: Actor, delivery: Delivery) -> bool:
    """Whether it came to this person's unit, or to them by name, and nobody has read it."""
    if delivery.unit_id not in access.units_worked_for(viewer) or delivery.delivered_at is None:
        return False
    to_me = delivery.person_id in (None, viewer.person_id)
    return to_me and delivery.read_at is None and delivery.recalled_at is None


def kinds() -> tuple[Kind, ...]:
    """Every kind in the catalogue, for filters."""
    return tuple(documents.KINDS.values())


def _readable(viewer: Actor, *, at_once: bool = False) -> ColumnElement[bool]:
    """The cases one may see, and what was delivered to one's own units.

    `at_once`: the cases are found together instead of one by one.
    """
    units = sorted(access.units_worked_for(viewer))
    cases = those_visible(viewer) if at_once else None
    seen = visible(viewer) if cases is None else Document.case_id.in_(cases)
    if not units:
        return seen
    mine = select(Delivery.document_id).where(
        sent_to(units, viewer.person_id),
        Delivery.document_id.is_not(None),
        Delivery.delivered_at.is_not(None),
    )
    return or_(seen, Document.id.in_(mine))


def _line(document: Document, case: Case, unit: str | None, case_open: bool) -> PaperLine:
    return PaperLine(
        document_id=document.id,
        kind=documents.KINDS[document.kind],
        number=document.number or "",
        title=document.title,
        issuer=unit or "",
        state=document.state,
        issued_at=document.issued_at,
        case_id=case.id,
        case_title=case.title,
        case_open=bool(case_open),
    )
