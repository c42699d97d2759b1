"""The case page: facts, units with their own clocks, tasks, papers, relatives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.actor import Actor
from app.advance import profile
from app.db import session
from app.model import (
    Case,
    Delivery,
    Document,
    Grading,
    Indicator,
    Instruction,
    Measure,
    Person,
    Report,
    Round,
    Unit,
)
from app.queries.case_tasks import TaskLine, UnitCard, case_due, tasks_of, units_of
from app.queries.due import DueLine
from app.queries.visibility import visible, visible_case


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


@dataclass(frozen=True)
class Relative:
    """A case this one came from or led to."""

    case_id: int
    kind: str
    number: str
    title: str
    stage: str
    status: str


@dataclass(frozen=True)
class CasePage:
    """Everything the page of one case shows but its journal and diagram."""

    case_id: int
    kind: str
    number: str
    title: str
    stage: str
    status: str
    outcome: str
    special_major: bool
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
    issued_at: datetime | None
    urge_count: int
    extension_count: int
    due: DueLine | None
    units: tuple[UnitCard, ...]
    tasks: tuple[TaskLine, ...]
    papers: tuple[Paper, ...]
    measures: tuple[Measure, ...]
    reports: tuple[tuple[Report, str], ...]
    instructions: tuple[Instruction, ...]
    parent: Relative | None
    children: tuple[Relative, ...]


def case_page(viewer: Actor, case_id: int) -> CasePage:
    """One case as its page shows it; NotFound for strangers."""
    case = visible_case(viewer, case_id)
    county = profile(case.profile_id)
    tasks = tasks_of(viewer, case)
    return CasePage(
        case_id=case.id,
        kind=case.kind,
        number=case.number or "",
        title=case.title,
        stage=case.stage,
        status=case.status,
        outcome=case.outcome,
        special_major=case.special_major,
        matter=case.matter,
        content=case.content,
        source=case.source,
        profile=county.name,
        profile_en=county.name_en,
        round=_name(Round.code, Round.id, case.round_id),
        round_id=case.round_id,
        indicator=_name(Indicator.name, Indicator.id, case.indicator_id),
        indicator_id=case.indicator_id,
        level=_level(case),
        handler=_name(Person.name, Person.id, case.handler_id),
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        issued_at=case.issued_at,
        urge_count=case.urge_count,
        extension_count=case.extension_count,
        due=case_due(case, tasks),
        units=units_of(case, tasks),
        tasks=tasks,
        papers=_papers(case),
        measures=_all(Measure, case.id),
        reports=_reports(case.id),
        instructions=_all(Instruction, case.id),
        parent=next(iter(_relatives(viewer, Case.id == (case.parent_id or 0))), None),
        children=_relatives(viewer, Case.parent_id == case.id),
    )


def _papers(case: Case) -> tuple[Paper, ...]:
    documents = (
        session()
        .execute(select(Document).where(Document.case_id == case.id).order_by(Document.id))
        .scalars()
        .all()
    )
    delivered = (
        session()
        .execute(
            select(Delivery, Unit.name)
            .join(Unit, Unit.id == Delivery.unit_id)
            .where(Delivery.document_id.in_([d.id for d in documents]))
            .order_by(Delivery.id)
        )
        .all()
    )
    return tuple(
        Paper(
            document_id=d.id,
            kind=d.kind,
            number=d.number or "",
            title=d.title,
            state=d.state,
            issued_at=d.issued_at,
            deliveries=tuple(
                (name, row.role, row.delivered_at, row.signed_at)
                for row, name in delivered
                if row.document_id == d.id
            ),
        )
        for d in documents
    )


def _reports(case_id: int) -> tuple[tuple[Report, str], ...]:
    rows = session().execute(
        select(Report, Unit.name)
        .join(Unit, Unit.id == Report.unit_id)
        .where(Report.case_id == case_id)
        .order_by(Report.id)
    )
    return tuple((report, unit) for report, unit in rows)


def _relatives(viewer: Actor, which: Any) -> tuple[Relative, ...]:
    rows = session().execute(select(Case).where(which, visible(viewer)).order_by(Case.id)).scalars()
    return tuple(Relative(c.id, c.kind, c.number or "", c.title, c.stage, c.status) for c in rows)


def _all(table: Any, case_id: int) -> tuple[Any, ...]:
    rows = session().execute(select(table).where(table.case_id == case_id).order_by(table.id))
    return tuple(rows.scalars())


def _level(case: Case) -> str:
    """The level the indicator has now in the round the case came from."""
    if case.round_id is None or case.indicator_id is None:
        return ""
    given = select(Grading.level).where(
        Grading.round_id == case.round_id, Grading.indicator_id == case.indicator_id
    )
    return session().scalars(given.order_by(Grading.id.desc()).limit(1)).first() or ""


def _name(column: Any, key: Any, value: int | None) -> str:
    if value is None:
        return ""
    return str(session().execute(select(column).where(key == value)).scalar_one())
