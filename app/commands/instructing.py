"""A leader's instruction on a case or one of its papers, entered by them or for them (row 19)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from app import advance, forms
from app.actor import Actor, Holding
from app.advance import Loaded
from app.commands import faster, sight
from app.commands.command import command
from app.db import session
from app.effects import instructions
from app.errors import Invalid
from app.forms.definition import NOTHING
from app.i18n import _
from app.model import Attachment, Document
from app.rules.supervising import ENDED, LEADERS

WHOLE: Final = "case"
NONE: Final = "0"
NEITHER: Final = _("Only leaders, and the supervising office for them, enter an instruction.")
OVER: Final[faster.Clashes] = {f"case.{status}": faster.always for status in ENDED}


@command
def instruct(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Write down what a leader said: `{"instruction", "case"}`. It holds nothing up.

    Leaders enter their own; the supervising office enters them for a leader and says so (代录).
    `paper` is `case` or the id of an issued paper.
    """
    loaded = sight.seen(case_id, actor)
    held = _held(actor)
    actor = actor.acting_as(held) if held else sight.of_office(loaded, actor, NEITHER)
    faster.require_unchanged(loaded.stream, seen, OVER)
    if loaded.case.status in ENDED:
        raise Invalid(_("The case was ended before its time; nothing is added to it."))
    said = _answers(case_id, answers, actor)
    if held is None and said["entry"] != instructions.FOR_THE_LEADER:
        text = _("You enter this for the leader; say so here.")
        raise Invalid(text, fields={"entry": text})

    given = instructions.write(
        loaded,
        said,
        actor=actor,
        unit_id=held.unit_id if held else _office(loaded, actor),
        deputy_for=held.deputy_for if held else None,
        document_id=None if said["paper"] == WHOLE else int(said["paper"]),
        scan_id=int(said["scan"] or NONE) or None,
    )
    return {"instruction": given.id, "case": case_id}


def _held(actor: Actor) -> Holding | None:
    """The leader's post somebody holds, own before deputised; for all kinds of cases."""
    found = [each for each in actor.holdings if each.role in LEADERS and not each.kinds]
    return min(found, key=lambda each: each.deputy_for is not None, default=None)


def _office(loaded: Loaded, actor: Actor) -> int | None:
    office = loaded.profile.supervising_office
    found = (each.unit_id for each in actor.holdings if each.unit_code == office)
    return next(found, actor.unit_id)


def _answers(case_id: int, answers: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    issued = session().scalars(
        select(Document.id).where(Document.case_id == case_id, Document.state == "issued")
    )
    known = dict.fromkeys((WHOLE, *map(str, issued)), NOTHING)
    files = session().scalars(
        select(Attachment.id).where(
            Attachment.case_id == case_id, Attachment.withdrawn_at.is_(None)
        )
    )
    form = forms.offering(forms.load("instruct"), "paper", known)
    form = forms.offering(form, "scan", dict.fromkeys((NONE, *map(str, files)), NOTHING))
    return forms.checked(form, answers, context=advance.form_context(actor.unit_id))
