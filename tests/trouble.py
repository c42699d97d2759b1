"""Verbs of trouble: timers and work that fail, until a supervisor has to look."""

from __future__ import annotations

from sqlalchemy import select

from app import journal
from app.actor import SYSTEM
from app.commands import stuck
from app.db import session, transaction
from app.model import Assignment, Incident, Timer

SECRET = "a secret value"


def timer_given_up(case_id: int, problem: Exception | None = None) -> int:
    """The next timer of a case as if its firing had failed five times; the incident's id."""
    with transaction():
        stuck.lock_case(case_id)
        timer = (
            session()
            .scalars(
                select(Timer)
                .join(Assignment, Assignment.id == Timer.assignment_id)
                .where(Timer.case_id == case_id, Timer.pending(), Assignment.state == "active")
                .order_by(Timer.fire_at, Timer.step)
                .limit(1)
            )
            .one()
        )
        timer.state, timer.attempts = "failed", stuck.MOST_ATTEMPTS
        found = stuck.Trouble("timer", timer.id, timer.kind, case_id)
        why = problem or LookupError(SECRET)
        incident = stuck.open_incident(found, why, attempts=timer.attempts, actor=SYSTEM)
        journal.flush()
    return incident.id


def incident(incident_id: int) -> Incident:
    """The incident as the database has it now."""
    return session().get_one(Incident, incident_id, populate_existing=True)


def incidents() -> list[Incident]:
    """Every incident, oldest first."""
    rows = select(Incident).order_by(Incident.id).execution_options(populate_existing=True)
    return list(session().scalars(rows))
