"""The background processes: how many live, and what each holds in its hands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select

from app import clock
from app.db import session
from app.model import Work, Worker


@dataclass(frozen=True)
class WorkerLine:
    """One background process; `silent` is how many seconds ago it gave a sign of life."""

    name: str
    state: Literal["alive", "stopped", "gone"]
    started_at: datetime
    silent: int
    working_on: int


def workers_alive() -> int:
    """How many gave a sign of life lately."""
    alive = select(func.count()).select_from(Worker).where(Worker.alive(clock.now()))
    return session().scalar(alive) or 0


def workers() -> tuple[WorkerLine, ...]:
    """Those of the last day, newest first."""
    now = clock.now()
    jobs = select(func.count()).where(Work.worker_id == Worker.id, Work.state == "running")
    rows = session().execute(
        select(
            Worker, Worker.alive(now).label("alive"), jobs.scalar_subquery().label("jobs")
        ).order_by(Worker.id.desc())
    )
    return tuple(
        WorkerLine(
            name=row.Worker.name,
            state="alive" if row.alive else "stopped" if row.Worker.stopped_at else "gone",
            started_at=row.Worker.started_at,
            silent=max(0, round((now - row.Worker.beat_at).total_seconds())),
            working_on=row.jobs,
        )
        for row in rows
    )
