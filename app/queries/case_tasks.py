"""The tasks of a case and its units' own clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Result, select

from app import forms
from app.actor import Actor
from app.advance import profile
from app.db import session
from app.forms.definition import NOTHING, Words
from app.model import Assignment, Case, CaseUnit, Person, Ticket, Unit
from app.queries.due import DueLine, DueLines, pace
from app.queries.visibility import visible
from app.rules import access
from app.rules.deadlines import fixed
from app.rules.signing import form_of


@dataclass(frozen=True)
class UnitCard:
    """A unit's part in the case and its own clock (the most pressing open task, if any)."""

    unit_id: int
    unit: str
    role: str
    doing: tuple[str, ...]
    doing_en: tuple[str, ...]
    due: DueLine | None
    urged: int
    urged_at: datetime | None


@dataclass(frozen=True)
class TaskLine:
    """One task: who has or had it, until when, what came of it; `mine` waits for the viewer.

    `said`: what was said to the vote.
    """

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
    urged: int
    urged_at: datetime | None
    moved: bool
    mine: bool
    said: Words


def tasks_of(viewer: Actor, case: Case) -> tuple[TaskLine, ...]:
    """Every task of a case, oldest first."""
    county, lines = profile(case.profile_id), DueLines()
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
            said=_said(a, t),
            urged=a.urge_count,
            urged_at=a.urged_at,
            moved=a.moved_to is not None,
            mine=a.state == "active" and case.status == "open" and _may(viewer, a, case.kind),
            due=lines.line(
                county,
                due_at=a.due_at,
                first_day=a.due_day_first,
                rule=a.due_rule,
                provisional=a.due_provisional,
                suspended=case.status == "suspended",
                pace=pace(case) if (a.due_rule or {}).get("matter") else None,
                finished_at=a.done_at,
            ),
        )
        for a, t, unit, person in _given(case.id)
    )


def _given(case_id: int) -> Result[*tuple[Any, ...]]:
    """Everything that was ever given to somebody in a case."""
    return session().execute(
        select(Assignment, Ticket, Unit.name, Person.name)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(Person, Person.id == Assignment.done_by)
        .where(Assignment.case_id == case_id)
        .order_by(Assignment.id)
    )


def _said(assignment: Assignment, ticket: Ticket) -> Words:
    """What a part that is done said to the vote, where there is one."""
    question = forms.load(form_of(assignment.kind, ticket.form)).vote
    value = (assignment.answers or {}).get(question.name) if question else None
    option = question.option(value) if question and assignment.state == "done" else None
    return option.label if option else NOTHING


def waiting(viewer: Actor, case_id: int) -> tuple[TaskLine, ...]:
    """The tasks of a case somebody still has to do; none for a stranger."""
    case = session().scalar(select(Case).where(Case.id == case_id, visible(viewer)))
    found = tasks_of(viewer, case) if case else ()
    return tuple(task for task in found if task.state == "active")


def case_due(case: Case, tasks: Sequence[TaskLine]) -> DueLine | None:
    """The whole matter's date, else the most pressing of what is open; closed, it has no clock."""
    if case.status in ("open", "suspended") and case.due_day is not None:
        return _matter_due(case, case.due_day)
    open_ = [t.due for t in tasks if t.state in ("active", "asking") and t.due.day]
    return min(open_, key=lambda line: str(line.day), default=None)


def _matter_due(case: Case, day: date) -> DueLine:
    county = profile(case.profile_id)
    return DueLines().line(
        county,
        due_at=fixed(day, end_of_day=county.clock.end_of_day).due_at,
        first_day=case.due_day_first,
        rule=case.due_rule,
        suspended=case.status == "suspended",
        pace=pace(case),
    )


def units_of(case: Case, tasks: Sequence[TaskLine]) -> tuple[UnitCard, ...]:
    """The units of a case, each with what it is doing and its most pressing date."""
    rows = session().execute(
        select(CaseUnit.unit_id, CaseUnit.role, Unit.name)
        .join(Unit, Unit.id == CaseUnit.unit_id)
        .where(CaseUnit.case_id == case.id)
        .order_by(CaseUnit.id)
    )
    cards = []
    for unit_id, role, name in rows:
        own = [
            t
            for t in tasks
            if t.unit == name and t.state in ("active", "asking") and t.role != "office"
        ]
        dated = [t.due for t in own if t.due.day]
        cards.append(
            UnitCard(
                unit_id=unit_id,
                unit=name,
                role=role,
                doing=tuple(t.task for t in own),
                doing_en=tuple(t.task_en for t in own),
                due=min(dated, key=lambda line: str(line.day), default=None),
                urged=sum(t.urged for t in own),
                urged_at=max((t.urged_at for t in own if t.urged_at), default=None),
            )
        )
    return tuple(cards)


def _may(viewer: Actor, assignment: Assignment, kind: str) -> bool:
    return (
        access.completes(
            viewer,
            unit_id=assignment.unit_id,
            post=assignment.post,
            person_id=assignment.person_id,
            kind=kind,
        )
        is not None
    )
