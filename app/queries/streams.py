"""The journal's streams, for auditors: which there are, how long they are, what stands in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from app.actor import Actor
from app.db import session
from app.errors import NotFound
from app.model import Case, Event
from app.queries.history import Line, lines
from app.rules import access


@dataclass(frozen=True)
class Stream:
    """One stream: `title` and `case_id` are set for streams of cases."""

    name: str
    rows: int
    last_at: datetime
    head: str
    case_id: int | None
    title: str
    number: str


def streams(viewer: Actor, *, text: str = "", limit: int = 200) -> tuple[Stream, ...]:
    """The streams, the one that grew last first; NotFound for everybody but auditors."""
    _auditors_only(viewer)
    reads_cases = viewer.has("business_auditor")
    return tuple(
        Stream(
            row.stream,
            row.rows,
            row.at,
            row.hash,
            row.case_id if reads_cases else None,
            (row.title or "") if reads_cases else "",
            row.number or "",
        )
        for row in session().execute(_newest(text).limit(limit))
    )


def _newest(text: str) -> Select[*tuple[Any, ...]]:
    """The last row of each stream whose name, case title or number holds the text."""
    last = (
        select(func.max(Event.id).label("id"), func.count().label("rows"))
        .group_by(Event.stream)
        .subquery()
    )
    wanted = (
        select(last.c.rows, Event.stream, Event.at, Event.hash, Event.case_id)
        .add_columns(Case.title, Case.number)
        .join(Event, Event.id == last.c.id)
        .outerjoin(Case, Case.id == Event.case_id)
        .order_by(Event.id.desc())
    )
    fields = (Event.stream, Case.title, Case.number)
    return wanted.where(or_(*(each.contains(text, autoescape=True) for each in fields)))


def stream(viewer: Actor, name: str) -> tuple[Line, ...]:
    """One stream in words. The audit administrator reads all but the streams of cases."""
    _auditors_only(viewer)
    if name.startswith("case:") and not viewer.has("business_auditor"):
        raise NotFound
    found = tuple(lines(name))
    if not found:
        raise NotFound
    return found


def _auditors_only(viewer: Actor) -> None:
    if not viewer.has(*access.AUDITORS):
        raise NotFound
