"""A command as the walks try it, and what of the county the attempts are about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.actor import Actor
from app.db import session
from app.model import Area, Document, ImportRow
from tests.access.town import Town

CLERK, ANALYST, LEADER = "supervision clerk", "court analyst", "lead unit's leader"
LEAD, HELPER = "lead unit's handler", "co-handling unit's handler"
DIRECTOR = "supervision director"
COPIED, STRANGER = "copied unit's handler", "stranger"
PROGRESS = {"text": "已完成摸底。", "percent": 40}
STRONG = "a lamp beside the river"
Do = Callable[[Town, Actor], Any]


@dataclass(frozen=True)
class Act:
    """A command tried by the one who may, by a colleague who knows of the thing, by a stranger.

    `hidden` is False where there is nothing to hide: the stranger hears the reason too.
    `now` is False where the county stands so that the one who may cannot do it just now.
    """

    may: str
    colleague: str
    do: Do
    hidden: bool = True
    now: bool = True


def case(town: Town, about: str) -> int:
    """The id of the case about that."""
    return town.case(about).case_id


def line(town: Town) -> int:
    """The doubtful row of the file."""
    rows = select(ImportRow.line).where(ImportRow.batch_id == town.batch_id)
    return session().scalars(rows).one()


def minutes(town: Town) -> int:
    """The paper a unit got that did not take part in the meeting."""
    rows = select(Document.id).where(
        Document.case_id == case(town, "meeting"), Document.kind == "task_list"
    )
    return session().scalars(rows).one()


def person(town: Town) -> int:
    """Somebody whose account is kept."""
    found = town.county.stranger.person_id
    assert found is not None
    return found


def area(_town: Town) -> int:
    """An area with figures."""
    return session().scalars(select(Area.id).limit(1)).one()
