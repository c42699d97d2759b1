"""Units and accounts: added, renamed, retired, disabled, given a new initial password."""

from __future__ import annotations

import re
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from app import clock
from app.actor import Actor
from app.commands.command import command
from app.db import session
from app.effects import accounts, deputies, holders
from app.effects.sessions import end_sessions
from app.errors import Invalid
from app.i18n import Text, _
from app.model import OPEN, Assignment, Person, RoleHolding, Unit
from app.rules import access, passwords

UNIT_CODE: Final = re.compile(r"[A-Z][A-Z0-9-]{1,19}")
LOGIN: Final = re.compile(r"[a-z][a-z0-9_.-]{1,59}")
KINDS: Final = (
    "party", "government", "court", "court_dept", "office", "dept", "mass_org", "association",
    "external", "observer",
)  # fmt: skip
ONLY_KEEPER: Final = _("Only the system administrator keeps units and accounts.")


@command
def add_unit(
    code: str, name: str, kind: str, *, actor: Actor, parent: str | None = None, name_en: str = ""
) -> dict[str, Any]:
    """Add a unit under a parent named by code: `{"unit": id}`."""
    access.require(access.may_keep_accounts(actor), ONLY_KEEPER)
    kinds = _("Choose one of %(kinds)s.", kinds=", ".join(KINDS))
    accounts.refuse(
        {
            "code": _wrong_code(code),
            "kind": None if kind in KINDS else kinds,
            "name": accounts.nameless(name),
        }
    )

    unit = Unit(
        code=code,
        name=name.strip(),
        name_en=name_en.strip() or None,
        kind=kind,
        parent_id=accounts.unit_with(parent).id if parent else None,
    )
    session().add(unit)
    session().flush()

    accounts.record("unit.added", actor, {"unit": unit.id, "after": _said(unit)})
    return {"unit": unit.id}


@command
def rename_unit(unit_id: int, name: str, *, actor: Actor, name_en: str = "") -> None:
    """Give a unit another name; papers already issued keep the name they were issued under."""
    unit = accounts.locked(Unit, unit_id)
    access.require(access.may_keep_accounts(actor), ONLY_KEEPER)
    accounts.refuse({"name": accounts.nameless(name)})

    before = _said(unit)
    unit.name, unit.name_en = name.strip(), name_en.strip() or None

    accounts.record(
        "unit.renamed",
        actor,
        {
            "unit": unit.id,
            "before": before,
            "after": _said(unit),
        },
    )


@command
def retire_unit(unit_id: int, *, actor: Actor) -> None:
    """Take a unit out of use; refused while tasks wait for it or posts in it are held."""
    unit = accounts.locked(Unit, unit_id)
    access.require(access.may_keep_accounts(actor), ONLY_KEEPER)
    open_ = Assignment.state.in_(OPEN)
    tasks = _count(Assignment, (Assignment.unit_id == unit.id) & open_)
    posts = _count(RoleHolding, RoleHolding.unit_id == unit.id)
    if tasks or posts:
        raise Invalid(
            _(
                "%(unit)s still has %(tasks)s open tasks and %(posts)s posts that are held. "
                "Hand them over first.",
                unit=unit.name,
                tasks=tasks,
                posts=posts,
            )
        )

    before = _said(unit)
    unit.active = False

    accounts.record(
        "unit.retired",
        actor,
        {
            "unit": unit.id,
            "before": before,
            "after": _said(unit),
        },
    )


@command
def add_person(
    login: str, name: str, password: str, *, actor: Actor, name_en: str = ""
) -> dict[str, Any]:
    """Add an account; its initial password is changed at the first visit: `{"person": id}`."""
    access.require(access.may_keep_accounts(actor), ONLY_KEEPER)
    accounts.refuse(
        {
            "login": _wrong_login(login),
            "name": accounts.nameless(name),
            "password": passwords.weakness(password, about=[login, name, name_en]),
        }
    )

    person = Person(
        login=login,
        name=name.strip(),
        name_en=name_en.strip() or None,
        password_hash=passwords.hashed(password),
        must_change_password=True,
    )
    session().add(person)
    session().flush()

    personal = {"login": login, "name": person.name}
    accounts.record("person.added", actor, {"person": person.id}, personal=personal)
    return {"person": person.id}


@command
def reset_password(person_id: int, password: str, *, actor: Actor) -> None:
    """Give a person a new initial password and end their sessions."""
    person = accounts.locked(Person, person_id)
    access.require(access.may_keep_accounts(actor), ONLY_KEEPER)
    about = [person.login, person.name, person.name_en or ""]
    accounts.refuse({"password": passwords.weakness(password, about=about)})

    person.password_hash, person.must_change_password = passwords.hashed(password), True
    end_sessions(person.id, at=clock.now())

    accounts.record("person.password_reset", actor, {"person": person.id})


@command
def disable_person(person_id: int, *, actor: Actor) -> None:
    """Close an account: nobody signs in with it, its posts end, what it did stays."""
    person = accounts.locked(Person, person_id)
    access.require(access.may_keep_accounts(actor), ONLY_KEEPER)

    before = accounts.said(accounts.posts_of(person.id))
    person.active = False
    deputies.end_all(person.id, actor, deputed_too=True)
    accounts.end_posts(person.id, deputed_too=True)
    holders.free_tasks(person.id, actor)

    accounts.record(
        "person.disabled",
        actor,
        {
            "person": person.id,
            "before": before,
            "after": [],
        },
    )


def _wrong_code(code: str) -> Text | None:
    if not UNIT_CODE.fullmatch(code):
        return _("Use 2 to 20 capital letters, digits and -.")
    taken = _count(Unit, Unit.code == code)
    return _("There is a unit with this code already.") if taken else None


def _wrong_login(login: str) -> Text | None:
    if not LOGIN.fullmatch(login):
        return _("Use 2 to 60 small letters, digits, dots, - and _.")
    taken = _count(Person, Person.login == login)
    return _("There is an account with this name already.") if taken else None


def _count(kind: type[Any], which: ColumnElement[bool]) -> int:
    return session().scalar(select(func.count()).select_from(kind).where(which)) or 0


def _said(unit: Unit) -> dict[str, Any]:
    """A unit as the journal keeps it."""
    names = ("code", "name", "name_en", "kind", "parent_id", "active")
    return {name: getattr(unit, name) for name in names}
