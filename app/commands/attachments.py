"""Files added to a case or to a task's question (附件), withdrawn again, and what is left over.

Content is on the disk, whole, before the row that names it is committed (app/files/store.py).
Both acts stand in the journal with the content's SHA-256; withdrawn content stays for auditors.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import datetime
from typing import IO, Any, Final

from sqlalchemy import exists, func, select

from app import advance, clock, files, forms, journal
from app.actor import SYSTEM, Actor
from app.advance import Loaded
from app.commands import sight
from app.commands.command import command
from app.db import session
from app.errors import Invalid, NotAllowed, NotFound
from app.i18n import _
from app.model import Assignment, Attachment, Instruction, Ticket
from app.rules import access

MEGABYTE: Final = 1024**2
OF_A_FILE: Final = 50 * MEGABYTE
OF_A_CASE: Final = 500 * MEGABYTE
OF_A_DAY: Final = 1024 * MEGABYTE
MOST_IN_A_CASE: Final = 500
LONGEST_NAME: Final = 200
RUNNING: Final = ("open", "suspended")
NOT_YOURS: Final = _("Only those who work on the case add files to it.")


def attach(
    case_id: int,
    name: str,
    content: IO[bytes],
    *,
    actor: Actor,
    assignment_id: int | None = None,
    field: str = "",
) -> dict[str, Any]:
    """Take a file in: whole, of a kind that is taken, and really of that kind.

    Returns `{"attachment": id, "case": id}`; the same file under the same name at the same place
    is there already and gives the same answer. Raises Full when the disk has no room.
    """
    name = plain_name(name)
    with files.received(content, most=OF_A_FILE) as came:
        kind = files.recognised(name, came.path)
        told = {"name": name, "kind": kind, "size": came.size, "sha256": came.sha256}
        with files.kept(came):
            return add(case_id, told, actor=actor, assignment_id=assignment_id, field=field)


@command
def add(
    case_id: int,
    told: dict[str, Any],
    *,
    actor: Actor,
    assignment_id: int | None = None,
    field: str = "",
) -> dict[str, Any]:
    """Write down a file whose content is kept: name, kind, size and SHA-256 of it."""
    loaded = advance.load(case_id)
    sight.require_seen(loaded, actor)
    unit_id = _working(loaded, actor, assignment_id, field)
    there = _same(case_id, told, assignment_id, field)
    if there is not None:
        return {"attachment": there, "case": case_id}
    _require_room(case_id, told["size"], actor)

    added = Attachment(
        case_id=case_id,
        assignment_id=assignment_id,
        field=field,
        unit_id=unit_id,
        added_by=actor.person_id,
        added_at=clock.now(),
        **told,
    )
    session().add(added)
    session().flush()
    _record(loaded, "attachment.added", added, actor)
    return {"attachment": added.id, "case": case_id}


@command
def withdraw(attachment_id: int, *, actor: Actor) -> dict[str, Any]:
    """Take one's own file back while the task it was added in (else the case) is open."""
    case_id = session().scalar(select(Attachment.case_id).where(Attachment.id == attachment_id))
    if case_id is None:
        raise NotFound
    loaded = advance.load(case_id)
    sight.require_seen(loaded, actor)
    found = session().get_one(Attachment, attachment_id, populate_existing=True)
    if found.added_by != actor.person_id:
        raise NotAllowed(_("Only who added a file withdraws it."))
    if found.withdrawn_at is not None:
        return {"case": case_id, "task": found.assignment_id}
    if not _still_open(loaded, found.assignment_id):
        raise Invalid(_("What it was added to is done; the file stays with it."))
    if session().scalar(select(exists().where(Instruction.scan_id == found.id))):
        raise Invalid(_("It is the original of an instruction; the file stays with that."))

    found.withdrawn_by, found.withdrawn_at = actor.person_id, clock.now()
    _record(loaded, "attachment.withdrawn", found, actor)
    return {"case": case_id, "task": found.assignment_id}


def sweep(*, actor: Actor = SYSTEM) -> int:
    """Take away content that no row names: what a crash left over."""
    access.only_the_system(actor)
    return files.sweep(_named)


