"""Which cases a viewer may know of, as SQL: the same rule as rules.access.may_see_case."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, false, or_, select, true

from app.actor import Actor
from app.db import session
from app.errors import NotFound
from app.model import Assignment, Case, CaseUnit
from app.rules import access


def visible(viewer: Actor) -> ColumnElement[bool]:
    """A condition on Case; combine it with every select that shows cases or parts of them."""
    if access.sees_every_case(viewer):
        return true()
    units = sorted(access.units_worked_for(viewer))
    kinds = sorted(access.kinds_seen(viewer))
    ways: list[ColumnElement[bool]] = []
    if kinds:
        ways.append(Case.kind.in_(kinds))
    if units:
        ways += [
            Case.opened_unit_id.in_(units),
            exists(
                select(CaseUnit.id)
                .where(CaseUnit.case_id == Case.id, CaseUnit.unit_id.in_(units))
                .correlate(Case)
            ),
            exists(
                select(Assignment.id)
                .where(Assignment.case_id == Case.id, Assignment.unit_id.in_(units))
                .correlate(Case)
            ),
        ]
    return or_(*ways) if ways else false()


def visible_case(viewer: Actor, case_id: int) -> Case:
    """The case, for reading only; NotFound for a stranger and for a number that does not exist."""
    found = (
        session()
        .execute(select(Case).where(Case.id == case_id, visible(viewer)))
        .scalar_one_or_none()
    )
    if found is None:
        raise NotFound
    return found
