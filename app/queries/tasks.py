"""The task page: the form somebody fills, what it is about, and what they may pick from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import forms
from app.actor import Actor
from app.advance import profile
from app.db import session
from app.errors import NotFound
from app.model import (
    Assignment,
    Case,
    Indicator,
    Person,
    ProfileVersion,
    RoleHolding,
    Round,
    Ticket,
    Unit,
)
from app.queries.due import DueLine, DueLines
from app.queries.prefill import prefill
from app.queries.visibility import visible, visible_case
from app.rules import access


@dataclass(frozen=True)
class TaskPage:
    """One task as its page shows it; `may` is False for a colleague who can only look.

    `theirs`: what was answered already, for those whose task it was too.
    """

    assignment_id: int
    version: int
    case_id: int
    task: str
    task_en: str
    node: str
    stage: str
    unit: str
    role: str
    post: str
    state: str
    form: forms.Form
    answers: Mapping[str, Any]
    choices: Mapping[str, Sequence[tuple[str, str]]]
    due: DueLine
    opened_at: datetime
    may: bool
    deputy: bool
    theirs: Mapping[str, Any]


@dataclass(frozen=True)
class TaskAsked:
    """What is needed to take a task's answers: its form, its name, its case."""

    form: forms.Form
    task: str
    task_en: str
    case_id: int


def task_asked(viewer: Actor, assignment_id: int) -> TaskAsked:
    """The same task as far as its answers need it, in one statement; NotFound for strangers."""
    found = session().execute(
        select(Ticket.form, Ticket.name, Ticket.name_en, Case.id)
        .join(Assignment, Assignment.ticket_id == Ticket.id)
        .join(Case, Case.id == Assignment.case_id)
        .where(Assignment.id == assignment_id, visible(viewer))
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return TaskAsked(forms.load(row.form), row.name, row.name_en, row.id)


def task_page(viewer: Actor, assignment_id: int) -> TaskPage:
    """A task for somebody who may see its case; NotFound for strangers."""
    assignment, ticket, unit = _read(assignment_id)
    case = visible_case(viewer, assignment.case_id)
    holding = access.completes(
        viewer, unit_id=assignment.unit_id, post=assignment.post, person_id=assignment.person_id
    )
    active = assignment.state == "active" and case.status == "open"
    form = forms.load(ticket.form)
    return TaskPage(
        assignment_id=assignment.id,
        version=assignment.version,
        case_id=case.id,
        task=ticket.name,
        task_en=ticket.name_en,
        node=ticket.node,
        stage=ticket.stage,
        unit=unit,
        role=assignment.role,
        post=assignment.post,
        state=assignment.state,
        form=form,
        answers=assignment.answers or (prefill(case, ticket, assignment) if active else {}),
        choices=choices(assignment.unit_id),
        due=_due(case, assignment),
        opened_at=assignment.opened_at,
        may=active and holding is not None,
        deputy=holding is not None and holding.deputy_for is not None,
        theirs=(assignment.answers or {}) if holding and assignment.state == "done" else {},
    )


def _read(assignment_id: int) -> tuple[Assignment, Ticket, str]:
    found = session().execute(
        select(Assignment, Ticket, Unit.name)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Assignment.id == assignment_id)
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return row.Assignment, row.Ticket, row.name


def choices(unit_id: int | None) -> dict[str, list[tuple[str, str]]]:
    """What the pickers of a form offer, by field type: (code, name)."""
    units = select(Unit.code, Unit.name).where(Unit.active).order_by(Unit.id)
    people = (
        select(Person.login, Person.name, Person.id)
        .join(RoleHolding, RoleHolding.person_id == Person.id)
        .where(RoleHolding.unit_id == unit_id, Person.active)
        .distinct()
        .order_by(Person.id)
    )
    indicators = (
        select(Indicator.code, Indicator.name).where(Indicator.active).order_by(Indicator.code)
    )
    rounds = select(Round.code, Round.report_title).order_by(Round.starts_on.desc())
    found = {
        "unit": units,
        "person": people,
        "indicator": indicators,
        "round": rounds,
    }
    named = {
        kind: [(str(row[0]), str(row[1] or row[0])) for row in session().execute(wanted)]
        for kind, wanted in found.items()
    }
    return {**named, "units": named["unit"]}


def _due(case: Case, assignment: Assignment) -> DueLine:
    return DueLines().line(
        profile(case.profile_id),
        due_at=assignment.due_at,
        first_day=assignment.due_day_first,
        rule=assignment.due_rule,
        provisional=assignment.due_provisional,
        suspended=case.status == "suspended",
        finished_at=assignment.done_at,
    )


def unit_choices() -> list[tuple[int, str]]:
    """Every unit in use, by id, for filters."""
    rows = session().execute(select(Unit.id, Unit.name).where(Unit.active).order_by(Unit.id))
    return [(row.id, row.name) for row in rows]


def profile_choices() -> list[tuple[str, str]]:
    """The mechanism profiles there are, by key, as their newest version names them."""
    rows = session().execute(
        select(ProfileVersion.key, ProfileVersion.data).order_by(
            ProfileVersion.key, ProfileVersion.version
        )
    )
    return list({row.key: str(row.data["name"]) for row in rows}.items())
