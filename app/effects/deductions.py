"""Deductions (扣分): proposed, answered by the unit, decided by a person (TX-13b, TH-18b)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, select

from app.db import session
from app.effects import findings, papers
from app.effects.notes import note
from app.effects.registry import Completed, effect
from app.errors import Invalid, NotAllowed
from app.i18n import _
from app.model import Assignment, Case, CaseUnit, Deduction, Ticket
from app.rules import outcomes
from app.rules.profiles import Profile

DECISIONS: Final = {"confirm": "confirmed", "change": "confirmed", "drop": "dropped"}


class Key(NamedTuple):
    """What tells deductions of one evaluation apart."""

    item_id: int
    unit_id: int
    scheme: str
    ground: str


@effect("propose_deductions")
def propose_deductions(step: Completed) -> Mapping[str, Any]:
    """Late answers and missing effects, as the profile's grounds say, and what people add."""
    items = findings.items_looked_at(step)
    proposed = {_key(d): d for item in items.values() for d in findings.against(step, item)}
    for position, row in enumerate(step.answers["deductions"]):
        added = _added(step, items, row, position)
        found = proposed.setdefault(_key(added), added)
        found.basis = row["basis"]
        found.points = found.points if added.points is None else added.points
    session().add_all(proposed.values())
    _concern(step, [key.unit_id for key in proposed])
    note(
        step,
        "deductions.proposed",
        {
            "deductions": [
                {
                    "item": each.item_case_id,
                    "of_unit": each.unit_id,
                    "ground": each.ground,
                    "scheme": each.scheme,
                    "points": each.points,
                    "basis": each.basis,
                }
                for each in proposed.values()
            ]
        },
    )
    return {"has_deductions": bool(proposed)}


@effect("record_statement")
def record_statement(step: Completed) -> None:
    """What the unit says to the deductions proposed against it is kept with each of them."""
    words = step.answers["text"] if step.answers["position"] == "object" else "无异议"
    mine = [d for d in deductions_of(step.case.id) if d.unit_id == step.assignment.unit_id]
    for each in mine:
        each.statement = words
    note(
        step,
        "deduction.answered",
        {
            "deductions": [each.id for each in mine],
            "position": step.answers["position"],
            "text": step.answers["text"],
        },
    )


@effect("confirm_deductions")
def confirm_deductions(step: Completed) -> None:
    """A person other than the proposer confirms, changes or drops every one of them."""
    if _proposer(step.case.id) == step.by:
        raise NotAllowed(_("Whoever proposed the deductions cannot decide on them."))
    items = findings.items_looked_at(step)
    open_ = {_key(each): each for each in deductions_of(step.case.id)}
    for position, row in enumerate(step.answers["decisions"]):
        each = open_.pop(_named(step, items, row, f"decisions.{position}"), None)
        if each is None:
            text = _("No such deduction was proposed, or it is decided on twice.")
            raise Invalid(text, fields={f"decisions.{position}.item": text})
        _decide(step, each, row, position)
    if open_:
        text = _("Decide on every deduction; %(count)s are left.", count=len(open_))
        raise Invalid(text, fields={"decisions": text})


def deductions_of(case_id: int) -> Sequence[Deduction]:
    """The deductions of an evaluation, oldest first."""
    return (
        session()
        .scalars(
            select(Deduction).where(Deduction.evaluation_case_id == case_id).order_by(Deduction.id)
        )
        .all()
    )


def rows(case_id: int, profile: Profile, state: str) -> list[dict[str, Any]]:
    """Deductions as documents show them."""
    found = [each for each in deductions_of(case_id) if each.state == state]
    names = papers.unit_names([each.unit_id for each in found])
    items = session().execute(
        select(Case.id, Case.number, Case.title).where(
            Case.id.in_([each.item_case_id for each in found])
        )
    )
    numbers = {item.id: item.number or item.title for item in items}
    grounds = {ground.key: ground.name for ground in profile.deduction_grounds}
    schemes = {scheme.key: scheme.name for scheme in profile.assessment_schemes}
    return [
        {
            "unit": names[each.unit_id],
            "item": numbers[each.item_case_id],
            "ground": grounds.get(each.ground, each.ground),
            "scheme": schemes.get(each.scheme, each.scheme),
            "points": format(each.points, "f") if each.points is not None else None,
        }
        for each in found
    ]


