"""Signing in and out, the lock after wrong passwords, and changing one's own password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, update

from app import clock
from app.actor import SYSTEM, Actor
from app.commands.command import command
from app.config import Settings
from app.db import session
from app.effects.sessions import end_sessions
from app.errors import Invalid
from app.i18n import Text, _
from app.journal import record
from app.model import Person, RoleHolding, SignInFailure, Unit, WebSession
from app.rules import passwords
from app.rules.passwords import session_hash

STREAM: Final = "organisation"
SESSION_BYTES: Final = 32
LONGEST_LOGIN: Final = 80
LOCALES: Final = ("zh_Hans_CN", "en")


@dataclass(frozen=True)
class SignIn:
    """How a try to sign in ended: a new session's id, or the sentence to show."""

    session_id: str | None = None
    problem: Text | None = None
    locked: bool = False


def sign_in(
    login: str, password: str, *, address: str, settings: Settings, device: str = ""
) -> SignIn:
    """Open a session for the right password.

    Each try is counted before the password is looked at, so that many tries at once do not get
    around the lock; unknown accounts take the same time, get the same answers and lock alike.
    """
    login = login.strip()[:LONGEST_LOGIN]
    tries = _count_try(login, address, settings=settings)
    if tries > settings.login_failures:
        return SignIn(problem=_locked(settings), locked=True)
    person = (
        session()
        .execute(
            select(Person.id, Person.password_hash).where(Person.login == login, Person.active)
        )
        .one_or_none()
    )
    if passwords.matches(person.password_hash if person else "", password) and person:
        fresh = passwords.hashed(password) if passwords.outdated(person.password_hash) else None
        return SignIn(_open_session(person.id, login, address, fresh, device))
    if tries == settings.login_failures:
        _note_lock(login, address, person.id if person else None, actor=SYSTEM)
        return SignIn(problem=_locked(settings), locked=True)
    return SignIn(problem=_("The account or the password is not right."))


@command
def sign_out(session_id: str, *, actor: Actor) -> None:
    """End this browser's session."""
    session().execute(
        update(WebSession)
        .where(
            WebSession.id_hash == session_hash(session_id),
            WebSession.person_id == actor.person_id,
            WebSession.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
    )


@command
def touch_session(session_id: str, *, actor: Actor) -> None:
    """Note that the session is in use, so that it does not go idle."""
    session().execute(
        update(WebSession)
        .where(
            WebSession.id_hash == session_hash(session_id),
            WebSession.person_id == actor.person_id,
        )
        .values(seen_at=clock.now())
    )


@command
def change_password(current: str, new: str, again: str, *, actor: Actor, device: str = "") -> str:
    """Replace one's own password; every session of the person ends, a new one's id is given."""
    person = session().get_one(Person, actor.person_id, with_for_update=True)

    if not passwords.matches(person.password_hash, current):
        raise _unchanged("current", _("This is not your password."))
    problem = passwords.weakness(new, about=_about(person))
    if new == current:
        problem = _("Choose a password other than the one you have.")
    if problem:
        raise _unchanged("new", problem)
    if new != again:
        raise _unchanged("again", _("The two entries differ."))

    person.password_hash = passwords.hashed(new)
    person.must_change_password = False
    now = clock.now()
    end_sessions(person.id, at=now)
    session_id = _new_session(person.id, now, device)

    record("person.password_changed", stream=STREAM, actor=actor, data={"person": person.id})
    return session_id


@command
def choose_language(locale: str, *, actor: Actor) -> None:
    """Keep the language a person wants the pages in; a preference, so the journal stays silent."""
    if locale not in LOCALES:
        raise Invalid(_("This language is not offered."))

    session().execute(update(Person).where(Person.id == actor.person_id).values(locale=locale))


@command
def _count_try(login: str, address: str, *, settings: Settings) -> int:
    """Count this try among those of the last minutes; a locked account's tries are not added."""
    now = clock.now()
    since = now - timedelta(minutes=settings.lock_minutes)
    session().execute(delete(SignInFailure).where(SignInFailure.at <= since))
    before = (
        session().scalar(
            select(func.count())
            .select_from(SignInFailure)
            .where(SignInFailure.login == login, SignInFailure.address == address)
        )
        or 0
    )
    if before < settings.login_failures:
        session().add(SignInFailure(login=login, address=address, at=now))
    return before + 1


@command
def _open_session(
    person_id: int, login: str, address: str, fresh_hash: str | None, device: str
) -> str:
    """Forget the wrong tries, renew the hash if it is outdated, and give a new session's id."""
    session().execute(
        delete(SignInFailure).where(SignInFailure.login == login, SignInFailure.address == address)
    )
    if fresh_hash:
        session().execute(
            update(Person).where(Person.id == person_id).values(password_hash=fresh_hash)
        )
    return _new_session(person_id, clock.now(), device)


@command
def _note_lock(login: str, address: str, person_id: int | None, *, actor: Actor) -> None:
    """Write down that wrong passwords locked an account for an address."""
    record(
        "person.locked",
        stream=STREAM,
        actor=actor,
        data={"person": person_id},
        personal={"login": login, "address": address},
    )


def _new_session(person_id: int, now: datetime, device: str) -> str:
    session_id = secrets.token_urlsafe(SESSION_BYTES)
    session().add(
        WebSession(
            id_hash=session_hash(session_id),
            person_id=person_id,
            device=device,
            created_at=now,
            seen_at=now,
        )
    )
    return session_id


def _unchanged(field: str, problem: Text) -> Invalid:
    return Invalid(_("Nothing was changed."), fields={field: problem})


def _locked(settings: Settings) -> Text:
    return _(
        "Too many wrong passwords. Wait %(minutes)s minutes, then try again.",
        minutes=settings.lock_minutes,
    )


def _about(person: Person) -> list[str]:
    units = session().execute(
        select(Unit.name, Unit.code)
        .join(RoleHolding, RoleHolding.unit_id == Unit.id)
        .where(RoleHolding.person_id == person.id)
    )
    return [person.login, person.name, person.name_en or "", *(w for row in units for w in row)]
