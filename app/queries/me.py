"""What a person sees of themselves: where they are signed in, and how they are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.actor import Actor
from app.config import Settings
from app.db import session
from app.model import Person, WebSession
from app.rules.devices import parts
from app.rules.passwords import session_hash
from app.rules.telling import Choices


@dataclass(frozen=True)
class OwnSession:
    """A browser in which the person is signed in; `here`: the one they look with."""

    id: int
    browser: str
    system: str
    since: datetime
    seen_at: datetime
    here: bool


def own_sessions(
    viewer: Actor, session_id: str, settings: Settings, *, now: datetime
) -> tuple[OwnSession, ...]:
    """Every live session of the person, the present one first, then the one used last."""
    found = session().execute(
        select(
            WebSession.id,
            WebSession.id_hash,
            WebSession.device,
            WebSession.created_at,
            WebSession.seen_at,
        )
        .where(
            WebSession.person_id == viewer.person_id,
            WebSession.ended_at.is_(None),
            WebSession.seen_at > now - timedelta(minutes=settings.idle_minutes),
            WebSession.created_at > now - timedelta(hours=settings.session_hours),
        )
        .order_by(WebSession.seen_at.desc(), WebSession.id.desc())
    )
    here = session_hash(session_id)
    rows = [
        OwnSession(row.id, *parts(row.device), row.created_at, row.seen_at, row.id_hash == here)
        for row in found
    ]
    return tuple(sorted(rows, key=lambda each: not each.here))


@dataclass(frozen=True)
class OwnTelling:
    """Where the person's mail goes, and what they chose."""

    email: str
    choices: Choices


def own_telling(viewer: Actor) -> OwnTelling:
    """How the person is told."""
    columns = select(Person.email, Person.telling).where(Person.id == viewer.person_id)
    found = session().execute(columns).one()
    return OwnTelling(found.email or "", Choices.read(found.telling))
