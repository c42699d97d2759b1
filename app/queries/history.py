"""The journal of a case in words: who did what, for which unit, when, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, select

from app.actor import Actor
from app.db import session
from app.i18n import Text
from app.model import Event, Person, ProfileVersion, Unit
from app.queries.reading import read
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


TOLD: Final = (
    Event.seq,
    Event.at,
    Event.kind,
    Event.body,
    Event.hash,
    Person.name.label("person"),
    Unit.name.label("unit"),
)
LINES: Final = (
    select(*TOLD)
    .outerjoin(Person, Person.id == Event.person_id)
    .outerjoin(Unit, Unit.id == Event.unit_id)
    .where(Event.stream == bindparam("stream"))
    .order_by(Event.seq)
)


def history(viewer: Actor, case_id: int) -> tuple[Line, ...]:
    """Every act on the case, oldest first; NotFound for strangers."""
    case = visible_case(viewer, case_id)
    return tuple(lines(f"case:{case.id}"))


def act(stream: str, seq: int) -> Line | None:
    """One act in words; the caller has made sure that it may be seen."""
    found = read(LINES.where(Event.seq == seq), {"stream": stream}).one_or_none()
    return line(found, known_names()) if found else None


def place(stream: str) -> int:
    """How far a stream goes now: what a form says its reader had seen; ask before reading on."""
    return session().scalar(select(func.max(Event.seq)).where(Event.stream == stream)) or 0


def lines(stream: str, *, limit: int | None = None) -> Iterator[Line]:
    """A stream in words; the caller has made sure that it may be seen."""
    wanted = LINES if limit is None else LINES.limit(limit)
    names = known_names()
    for row in read(wanted, {"stream": stream}).all():
        yield line(row, names)


def line(event: Row[*tuple[Any, ...]], names: Names) -> Line:
    """One row with the columns TOLD in words, by whom and for which unit."""
    body = json.loads(event.body)
    data = body["data"]
    return Line(
        seq=event.seq,
        at=event.at,
        kind=event.kind,
        who=event.person or "",
        unit=event.unit or "",
        deputy_for=names.person(body.get("deputy_for")),
        text=sentence(event.kind, data, names),
        reason=_reason(data),
        hash=event.hash,
    )


def known_names() -> Names:
    """What units and people are called today; read when a sentence first asks."""
    return Names(Once(_units), Once(_people), Once(_codes))


class Once(Mapping[Any, str]):
    """Names that are read from the database when one is first asked for."""

    def __init__(self, read: Callable[[], dict[Any, str]]) -> None:
        """`read` gives all of them."""
        self._read = read

    @cached_property
    def _known(self) -> dict[Any, str]:
        return self._read()

    def __getitem__(self, key: Any) -> str:
        """One name."""
        return self._known[key]

    def __iter__(self) -> Iterator[Any]:
        """Every key."""
        return iter(self._known)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._known)


def _units() -> dict[Any, str]:
    return {row.id: row.name for row in session().execute(select(Unit.id, Unit.name))}


def _people() -> dict[Any, str]:
    return {row.id: row.name for row in session().execute(select(Person.id, Person.name))}


def _codes() -> dict[Any, str]:
    units = session().execute(select(Unit.code, Unit.name))
    mechanisms = session().execute(select(ProfileVersion.key, ProfileVersion.data))
    return {
        **{row.code: row.name for row in units},
        **{row.key: str(row.data.get("name", row.key)) for row in mechanisms},
    }


def _reason(data: Mapping[str, Any]) -> str:
    answers = data.get("answers") or {}
    for name in ("reason", "opinion", "text", "note"):
        value = data.get(name) or answers.get(name)
        if isinstance(value, str) and value:
            return value
    return ""
