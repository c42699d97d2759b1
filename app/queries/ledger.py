"""The ledger (台账) of supervision items, with the columns of domain row 28."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, func, or_, select

from app import clock
from app.actor import Actor
from app.advance import profile
from app.db import session, snapshot
from app.i18n import Text, _
from app.model import RUNNING, Assignment, Case, CaseUnit, Ticket, Unit
from app.queries.due import DueLine, DueLines, pace
from app.queries.visibility import visible

KIND = "supervision_item"
PIECE: Final = 500
COLUMNS: tuple[tuple[str, Text], ...] = (
    ("number", _("Number")),
    ("matter", _("Matter")),
    ("source", _("Source")),
    ("lead", _("Lead unit")),
    ("co", _("Co-handling units")),
    ("issued", _("Assigned on")),
    ("due", _("Due on")),
    ("progress", _("Progress")),
    ("status", _("Status")),
    ("light", _("Status light")),
    ("urged", _("Urged")),
    ("extended", _("Extended")),
    ("completed", _("Completed on")),
    ("struck_off", _("Struck off on")),
)


@dataclass(frozen=True)
class LedgerRow:
    """One item; `progress` is the last reported percentage, None before the first report."""

    case_id: int
    number: str
    matter: str
    source: str
    lead: str
    co: tuple[str, ...]
    issued: date | None
    due: DueLine
    progress: int | None
    status: str
    stage: str
    urged: int
    extended: int
    completed: date | None
    struck_off: date | None
    special_major: bool


@dataclass(frozen=True)
class Filters:
    """What to show; None or empty shows all. `text` is looked for in number and matter."""

    text: str = ""
    status: str = ""
    light: str = ""
    unit_id: int | None = None
    year: int | None = None


def ledger(viewer: Actor, filters: Filters | None = None) -> tuple[LedgerRow, ...]:
    """The items this person may see, those that run first by due date, then the others."""
    wanted = _wanted(viewer, filters or Filters())
    return tuple(sorted(_of_light(filters, _rows(wanted, DueLines())), key=_place))


def in_pieces(viewer: Actor, filters: Filters) -> Iterator[LedgerRow]:
    """The same rows as they are at one moment, read so many at a time.

    First for their places, then to be handed on.
    """
    wanted, lines, last = _wanted(viewer, filters).order_by(Case.id).limit(PIECE), DueLines(), 0
    places: list[tuple[bool, date, int]] = []
    with snapshot():
        while piece := _rows(wanted.where(Case.id > last), lines):
            places += map(_place, _of_light(filters, piece))
            last = piece[-1].case_id
        places.sort()
        for start in range(0, len(places), PIECE):
            ids = [case_id for _over, _due, case_id in places[start : start + PIECE]]
            found = {row.case_id: row for row in _rows(select(Case).where(Case.id.in_(ids)), lines)}
            yield from (found[case_id] for case_id in ids)


def tasks_of(rows: Sequence[LedgerRow]) -> Mapping[int, int]:
    """A task somebody still has to do for each item that has one: what is done for it is chosen."""
    wanted = (
        select(Assignment.case_id, func.min(Assignment.id))
        .where(Assignment.case_id.in_([row.case_id for row in rows]), Assignment.state == "active")
        .group_by(Assignment.case_id)
    )
    return dict(iter(session().execute(wanted)))


def _wanted(viewer: Actor, filters: Filters) -> Select[Case]:
    return select(Case).where(Case.kind == KIND, visible(viewer), *_conditions(filters))


def _rows(wanted: Select[Case], lines: DueLines) -> list[LedgerRow]:
    cases = session().scalars(wanted).all()
    details = _Details([case.id for case in cases])
    return [_row(case, details, lines) for case in cases]


def _of_light(filters: Filters | None, rows: Iterable[LedgerRow]) -> Iterator[LedgerRow]:
    wanted = filters.light if filters else ""
    return (row for row in rows if wanted in ("", row.due.light.code))


def _place(row: LedgerRow) -> tuple[bool, date, int]:
    return (row.status not in RUNNING, row.due.day or date.max, row.case_id)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.text:
        plain = filters.text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        like = f"%{plain}%"
        found.append(
            or_(
                Case.number.like(like, escape="\\"),
                Case.matter.like(like, escape="\\"),
                Case.title.like(like, escape="\\"),
            )
        )
    if filters.status:
        found.append(Case.status == filters.status)
    if filters.unit_id is not None:
        found.append(
            Case.id.in_(select(CaseUnit.case_id).where(CaseUnit.unit_id == filters.unit_id))
        )
    if filters.year is not None:
        start = clock.from_local(date(filters.year, 1, 1))
        found += [
            Case.opened_at >= start,
            Case.opened_at < clock.from_local(date(filters.year + 1, 1, 1)),
        ]
    return found


class _Details:
    """What the rows need from other tables, read in one statement each."""

    def __init__(self, case_ids: Sequence[int]) -> None:
        self.units = _units(case_ids)
        self.due = _due(case_ids)
        self.done = _done(case_ids)


def _row(case: Case, details: _Details, lines: DueLines) -> LedgerRow:
    units = details.units.get(case.id, {})
    due_at = details.due.get(case.id)
    done = _since(case.reopened_at, details.done.get(case.id, {}))
    finished = done.get("complete_item") if case.status == "closed" else None
    return LedgerRow(
        case_id=case.id,
        number=case.number or "",
        matter=case.matter or case.title,
        source=case.source,
        lead="、".join(units.get("lead", ())),
        co=tuple(units.get("co", ())),
        issued=clock.local_day(case.issued_at) if case.issued_at else None,
        due=lines.line(
            profile(case.profile_id),
            due_at=due_at,
            first_day=case.due_day_first,
            suspended=case.status == "suspended",
            pace=pace(case),
            finished_at=finished,
        ),
        progress=case.progress,
        status=case.status,
        stage=case.stage,
        urged=case.urge_count,
        extended=case.extension_count,
        completed=_day(done.get("complete_item")),
        struck_off=_day(done.get("strike_off")),
        special_major=case.special_major,
    )


def _since(reopened: datetime | None, done: Mapping[str, datetime]) -> Mapping[str, datetime]:
    """What counts as completed: of a case that was reopened, what was done since."""
    return {node: at for node, at in done.items() if reopened is None or at >= reopened}


def _day(moment: datetime | None) -> date | None:
    return clock.local_day(moment) if moment else None


def _units(case_ids: Sequence[int]) -> Mapping[int, Mapping[str, list[str]]]:
    rows = session().execute(
        select(CaseUnit.case_id, CaseUnit.role, Unit.name)
        .join(Unit, Unit.id == CaseUnit.unit_id)
        .where(CaseUnit.case_id.in_(case_ids))
        .order_by(CaseUnit.id)
    )
    found: dict[int, dict[str, list[str]]] = {}
    for case_id, role, name in rows:
        found.setdefault(case_id, {}).setdefault(role, []).append(name)
    return found


def _due(case_ids: Sequence[int]) -> Mapping[int, datetime]:
    """The lead unit's open date, else the one it last had."""
    rows = session().execute(
        select(Assignment.case_id, Assignment.due_at)
        .where(
            Assignment.case_id.in_(case_ids),
            Assignment.role == "lead",
            Assignment.due_at.is_not(None),
        )
        .order_by(Assignment.state == "active", Assignment.id)
    )
    return {case_id: due_at for case_id, due_at in rows if due_at}


def _done(case_ids: Sequence[int]) -> Mapping[int, Mapping[str, datetime]]:
    rows = session().execute(
        select(Ticket.case_id, Ticket.node, func.max(Ticket.closed_at))
        .where(
            Ticket.case_id.in_(case_ids),
            Ticket.state == "done",
            Ticket.node.in_(("complete_item", "strike_off")),
        )
        .group_by(Ticket.case_id, Ticket.node)
    )
    found: dict[int, dict[str, datetime]] = {}
    for case_id, node, at in rows:
        if at is not None:
            found.setdefault(case_id, {})[node] = at
    return found
