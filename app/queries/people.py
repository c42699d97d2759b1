"""Who people are: the actor behind a session, a login or an id, with the posts valid now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, select

from app.actor import Actor, Holding
from app.config import Settings
from app.db import Present, session
from app.errors import NotFound
from app.model import Incident, Person, RoleHolding, Setting, Unit, WebSession
from app.queries.reading import read
from app.rules.passwords import session_hash

TOUCH_AFTER: Final = timedelta(minutes=1)
DEMO_PASSWORD: Final = "demo.password"  # noqa: S105 - the key of a setting, not a password


@dataclass(frozen=True)
class SignedIn:
    """The person behind a live session, their language, whether to note the visit, the moment.

    `trouble`: whether an incident waits for anybody; read along, since every supervisor's page says
    how many.
    """

    actor: Actor
    locale: str | None
    touch: bool
    now: datetime
    trouble: bool


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demonstration, shown on the sign-in page there."""

    login: str
    name: str
    name_en: str | None
    unit: str
    unit_en: str | None
    roles: tuple[str, ...]
    password: str


def signed_in(session_id: str, settings: Settings) -> SignedIn | None:
    """Who is signed in with this cookie; None once idle, too old, signed out or disabled."""
    rows = read(_behind(), {"cookie": session_hash(session_id)}).all()
    if not rows or not _live(rows[0], settings):
        return None
    visit = rows[0]
    touch = visit.seen_at < visit.now - TOUCH_AFTER
    return SignedIn(_actor(rows), visit.locale, touch, visit.now, visit.trouble)


@cache
def _behind() -> Select[*tuple[Any, ...]]:
    """The person behind a cookie; built once, since every request asks."""
    return (
        _people(
            WebSession.seen_at,
            WebSession.created_at,
            exists().where(Incident.waits()).label("trouble"),
        )
        .join(WebSession, WebSession.person_id == Person.id)
        .where(WebSession.id_hash == bindparam("cookie"), WebSession.ended_at.is_(None))
    )


def _live(visit: Row[Any], settings: Settings) -> bool:
    """Neither idle for too long nor too old."""
    return bool(
        visit.seen_at > visit.now - timedelta(minutes=settings.idle_minutes)
        and visit.created_at > visit.now - timedelta(hours=settings.session_hours)
    )


def actor_for_session(session_id: str, settings: Settings) -> Actor | None:
    """The person signed in with this cookie, if any."""
    found = signed_in(session_id, settings)
    return found.actor if found else None


def actor_by_login(login: str) -> Actor:
    """The active person with this login, to act as from the command line, the story and tests."""
    return _one(Person.login == login)


def actor_by_id(person_id: int) -> Actor:
    """The active person with this id."""
    return _one(Person.id == person_id)


def demo_accounts(settings: Settings) -> tuple[DemoAccount, ...]:
    """The demonstration's accounts with their password; nothing outside demonstrations.

    The loader of a demonstration keeps their common password in the setting `demo.password`.
    """
    if settings.env not in ("demo", "development"):
        return ()
    stored = session().scalar(select(Setting.value).where(Setting.key == DEMO_PASSWORD))
    if stored is None:
        return ()
    found: dict[int, list[Row[Any]]] = {}
    for row in session().execute(_people()):
        found.setdefault(row.person_id, []).append(row)
    password = json.loads(stored)
    valid = (_posts(rows) for rows in found.values())
    return tuple(_demo_account(posts, password) for posts in valid if posts)


def _people(*more: Any) -> Select[*tuple[Any, ...]]:
    """Active people with one row per post, valid now or not: own posts first, oldest first.

    The moment is read along, so that who somebody is costs one statement.
    """
    return (
        select(
            Person.id.label("person_id"),
            Person.login,
            Person.name,
            Person.name_en,
            Person.locale,
            Person.must_change_password,
            RoleHolding.unit_id,
            RoleHolding.role,
            RoleHolding.deputy_for_id,
            RoleHolding.kinds,
            RoleHolding.valid_from,
            RoleHolding.valid_until,
            Present().label("now"),
            Unit.code.label("unit_code"),
            Unit.name.label("unit_name"),
            Unit.name_en.label("unit_name_en"),
            *more,
        )
        .select_from(Person)
        .outerjoin(RoleHolding, RoleHolding.person_id == Person.id)
        .outerjoin(Unit, Unit.id == RoleHolding.unit_id)
        .where(Person.active)
        .order_by(Person.id, RoleHolding.deputy_for_id.is_not(None), RoleHolding.id)
    )


def _posts(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """The rows of posts that are valid at the moment they were read."""
    return [
        row
        for row in rows
        if row.unit_id is not None
        and (row.valid_from is None or row.valid_from <= row.now)
        and (row.valid_until is None or row.valid_until > row.now)
    ]


def _one(which: ColumnElement[bool]) -> Actor:
    rows = session().execute(_people().where(which)).all()
    if not rows:
        raise NotFound
    return _actor(rows)


def _actor(rows: Sequence[Row[Any]]) -> Actor:
    first = rows[0]
    return Actor(
        person_id=first.person_id,
        login=first.login,
        name=first.name,
        holdings=tuple(
            Holding(
                row.unit_id,
                row.unit_code,
                row.unit_name,
                row.role,
                row.deputy_for_id,
                row.unit_name_en,
                frozenset(row.kinds or ()),
            )
            for row in _posts(rows)
        ),
        must_change_password=first.must_change_password,
        name_en=first.name_en,
    )


def _demo_account(posts: Sequence[Row[Any]], password: str) -> DemoAccount:
    first = posts[0]
    return DemoAccount(
        login=first.login,
        name=first.name,
        name_en=first.name_en,
        unit=first.unit_name,
        unit_en=first.unit_name_en,
        roles=tuple(dict.fromkeys(row.role for row in posts)),
        password=password,
    )
