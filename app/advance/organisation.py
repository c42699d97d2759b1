"""The organisation as acts need it: units by code, who works in them, and which posts are held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.db import session
from app.model import Person, RoleHolding, Unit
from app.rules.access import UNIT_STAFF


@dataclass(frozen=True)
class OfUnit:
    """One post of a unit, and the person (by login) who holds it from when until when.

    Whoever holds it as a deputy acts for somebody; nothing is given to them by name.
    """

    role: str
    person_id: int
    login: str
    active: bool
    since: datetime | None
    until: datetime | None
    deputy: bool = False

    def holds(self, now: datetime) -> bool:
        """Whether the post is held at that moment."""
        begun = self.since is None or self.since <= now
        return begun and (self.until is None or self.until > now)


@dataclass(frozen=True)
class Organisation:
    """One state of it: unit ids by code (all, and those in use); names, posts, parents by unit.

    `choices`: the units in use as they are offered, by id, with their names in both languages.
    """

    ids: Mapping[str, int]
    in_use: frozenset[str]
    names: Mapping[int, str]
    posts: Mapping[int, tuple[OfUnit, ...]]
    parents: Mapping[int, int | None]
    choices: tuple[tuple[int, str, str], ...] = ()

    def above(self, unit_id: int) -> set[int]:
        """The units a unit stands under in the tree, itself not among them."""
        found: set[int] = set()
        parent = self.parents.get(unit_id)
        while parent is not None and parent not in found:
            found.add(parent)
            parent = self.parents.get(parent)
        return found - {unit_id}

    def people(self, unit_id: int | None) -> set[str]:
        """The logins of those who work in a unit."""
        return {each.login for each in self.posts.get(unit_id or 0, ()) if each.active}

    def colleague(self, login: str, unit_id: int, now: datetime) -> int | None:
        """The id of somebody who works in that unit now."""
        found = (
            each.person_id
            for each in self.posts.get(unit_id, ())
            if each.login == login and each.active and not each.deputy
            if each.until is None or each.until > now
        )
        return next(found, None)

    def roles_of(self, person_id: int, unit_id: int, now: datetime) -> frozenset[str]:
        """The posts of their own that somebody holds in that unit now."""
        return frozenset(
            each.role
            for each in self.posts.get(unit_id, ())
            if each.person_id == person_id and each.active and not each.deputy and each.holds(now)
        )

    def held(self, unit_ids: Iterable[int], now: datetime) -> dict[int, frozenset[str]]:
        """Which of the posts a unit's own work is done by are filled in these units."""
        return {
            unit_id: frozenset(
                each.role
                for each in self.posts.get(unit_id, ())
                if each.role in UNIT_STAFF and each.holds(now)
            )
            for unit_id in unit_ids
        }


def read_organisation() -> Organisation:
    """As the database has it now."""
    told = (Unit.id, Unit.code, Unit.name, Unit.name_en, Unit.active, Unit.parent_id)
    units = session().execute(select(*told).order_by(Unit.id)).all()
    posts: dict[int, list[OfUnit]] = {}
    holdings = session().execute(
        select(
            RoleHolding.unit_id,
            RoleHolding.role,
            Person.id,
            Person.login,
            Person.active,
            RoleHolding.valid_from,
            RoleHolding.valid_until,
            RoleHolding.deputy_for_id.is_not(None),
        )
        .join(Person, Person.id == RoleHolding.person_id)
        .order_by(RoleHolding.id)
    )
    for row in holdings:
        posts.setdefault(row.unit_id, []).append(OfUnit(*row[1:]))
    return Organisation(
        ids={row.code: row.id for row in units},
        in_use=frozenset(row.code for row in units if row.active),
        names={row.id: row.name for row in units},
        posts={unit_id: tuple(held) for unit_id, held in posts.items()},
        parents={row.id: row.parent_id for row in units},
        choices=tuple((row.id, row.name, row.name_en or "") for row in units if row.active),
    )
