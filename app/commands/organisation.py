"""Accounts: added, renamed, given a new initial password, closed and opened again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app import clock, forms
from app.actor import Actor
from app.commands import keeping
from app.commands.command import command
from app.db import session
from app.effects import accounts
from app.effects.sessions import end_sessions
from app.i18n import Text, _
from app.model import Person
from app.rules import access, passwords
from app.rules.rosters import LOGIN


@command
def add_person(
    login: str, name: str, password: str, *, actor: Actor, name_en: str = ""
) -> dict[str, Any]:
    """Add an account; its initial password is changed at the first visit: `{"person": id}`."""
    access.require(access.may_keep_accounts(actor), keeping.ONLY_KEEPER)
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
def reset_password(
    person_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> None:
    """Give a person a new initial password and end their sessions."""
    person = keeping.account(person_id, actor, seen)
    password = str(answers.get("password") or "")
    about = [person.login, person.name, person.name_en or ""]
    accounts.refuse({"password": passwords.weakness(password, about=about)})

    person.password_hash, person.must_change_password = passwords.hashed(password), True
    end_sessions(person.id, at=clock.now())

    accounts.record("person.password_reset", actor, {"person": person.id})


@command
def rename_person(
    person_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> None:
    """Correct somebody's name; what they did stays under the account."""
    person = keeping.account(person_id, actor, seen)
    said = forms.checked(forms.load("person_rename"), answers, context=forms.Context())

    personal = {"before": person.name, "after": said["name"]}
    person.name, person.name_en = said["name"], said["name_en"]

    accounts.record("person.renamed", actor, {"person": person.id}, personal=personal)


def _wrong_login(login: str) -> Text | None:
    if not LOGIN.fullmatch(login):
        return _("Use 2 to 60 small letters, digits, dots, - and _.")
    taken = _count(Person, Person.login == login)
    return _("There is an account with this name already.") if taken else None


def _count(kind: type[Any], which: ColumnElement[bool]) -> int:
    return session().scalar(select(func.count()).select_from(kind).where(which)) or 0
