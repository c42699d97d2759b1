"""The thread of a case: what is said, who may still take it back, and whom one may address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from app.actor import Actor
from app.effects import readership
from app.i18n import Text
from app.model import Comment, Person, Unit
from app.queries.reading import read
from app.rules import sharing

MOST_PICKED: Final = 200
SAID: Final = (
    select(
        Comment.id,
        Comment.text,
        Comment.mentions,
        Comment.at,
        Comment.withdrawn_at,
        Comment.person_id,
        Person.name.label("person"),
        Unit.name.label("unit"),
    )
    .join(Person, Person.id == Comment.person_id)
    .join(Unit, Unit.id == Comment.unit_id)
    .where(Comment.case_id == bindparam("case"))
    .order_by(Comment.id)
)


@dataclass(frozen=True)
class Said:
    """A comment; its text is empty once it is withdrawn."""

    comment_id: int
    who: str
    unit: str
    at: datetime
    text: str
    to: tuple[str, ...]
    withdrawn: bool
    may_withdraw: bool


@dataclass(frozen=True)
class Talk:
    """The thread, and whether one may speak in it (else perhaps why not), and to whom."""

    said: tuple[Said, ...]
    may: bool
    why_not: Text | None
    people: Sequence[tuple[str, str]]


def thread(viewer: Actor, case_id: int, now: datetime) -> tuple[Said, ...]:
    """What is said about a case, oldest first; for somebody who may see it."""
    rows = read(SAID, {"case": case_id}).all()
    names = _names({person for row in rows for person in row.mentions})
    return tuple(
        Said(
            comment_id=row.id,
            who=row.person,
            unit=row.unit,
            at=row.at,
            text="" if row.withdrawn_at else row.text,
            to=() if row.withdrawn_at else tuple(names[each] for each in row.mentions),
            withdrawn=row.withdrawn_at is not None,
            may_withdraw=row.withdrawn_at is None
            and row.person_id == viewer.person_id
            and now <= row.at + sharing.WITHDRAWN_WITHIN,
        )
        for row in rows
    )


def _names(people: set[int]) -> Mapping[int, str]:
    if not people:
        return {}
    rows = read(select(Person.id, Person.name).where(Person.id.in_(sorted(people))), {})
    return {row.id: row.name for row in rows}


def addressable(case_id: int, kind: str, now: datetime) -> list[tuple[str, str]]:
    """Whom a comment may address (login, name): everybody who may know of the case."""
    found = readership.readers_of(case_id, kind, now).subquery()
    rows = read(
        select(found.c.login, func.min(found.c.name).label("name"))
        .group_by(found.c.login)
        .order_by(func.min(found.c.unit), found.c.login)
        .limit(MOST_PICKED),
        {},
    )
    return [(row.login, row.name) for row in rows]


def talk(viewer: Actor, case: Any, now: datetime) -> Talk:
    """The thread of a case (its page) and whether this person may speak in it, and to whom."""
    may = sharing.may_comment(viewer, case.status)
    return Talk(
        said=thread(viewer, case.case_id, now) if case.comment_count else (),
        may=may is True,
        why_not=may if isinstance(may, Text) else None,
        people=addressable(case.case_id, case.kind, now) if may is True else (),
    )
