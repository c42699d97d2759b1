"""Background work that acts asked for: offered, done at least once, tried again when it failed."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select, update

from app import clock
from app.actor import Actor
from app.commands.command import command
from app.db import session
from app.model import Work

MOST_ATTEMPTS: Final = 5
FIRST_PAUSE: Final = timedelta(seconds=10)
LOST_AFTER: Final = timedelta(seconds=5)
GONE_AFTER: Final = timedelta(minutes=2)
_log = logging.getLogger("weathervane.outbox")


@dataclass(frozen=True)
class Job:
    """A piece of work to be done now: which kind, and the id it is about."""

    id: int
    kind: str
    reference: int


def waiting() -> bool:
    """Whether anything has to be offered; a look that locks nothing."""
    session().rollback()
    found = session().scalar(select(Work.id).where(_due()).limit(1))
    session().rollback()
    return found is not None


@command
def offer(limit: int = 100, *, actor: Actor) -> list[int]:
    """Note when work that waits was offered, oldest first; its ids.

    What nobody took within seconds is offered again (the queue may have lost it), and what was
    taken minutes ago and is not done (whoever took it may be gone).
    """
    assert actor.person_id is None  # noqa: S101 - only the relay offers work
    ids = list(
        session().scalars(
            select(Work.id)
            .where(_due())
            .order_by(Work.not_before, Work.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
    session().execute(
        update(Work).where(Work.id.in_(ids)).values(state="pending", claimed_at=clock.now())
    )
    return ids


@command
def take(work_id: int, *, actor: Actor) -> Job | None:
    """Take the work on; None when it is done, or somebody else is at it."""
    assert actor.person_id is None  # noqa: S101 - only a worker takes work
    now = clock.now()
    found = (
        session()
        .execute(
            update(Work)
            .where(
                Work.id == work_id,
                or_(
                    Work.state == "pending",
                    and_(Work.state == "running", Work.claimed_at <= now - GONE_AFTER),
                ),
            )
            .values(state="running", claimed_at=now)
            .returning(Work.id, Work.kind, Work.reference)
        )
        .one_or_none()
    )
    return Job(found.id, found.kind, found.reference) if found else None


@command
def finish(work_id: int, *, actor: Actor) -> None:
    """The work is done."""
    assert actor.person_id is None  # noqa: S101 - only a worker says so
    session().execute(
        update(Work)
        .where(Work.id == work_id, Work.state == "running")
        .values(state="done", done_at=clock.now(), problem=None)
    )


@command
def put_off(work_id: int, problem: str, *, actor: Actor) -> None:
    """Keep what went wrong and try again later; after the last attempt the work has failed."""
    assert actor.person_id is None  # noqa: S101 - only a worker says so
    work = session().get(Work, work_id, with_for_update=True, populate_existing=True)
    if work is None or work.state != "running":
        return
    work.attempts += 1
    work.state = "pending"
    work.problem = problem[:2000]
    work.claimed_at = None
    work.not_before = clock.now() + FIRST_PAUSE * 2 ** (work.attempts - 1)
    if work.attempts >= MOST_ATTEMPTS:
        work.state = "failed"
        _log.error("Work has failed for good.", extra={"work": work.id, "work_kind": work.kind})


def _due() -> ColumnElement[bool]:
    now = clock.now()
    return or_(
        and_(
            Work.state == "pending",
            Work.not_before <= now,
            or_(Work.claimed_at.is_(None), Work.claimed_at <= now - LOST_AFTER),
        ),
        and_(Work.state == "running", Work.claimed_at <= now - GONE_AFTER),
    )
