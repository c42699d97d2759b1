"""A person's own mark on a case they want to find again (关注); no act on the case."""

from __future__ import annotations

from sqlalchemy import delete

from app import clock
from app.actor import Actor
from app.commands import sight
from app.commands.command import command
from app.db import session
from app.model import Follow


@command
def follow(case_id: int, *, actor: Actor) -> None:
    """Put the case on one's list; nothing happens if it is there already.

    It is nobody else's business who reads what, so the journal says nothing of it.
    """
    sight.seen(case_id, actor)
    if session().get(Follow, (actor.person_id, case_id)) is None:
        session().add(Follow(person_id=actor.person_id, case_id=case_id, since=clock.now()))


@command
def unfollow(case_id: int, *, actor: Actor) -> None:
    """Take it off the list again."""
    sight.seen(case_id, actor)
    mine = (Follow.person_id == actor.person_id, Follow.case_id == case_id)
    session().execute(delete(Follow).where(*mine))
