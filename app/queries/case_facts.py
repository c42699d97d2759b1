"""The facts of a case and its papers: what stands beside a task's form and on the case's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import aliased

from app.actor import Actor
from app.advance.reference import profile_with
from app.db import Present, session
from app.errors import NotFound
from app.model import (
    Case,
    Delivery,
    Document,
    Grading,
    Indicator,
    Person,
    ProfileVersion,
    Round,
    Unit,
)
from app.queries.reading import read
from app.queries.visibility import seen, seen_by
from app.rules.profiles import Profile
from app.rules.standstill import spans_of


@dataclass(frozen=True)
class Paper:
    """A document of the case and whom it was delivered to."""

    document_id: int
    kind: str
    number: str
    title: str
    state: str
    issued_at: datetime | None
    deliveries: tuple[tuple[str, str, datetime | None, datetime | None], ...]


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """What a case is about, where it came from, when its clock began, and its papers."""

    case_id: int
    number: str
    title: str
    matter: str
    content: str
    source: str
    profile: str
    profile_en: str
    round: str
    round_id: int | None
    indicator: str
    indicator_id: int | None
    level: str
    handler: str
    opened_at: datetime
    closed_at: datetime | None
    reopened_at: datetime | None
    issued_at: datetime | None
    suspended_at: datetime | None
    resume_on: date | None
    stood_still: tuple[tuple[datetime, datetime], ...]
    urge_count: int
    extension_count: int
    comment_count: int
    papers: tuple[Paper, ...]


HANDLER: Final = aliased(Person)
LEVEL: Final = (
    select(Grading.level)
    .where(Grading.round_id == Case.round_id, Grading.indicator_id == Case.indicator_id)
    .order_by(Grading.id.desc())
    .limit(1)
    .scalar_subquery()
)  # the one the indicator has now in the round the case came from


def named_cases(*case: Any, everything: bool) -> Select[*tuple[Any, ...]]:
    """Cases the viewer may know of, with what they name and the moment; takes `seen_by` values.

    `case`: Case, or those of its columns that are asked for.
    """
    return (
        select(
            *case,
            ProfileVersion.sha256,
            Round.code.label("round"),
            Indicator.name.label("indicator"),
            HANDLER.name.label("handler"),
            LEVEL.label("level"),
            Present().label("now"),
        )
        .join(ProfileVersion, ProfileVersion.id == Case.profile_id)
        .outerjoin(Round, Round.id == Case.round_id)
        .outerjoin(Indicator, Indicator.id == Case.indicator_id)
        .outerjoin(HANDLER, HANDLER.id == Case.handler_id)
        .where(seen(everything=everything))
    )


@cache
def _one(*, everything: bool) -> Select[*tuple[Any, ...]]:
    return named_cases(Case, everything=everything).where(Case.id == bindparam("case"))


def named_case(viewer: Actor, case_id: int) -> Row[*tuple[Any, ...]]:
    """One of them; NotFound for strangers."""
    values, everything = seen_by(viewer)
    found = session().execute(_one(everything=everything), {**values, "case": case_id})
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return row


def county_of(row: Any) -> Profile:
    """The mechanism such a case runs under."""
    return profile_with(row.sha256, row.Case.profile_id)


def facts_of(row: Any) -> dict[str, Any]:
    """The fields of CaseFacts."""
    case, county = row.Case, county_of(row)
    return {
        "case_id": case.id,
        "number": case.number or "",
        "title": case.title,
        "matter": case.matter,
        "content": case.content,
        "source": case.source,
        "profile": county.name,
        "profile_en": county.name_en,
        "round": row.round or "",
        "round_id": case.round_id,
        "indicator": row.indicator or "",
        "indicator_id": case.indicator_id,
        "level": row.level or "",
        "handler": row.handler or "",
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "reopened_at": case.reopened_at,
        "issued_at": case.issued_at,
        "suspended_at": case.suspended_at,
        "resume_on": case.resume_on,
        "stood_still": spans_of(case.standstills or ()),
        "urge_count": case.urge_count,
        "extension_count": case.extension_count,
        "comment_count": case.comment_count,
        "papers": papers_of(case.id),
    }


PAPERS: Final = (
    select(
        Document.id,
        Document.kind,
        Document.number,
        Document.title,
        Document.state,
        Document.issued_at,
        Delivery.role,
        Delivery.delivered_at,
        Delivery.signed_at,
        Unit.name.label("unit"),
    )
    .outerjoin(Delivery, (Delivery.document_id == Document.id) & Delivery.recalled_at.is_(None))
    .outerjoin(Unit, Unit.id == Delivery.unit_id)
    .where(Document.case_id == bindparam("case"))
    .order_by(Document.id, Delivery.id)
)


def papers_of(case_id: int) -> tuple[Paper, ...]:
    """The papers of a case, oldest first, each with whom it went to."""
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {}
    for row in read(PAPERS, {"case": case_id}):
        found.setdefault(row.id, []).append(row)
    return tuple(_paper(rows) for rows in found.values())


def _paper(rows: list[Row[*tuple[Any, ...]]]) -> Paper:
    first = rows[0]
    return Paper(
        document_id=first.id,
        kind=first.kind,
        number=first.number or "",
        title=first.title,
        state=first.state,
        issued_at=first.issued_at,
        deliveries=tuple(
            (row.unit, row.role, row.delivered_at, row.signed_at) for row in rows if row.unit
        ),
    )
