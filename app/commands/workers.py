"""Background processes tell that they live; whoever falls silent has its work taken over."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, text, update

from app import clock
from app.actor import Actor
from app.commands.command import command
from app.db import dialect, session
from app.model import Worker
from app.rules import access

BEAT_EVERY: Final = 5.0
FORGOTTEN_AFTER: Final = timedelta(days=1)
FROZEN_AFTER: Final = timedelta(seconds=20)
FROZEN: Final = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
    AND application_name = 'weathervane' AND xact_start IS NOT NULL AND wait_event = 'ClientRead'
    AND state_change < clock_timestamp() - make_interval(secs => :seconds)
"""
_log = logging.getLogger("weathervane.workers")


@command
def sign_on(name: str, *, actor: Actor) -> int:
    """A background process begins; its number. Those long gone are forgotten."""
    access.only_the_system(actor)
    now = clock.now()
    session().execute(delete(Worker).where(Worker.beat_at < now - FORGOTTEN_AFTER))
    worker = Worker(name=name[:80], started_at=now, beat_at=now)
    session().add(worker)
    session().flush()
    return worker.id


@command
def beat(worker_id: int, *, actor: Actor) -> bool:
    """It is still there; False when nobody knows it any more."""
    access.only_the_system(actor)
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
    access.only_the_system(actor)
    session().execute(update(Worker).where(Worker.id == worker_id).values(stopped_at=clock.now()))


def end_the_frozen(*, actor: Actor) -> int:
    """End transactions in which nobody has said anything for long; how many (PostgreSQL only).

    The server's own limit does that too, but not where a process froze between the parts of what
    it sent at once: then the server waits for the rest for ever, and a case stays locked.
    """
    access.only_the_system(actor)
    if dialect() != "postgresql":
        return 0
    session().rollback()
    ended = session().scalar(text(FROZEN), {"seconds": FROZEN_AFTER.total_seconds()})
    session().rollback()
    if ended:
        _log.warning("Processes of ours stood still in a transaction.", extra={"ended": ended})
    return int(ended or 0)
