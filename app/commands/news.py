"""What one was told is read: all about a case, or everything there is."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update

from app import clock
from app.actor import Actor
from app.commands.command import command
from app.db import session
from app.model import Notification


@command
def read_case(case_id: int, *, actor: Actor) -> None:
    """Note that somebody looked at the case, or a task in it: what was told of it is read."""
    _read(actor, Notification.case_id == case_id)


@command
def read_all(newest: int, *, actor: Actor) -> None:
    """Note that everything was read up to the newest that was shown."""
    _read(actor, Notification.id <= newest)


def _read(actor: Actor, *which: ColumnElement[bool]) -> None:
    """In one order, so that whoever adds to what is unread meanwhile does not stand in the way."""
    mine = (Notification.person_id == actor.person_id, Notification.read_at.is_(None))
    wanted = select(Notification.id).where(*mine, *which)
    ids = session().scalars(wanted.order_by(Notification.id).with_for_update()).all()
    if ids:
        session().execute(
            update(Notification)
            .where(Notification.id.in_(ids))
            .values(read_at=clock.now(), mail_at=None)
        )
