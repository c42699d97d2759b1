"""The inbox (待办): what waits for this person and their units, most pressing first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, exists, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from app import clock
from app.actor import Actor
from app.advance import reference
from app.db import constant, snapshot
from app.model import Assignment, Case, ProfileVersion, Ticket, Unit
from app.queries.due import DueLine, DueLines, pace
from app.queries.glance import (
    STATEMENTS,
    Glance,
    counted,
    counting,
    glance,
    kept,
    ours,
    summed,
)
from app.queries.matching import by_the_index
from app.queries.places import Place
from app.queries.reading import read
from app.queries.sorting import PRESSING, Sort
from app.queries.waiting import LIGHTS, Filters, lit, whose

PAGE: Final = 50
PIECE: Final = 1_000
EVERYTHING: Final = Filters()
ON_THE_PAGE: Final = -1  # beside the ranks of lights
NOTHING: Final = (0,)  # no task has that number


@dataclass(frozen=True)
class InboxRow:
    """One task waiting; `mine` when it is this person's by name, else anybody's in the unit.

    `receipt`: something is to be signed for; `again`: it was done before and came back; `comments`
    in the case's thread; `reading`: how many of the unit have read it, of those asked to.
    """

    assignment_id: int
    version: int
    case_id: int
    number: str
    title: str
    kind: str
    task: str
    task_en: str
    stage: str
    role: str
    unit: str
    from_unit: str
    due: DueLine
    due_at: datetime | None
    opened_at: datetime
    mine: bool
    urged: int
    special_major: bool
    suspended: bool
    receipt: bool
    again: bool
    comments: int
    reading: tuple[int, int] | None


@dataclass(frozen=True)
class Wish:
    """Which rows are asked for: of one light or all, narrowed, in which order, from where on."""

    light: str = ""
    filters: Filters = EVERYTHING
    sort: Sort = PRESSING
    after: Place | None = None

    @property
    def narrows(self) -> bool:
        """Whether it is anything but the whole list in its usual order."""
        return self.filters.any or self.sort != PRESSING


@dataclass(frozen=True)
class Inbox:
    """A page of rows, how many of those asked for show each light, and how much waits altogether.

    `after`: where the next page begins (None: no more).
    """

    rows: tuple[InboxRow, ...]
    counts: Mapping[str, int]
    total: int
    waiting: Glance
    after: Place | None = None


def inbox(
    viewer: Actor, wish: Wish | None = None, *, limit: int = PAGE, now: datetime | None = None
) -> Inbox:
    """What this person may complete now, late work first; counts are over all the filters leave.

    `now`: the moment, where it is known; else the database is asked for it.
    """
    if not viewer.holdings:
        return Inbox((), dict.fromkeys(LIGHTS, 0), 0, Glance())
    wish, now = wish or Wish(), now or clock.now()
    shown = wish
    if wish.filters.text:
        counts, all_, shown = _found(viewer, wish, limit=limit, now=now)
    else:
        counts, all_ = counted(viewer, whose(viewer), wish.filters, now)
    rows, last = page_of(viewer, shown, limit=limit, now=now)
    return Inbox(
        rows=rows,
        counts=counts,
        total=sum(counts.values()),
        waiting=glance(viewer) if wish.filters != Filters() else all_,
        after=last,
    )


def in_pieces(viewer: Actor, wish: Wish, *, now: datetime) -> Iterator[InboxRow]:
    """Every row from the wish's place on, read so many at a time, as they are at one moment."""
    more: Wish | None = wish
    with snapshot(), by_the_index(wish.filters.text):
        while more:
            rows, after = page_of(viewer, more, limit=PIECE, now=now)
            yield from rows
            more = replace(wish, after=after) if after else None


def _found(
    viewer: Actor, wish: Wish, *, limit: int, now: datetime
) -> tuple[dict[str, int], Glance, Wish]:
    """The counts, and the wish for the page's rows by their numbers: words are sought once."""
    who, sort, filters = whose(viewer), wish.sort, wish.filters
    place = sort.bound(wish.after) if wish.after else {}
    build = kept(_finding, filters)
    wanted = build(who.shape, filters.alike, wish.light, sort, paged=bool(place))
    values = {**who.values, **ours(viewer), **place, **filters.values}
    with by_the_index(wish.filters.text):
        rows = read(wanted, {**values, "now": now, "limit": limit + 1}).all()
    counts, all_ = summed(row for row in rows if row.rank != ON_THE_PAGE)
    numbers = tuple(row.number for row in rows if row.rank == ON_THE_PAGE)
    return counts, all_, Wish(filters=Filters(only=numbers or NOTHING), sort=sort)


