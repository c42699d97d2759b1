"""The inbox (待办): what waits for this person and their units, most pressing first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, Subquery, func, literal, select, tuple_
from sqlalchemy.orm import aliased

from app.actor import Actor
from app.advance import reference
from app.db import UtcDateTime
from app.model import Assignment, Case, ProfileVersion, Ticket, Unit
from app.queries.due import DueLine, DueLines, pace
from app.queries.reading import read
from app.queries.waiting import LIGHTS, Filters, lit, waiting

EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICRO: Final = timedelta(microseconds=1)
PAGE: Final = 50
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
class Inbox:
    """A page of rows, how many wait per light, and where the next page begins (None: no more)."""

    rows: tuple[InboxRow, ...]
    counts: Mapping[str, int]
    total: int
    after: Place | None = None


@dataclass(frozen=True)
class Glance:
    """How many tasks wait, how many of them are to be signed for, and the newest one's number."""

    all: int = 0
    receipts: int = 0
    newest: int = 0

    @property
    def state(self) -> str:
        """Changes when work came or went."""
        return f"{self.all}.{self.receipts}.{self.newest}"


def inbox(
    viewer: Actor,
    *,
    light: str | None = None,
    filters: Filters | None = None,
    sort: str = "pressing",
    after: Place | None = None,
    limit: int = PAGE,
) -> Inbox:
    """What this person may complete now, late work first; counts are over all the filters leave."""
    if not viewer.holdings:
        return Inbox((), dict.fromkeys(LIGHTS, 0), 0)
    chosen = lit(viewer, filters)
    counted = counts(chosen)
    found = read(_page(chosen, light, SORTS[sort], after, limit + 1), {}).all()
    lines = DueLines(found[0].now if found else None)
    rows = [_row(each, lines, viewer) for each in found[:limit]]
    last = found[limit - 1] if len(found) > limit else None
    return Inbox(
        rows=tuple(rows),
        counts=counted,
        total=sum(counted.values()),
        after=Place(last.rank, last.by, last.id) if last else None,
    )


def counts(chosen: Subquery) -> dict[str, int]:
    """How many of them (`waiting.lit`) show each light."""
    found = read(select(chosen.c.rank, func.count()).group_by(chosen.c.rank), {})
    return {**dict.fromkeys(LIGHTS, 0), **{LIGHTS[rank]: number for rank, number in found}}


def glance(viewer: Actor) -> Glance:
    """How much waits, in one statement over one index."""
    if not viewer.holdings:
        return Glance()
    of = waiting(viewer).c
    signed_for = func.count().filter(of.receipt)
    found = read(select(func.count(), signed_for, func.coalesce(func.max(of.id), 0)), {}).one()
    return Glance(*found)


def _page(
    chosen: Subquery, light: str | None, sort: tuple[str, ...], after: Place | None, limit: int
) -> Select[Any]:
    """The rows that are shown, with everything about them."""
    shown = select(chosen).order_by(*_order(chosen, sort)).limit(limit)
    if light:
        shown = shown.where(chosen.c.rank == LIGHTS.index(light))
    if after:
        shown = shown.where(_beyond(chosen, sort, after))
    rows, sender = shown.subquery("shown"), aliased(Unit)
    return (
        select(*DETAILS, sender.name.label("sender"), *rows.c)
        .join_from(rows, Assignment, Assignment.id == rows.c.id)
        .join(Case, Case.id == Assignment.case_id)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .join(ProfileVersion, ProfileVersion.id == Case.profile_id)
        .outerjoin(sender, sender.id == Assignment.opened_from)
        .order_by(*_order(rows, sort))
    )


def _order(of: Subquery, sort: tuple[str, ...]) -> list[ColumnElement[Any]]:
    return [of.c[each[1:]].desc() if each[0] == "-" else of.c[each] for each in sort]


def _beyond(of: Subquery, sort: tuple[str, ...], after: Place) -> ColumnElement[bool]:
    """What comes after a place in that order."""
    place = {
        "rank": literal(after.rank),
        "by": literal(after.due_at, UtcDateTime()),
        "id": literal(after.assignment_id),
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
