"""The units as their tree, one of them, and which may be chosen."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from app.actor import Actor
from app.db import session
from app.effects import accounts
from app.errors import NotFound
from app.model import RoleHolding, Unit
from app.queries.history import place
from app.queries.organisation import UnitLine, units
from app.rules import access, handing
from app.rules.staff import UnitStanding


@dataclass(frozen=True)
class UnitRow:
    """A unit in the tree with how many people hold posts in it."""

    line: UnitLine
    people: int


@dataclass(frozen=True)
class UnitPage:
    """One unit, the line above it, and how it stands."""

    row: UnitRow
    above: tuple[UnitLine, ...]
    below: tuple[UnitLine, ...]
    standing: UnitStanding


def unit_tree(viewer: Actor) -> tuple[UnitRow, ...]:
    """Every unit, each under its parent, with its people counted."""
    lines = units(viewer)
    people = select(RoleHolding.unit_id, func.count(RoleHolding.person_id.distinct())).where(
        RoleHolding.deputy_for_id.is_(None)
    )
    counts = dict(list(session().execute(people.group_by(RoleHolding.unit_id))))
    return tuple(UnitRow(line, counts.get(line.unit_id, 0)) for line in lines)


def unit_page(viewer: Actor, unit_id: int) -> UnitPage:
    """One of them."""
    seen = place(accounts.STREAM)
    rows = unit_tree(viewer)
    row = next((each for each in rows if each.line.unit_id == unit_id), None)
    if row is None:
        raise NotFound
    by_code = {each.line.code: each.line for each in rows}
    above: list[UnitLine] = []
    parent = by_code.get(row.line.parent)
    while parent is not None and parent not in above:
        above.insert(0, parent)
        parent = by_code.get(parent.parent)
    return UnitPage(
        row=row,
        above=tuple(above),
        below=tuple(each.line for each in rows if each.line.parent == row.line.code),
        standing=UnitStanding(unit_id, row.line.code, row.line.active, seen),
    )


def unit_choices(viewer: Actor) -> list[tuple[int, str, str]]:
    """Units to choose from (id, code, name): all in use, or those somebody leads."""
    wanted = select(Unit.id, Unit.code, Unit.name).where(Unit.active).order_by(Unit.id)
    if not access.may_see_people(viewer):
        own = viewer.in_own_name.holdings
        led = [held.unit_id for held in own if held.role in handing.LEADING]
        wanted = wanted.where(Unit.id.in_(led))
    return [(number, code, name) for number, code, name in session().execute(wanted)]
