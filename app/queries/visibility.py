"""Which cases a viewer may know of, as SQL: the same rule as rules.access.may_see_case."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, or_, select, true, union

from app.actor import Actor
from app.db import session
from app.errors import NotFound
from app.model import Assignment, Case, CaseUnit, Delivery
from app.rules import access


def visible(viewer: Actor) -> ColumnElement[bool]:
    """A condition on Case; combine it with every select that shows cases or parts of them."""
    if access.sees_every_case(viewer):
        return true()
    units, kinds = access.units_worked_for(viewer), access.kinds_seen(viewer)
    return _any(_ways(sorted(units), sorted(kinds), viewer.person_id))


def those_visible(viewer: Actor) -> Select[int] | None:
    """The ids of the cases `visible` means, found by unit and kind; None: all of them.

    For lists that would else ask of case after case, in vain for most of them.
    """
    if access.sees_every_case(viewer):
        return None
    units, kinds = sorted(access.units_worked_for(viewer)), sorted(access.kinds_seen(viewer))
    ways = _ways(units, kinds, viewer.person_id)
    found = union(*(select(case_id.label("id")).where(so) for case_id, so in ways)).cte("visible")
    return select(found.c.id)


@cache
def seen(*, everything: bool) -> ColumnElement[bool]:
    """The same for selects that are built once: execute them with the values of `seen_by`."""
    if everything:
        return true()
    return _any(
        _ways(
            bindparam("viewer_units", expanding=True),
            bindparam("viewer_kinds", expanding=True),
            bindparam("viewer"),
        )
    )


def seen_by(viewer: Actor) -> tuple[dict[str, Any], bool]:
    """The values `seen` takes for a viewer, and whether they see every case."""
    if access.sees_every_case(viewer):
        return {}, True
    units, kinds = access.units_worked_for(viewer), access.kinds_seen(viewer)
    values = {"viewer_units": sorted(units), "viewer_kinds": sorted(kinds)}
    return {**values, "viewer": viewer.person_id}, False


def sent_to(units: Any, person: Any) -> ColumnElement[bool]:
    """A condition on Delivery: it came to one of these units, or by name to this person there."""
    by_name = or_(Delivery.person_id.is_(None), Delivery.person_id == person)
    return Delivery.unit_id.in_(units) & by_name & Delivery.recalled_at.is_(None)


def _ways(units: Any, kinds: Any, person: Any) -> Iterator[tuple[Any, ColumnElement[bool]]]:
    """What makes a case known: a column that holds its id, and what is true of that row."""
    yield Case.id, Case.kind.in_(kinds)
    yield Case.id, Case.opened_unit_id.in_(units)
    yield CaseUnit.case_id, CaseUnit.unit_id.in_(units)
    yield Assignment.case_id, Assignment.unit_id.in_(units)
    yield Delivery.case_id, Delivery.document_id.is_(None) & sent_to(units, person)


def _any(ways: Iterator[tuple[Any, ColumnElement[bool]]]) -> ColumnElement[bool]:
    """A condition on Case: one of them holds."""
    return or_(
        *(
            so
            if case_id is Case.id
            else exists(select(case_id).where(case_id == Case.id, so).correlate(Case))
            for case_id, so in ways
        )
    )


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
