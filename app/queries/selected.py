"""Tasks somebody picked out of a list, as far as doing something with all of them needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, bindparam, select

from app.actor import Actor
from app.model import Assignment, Case, Person, RoleHolding, Ticket, Unit
from app.queries.reading import read
from app.queries.visibility import seen, seen_by
from app.rules import handing

MOST_PLACES: Final = 20


@dataclass(frozen=True)
class Picked:
    """One of them; `form` is the one it is completed with."""

    assignment_id: int
    version: int
    case_id: int
    number: str
    title: str
    task: str
    task_en: str
    unit: str
    unit_id: int
    given_post: str
    form: str


@cache
def _query(*, everything: bool) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Assignment.id,
            Assignment.version,
            Assignment.case_id,
            Case.number,
            Case.title,
            Ticket.name,
            Ticket.name_en,
            Unit.name.label("unit"),
            Assignment.unit_id,
            Assignment.given_post,
            Ticket.form,
        )
        .join(Case, Case.id == Assignment.case_id)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Assignment.id.in_(bindparam("ids", expanding=True)), seen(everything=everything))
    )


def selected(viewer: Actor, ids: Sequence[int]) -> list[Picked]:
    """Those of the tasks this person may know of, in the order in which they were picked."""
    values, everything = seen_by(viewer)
    rows = read(_query(everything=everything), {**values, "ids": list(ids)})
    found = {row.id: row for row in rows}
    return [
        Picked(
            row.id, row.version, row.case_id, row.number or "", row.title, row.name,
            row.name_en, row.unit, row.unit_id, row.given_post, row.form,
        )
        for row in (found[each] for each in ids if each in found)
    ]  # fmt: skip


def takers_of_all(picked: Sequence[Picked]) -> list[tuple[str, str]]:
    """Who may take over every one of them (login, name); nobody where they are too unlike."""
    places = {(each.unit_id, handing.takers(each.given_post)) for each in picked}
    if len(places) > MOST_PLACES or not places:
        return []
    taken = [_holders(unit_id, posts) for unit_id, posts in sorted(places)]
    common = set(taken[0]).intersection(*taken[1:])
    return [each for each in taken[0] if each in common]


def _holders(unit_id: int, posts: Sequence[str]) -> list[tuple[str, str]]:
    wanted = (
        select(Person.login, Person.name)
        .join(RoleHolding, RoleHolding.person_id == Person.id)
        .where(
            RoleHolding.unit_id == unit_id,
            RoleHolding.role.in_(posts),
            RoleHolding.deputy_for_id.is_(None),
            Person.active,
        )
        .distinct()
        .order_by(Person.name, Person.login)
    )
    return [(row.login, row.name) for row in read(wanted, {})]
