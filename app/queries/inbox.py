"""The inbox (待办): what waits for this person and their units, most pressing first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import aliased

from app.actor import Actor
from app.advance import reference
from app.db import session
from app.model import Assignment, Case, ProfileVersion, Ticket, Unit
from app.queries.due import HANDLING, DueLine, DueLines, Pace, paces


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
class Inbox:
    """The rows asked for, and how many wait per light (for the filters on top)."""

    rows: tuple[InboxRow, ...]
    counts: Mapping[str, int]
    total: int


LIGHTS = ("red", "yellow", "blue", "green", "grey")


def inbox(viewer: Actor, *, light: str | None = None, limit: int = 200) -> Inbox:
    """What this person may complete now, late work first; counts are over all of it."""
    if not viewer.holdings:
        return Inbox((), dict.fromkeys(LIGHTS, 0), 0)
    lines = DueLines()
    waiting = session().execute(_waiting(viewer)).all()
    reported = paces({each.Assignment.case_id for each in waiting})
    rows = [_row(found, lines, reported, viewer) for found in waiting]
    rows.sort(key=lambda row: (row.due.light.rank, row.due_at is None, row.due_at or row.opened_at))
    counts = Counter(row.due.light.code for row in rows)
    shown = [row for row in rows if light in (None, row.due.light.code)]
    return Inbox(
        rows=tuple(shown[:limit]), counts={each: counts[each] for each in LIGHTS}, total=len(rows)
    )


def waiting_count(viewer: Actor) -> int:
    """How many tasks wait (the badge in the navigation)."""
    if not viewer.holdings:
        return 0
    return len(session().execute(_waiting(viewer).with_only_columns(Assignment.id)).all())


def _waiting(viewer: Actor) -> Select[*tuple[Any, ...]]:
    sender = aliased(Unit)
    return (
        select(
            Assignment,
            Case.number,
            Case.title,
            Case.kind,
            Case.status,
            Case.special_major,
            Case.profile_id,
            Ticket.node,
            Ticket.name,
            Ticket.name_en,
            Ticket.stage,
            Unit.name.label("unit"),
            sender.name.label("sender"),
            ProfileVersion.sha256,
        )
        .join(Case, Case.id == Assignment.case_id)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .join(ProfileVersion, ProfileVersion.id == Case.profile_id)
        .outerjoin(sender, sender.id == Assignment.opened_from)
        .where(
            Assignment.state == "active",
            Case.status.in_(("open", "suspended")),
            _may_be_done_by(viewer),
        )
    )


def _may_be_done_by(viewer: Actor) -> ColumnElement[bool]:
    """The same rule as rules.access.completes, as SQL."""
    return or_(
        *(
            and_(
                Assignment.unit_id == held.unit_id,
                Assignment.post == held.role,
                or_(
                    Assignment.person_id.is_(None),
                    Assignment.person_id == viewer.person_id,
                    Assignment.person_id == held.deputy_for,
                ),
            )
            for held in viewer.holdings
        )
    )


def _row(found: Row[Any], lines: DueLines, reported: Mapping[int, Pace], viewer: Actor) -> InboxRow:
    assignment: Assignment = found.Assignment
    suspended = found.status == "suspended"
    return InboxRow(
        assignment_id=assignment.id,
        case_id=assignment.case_id,
        number=found.number or "",
        title=found.title,
        kind=found.kind,
        task=found.name,
        task_en=found.name_en,
        stage=found.stage,
        role=assignment.role,
        unit=found.unit,
        from_unit=found.sender or "",
        due=lines.line(
            reference.profile_with(found.sha256, found.profile_id),
            due_at=assignment.due_at,
            first_day=assignment.due_day_first,
            rule=assignment.due_rule,
            provisional=assignment.due_provisional,
            suspended=suspended,
            pace=reported.get(assignment.case_id) if found.node == HANDLING else None,
        ),
        due_at=assignment.due_at,
        opened_at=assignment.opened_at,
        mine=assignment.person_id == viewer.person_id,
        urged=assignment.urge_count,
        special_major=found.special_major,
        suspended=suspended,
    )
