"""The files of a case, and one file for whoever may know of its case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import aliased

from app.actor import Actor
from app.db import session
from app.errors import NotFound
from app.model import Assignment, Attachment, Case, Person, Ticket, Unit
from app.queries.visibility import visible
from app.rules import access

WITHDRAWER: Final = aliased(Person)


@dataclass(frozen=True)
class File:
    """One file: what it is, who added it when and to which task; `mine`: its adder may withdraw it.

    Withdrawn ones are shown to auditors only; their content stays.
    """

    attachment_id: int
    case_id: int
    case_title: str
    assignment_id: int | None
    field: str
    task: str
    task_en: str
    name: str
    kind: str
    size: int
    sha256: str
    by: str
    unit: str
    added_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str
    mine: bool


FILES: Final[Select[*tuple[Any, ...]]] = (
    select(
        Attachment,
        Case.title.label("title"),
        Case.status.label("status"),
        Assignment.state.label("state"),
        Ticket.name.label("task"),
        Ticket.name_en.label("task_en"),
        Person.name.label("by"),
        Unit.name.label("unit"),
        WITHDRAWER.name.label("withdrawn_by"),
    )
    .join(Case, Case.id == Attachment.case_id)
    .outerjoin(Assignment, Assignment.id == Attachment.assignment_id)
    .outerjoin(Ticket, Ticket.id == Assignment.ticket_id)
    .outerjoin(Person, Person.id == Attachment.added_by)
    .outerjoin(Unit, Unit.id == Attachment.unit_id)
    .outerjoin(WITHDRAWER, WITHDRAWER.id == Attachment.withdrawn_by)
)
OF_A_CASE: Final = FILES.where(Attachment.case_id == bindparam("case")).order_by(Attachment.id)


def files_of(viewer: Actor, case_id: int) -> tuple[File, ...]:
    """The files of a case this person sees already, in the order in which they came."""
    rows = session().execute(OF_A_CASE, {"case": case_id})
    return tuple(
        _file(row, viewer) for row in rows if row.Attachment.withdrawn_at is None or _audits(viewer)
    )


def file(viewer: Actor, attachment_id: int) -> File:
    """One file; NotFound for strangers, and once withdrawn for everybody but auditors."""
    wanted = FILES.where(Attachment.id == attachment_id, visible(viewer))
    row = session().execute(wanted).one_or_none()
    if row is None or (row.Attachment.withdrawn_at is not None and not _audits(viewer)):
        raise NotFound
    return _file(row, viewer)


def case_of_task(viewer: Actor, assignment_id: int) -> int:
    """The case of a task; NotFound for strangers."""
    its = select(Case.id).join(Assignment, Assignment.case_id == Case.id)
    found = session().scalar(its.where(Assignment.id == assignment_id, visible(viewer)))
    if found is None:
        raise NotFound
    return found


def _audits(viewer: Actor) -> bool:
    return viewer.has(*access.AUDITORS)


def _file(row: Any, viewer: Actor) -> File:
    about = row.Attachment
    open_ = row.status in ("open", "suspended") and row.state in (None, "active")
    return File(
        attachment_id=about.id,
        case_id=about.case_id,
        case_title=row.title,
        assignment_id=about.assignment_id,
        field=about.field,
        task=row.task or "",
        task_en=row.task_en or "",
        name=about.name,
        kind=about.kind,
        size=about.size,
        sha256=about.sha256,
        by=row.by or "",
        unit=row.unit or "",
        added_at=about.added_at,
        withdrawn_at=about.withdrawn_at,
        withdrawn_by=row.withdrawn_by or "",
        mine=open_ and about.withdrawn_at is None and about.added_by == viewer.person_id,
    )
