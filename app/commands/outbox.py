"""Background work that acts asked for: offered, done at least once, tried again when it failed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, literal_column, or_, select, update

from app import clock
from app.actor import Actor
from app.commands import stuck
from app.commands.command import command
from app.db import session
from app.model import Work, Worker
from app.model.incident import GONE_AFTER
from app.rules import access

FIRST_PAUSE: Final = timedelta(seconds=10)
AFTER_A_CLASH: Final = timedelta(seconds=2)
LOST_AFTER: Final = timedelta(seconds=2)
LONGEST: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Job:
    """A piece of work to be done now; only who shows its `claim` may say what became of it."""

    id: int
    kind: str
    reference: int
    claim: str


def waiting() -> bool:
    """Whether anything has to be offered; a look that locks nothing."""
    session().rollback()
    found = session().scalar(select(Work.id).where(_due(clock.now())).limit(1))
    session().rollback()
    return found is not None


@command
def offer(limit: int = 100, *, actor: Actor) -> list[int]:
    """Note when work that waits was offered, oldest first; its ids.

    What nobody took within seconds is offered again (the queue may have lost it), and so is what
    was taken by a worker that gives no sign of life any more: its claim is void from here on.
    """
    access.only_the_system(actor)
    now = clock.now()
    ids = list(
        session().scalars(
            select(Work.id)
            .where(_due(now))
            .order_by(Work.not_before, Work.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
    session().execute(
        update(Work)
        .where(Work.id.in_(ids))
        .values(state="pending", claimed_at=now, claim=None, worker_id=None)
    )
    return ids


@command
def take(work_id: int, *, actor: Actor, worker_id: int | None = None) -> Job | None:
    """Take the work on; None when it is done, put off, or somebody else is at it."""
    access.only_the_system(actor)
    now = clock.now()
    found = (
        session()
        .execute(
            update(Work)
            .where(
                Work.id == work_id,
                or_(
                    and_(Work.state == "pending", Work.not_before <= now),
                    and_(Work.state == "running", _abandoned(now)),
                ),
            )
            .values(
                state="running", claimed_at=now, claim=secrets.token_hex(8), worker_id=worker_id
            )
            .returning(Work.id, Work.kind, Work.reference, Work.claim)
        )
        .one_or_none()
    )
    return Job(found.id, found.kind, found.reference, found.claim) if found else None


@command
def finish(job: Job, *, actor: Actor) -> bool:
    """The work is done; False when the claim was void: another worker has it now."""
    access.only_the_system(actor)
    done = session().scalar(
        update(Work)
        .where(Work.id == job.id, Work.state == "running", Work.claim == job.claim)
        .values(state="done", done_at=clock.now(), problem=None)
        .returning(Work.id)
    )
    return done is not None


@command
def put_off(job: Job, problem: Exception, *, actor: Actor) -> None:
    """Keep what went wrong and try again later; after the last attempt it is an incident.

    What somebody else was faster at is tried again at once, and not counted.
    """
    access.only_the_system(actor)
    case_id = stuck.case_of_work(job.kind, job.reference)
    stuck.lock_case(case_id)
    work = session().get(Work, job.id, with_for_update=True, populate_existing=True)
    if work is None or (work.state, work.claim) != ("running", job.claim):
        return
    now = clock.now()

    work.state, work.claim, work.claimed_at, work.worker_id = "pending", None, None, None
    work.problem = f"{type(problem).__name__}: {problem}"[:2000]
    if stuck.clashed(problem):
        work.not_before = now + AFTER_A_CLASH
        return
    work.attempts += 1
    work.not_before = now + FIRST_PAUSE * 2 ** (work.attempts - 1)
    if work.attempts >= stuck.MOST_ATTEMPTS:
        work.state = "failed"
        trouble = stuck.Trouble("work", work.id, work.kind, case_id)
        stuck.open_incident(trouble, problem, attempts=work.attempts, actor=actor)


def _due(now: datetime) -> ColumnElement[bool]:
    unoffered = or_(Work.claimed_at.is_(None), Work.claimed_at <= now - LOST_AFTER)
    return and_(
        literal_column("work.state IN ('pending', 'running')"),
        Work.not_before <= now,
        or_(
            and_(Work.state == "pending", unoffered),
            and_(Work.state == "running", _abandoned(now)),
        ),
    )


def _abandoned(now: datetime) -> ColumnElement[bool]:
    """Taken by a worker whose heart no longer beats, or for longer than any work may last."""
    alive = exists().where(Worker.id == Work.worker_id, Worker.alive(now))
    quiet = Work.claimed_at <= now - GONE_AFTER
    return or_(and_(quiet, ~alive), Work.claimed_at <= now - LONGEST)
