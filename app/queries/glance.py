"""How much waits for a person, and how much of it shows which light: counted, not listed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    bindparam,
    func,
    literal,
    null,
    select,
    union_all,
)

from app.actor import Actor
from app.queries.reading import read
from app.queries.unread import unread, unread_copies
from app.queries.waiting import LIGHTS, Filters, Whose, lit, waiting, whose
from app.rules import access

STATEMENTS: Final = 64  # of each sort, kept


@dataclass(frozen=True)
class Glance:
    """How many tasks wait, how many of them are to be signed for, and the newest one's number.

    `copies`: how much came for reading that nobody has opened yet who should; `news`: how much of
    what one was told is unread, where that was asked for too.
    """

    all: int = 0
    receipts: int = 0
    newest: int = 0
    copies: int = 0
    news: int = 0

    @property
    def state(self) -> str:
        """Changes when work came or went."""
        return f"{self.all}.{self.receipts}.{self.newest}.{self.copies}"


def counted(
    viewer: Actor, who: Whose, filters: Filters, now: datetime
) -> tuple[dict[str, int], Glance]:
    """How many of them show each light, and all of them together."""
    asked = {**who.values, **ours(viewer), **filters.values, "now": now}
    return summed(read(kept(_counting, filters)(who.shape, filters.alike), asked))


def summed(rows: Iterable[Any]) -> tuple[dict[str, int], Glance]:
    """What `counting` answers."""
    counts, receipts, newest, copies = dict.fromkeys(LIGHTS, 0), 0, 0, 0
    for row in rows:
        if row.rank is None:
            copies = row.number
            continue
        counts[LIGHTS[row.rank]] = row.number
        receipts += row.receipts
        newest = max(newest, row.newest)
    return counts, Glance(sum(counts.values()), receipts, newest, copies)


def glance(viewer: Actor) -> Glance:
    """How much waits, in one statement."""
    if not viewer.holdings:
        return Glance()
    who = whose(viewer)
    return Glance(*read(_glancing(who.shape), {**who.values, **ours(viewer)}).one())


def kept(build: Any, filters: Filters) -> Any:
    """Statements that hold nothing somebody typed or picked are built once."""
    return build.__wrapped__ if filters.typed else build


def ours(viewer: Actor) -> dict[str, Any]:
    """As the count of what came for reading takes it."""
    return {"our_units": sorted(access.units_worked_for(viewer))}


@lru_cache(maxsize=STATEMENTS)
def _glancing(shape: Any) -> Select[*tuple[Any, ...]]:
    news = unread(bindparam("me")).label("news")
    return select(*_numbers(waiting(shape).c), _copies().label("copies"), news)


@lru_cache(maxsize=STATEMENTS)
def _counting(shape: Any, filters: Filters) -> Select[*tuple[Any, ...]]:
    return select(*union_all(*counting(lit(shape, filters).c)).subquery().c)


def counting(of: Any) -> tuple[Select[*tuple[Any, ...]], ...]:
    """A row for each light, and one without for what came for reading."""
    lights = select(of.rank, *_numbers(of)).group_by(of.rank)
    return lights, select(null(), _copies(), literal(0), literal(0))


def _copies() -> ScalarSelect[int]:
    return unread_copies(bindparam("our_units", expanding=True), bindparam("me"))


def _numbers(of: Any) -> tuple[ColumnElement[int], ...]:
    return (
        func.count().label("number"),
        func.count().filter(of.receipt).label("receipts"),
        func.coalesce(func.max(of.id), 0).label("newest"),
    )
