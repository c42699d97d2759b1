"""Background processes tell that they live; whoever falls silent has its work taken over."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, update

from app import clock
from app.actor import Actor
from app.commands.command import command
from app.db import session
from app.model import Worker

BEAT_EVERY: Final = 5.0
FORGOTTEN_AFTER: Final = timedelta(days=1)


@command
def sign_on(name: str, *, actor: Actor) -> int:
    """A background process begins; its number. Those long gone are forgotten."""
    assert actor.person_id is None  # noqa: S101 - only a worker signs on
    now = clock.now()
    session().execute(delete(Worker).where(Worker.beat_at < now - FORGOTTEN_AFTER))
    worker = Worker(name=name[:80], started_at=now, beat_at=now)
    session().add(worker)
    session().flush()
    return worker.id


@command
def beat(worker_id: int, *, actor: Actor) -> bool:
    """It is still there; False when nobody knows it any more."""
    assert actor.person_id is None  # noqa: S101 - only a worker says so
    return (
        session().scalar(
            update(Worker)
            .where(Worker.id == worker_id)
            .values(beat_at=clock.now())
            .returning(Worker.id)
        )
        is not None
    )


@command
def sign_off(worker_id: int, *, actor: Actor) -> None:
    """It stopped of its own will, with nothing left in its hands."""
    assert actor.person_id is None  # noqa: S101 - only a worker says so
    session().execute(update(Worker).where(Worker.id == worker_id).values(stopped_at=clock.now()))
