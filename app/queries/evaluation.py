"""What evaluations found: indicators before and after, deductions, units' assessment records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.actor import Actor
from app.db import session
from app.errors import NotFound
from app.model import (
    AssessmentRecord,
    Case,
    Deduction,
    Indicator,
    Measure,
    Outcome,
    Person,
    Round,
    Unit,
)
from app.queries.visibility import visible_case
from app.rules import access


@dataclass(frozen=True)
class OutcomeLine:
    """One indicator before and after, what became of it, and the measures taken in between."""

    code: str
    name: str
    name_en: str | None
    before_round: str
    after_round: str
    before: Decimal
    after: Decimal
    before_level: str
    after_level: str
    outcome: str
    note: str
    measures: tuple[str, ...]


@dataclass(frozen=True)
class DeductionLine:
    """One deduction: proposed on which ground, answered how, decided by whom."""

    item: str
    unit: str
    role: str
    scheme: str
    ground: str
    points: Decimal | None
    basis: str
    statement: str
    state: str
    reason: str
    decided_by: str


@dataclass(frozen=True)
class RecordLine:
    """One entry in a unit's assessment record, which only grows (TX-14b, TH-19)."""

    at: datetime
    kind: str
    text: str
    number: str


def outcomes(viewer: Actor, case_id: int) -> tuple[OutcomeLine, ...]:
    """The before/after table of an evaluation; NotFound for strangers."""
    case = visible_case(viewer, case_id)
    before, after = aliased(Round), aliased(Round)
    rows = (
        session()
        .execute(
            select(Outcome, Indicator, before, after)
            .join(Indicator, Indicator.id == Outcome.indicator_id)
            .join(before, before.id == Outcome.before_round_id)
            .join(after, after.id == Outcome.after_round_id)
            .where(Outcome.case_id == case.id)
            .order_by(Indicator.code)
        )
        .all()
    )
    return tuple(
        OutcomeLine(
            code=indicator.code,
            name=indicator.name,
            name_en=indicator.name_en,
            before_round=first.code,
            after_round=last.code,
            before=found.before_value,
            after=found.after_value,
            before_level=found.before_level,
            after_level=found.after_level,
            outcome=found.outcome,
            note=found.note,
            measures=_measures(indicator.id, first),
        )
        for found, indicator, first, last in rows
    )


def deductions(viewer: Actor, case_id: int) -> tuple[DeductionLine, ...]:
    """The deductions of an evaluation; a unit of its own sees its own ones only."""
    case = visible_case(viewer, case_id)
    wanted = (
        select(Deduction, Unit.name, Case.number, Case.title, Person.name.label("person"))
        .join(Unit, Unit.id == Deduction.unit_id)
        .join(Case, Case.id == Deduction.item_case_id)
        .outerjoin(Person, Person.id == Deduction.decided_by)
        .where(Deduction.evaluation_case_id == case.id)
        .order_by(Deduction.id)
    )
    if not (access.sees_every_case(viewer) or viewer.has(*access.COURT)):
        wanted = wanted.where(Deduction.unit_id.in_(access.units_worked_for(viewer)))
    return tuple(
        DeductionLine(
            item=number or title,
            unit=unit,
            role=found.role,
            scheme=found.scheme,
            ground=found.ground,
            points=found.points,
            basis=found.basis,
            statement=found.statement,
            state=found.state,
            reason=found.decision_reason,
            decided_by=person or "",
        )
        for found, unit, number, title, person in session().execute(wanted)
    )


def assessment_record(viewer: Actor, unit_id: int) -> tuple[RecordLine, ...]:
    """A unit's record, oldest first: for its own people, supervisors and the business auditor."""
    if not (access.sees_every_case(viewer) or unit_id in access.units_worked_for(viewer)):
        raise NotFound
    rows = session().execute(
        select(AssessmentRecord, Case.number)
        .join(Case, Case.id == AssessmentRecord.case_id)
        .where(AssessmentRecord.unit_id == unit_id)
        .order_by(AssessmentRecord.id)
    )
    return tuple(
        RecordLine(found.at, found.kind, found.text, number or "") for found, number in rows
    )


def _measures(indicator_id: int, since: Round) -> tuple[str, ...]:
    return tuple(
        session().scalars(
            select(Measure.text)
            .where(
                Measure.indicator_id == indicator_id,
                Measure.replaced.is_(False),
                Measure.due_on >= since.starts_on,
            )
            .order_by(Measure.id)
        )
    )
