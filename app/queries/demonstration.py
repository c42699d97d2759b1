"""What a demonstration looks at while it plays: new acts, waiting work, the next timer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, inspect, select

from app.actor import Actor
from app.advance import profile
from app.db import session
from app.errors import NotFound
from app.model import Assignment, Case, Event, Person, Ticket, Timer, Unit
from app.queries.due import DueLine, DueLines
from app.queries.history import TOLD, Line, known_names, line
from app.rules import access


@dataclass(frozen=True)
class Act:
    """One journal row with its case, if it belongs to one."""

    event_id: int
    stream: str
    case_id: int | None
    number: str
    title: str
    line: Line


@dataclass(frozen=True)
class OpenWork:
    """One task somebody has before them now."""

    assignment_id: int
    case_id: int
    number: str
    stage: str
    node: str
    task: str
    task_en: str
    unit_id: int
    unit: str
    unit_en: str
    due: DueLine


@dataclass(frozen=True)
class Fired:
    """One timer that fired: when it was planned for, and when it did."""

    kind: str
    step: int
    unit: str
    planned: datetime
    at: datetime


def acts_since(viewer: Actor, event_id: int) -> tuple[Act, ...]:
    """Every act after that journal row, oldest first, for the business auditor."""
    _auditors_only(viewer)
    rows = (
        session()
        .execute(
            select(Event.id, Event.stream, Event.case_id, Case.number, Case.title, *TOLD)
            .outerjoin(Case, Case.id == Event.case_id)
            .outerjoin(Person, Person.id == Event.person_id)
            .outerjoin(Unit, Unit.id == Event.unit_id)
            .where(Event.id > event_id)
            .order_by(Event.id)
        )
        .all()
    )
    names = known_names()
    return tuple(
        Act(
            row.id,
            row.stream,
            row.case_id,
            row.number or "",
            row.title or "",
            line(row, names),
        )
        for row in rows
    )


def last_act(viewer: Actor) -> int:
    """The journal's last row (0 while it is empty)."""
    _auditors_only(viewer)
    return session().scalar(select(func.max(Event.id))) or 0


def open_work(viewer: Actor, case_ids: Collection[int]) -> tuple[OpenWork, ...]:
    """What waits in these cases, and for whom, in the order it was handed out."""
    _auditors_only(viewer)
    lines = DueLines()
    rows = session().execute(
        select(Assignment, Ticket, Case, Unit)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .join(Case, Case.id == Assignment.case_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Assignment.case_id.in_(case_ids), Assignment.state == "active")
        .order_by(Assignment.id)
        .execution_options(populate_existing=True)
    )
    return tuple(
        OpenWork(
            assignment_id=a.id,
            case_id=case.id,
            number=case.number or "",
            stage=ticket.stage,
            node=ticket.node,
            task=ticket.name,
            task_en=ticket.name_en,
            unit_id=unit.id,
            unit=unit.name,
            unit_en=unit.name_en or unit.name,
            due=lines.line(
                profile(case.profile_id),
                due_at=a.due_at,
                first_day=a.due_day_first,
                rule=a.due_rule,
                provisional=a.due_provisional,
                suspended=case.status == "suspended",
            ),
        )
        for a, ticket, case, unit in rows
    )


def next_timer() -> datetime | None:
    """When the next timer of an open case comes due, as far as it is known now."""
    return session().scalar(
        select(func.min(Timer.fire_at))
        .join(Case, Case.id == Timer.case_id)
        .join(Assignment, Assignment.id == Timer.assignment_id)
        .where(Timer.pending(), Case.status == "open", Assignment.state == "active")
    )


def matter_due(viewer: Actor, case_id: int) -> date | None:
    """The day the whole matter of a case is due."""
    _auditors_only(viewer)
    return session().scalar(select(Case.due_day).where(Case.id == case_id))


def fired_timers(viewer: Actor, case_id: int, node: str) -> tuple[Fired, ...]:
    """The timers of one element's tasks that fired, in the order they did."""
    _auditors_only(viewer)
    rows = session().execute(
        select(Timer, Unit.name)
        .join(Assignment, Assignment.id == Timer.assignment_id)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Timer.case_id == case_id, Timer.state == "fired", Ticket.node == node)
        .order_by(Timer.fired_at, Timer.fire_at, Timer.step)
        .execution_options(populate_existing=True)
    )
    return tuple(
        Fired(timer.kind, timer.step, unit, timer.fire_at, timer.fired_at)
        for timer, unit in rows
        if timer.fired_at
    )


def chain(viewer: Actor, stream: str) -> tuple[Event, ...]:
    """The rows of a stream as they are stored, for working their hashes out once more."""
    _auditors_only(viewer)
    rows = session().scalars(
        select(Event)
        .where(Event.stream == stream)
        .order_by(Event.seq)
        .execution_options(populate_existing=True)
    )
    return tuple(rows)


def is_empty() -> bool:
    """Whether the database holds no tables at all."""
    return not inspect(session().connection()).get_table_names()


def has_people() -> bool:
    """Whether somebody has an account already."""
    return session().scalar(select(Person.id).limit(1)) is not None


def _auditors_only(viewer: Actor) -> None:
    if not viewer.has(*access.SEES_ALL_CASES):
        raise NotFound
