"""The case page: facts, units with their own clocks, tasks, papers, relatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.actor import Actor
from app.db import session
from app.model import Case, Measure, Report, Unit
from app.queries.attachments import File, files_of
from app.queries.case_facts import CaseFacts, facts_of, named_case
from app.queries.case_tasks import TaskLine, UnitCard, case_due, tasks_of, units_of
from app.queries.due import DueLine
from app.queries.instructions import Said, instructions_of
from app.queries.visibility import visible, visible_case


@dataclass(frozen=True)
class Relative:
    """A case this one came from or led to."""

    case_id: int
    kind: str
    number: str
    title: str
    stage: str
    status: str


@dataclass(frozen=True, kw_only=True)
class CasePage(CaseFacts):
    """Everything the page of one case shows but its journal and diagram."""

    kind: str
    stage: str
    status: str
    outcome: str
    special_major: bool
    due: DueLine | None
    units: tuple[UnitCard, ...]
    tasks: tuple[TaskLine, ...]
    measures: tuple[Measure, ...]
    reports: tuple[tuple[Report, str], ...]
    instructions: tuple[Said, ...]
    parent: Relative | None
    children: tuple[Relative, ...]
    files: tuple[File, ...]


def case_page(viewer: Actor, case_id: int) -> CasePage:
    """One case as its page shows it; NotFound for strangers."""
    row = named_case(viewer, case_id)
    case = row.Case
    tasks = tasks_of(viewer, case)
    return CasePage(
        **facts_of(row),
        kind=case.kind,
        stage=case.stage,
        status=case.status,
        outcome=case.outcome,
        special_major=case.special_major,
        due=case_due(case, tasks),
        units=units_of(case, tasks),
        tasks=tasks,
        measures=_all(Measure, case.id),
        reports=_reports(case.id),
        instructions=instructions_of(viewer, case.id),
        parent=next(iter(_relatives(viewer, Case.id == (case.parent_id or 0))), None),
        children=_relatives(viewer, Case.parent_id == case.id),
        files=files_of(viewer, case.id),
    )


def case_title(viewer: Actor, case_id: int) -> str:
    """What a case is called; NotFound for strangers."""
    return visible_case(viewer, case_id).title


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