def plain_name(name: str) -> str:
    """A file's name without its path and without signs that no name has."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if not kept or not stem:
        raise Invalid(_("The file needs a name with an ending, such as “report.pdf”."))
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}"


def _working(loaded: Loaded, actor: Actor, assignment_id: int | None, field: str) -> int | None:
    """The unit for which this person may add something there; refused with the reason."""
    if loaded.case.status not in RUNNING:
        raise Invalid(_("The case is over; nothing is added to it any more."))
    if assignment_id is not None:
        return _of_task(loaded, actor, assignment_id, field)
    if field:
        raise NotFound
    parties = {unit for role in ("lead", "co", "addressee") for unit in loaded.units.get(role, ())}
    parties |= {each.unit_id for each in loaded.waiting}
    parties.add(loaded.case.opened_unit_id or 0)
    mine = sorted(parties & access.units_worked_for(actor))
    if mine:
        return actor.unit_id if actor.unit_id in mine else mine[0]
    if sight.supervises(loaded, actor):
        return actor.unit_id
    raise NotAllowed(NOT_YOURS)


def _of_task(loaded: Loaded, actor: Actor, assignment_id: int, field: str) -> int:
    found = session().execute(
        select(Assignment, Ticket.form)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(Assignment.id == assignment_id, Assignment.case_id == loaded.case.id)
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    task = row.Assignment
    asked = forms.load(row.form).field(field)
    if field and (asked is None or asked.type != "attachments"):
        raise NotFound
    held = access.completes(
        actor,
        unit_id=task.unit_id,
        post=task.post,
        person_id=task.person_id,
        kind=loaded.case.kind,
    )
    if held is None:
        raise NotAllowed(_("Only the post this task belongs to may complete it."))
    if task.state != "active":
        raise Invalid(_("This task is no longer open."))
    return int(task.unit_id)


def _same(case_id: int, told: dict[str, Any], assignment_id: int | None, field: str) -> int | None:
    """The same content under the same name at the same place, if it is there."""
    wanted = select(Attachment.id).where(
        Attachment.case_id == case_id,
        Attachment.assignment_id.is_not_distinct_from(assignment_id),
        Attachment.field == field,
        Attachment.name == told["name"],
        Attachment.sha256 == told["sha256"],
        Attachment.withdrawn_at.is_(None),
    )
    return session().scalar(wanted)


def _require_room(case_id: int, size: int, actor: Actor) -> None:
    """So much of one case and so much from one person a day; withdrawn files count, they stay."""
    total = (func.coalesce(func.sum(Attachment.size), 0), func.count())
    there, number = session().execute(select(*total).where(Attachment.case_id == case_id)).one()
    if there + size > OF_A_CASE or number >= MOST_IN_A_CASE:
        raise Invalid(
            _(
                "The case's files would take more than %(most)s MB together, or be more than "
                "%(number)s. Send only what is needed.",
                most=OF_A_CASE // MEGABYTE,
                number=MOST_IN_A_CASE,
            )
        )
    mine = (Attachment.added_by == actor.person_id, Attachment.added_at >= _today())
    sent = session().scalar(select(total[0]).where(*mine)) or 0
    if sent + size > OF_A_DAY:
        most = OF_A_DAY // MEGABYTE
        raise Invalid(_("You sent %(most)s MB today already. Go on tomorrow.", most=most))


def _today() -> datetime:
    return clock.from_local(clock.local_day(clock.now()))


def _still_open(loaded: Loaded, assignment_id: int | None) -> bool:
    if assignment_id is None:
        return loaded.case.status in RUNNING
    active = select(Assignment.state).where(Assignment.id == assignment_id)
    return loaded.case.status in RUNNING and session().scalar(active) == "active"


def _record(loaded: Loaded, kind: str, about: Attachment, actor: Actor) -> None:
    journal.record(
        kind,
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=about.unit_id,
        data={
            "attachment": about.id,
            "name": about.name,
            "size": about.size,
            "sha256": about.sha256,
            "assignment": about.assignment_id,
        },
    )


def _named(digests: Collection[str]) -> set[str]:
    """Which of these digests a row names; read anew."""
    session().rollback()
    rows = session().scalars(select(Attachment.sha256).where(Attachment.sha256.in_(digests)))
    found = set(rows)
    session().rollback()
    return found
