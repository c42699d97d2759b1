"""The inbox (待办): what waits for this person and their units, most pressing first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, Subquery, bindparam, func, select, tuple_
from sqlalchemy.orm import aliased

from app import clock
from app.actor import Actor
from app.advance import reference
from app.db import UtcDateTime
from app.model import Assignment, Case, ProfileVersion, Ticket, Unit
from app.queries.due import DueLine, DueLines, pace
from app.queries.reading import read
from app.queries.unread import unread
from app.queries.waiting import LIGHTS, Filters, Whose, lit, waiting, whose

EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICRO: Final = timedelta(microseconds=1)
PAGE: Final = 50
STATEMENTS: Final = 64  # of each sort, kept
SORTS: Final[Mapping[str, tuple[str, ...]]] = {
    "pressing": ("rank", "by", "id"),
    "due": ("by", "id"),
    "newest": ("-id",),
}
"""By which columns of `lit`; a minus puts the highest first."""


@dataclass(frozen=True)
class InboxRow:
    """One task waiting; `mine` when it is this person's by name, else anybody's in the unit."""

    assignment_id: int
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


@dataclass(frozen=True)
class Place:
    """Where a page of the inbox ends: light, date and number of its last row."""

    rank: int
    due_at: datetime
    assignment_id: int

    def __str__(self) -> str:
        """As an address holds it."""
        return f"{self.rank}.{(self.due_at - EPOCH) // MICRO}.{self.assignment_id}"

    @property
    def values(self) -> dict[str, Any]:
        """As the statement for what comes after it takes them."""
        ends = {"after_rank": self.rank, "after_by": self.due_at}
        return {**ends, "after_id": self.assignment_id}

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place an address names; None for anything that is none."""
        try:
            rank, micros, number = (int(part) for part in text.split("."))
            due_at = EPOCH + micros * MICRO
        except (ValueError, OverflowError):
            return None
        return cls(rank, due_at, number)


@dataclass(frozen=True)
class Glance:
    """How many tasks wait, how many of them are to be signed for, and the newest one's number.

    `news`: how much of what one was told is unread, where that was asked for too.
    """

    all: int = 0
    receipts: int = 0
    newest: int = 0
    news: int = 0

    @property
    def state(self) -> str:
        """Changes when work came or went."""
        return f"{self.all}.{self.receipts}.{self.newest}"


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
    viewer: Actor,
    *,
    light: str | None = None,
    filters: Filters | None = None,
    sort: str = "pressing",
    after: Place | None = None,
    limit: int = PAGE,
    now: datetime | None = None,
) -> Inbox:
    """What this person may complete now, late work first; counts are over all the filters leave.

    `now`: the moment, where it is known; else the database is asked for it.
    """
    if not viewer.holdings:
        return Inbox((), dict.fromkeys(LIGHTS, 0), 0, Glance())
    who, filters = whose(viewer), filters or Filters()
    now = now or clock.now()
    counts, all_ = counted(who, filters, now)
    wanted = _kept(_page, filters)(who.shape, filters, light, sort, paged=after is not None)
    asked = {**who.values, "now": now, "limit": limit + 1, **(after.values if after else {})}
    found = read(wanted, asked).all()
    lines = DueLines(now)
    last = found[limit - 1] if len(found) > limit else None
    return Inbox(
        rows=tuple(_row(each, lines, viewer) for each in found[:limit]),
        counts=counts,
        total=sum(counts.values()),
        waiting=glance(viewer) if filters != Filters() else all_,
        after=Place(last.rank, last.by, last.id) if last else None,
    )


def counted(who: Whose, filters: Filters, now: datetime) -> tuple[dict[str, int], Glance]:
    """How many of them show each light, and all of them together."""
    counts, receipts, newest = dict.fromkeys(LIGHTS, 0), 0, 0
    for row in read(_kept(_counting, filters)(who.shape, filters), {**who.values, "now": now}):
        counts[LIGHTS[row.rank]] = row.number
        receipts += row.receipts
        newest = max(newest, row.newest)
    return counts, Glance(sum(counts.values()), receipts, newest)


def glance(viewer: Actor) -> Glance:
    """How much waits, in one statement over one index."""
    if not viewer.holdings:
        return Glance()
    who = whose(viewer)
    return Glance(*read(_glancing(who.shape), who.values).one())


def _kept(build: Any, filters: Filters) -> Any:
    """Statements that hold nothing somebody typed or picked are built once."""
    return build.__wrapped__ if filters.any else build


@lru_cache(maxsize=STATEMENTS)
def _glancing(shape: Any) -> Select[*tuple[Any, ...]]:
    of = waiting(shape).c
    return select(*_numbers(of), unread(bindparam("me")).label("news"))


@lru_cache(maxsize=STATEMENTS)
def _counting(shape: Any, filters: Filters) -> Select[*tuple[Any, ...]]:
    of = lit(shape, filters).c
    return select(of.rank, *_numbers(of)).group_by(of.rank)


def _numbers(of: Any) -> tuple[ColumnElement[int], ...]:
    return (
        func.count().label("number"),
        func.count().filter(of.receipt).label("receipts"),
        func.coalesce(func.max(of.id), 0).label("newest"),
    )


@lru_cache(maxsize=STATEMENTS)
def _page(
    shape: Any, filters: Filters, light: str | None, sort: str, *, paged: bool
) -> Select[*tuple[Any, ...]]:
    """The rows that are shown, with everything about them."""
    chosen, by = lit(shape, filters), SORTS[sort]
    shown = select(chosen).order_by(*_order(chosen, by)).limit(bindparam("limit"))
    if light:
        shown = shown.where(chosen.c.rank == LIGHTS.index(light))
    if paged:
        shown = shown.where(_beyond(chosen, by))
    rows, sender = shown.subquery("shown"), aliased(Unit)
    return (
        select(*DETAILS, sender.name.label("sender"), *rows.c)
        .join_from(rows, Assignment, Assignment.id == rows.c.id)
        .join(Case, Case.id == Assignment.case_id)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .join(ProfileVersion, ProfileVersion.id == Case.profile_id)
        .outerjoin(sender, sender.id == Assignment.opened_from)
        .order_by(*_order(rows, by))
    )


def _order(of: Subquery, sort: tuple[str, ...]) -> list[ColumnElement[Any]]:
    return [of.c[each[1:]].desc() if each[0] == "-" else of.c[each] for each in sort]


def _beyond(of: Subquery, sort: tuple[str, ...]) -> ColumnElement[bool]:
    """What comes after a place in that order; takes the place's values."""
    place = {
        "rank": bindparam("after_rank"),
        "by": bindparam("after_by", type_=UtcDateTime()),
        "id": bindparam("after_id"),
    }
    if sort == SORTS["newest"]:
        return of.c.id < place["id"]
    return tuple_(*(of.c[each] for each in sort)) > tuple_(*(place[each] for each in sort))


DETAILS: Final = (
    Assignment.case_id,
    Assignment.person_id,
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
    )
