"""Timers whose moment has come: which ones, in which order, and what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, cast, func, literal, or_, select
from sqlalchemy import String as Text
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.db import constant, constants, session
from app.model import OPEN, Assignment, Case, Event, Timer

PLAIN: Final = constants("remind", "due")
"""Kinds whose journal row is the whole act: many of them fire in one transaction."""


@dataclass(frozen=True)
class DueTimer:
    """A timer to fire now, with what its journal row says; `held` waits after a failure."""

    id: int
    case_id: int
    kind: str
    step: int
    fire_at: datetime
    assignment_id: int | None
    unit_id: int | None
    due_at: datetime | None
    opened_unit_id: int | None
    held: bool
    superseded: bool
    seq: int
    hash: str

    @property
    def stream(self) -> str:
        """The journal stream of its case."""
        return f"case:{self.case_id}"


def anything(now: datetime) -> Select[int]:
    """A timer that can fire: its moment has come, its case runs, and nothing holds it up."""
    return (
        select(Timer.id)
        .join(Case, Case.id == Timer.case_id)
        .outerjoin(Assignment, Assignment.id == Timer.assignment_id)
        .where(_come(now), _waits_for_nothing(now), ~_earlier(_held(now)))
        .order_by(Timer.fire_at, Timer.step, Timer.id)
    )


def plain(now: datetime) -> Select[int]:
    """Those of the plain kinds that never failed and follow only their like."""
    return anything(now).where(
        Timer.kind.in_(PLAIN),
        Timer.attempts == 0,
        ~_earlier(lambda timer: or_(timer.kind.not_in(PLAIN), timer.attempts > 0)),
    )


def dead(now: datetime) -> Select[int]:
    """Those whose moment has come and that nobody waits for: the task is done, the case closed."""
    return (
        select(Timer.id)
        .join(Case, Case.id == Timer.case_id)
        .outerjoin(Assignment, Assignment.id == Timer.assignment_id)
        .where(
            Timer.pending(),
            Timer.fire_at <= now,
            or_(
                Case.status.not_in(("open", "suspended")),
                Assignment.state.not_in(OPEN),
            ),
        )
    )


def known(now: datetime, which: ColumnElement[bool]) -> Sequence[DueTimer]:
    """The due timers among `which` in the order they have to fire, their cases being locked."""
    rows = session().execute(
        select(
            *(Timer.id, Timer.case_id, Timer.kind, Timer.step, Timer.fire_at, Timer.assignment_id),
            *(Assignment.unit_id, Assignment.due_at, Case.opened_unit_id),
            (func.coalesce(Timer.not_before, Timer.fire_at) > now).label("held"),
            _next_of_its_kind(now).is_not(None).label("superseded"),
            func.coalesce(_head(Event.seq), 0).label("seq"),
            func.coalesce(_head(Event.hash), "").label("hash"),
        )
        .join(Case, Case.id == Timer.case_id)
        .outerjoin(Assignment, Assignment.id == Timer.assignment_id)
        .where(which, _come(now))
        .order_by(Timer.fire_at, Timer.step, Timer.id)
    )
    return [DueTimer(**row._asdict()) for row in rows]


def _head(column: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    """That column of the last journal row of the timer's case."""
    stream = literal("case:") + cast(Timer.case_id, Text)
    last = select(column).where(Event.stream == stream).order_by(Event.seq.desc()).limit(1)
    return last.correlate(Timer).scalar_subquery()


def _come(now: datetime) -> ColumnElement[bool]:
    return and_(
        Timer.pending(),
        Timer.fire_at <= now,
        Case.status == "open",
        or_(Timer.assignment_id.is_(None), Assignment.state.in_(("active", "asking"))),
    )


def _waits_for_nothing(now: datetime) -> ColumnElement[bool]:
    return func.coalesce(Timer.not_before, Timer.fire_at) <= now


def _held(now: datetime) -> Any:
    return lambda timer: timer.not_before > now


def _earlier(such: Any) -> ColumnElement[bool]:
    """Whether such a timer of the same assignment comes before this one."""
    other = aliased(Timer)
    return (
        select(other.id)
        .where(
            other.assignment_id == Timer.assignment_id,
            other.state == constant("pending"),
            or_(
                other.fire_at < Timer.fire_at,
                and_(other.fire_at == Timer.fire_at, other.step < Timer.step),
            ),
            such(other),
        )
        .exists()
    )


def _next_of_its_kind(now: datetime) -> ScalarSelect[Any]:
    """Another of its kind that is due as well (after an outage): then one notice is enough.

    A reminder of a date has nothing to say either once the date itself has passed.
    """
    later = aliased(Timer)
    by_then = func.coalesce(later.fire_at, later.fire_at)  # or the planner walks all that is due
    return (
        select(later.id)
        .where(
            later.assignment_id == Timer.assignment_id,
            later.state == constant("pending"),
            later.id != Timer.id,
            by_then <= now,
            or_(
                later.kind == Timer.kind,
                and_(Timer.kind == constant("remind"), later.kind == constant("due")),
            ),
            or_(
                later.fire_at > Timer.fire_at,
                and_(later.fire_at == Timer.fire_at, later.step > Timer.step),
            ),
        )
        .limit(1)
        .correlate(Timer)
        .scalar_subquery()
    )
