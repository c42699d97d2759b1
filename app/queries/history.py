"""The journal of a case in words: who did what, for which unit, when, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.actor import Actor
from app.db import session
from app.i18n import Text
from app.model import Event, Person, ProfileVersion, Unit
from app.queries.visibility import visible_case
from app.queries.words import Names, sentence


@dataclass(frozen=True)
class Line:
    """One act: `reason` is what the person wrote beside it, empty when nothing."""

    seq: int
    at: datetime
    kind: str
    who: str
    unit: str
    deputy_for: str
    text: Text
    reason: str
    hash: str


def history(viewer: Actor, case_id: int) -> tuple[Line, ...]:
    """Every act on the case, oldest first; NotFound for strangers."""
    case = visible_case(viewer, case_id)
    return tuple(lines(f"case:{case.id}"))


def act(stream: str, seq: int) -> Line | None:
    """One act in words; the caller has made sure that it may be seen."""
    found = session().scalar(select(Event).where(Event.stream == stream, Event.seq == seq))
    return line(found, json.loads(found.body), known_names()) if found else None


def place(stream: str) -> int:
    """How far a stream goes now: what a form says its reader had seen; ask before reading on."""
    return session().scalar(select(func.max(Event.seq)).where(Event.stream == stream)) or 0


def lines(stream: str, *, limit: int | None = None) -> Iterator[Line]:
    """A stream in words; the caller has made sure that it may be seen."""
    events = (
        session()
        .execute(select(Event).where(Event.stream == stream).order_by(Event.seq).limit(limit))
        .scalars()
        .all()
    )
    names = known_names()
    for event in events:
        body = json.loads(event.body)
        yield line(event, body, names)


def line(event: Event, body: Mapping[str, Any], names: Names) -> Line:
    """One row in words."""
    data = body["data"]
    return Line(
        seq=event.seq,
        at=event.at,
        kind=event.kind,
        who=names.person(event.person_id),
        unit=names.unit(event.unit_id),
        deputy_for=names.person(body.get("deputy_for")),
        text=sentence(event.kind, data, names),
        reason=_reason(data),
        hash=event.hash,
    )


def known_names() -> Names:
    """What units and people are called today."""
    units = session().execute(select(Unit.id, Unit.code, Unit.name)).all()
    people = session().execute(select(Person.id, Person.name)).all()
    mechanisms = session().execute(select(ProfileVersion.key, ProfileVersion.data)).all()
    return Names(
        {row.id: row.name for row in units},
        {row.id: row.name for row in people},
        {
            **{row.code: row.name for row in units},
            **{row.key: str(row.data.get("name", row.key)) for row in mechanisms},
        },
    )


def _reason(data: Mapping[str, Any]) -> str:
    answers = data.get("answers") or {}
    for name in ("reason", "opinion", "text", "note"):
        value = data.get(name) or answers.get(name)
        if isinstance(value, str) and value:
            return value
    return ""
