"""R9: nothing ran for thirty days; then everything overdue happens once, and soon."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from app import clock
from app.advance.loading import units_of
from app.db import session, transaction
from app.model import Assignment, Case, Event, Timer
from tests.faults.harness import drills, pace, servers

HOURLY = 720  # reminders of one deadline that a month of hours brings
WITHIN = 600.0  # seconds
OPENED = "2026-07-06 09:00"
DAYS = 30


@pytest.mark.timeout(200)
@pytest.mark.soak("R9", only=True, minutes=25, alone=True)
def test_after_thirty_days_each_overdue_deadline_is_escalated_once(
    server, worker, tmp_path, size, figures
):
    name, deadlines, hourly = f"weathervane_{worker}_outage", size(12, 10_000), size(1, 20)
    with drills.county_at(server, name, tmp_path, OPENED) as (_app, address, county):
        drills.open_cases(county, deadlines // 2)
        add_hourly(hourly)
        drills.pass_time(minutes=DAYS * 24 * 60)
        before, overdue = due(), late()
        assert len(overdue) == deadlines

        with servers.site(address, tmp_path, webs=0, workers=2):
            took = pace.until(lambda: not due(), WITHIN, lambda: f"{due()} still due")

        escalated, urged = Counter(escalations()), Counter(urgings())
        figures("overdue deadlines", len(overdue), exactly=deadlines)
        figures("timers due after the outage", before, at_least=deadlines * 5)
        figures("all handled after", took, unit="s", at_most=WITHIN)
        figures("deadlines escalated", len(escalated), exactly=deadlines)
        figures("escalations of one deadline, at most", max(escalated.values()), exactly=1)
        figures("urgings of one deadline, at most", max(urged.values()), exactly=1)
        figures("timers fired twice or not at all", twice(), exactly=0)
        assert set(escalated) == set(overdue)


def add_hourly(count: int) -> None:
    """Let some deadlines urge their unit every hour from the day they are due."""
    rows = session().execute(
        select(Timer.case_id, Timer.assignment_id, Timer.fire_at)
        .where(Timer.kind == "due")
        .order_by(Timer.id)
        .limit(count)
    )
    timers = [
        {
            "case_id": row.case_id,
            "assignment_id": row.assignment_id,
            "kind": "urge",
            "step": 100 + hour,
            "fire_at": row.fire_at + timedelta(hours=1 + hour),
            "state": "pending",
        }
        for row in rows
        for hour in range(HOURLY)
    ]
    with transaction():
        session().execute(insert(Timer), timers)


def due() -> int:
    """How many timers should have fired by now."""
    session().rollback()
    overdue = select(func.count()).where(Timer.state == "pending", Timer.fire_at <= clock.now())
    return session().scalar(overdue) or 0


def late() -> list[tuple[int, int]]:
    """The deadlines whose whole ladder has passed: case and unit."""
    now = clock.now()
    rows = session().execute(
        select(Assignment.case_id, Assignment.unit_id)
        .join(Timer, Timer.assignment_id == Assignment.id)
        .where(Timer.kind == "escalate", Timer.fire_at <= now)
    )
    return [(row.case_id, row.unit_id) for row in rows]


def escalations() -> list[tuple[int, int]]:
    """Every escalation: the matter and the unit it is against."""
    session().rollback()
    found = session().execute(select(Case.id, Case.parent_id).where(Case.kind == "escalation"))
    return [(row.parent_id, units_of(row.id)["lead"][0]) for row in found.all()]


def urgings() -> list[tuple[int, int]]:
    """Every urging on paper: the case and the assignment."""
    rows = session().execute(
        select(Event.case_id, Event.body).where(Event.kind == "assignment.urged")
    )
    return [
        (row.case_id, assignment)
        for row in rows
        for assignment in json.loads(row.body)["data"]["assignments"]
    ]


def twice() -> int:
    """How many firings too many or too few the journal tells of."""
    bodies = session().scalars(select(Event.body).where(Event.kind == "timer.fired"))
    told = Counter(json.loads(body)["data"]["timer"] for body in bodies)
    fired = set(session().scalars(select(Timer.id).where(Timer.state == "fired")))
    return sum(count - 1 for count in told.values()) + len(fired ^ set(told))
