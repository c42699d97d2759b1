"""The case page: facts, units with their own clocks, tasks, papers, relatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.actor import Actor
from app.advance import profile
from app.db import session
from app.model import (
    Assignment,
    Case,
    CaseUnit,
    Delivery,
    Document,
    Indicator,
    Instruction,
    Measure,
    Person,
    Report,
    Round,
    Ticket,
    Unit,
)
from app.queries.due import DueLine, DueLines
from app.queries.visibility import visible, visible_case
from app.rules.profiles import Profile


@dataclass(frozen=True)
class UnitCard:
    """A unit's part in the case and its own clock (the most pressing open task, if any)."""

    unit_id: int
    unit: str
    role: str
    doing: tuple[str, ...]
    doing_en: tuple[str, ...]
    due: DueLine | None


@dataclass(frozen=True)
class TaskLine:
    """One task of the case: who has or had it, until when, and what came of it."""

    assignment_id: int
    node: str
    task: str
    task_en: str
    stage: str
    unit: str
    role: str
    state: str
    opened_at: datetime
    done_at: datetime | None
    done_by: str
    due: DueLine
    answers: dict[str, Any]
    form: str


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
    lines = DueLines()
    tasks = _tasks(case, county, lines)
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
        handler=_name(Person.name, Person.id, case.handler_id),
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        issued_at=case.issued_at,
        urge_count=case.urge_count,
        extension_count=case.extension_count,
        due=_case_due(tasks),
        units=_units(case, tasks),
        tasks=tasks,
        papers=_papers(case),
        measures=_all(Measure, case.id),
        reports=_reports(case.id),
        instructions=_all(Instruction, case.id),
        parent=next(iter(_relatives(viewer, Case.id == (case.parent_id or 0))), None),
        children=_relatives(viewer, Case.parent_id == case.id),
    )


def _tasks(case: Case, county: Profile, lines: DueLines) -> tuple[TaskLine, ...]:
    rows = session().execute(
        select(Assignment, Ticket, Unit.name.label("unit"), Person.name.label("person"))
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(Person, Person.id == Assignment.done_by)
        .where(Assignment.case_id == case.id)
        .order_by(Assignment.id)
    )
    return tuple(
        TaskLine(
            assignment_id=a.id,
            node=t.node,
            task=t.name,
            task_en=t.name_en,
            stage=t.stage,
            unit=unit,
            role=a.role,
            state=a.state,
            opened_at=a.opened_at,
            done_at=a.done_at,
            done_by=person or "",
            answers=a.answers or {},
            form=t.form,
            due=lines.line(
                county,
                due_at=a.due_at,
                first_day=a.due_day_first,
                rule=a.due_rule,
                provisional=a.due_provisional,
                suspended=case.status == "suspended",
                finished_at=a.done_at,
            ),
        )
        for a, t, unit, person in rows
    )


def _case_due(tasks: Sequence[TaskLine]) -> DueLine | None:
    """The most pressing of what is open; a closed case has no clock."""
    open_ = [t.due for t in tasks if t.state == "active" and t.due.day]
    return min(open_, key=lambda line: str(line.day), default=None)


def _units(case: Case, tasks: Sequence[TaskLine]) -> tuple[UnitCard, ...]:
    rows = session().execute(
        select(CaseUnit.unit_id, CaseUnit.role, Unit.name)
        .join(Unit, Unit.id == CaseUnit.unit_id)
        .where(CaseUnit.case_id == case.id)
        .order_by(CaseUnit.id)
    )
    cards = []
    for unit_id, role, name in rows:
        own = [t for t in tasks if t.unit == name and t.state == "active" and t.role != "office"]
        dated = [t.due for t in own if t.due.day]
        cards.append(
            UnitCard(
                unit_id=unit_id,
                unit=name,
                role=role,
                doing=tuple(t.task for t in own),
                doing_en=tuple(t.task_en for t in own),
                due=min(dated, key=lambda line: str(line.day), default=None),
            )
        )
    return tuple(cards)


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


def _name(column: Any, key: Any, value: int | None) -> str:
    if value is None:
        return ""
    return str(session().execute(select(column).where(key == value)).scalar_one())
