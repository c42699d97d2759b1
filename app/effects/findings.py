"""What speaks against units in an evaluation: late answers and matters without effect (TX-13b)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import select

from app import clock
from app.db import session
from app.effects.registry import Completed
from app.model import (
    OPEN,
    Assignment,
    Case,
    CaseUnit,
    Deduction,
    Outcome,
    ProfileVersion,
    Round,
    Ticket,
)
from app.rules import outcomes
from app.rules.deadlines import fixed

REPORTED_BY: Final = {"file_completion": "lead", "file_co_opinion": "co"}
WORDS: Final = {"resolved": "化解", "eased": "缓解", "unchanged": "持平", "worsened": "恶化"}


class Owed(NamedTuple):
    """A unit's part in an item: its role, when its answer was due and when it came."""

    role: str
    due_at: datetime | None
    answered_at: datetime | None


def items_looked_at(step: Completed) -> dict[int, Case]:
    """The items dispatched since the base round began, whatever became of them; voided ones not."""
    base = session().get_one(Round, step.case.facts["base_round"])
    found = session().scalars(
        select(Case)
        .where(
            Case.kind == "supervision_item",
            Case.profile_id.in_(
                select(ProfileVersion.id).where(ProfileVersion.key == step.profile.key)
            ),
            Case.issued_at >= clock.from_local(base.starts_on),
            Case.status != "void",
        )
        .order_by(Case.id)
    )
    return {case.id: case for case in found}


def against(step: Completed, item: Case) -> Iterator[Deduction]:
    """The deductions the profile's grounds propose for one item."""
    owed = _owed(step, item)
    handlings = [
        outcomes.Handling(str(item.id), str(unit), each.role, each.due_at, each.answered_at)
        for unit, each in owed.items()
    ]
    code = session().scalar(
        select(Outcome.outcome).where(
            Outcome.case_id == step.case.id, Outcome.indicator_id == item.indicator_id
        )
    )
    decided = _decided_before(item.id)
    whens = {ground.key: ground.when for ground in step.profile.deduction_grounds}
    for each in outcomes.proposals(
        handlings, code, step.profile.deduction_grounds, step.profile.outcomes, now=step.now
    ):
        unit_id = int(each.unit)
        if (unit_id, each.ground, each.scheme) not in decided:
            yield Deduction(
                evaluation_case_id=step.case.id,
                item_case_id=item.id,
                unit_id=unit_id,
                role=each.role,
                ground=each.ground,
                scheme=each.scheme,
                points=each.points,
                basis=_basis(item, whens[each.ground], owed[unit_id], code),
                proposed_at=step.now,
            )


def _owed(step: Completed, item: Case) -> dict[int, Owed]:
    """Each unit's answer, the late one where it had to answer more than once."""
    found = session().execute(
        select(Assignment.unit_id, Assignment.due_at, Assignment.done_at, Ticket.effect)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(
            Assignment.case_id == item.id,
            Assignment.parent_id.is_(None),
            Ticket.effect.in_(REPORTED_BY),
            Assignment.state.in_((*OPEN, "done")),
        )
        .order_by(Assignment.id)
    )
    owed: dict[int, Owed] = {}
    for unit_id, due_at, done_at, name in found:
        late = due_at is not None and (done_at or step.now) > due_at
        if unit_id not in owed or late:
            owed[unit_id] = Owed(REPORTED_BY[name], due_at, done_at)
    lead = session().scalar(
        select(CaseUnit.unit_id).where(CaseUnit.case_id == item.id, CaseUnit.role == "lead")
    )
    if lead is not None and lead not in owed and item.due_day is not None:
        due = fixed(item.due_day, end_of_day=step.profile.clock.end_of_day)
        owed[lead] = Owed("lead", due.due_at, None)
    return owed


def _basis(item: Case, when: str, owed: Owed, outcome: str | None) -> str:
    name = item.number or item.title
    if when == "ineffective":
        return f"{name}涉及指标经评价为“{WORDS[outcome or 'unchanged']}”。"
    due = clock.local_day(owed.due_at).isoformat() if owed.due_at else ""
    if owed.answered_at is None:
        return f"{name}应于{due}前反馈，至今未反馈。"
    return f"{name}应于{due}前反馈，实际于{clock.local_day(owed.answered_at).isoformat()}反馈。"


def _decided_before(item_id: int) -> set[tuple[int, str, str]]:
    """What an earlier evaluation confirmed already is not proposed again."""
    found = session().execute(
        select(Deduction.unit_id, Deduction.ground, Deduction.scheme).where(
            Deduction.item_case_id == item_id, Deduction.state == "confirmed"
        )
    )
    return {(row.unit_id, row.ground, row.scheme) for row in found}