def page_of(
    viewer: Actor, wish: Wish, *, limit: int, now: datetime
) -> tuple[tuple[InboxRow, ...], Place | None]:
    """So many rows, and where the next page begins (None: no more)."""
    if not viewer.holdings:
        return (), None
    who, sort, after = whose(viewer), wish.sort, wish.after
    wanted = kept(_page, wish.filters)(
        who.shape, wish.filters.alike, wish.light, sort, paged=after is not None
    )
    place = sort.bound(after) if after else {}
    asked = {**who.values, **place, **wish.filters.values, "now": now, "limit": limit + 1}
    found = read(wanted, asked).all()
    lines = DueLines(now)
    last = found[limit - 1] if len(found) > limit else None
    rows = tuple(_row(each, lines, viewer) for each in found[:limit])
    return rows, sort.place(last) if last else None


@lru_cache(maxsize=STATEMENTS)
def _finding(
    shape: Any, filters: Filters, light: str, sort: Sort, *, paged: bool
) -> Select[*tuple[Any, ...]]:
    """The counts, and a row ON_THE_PAGE for each task that is shown."""
    found = select(lit(shape, filters, numbered=sort.numbered)).cte("found")
    page = _shown(found, light, sort, paged=paged).subquery()
    ids = select(literal(ON_THE_PAGE), page.c.id, literal(0), literal(0))
    return select(*union_all(*counting(found.c), ids).subquery().c)


@lru_cache(maxsize=STATEMENTS)
def _page(
    shape: Any, filters: Filters, light: str, sort: Sort, *, paged: bool
) -> Select[*tuple[Any, ...]]:
    """The rows that are shown, with everything about them."""
    chosen = lit(shape, filters, numbered=sort.numbered)
    rows, sender = _shown(chosen, light, sort, paged=paged).subquery("shown"), aliased(Unit)
    return (
        select(*DETAILS, AGAIN, sender.name.label("sender"), *rows.c)
        .join_from(rows, Assignment, Assignment.id == rows.c.id)
        .join(Case, Case.id == Assignment.case_id)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .join(ProfileVersion, ProfileVersion.id == Case.profile_id)
        .outerjoin(sender, sender.id == Assignment.opened_from)
        .order_by(*sort.order(rows))
    )


def _shown(chosen: Any, light: str, sort: Sort, *, paged: bool) -> Select[*tuple[Any, ...]]:
    """The rows of a page; takes `limit`."""
    shown = select(chosen).order_by(*sort.order(chosen)).limit(bindparam("limit"))
    if light:
        shown = shown.where(chosen.c.rank == LIGHTS.index(light))
    return shown.where(sort.beyond(chosen)) if paged else shown


EARLIER: Final = aliased(Ticket)
AGAIN: Final = or_(
    Assignment.answers.is_not(None),
    exists(
        select(EARLIER.id)
        .where(
            EARLIER.case_id == Ticket.case_id,
            EARLIER.state == constant("done"),
            EARLIER.node == Ticket.node,
            EARLIER.id < Ticket.id,
        )
        .correlate(Ticket)
    ),
).label("again")
"""It was done before and came back: sent back, taken back, or brought back by its diagram."""
DETAILS: Final = (
    Assignment.case_id,
    Assignment.version,
    Assignment.person_id,
    Assignment.unit_id,
    Assignment.role,
    Assignment.opened_at,
    Assignment.due_at,
    Assignment.due_day_first,
    Assignment.due_rule,
    Assignment.due_provisional,
    Assignment.urge_count,
    Case.number,
    Case.title,
    Case.kind,
    Case.status,
    Case.special_major,
    Case.profile_id,
    Case.progress,
    Case.issued_at,
    Case.comment_count,
    Case.circulating,
    Ticket.name,
    Ticket.name_en,
    Ticket.stage,
    Unit.name.label("unit"),
    ProfileVersion.sha256,
)


def _row(found: Row[Any], lines: DueLines, viewer: Actor) -> InboxRow:
    suspended = found.status == "suspended"
    return InboxRow(
        assignment_id=found.id,
        version=found.version,
        case_id=found.case_id,
        number=found.number or "",
        title=found.title,
        kind=found.kind,
        task=found.name,
        task_en=found.name_en,
        stage=found.stage,
        role=found.role,
        unit=found.unit,
        from_unit=found.sender or "",
        due=lines.line(
            reference.profile_with(found.sha256, found.profile_id),
            due_at=found.due_at,
            first_day=found.due_day_first,
            rule=found.due_rule,
            provisional=found.due_provisional,
            suspended=suspended,
            pace=pace(found) if (found.due_rule or {}).get("matter") else None,
        ),
        due_at=found.due_at,
        opened_at=found.opened_at,
        mine=found.person_id == viewer.person_id,
        urged=found.urge_count,
        special_major=found.special_major,
        suspended=suspended,
        receipt=bool(found.receipt),
        again=bool(found.again),
        comments=found.comment_count,
        reading=_reading(found),
    )


def _reading(found: Row[Any]) -> tuple[int, int] | None:
    """How many of the unit have read the case, and how many are asked to (传阅中)."""
    lists = found.circulating.get(str(found.unit_id)) if found.circulating else None
    return (lists[0], lists[1]) if lists else None
