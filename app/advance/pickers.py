"""What the pickers of a form may name, by their codes: units, people, indicators, rounds."""

from __future__ import annotations

from sqlalchemy import literal, select

from app import clock, forms
from app.db import session
from app.model import Indicator, Person, RoleHolding, Round, Unit


def form_context(unit_id: int | None) -> forms.Context:
    """What answers are held against; people are those who act for the unit that answers."""
    rows = (
        session()
        .execute(
            select(literal("unit"), Unit.code)
            .where(Unit.active)
            .union_all(
                select(literal("person"), Person.login)
                .join(RoleHolding, RoleHolding.person_id == Person.id)
                .where(RoleHolding.unit_id == unit_id, Person.active),
                select(literal("indicator"), Indicator.code).where(Indicator.active),
                select(literal("round"), Round.code),
            )
        )
        .all()
    )
    kinds = ("unit", "person", "indicator", "round")
    known: dict[str, set[str]] = {kind: set() for kind in kinds}
    for kind, code in rows:
        known[kind].add(code)
    return forms.Context(
        today=clock.today(),
        units=known["unit"],
        persons=known["person"],
        indicators=known["indicator"],
        rounds=known["round"],
    )
