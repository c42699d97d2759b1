"""Ending one's own sessions: one that was left open somewhere, or all but the present one."""

from __future__ import annotations

from sqlalchemy import update

from app import clock
from app.actor import Actor
from app.commands.command import command
from app.db import session
from app.errors import NotFound
from app.model import WebSession
from app.rules.passwords import session_hash


@command
def end_session(number: int, *, actor: Actor) -> None:
    """End one of one's own sessions; nothing happens if it has ended already."""
    found = session().get(WebSession, number, with_for_update=True)
    if found is None or found.person_id != actor.person_id:
        raise NotFound

    found.ended_at = found.ended_at or clock.now()


@command
def end_other_sessions(session_id: str, *, actor: Actor) -> int:
    """End every session of the person but the one with this cookie; how many there were."""
    ended = session().execute(
        update(WebSession)
        .where(
            WebSession.person_id == actor.person_id,
            WebSession.id_hash != session_hash(session_id),
            WebSession.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
        .returning(WebSession.id)
    )
    return len(ended.all())
