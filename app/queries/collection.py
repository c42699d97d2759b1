"""Who of a round's addressees has answered and who has not; the answers in one table (TX-08c)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from app import clock, documents
from app.actor import Actor
from app.db import session
from app.effects import levels, notices, opinions
from app.errors import NotFound
from app.model import Assignment, Case, CaseUnit, Delivery, Document, Indicator, Round, Ticket, Unit
from app.queries.visibility import visible
from app.rules import access

SUMMARY: Final = documents.KINDS["consolidation"]
Found = Any  # a row as the database gives it


@dataclass(frozen=True)
class Collected:
    """One notice and how far its addressee has come; `late` is True, False or None (no date)."""

    case_id: int
    number: str
    title: str
    indicator: str
    level: str
    unit_id: int
    unit: str
    state: str
    issued_at: datetime | None
    delivered_at: datetime | None
    signed_at: datetime | None
    refused_reason: str
    due_at: datetime | None
    replied_at: datetime | None
    accepted_at: datetime | None
    late: bool | None


@dataclass(frozen=True)
class Collection:
    """A round's notices, how many have come how far, and whether all answers may be read."""

    round_id: int
    code: str
    rows: tuple[Collected, ...]
    counts: Mapping[str, int]
    answered: int
    late: int
    readable: bool


@dataclass(frozen=True)
class Consolidated:
    """The answers in one table: headings in both languages and rows of texts, ready for a file."""

    title: str
    headings: tuple[str, ...]
    headings_en: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def collection(viewer: Actor, round_id: int) -> Collection:
    """A round's notices as far as the viewer may know them; NotFound where that is nothing."""
    round_ = session().get(Round, round_id)
    rows = _cases(viewer, round_id)
    if round_ is None or not (rows or access.may_see_rounds(viewer)):
        raise NotFound
    papers, tasks = _papers([row.id for row in rows]), _tasks([row.id for row in rows])
    found = levels.current_gradings(round_id)
    collected = tuple(
        _collected(
            row,
            papers.get(row.id, {}),
            tasks.get(row.id, {}),
            found[row.indicator_id].level if row.indicator_id in found else "",
        )
        for row in rows
    )
    states = [each.state for each in collected]
    return Collection(
        round_id,
        round_.code,
        collected,
        counts={state: states.count(state) for state in dict.fromkeys(states)},
        answered=sum(each.replied_at is not None for each in collected),
        late=sum(each.late is True for each in collected),
        readable=access.may_read_answers(viewer),
    )


def consolidate(viewer: Actor, round_id: int) -> Consolidated:
    """Problems and measures, one row per measure; persons are named, so observers get none."""
    round_ = session().get(Round, round_id)
    if round_ is None or not access.may_read_answers(viewer):
        raise NotFound
    section = SUMMARY.sections[0]
    rows = opinions.consolidation(round_id)["rows"]
    return Consolidated(
        title=f"{round_.code}{SUMMARY.name}",
        headings=tuple(column.heading for column in section.columns),
        headings_en=tuple(column.heading_en for column in section.columns),
        rows=tuple(
            tuple(str(row[column.field] or "") for column in section.columns) for row in rows
        ),
    )


def _cases(viewer: Actor, round_id: int) -> Sequence[Found]:
    return (
        session()
        .execute(
            select(
                Case.id,
                Case.title,
                Case.status,
                Case.outcome,
                Case.indicator_id,
                Indicator.name.label("indicator"),
                Unit.id.label("unit_id"),
                Unit.name.label("unit"),
            )
            .join(Indicator, Indicator.id == Case.indicator_id)
            .join(CaseUnit, (CaseUnit.case_id == Case.id) & (CaseUnit.role == "addressee"))
            .join(Unit, Unit.id == CaseUnit.unit_id)
            .where(Case.kind == "risk_notice", Case.round_id == round_id, visible(viewer))
            .order_by(Case.id)
        )
        .all()
    )


def _papers(case_ids: Sequence[int]) -> dict[int, dict[str, Found]]:
    """Per case: the notice with its main delivery, and the first opinion that was sent."""
    rows = session().execute(
        select(
            Document.case_id,
            Document.kind,
            Document.number,
            Document.issued_at,
            Delivery.delivered_at,
            Delivery.signed_at,
            Delivery.refused_reason,
        )
        .join(Delivery, (Delivery.document_id == Document.id) & (Delivery.role == "main"))
        .where(Document.case_id.in_(case_ids), Document.issued_at.is_not(None))
        .order_by(Document.id, Delivery.id)
    )
    found: dict[int, dict[str, Found]] = {}
    for row in rows:
        kind = "notice" if row.kind in notices.KINDS else row.kind
        found.setdefault(row.case_id, {}).setdefault(kind, row)
    return found


def _tasks(case_ids: Sequence[int]) -> dict[int, dict[str, Found]]:
    """Per case: the first time the opinion was asked for, and its acceptance."""
    rows = session().execute(
        select(
            Assignment.case_id,
            Ticket.effect,
            Assignment.due_at,
            Assignment.done_at,
            Assignment.answers,
        )
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(
            Assignment.case_id.in_(case_ids), Ticket.effect.in_(("file_opinion", "review_opinion"))
        )
        .order_by(Assignment.id)
    )
    found: dict[int, dict[str, Found]] = {}
    for row in rows:
        if row.effect == "file_opinion" or (row.answers or {}).get("decision") == "accept":
            found.setdefault(row.case_id, {}).setdefault(row.effect, row)
    return found


def _collected(
    row: Found, papers: Mapping[str, Found], tasks: Mapping[str, Found], level: str
) -> Collected:
    notice, opinion = papers.get("notice"), papers.get("work_opinion")
    asked, accepted = tasks.get("file_opinion"), tasks.get("review_opinion")
    replied_at = opinion.issued_at if opinion else None
    due_at = asked.due_at if asked else None
    return Collected(
        case_id=row.id,
        number=(notice.number or "") if notice else "",
        title=row.title,
        indicator=row.indicator,
        level=level,
        unit_id=row.unit_id,
        unit=row.unit,
        state=_state(row, notice, opinion, accepted),
        issued_at=notice.issued_at if notice else None,
        delivered_at=notice.delivered_at if notice else None,
        signed_at=notice.signed_at if notice else None,
        refused_reason=notice.refused_reason if notice else "",
        due_at=due_at,
        replied_at=replied_at,
        accepted_at=accepted.done_at if accepted else None,
        late=None if due_at is None else (replied_at or clock.now()) > due_at,
    )


def _state(row: Found, notice: Found | None, opinion: Found | None, accepted: Found | None) -> str:
    """How far it is: drafting, issued, delivered, refused, signed, replied, accepted, withdrawn."""
    if row.status == "void":
        return "withdrawn"
    if notice is None:
        return "drafting"
    reached = (
        ("accepted", accepted is not None),
        ("replied", opinion is not None),
        ("signed", notice.signed_at is not None),
        ("refused", bool(notice.refused_reason)),
        ("delivered", notice.delivered_at is not None),
    )
    return next((state for state, yes in reached if yes), "issued")
