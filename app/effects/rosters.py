"""Files of units and people beside what there is, and what they change once that is decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import insert, select

from app.actor import Actor
from app.db import session
from app.effects import accounts
from app.model import Person, RoleHolding, Roster, Unit
from app.rules import rosters
from app.rules.rosters import NEW, Compared, KnownPerson, KnownUnit

NAMES: Final = frozenset({"name", "name_en"})


def compared(roster: Roster) -> list[Compared]:
    """The rows of a file beside what there is now."""
    if roster.what == "units":
        return rosters.compare_units(roster.rows, known_units())
    return rosters.compare_people(roster.rows, known_people(), units_in_use())


def known_units() -> dict[str, KnownUnit]:
    """Every unit by its code."""
    columns = (Unit.id, Unit.code, Unit.name, Unit.name_en, Unit.kind, Unit.parent_id, Unit.active)
    rows = session().execute(select(*columns)).all()
    codes = {row.id: row.code for row in rows}
    return {
        row.code: KnownUnit(
            row.id, row.name, row.name_en, row.kind, codes.get(row.parent_id), row.active
        )
        for row in rows
    }


def known_people() -> dict[str, KnownPerson]:
    """Every account by its sign-in name, with its own posts."""
    own = select(RoleHolding.person_id, Unit.code, RoleHolding.role).where(
        RoleHolding.unit_id == Unit.id, RoleHolding.deputy_for_id.is_(None)
    )
    posts: dict[int, set[tuple[str, str]]] = {}
    for person_id, code, role in session().execute(own):
        posts.setdefault(person_id, set()).add((code, role))
    columns = (Person.id, Person.login, Person.name, Person.name_en, Person.active)
    return {
        row.login: KnownPerson(
            row.id, row.name, row.name_en, row.active, frozenset(posts.get(row.id, ()))
        )
        for row in session().execute(select(*columns))
    }


def units_in_use() -> dict[str, bool]:
    """Every unit's code, and whether it is in use."""
    return dict(list(session().execute(select(Unit.code, Unit.active))))


def take_in_units(rows: Iterable[Compared], actor: Actor) -> None:
    """Add and change units, each with its own act in the journal; the parents come afterwards."""
    units = {unit.code: unit for unit in session().scalars(select(Unit))}
    codes = {unit.id: code for code, unit in units.items()}
    before = {one.key: accounts.unit_said(units[one.key]) for one in rows if one.key in units}
    for one in rows:
        if one.verdict == NEW:
            units[one.key] = Unit(code=one.key, kind=one.wants["kind"], name=one.wants["name"])
            session().add(units[one.key])
        units[one.key].name, units[one.key].name_en = one.wants["name"], one.wants["name_en"]
    session().flush()
    for one in rows:
        unit, parent = units[one.key], one.wants["parent"]
        if codes.get(unit.parent_id or 0) != parent:
            unit.parent_id = units[parent].id
    session().flush()
    for one in rows:
        _tell(units[one.key], _columns(one), before.get(one.key), actor)


def _tell(unit: Unit, columns: set[str], before: Mapping[str, Any] | None, actor: Actor) -> None:
    after = {"unit": unit.id, "after": accounts.unit_said(unit)}
    if before is None:
        accounts.record("unit.added", actor, after)
        return
    if columns & NAMES:
        accounts.record("unit.renamed", actor, {**after, "before": before, "reason": None})
    if "parent" in columns:
        accounts.record("unit.moved", actor, {**after, "before": before, "reason": None})


def take_in_people(rows: Iterable[Compared], actor: Actor) -> None:
    """Add accounts that wait for their initial password, correct names; posts come later."""
    new = [one for one in rows if one.verdict == NEW]
    waiting = {"password_hash": "", "must_change_password": True}
    if new:
        session().execute(
            insert(Person),
            [{"login": one.key, **_names(one), **waiting} for one in new],
        )
    ids = dict(list(session().execute(select(Person.login, Person.id))))
    for one in new:
        personal = {"login": one.key, "name": one.wants["name"]}
        accounts.record("person.added", actor, {"person": ids[one.key]}, personal=personal)
    renamed = [one for one in rows if one.verdict != NEW and NAMES & _columns(one)]
    known = select(Person).where(Person.login.in_([one.key for one in renamed]))
    people = {person.login: person for person in session().scalars(known)} if renamed else {}
    for one in renamed:
        person = people[one.key]
        personal = {"before": person.name, "after": one.wants["name"]}
        person.name, person.name_en = one.wants["name"], one.wants["name_en"]
        accounts.record("person.renamed", actor, {"person": person.id}, personal=personal)


def _columns(one: Compared) -> set[str]:
    return {each.column for each in one.changes}


def _names(one: Compared) -> dict[str, Any]:
    return {"name": one.wants["name"], "name_en": one.wants["name_en"]}


def grant(rows: Iterable[Compared], actor: Actor) -> int:
    """Give everybody the posts proposed that they do not hold; how many these were."""
    people = dict(list(session().execute(select(Person.login, Person.id))))
    units = dict(list(session().execute(select(Unit.code, Unit.id))))
    posts = [(people[one.key], *post) for one in rows for post in rosters.proposed(one)]
    if posts:
        session().execute(
            insert(RoleHolding),
            [{"person_id": who, "unit_id": units[unit], "role": role} for who, unit, role in posts],
        )
    for who, unit, role in posts:
        told = {"person": who, "unit": unit, "role": role, "from": None, "until": None}
        accounts.record("post.granted", actor, told)
    return len(posts)