def _key(each: Deduction) -> Key:
    return Key(each.item_case_id, each.unit_id, each.scheme, each.ground)


def _named(step: Completed, items: Mapping[int, Case], row: Mapping[str, Any], place: str) -> Key:
    """The deduction a row of a form is about; the item by its number."""
    item_id = next((key for key, item in items.items() if item.number == row["item"]), None)
    grounds = {ground.key: ground for ground in step.profile.deduction_grounds}
    if item_id is None:
        text = _("There is no item with this number in the evaluated year.")
        raise Invalid(text, fields={f"{place}.item": text})
    if row["ground"] not in grounds or row["scheme"] not in grounds[row["ground"]].schemes:
        text = _("The mechanism knows no such ground in this scheme.")
        raise Invalid(text, fields={f"{place}.ground": text})
    return Key(item_id, papers.unit_ids([row["unit"]])[0], row["scheme"], row["ground"])


def _added(
    step: Completed, items: Mapping[int, Case], row: Mapping[str, Any], position: int
) -> Deduction:
    """A deduction somebody proposes by hand: against the lead or a co-handler of the item."""
    key = _named(step, items, row, f"deductions.{position}")
    role = session().scalar(
        select(CaseUnit.role).where(
            CaseUnit.case_id == key.item_id,
            CaseUnit.unit_id == key.unit_id,
            CaseUnit.role.in_(outcomes.ROLES),
        )
    )
    if role is None:
        text = _("This unit neither leads the item nor helps with it.")
        raise Invalid(text, fields={f"deductions.{position}.unit": text})
    return Deduction(
        evaluation_case_id=step.case.id,
        item_case_id=key.item_id,
        unit_id=key.unit_id,
        role=role,
        ground=key.ground,
        scheme=key.scheme,
        basis=row["basis"],
        points=None if row["points"] is None else Decimal(row["points"]),
        proposed_at=step.now,
    )


def _decide(step: Completed, each: Deduction, row: Mapping[str, Any], position: int) -> None:
    before = {"points": each.points, "decision": each.state}
    if row["verdict"] == "change":
        if row["points"] is None:
            text = _("Say how many points it is to be.")
            raise Invalid(text, fields={f"decisions.{position}.points": text})
        each.points = Decimal(row["points"])
    if row["verdict"] != "confirm" and not row["reason"]:
        text = _("Give the reason.")
        raise Invalid(text, fields={f"decisions.{position}.reason": text})
    each.state = DECISIONS[row["verdict"]]
    each.decision_reason = row["reason"] or ""
    each.decided_at, each.decided_by = step.now, step.actor.person_id
    note(
        step,
        "deduction.decided",
        {
            "deduction": each.id,
            "item": each.item_case_id,
            "of_unit": each.unit_id,
            "ground": each.ground,
            "scheme": each.scheme,
            "before": before,
            "after": {"points": each.points, "decision": each.state},
            "reason": row["reason"],
        },
    )


def _concern(step: Completed, unit_ids: Sequence[int]) -> None:
    """The units concerned become part of the case, so that they can state theirs."""
    units = list(dict.fromkeys(unit_ids))
    session().execute(
        delete(CaseUnit).where(CaseUnit.case_id == step.case.id, CaseUnit.role == "co")
    )
    session().add_all(CaseUnit(case_id=step.case.id, unit_id=unit, role="co") for unit in units)
    session().flush()
    step.loaded.units = {**step.loaded.units, "co": units}


def _proposer(case_id: int) -> int | None:
    return session().scalar(
        select(Assignment.done_by)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(Ticket.case_id == case_id, Ticket.effect == "propose_deductions")
        .order_by(Assignment.id.desc())
        .limit(1)
    )
