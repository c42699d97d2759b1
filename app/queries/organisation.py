"""Units and people as those who administer them see them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app import clock
from app.actor import Actor
from app.db import session
from app.errors import NotFound
from app.model import Person, RoleHolding, Unit
from app.rules import access


@dataclass(frozen=True)
class UnitLine:
    """A unit in the tree; `depth` says how far down it stands."""

    unit_id: int
    code: str
    name: str
    name_en: str | None
    kind: str
    parent: str
    depth: int
    active: bool


@dataclass(frozen=True)
class PostLine:
    """A post somebody holds, own or as a deputy."""

    unit: str
    role: str
    deputy_for: str


@dataclass(frozen=True)
class PersonLine:
    """An account with the posts held now."""

    person_id: int
    login: str
    name: str
    active: bool
    must_change_password: bool
    posts: tuple[PostLine, ...]


def units(viewer: Actor) -> tuple[UnitLine, ...]:
    """Every unit, each under its parent."""
    _require_administrator(viewer)
    rows = list(session().scalars(select(Unit).order_by(Unit.id)))
    codes = {each.id: each.code for each in rows}
    below: dict[int | None, list[Unit]] = {}
    for each in rows:
        below.setdefault(each.parent_id, []).append(each)
    found: list[UnitLine] = []

    def walk(parent_id: int | None, depth: int) -> None:
        for each in below.get(parent_id, ()):
            found.append(
                UnitLine(
                    each.id, each.code, each.name, each.name_en, each.kind,
                    codes.get(each.parent_id or 0, ""), depth, each.active,
                )
            )  # fmt: skip
            walk(each.id, depth + 1)

    walk(None, 0)
    return tuple(found)


def people(viewer: Actor) -> tuple[PersonLine, ...]:
    """Every account, the closed ones too."""
    _require_administrator(viewer)
    posts = _posts()
    rows = session().scalars(select(Person).order_by(Person.login))
    return tuple(
        PersonLine(
            each.id, each.login, each.name, each.active, each.must_change_password,
            tuple(posts.get(each.id, ())),
        )
        for each in rows
    )  # fmt: skip


def person_id_of(viewer: Actor, login: str) -> int:
    """The account with that name, closed or not."""
    _require_administrator(viewer)
    found = session().scalar(select(Person.id).where(Person.login == login))
    if found is None:
        raise NotFound
    return found


def _posts() -> dict[int, list[PostLine]]:
    now = clock.now()
    deputised = dict(list(session().execute(select(Person.id, Person.login))))
    rows = session().execute(
        select(RoleHolding, Unit.code)
        .join(Unit, Unit.id == RoleHolding.unit_id)
        .where(
            RoleHolding.valid_from.is_(None) | (RoleHolding.valid_from <= now),
            RoleHolding.valid_until.is_(None) | (RoleHolding.valid_until > now),
        )
        .order_by(RoleHolding.id)
    )
    found: dict[int, list[PostLine]] = {}
    for held, unit in rows:
        deputy_for = deputised.get(held.deputy_for_id or 0, "")
        found.setdefault(held.person_id, []).append(PostLine(unit, held.role, deputy_for))
    return found


def _require_administrator(viewer: Actor) -> None:
    allowed = access.may_keep_accounts(viewer) or access.may_grant_roles(viewer)
    if not (allowed or viewer.has("audit_admin")):
        raise NotFound
