"""A unit's part goes to another unit (改派), and that unit signs for it (domain rows 1, 2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from app import advance, clock, forms
from app.actor import Actor
from app.advance import Loaded
from app.commands import faster, sight
from app.commands.command import command
from app.db import session
from app.effects import ending, extension, papers, reassigning, receipts
from app.errors import Invalid, NotAllowed
from app.forms.definition import NOTHING
from app.i18n import Text, _
from app.model import OPEN, Assignment, Delivery, Document, Ticket
from app.rules import access

CHANGED: Final[faster.Clashes] = {**faster.STOPPED, "item.reassigned": faster.always}
ONLY_OFFICE: Final = _("Only the supervising office may re-assign between units.")
DONE: Final = _(
    "This unit has nothing left to do here: its part is done. Have it done again first, in the"
    " review of the completion or by sending the case back; then re-assign."
)
ONLY_THEIRS: Final = _("Only the unit that takes over signs for it.")


@command
def reassign(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Give the lead's or a co-handler's part to another unit, for a reason: `{"case", "paper"}`.

    `part` is `lead`, or `lead:UNIT` or `co:UNIT` by the unit's id. Undone by doing it again.
    Whom the unit had asked to help is let go; what it had applied for, more time, ends with it.
    """
    applied = _applications(case_id, str(answers.get("part") or ""))
    loaded = sight.seen(case_id, actor)
    actor = sight.of_office(loaded, actor, ONLY_OFFICE)
    _require_dispatched(loaded)
    said = _answers(loaded, answers, actor)
    role, before = _part(loaded, said["part"])
    faster.require_unchanged(loaded.stream, seen, {**CHANGED, **_answered_by(before)})
    _require_movable(loaded, role, before)

    for each in applied:
        ending.end(each, "terminated", actor=actor, reason=said["reason"])
    paper = reassigning.reassign(
        loaded,
        reassigning.Move(
            role=role,
            before=before,
            after=papers.unit_ids([said["unit"]])[0],
            reason=said["reason"],
            day=_day(said["new_date"], role),
            why_two=said["override_reason"] or "",
        ),
        actor=actor,
        at=clock.now(),
    )
    return {"case": case_id, "paper": paper.id}


@command
def sign_part(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Sign for the notice by which one's unit got its part in a matter that was under way."""
    loaded = sight.seen(case_id, actor)
    sight.staff(loaded, actor, "lead", "co", why_not=ONLY_THEIRS)
    signed = {"document.signed_for": lambda data: data["unit"] in actor.unit_ids}
    faster.require_unchanged(loaded.stream, seen, {**faster.STOPPED, **signed})
    found = (actor.holding(unit, access.UNIT_STAFF) for unit in _unsigned(case_id))
    held = next((each for each in found if each is not None), None)
    if held is None:
        raise NotAllowed(_("There is nothing for your unit to sign for here."))
    if loaded.case.status != "open":
        raise Invalid(_("Only in a case that is open something is signed for."))
    sight.answered("sign_part", answers, unit_id=held.unit_id)

    document = receipts.sign_part(loaded, held.unit_id, actor=actor, deputy_for=held.deputy_for)
    return {"case": case_id, "paper": document.id}


def _applications(case_id: int, part: str) -> list[Loaded]:
    """The lead's applications for more time, locked: before the item, as wherever both are."""
    if part.partition(":")[0] != "lead":
        return []
    found = ending.branches_of(case_id)
    return [advance.load(each.id) for each in found if each.kind == extension.KIND]


def _answers(loaded: Loaded, answers: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    parts = [f"{role}:{unit}" for role in reassigning.PARTS for unit in loaded.units.get(role, ())]
    known = dict.fromkeys(("lead", *parts), NOTHING)
    form = forms.offering(forms.load("reassign"), "part", known)
    return forms.checked(form, answers, context=advance.form_context(actor.unit_id))


def _part(loaded: Loaded, wanted: str) -> tuple[str, int]:
    role, _colon, unit = wanted.partition(":")
    return role, int(unit) if unit else loaded.units["lead"][0]


def _day(named: str | None, role: str) -> date | None:
    if named and role != "lead":
        text = _("Only the whole matter, which is the lead unit’s, has a day of its own.")
        raise Invalid(text, fields={"new_date": text})
    return date.fromisoformat(named) if named else None


def _require_dispatched(loaded: Loaded) -> None:
    if loaded.case.kind != "supervision_item":
        raise Invalid(
            _("Only items are re-assigned; a notice is withdrawn and another one opened.")
        )
    if loaded.case.issued_at is None:
        raise Invalid(_("The item has not been dispatched yet."))


def _require_movable(loaded: Loaded, role: str, unit_id: int) -> None:
    """There is something left for the unit to do, and nothing the office has to decide first."""
    case = loaded.case
    if case.status != "open":
        raise Invalid(_("Only an item that is open can be re-assigned."))
    open_ = session().execute(
        select(Ticket.effect, Assignment.unit_id, Assignment.role)
        .join(Assignment, Assignment.ticket_id == Ticket.id)
        .where(Assignment.case_id == case.id, Assignment.state.in_(OPEN))
    )
    rows = open_.all()
    if role == "lead" and any(row.effect == "withdraw_item" for row in rows):
        raise Invalid(_("The unit handed the item back; decide on that in the task, also whose."))
    theirs = any(row.unit_id == unit_id and row.role == role for row in rows)
    others = role == "lead" and any(row.role == "co" for row in rows)
    if not theirs and not others:
        raise _wrong(DONE)


def _answered_by(unit_id: int) -> faster.Clashes:
    """What the unit did meanwhile makes a decision to take its part away too late."""
    return {"task.completed": lambda data: data["acting_unit"] == unit_id}


def _unsigned(case_id: int) -> list[int]:
    rows = session().scalars(
        select(Delivery.unit_id)
        .join(Document, Document.id == Delivery.document_id)
        .where(
            Document.case_id == case_id,
            Document.kind == receipts.REASSIGNED,
            Document.state == "issued",
            Delivery.role == papers.MAIN,
            Delivery.signed_at.is_(None),
            ~receipts.OVERTAKEN,
        )
    )
    return list(rows)


def _wrong(text: Text) -> Invalid:
    return Invalid(text, fields={"part": text})
