"""Have a case run again that was closed or terminated (重启): same number, its history whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from app import advance, clock, forms
from app.actor import Actor
from app.commands import faster, sight
from app.commands.command import command
from app.effects import anew, items
from app.errors import Invalid
from app.forms.definition import NOTHING
from app.i18n import _
from app.model import Case
from app.rules import ending

REOPENED: Final[faster.Clashes] = {"case.reopened": faster.always}


@command
def reopen(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Open a case again at one of its tasks, for a reason and until a new day (domain row 18).

    A terminated one may also go on just as it stood. What was done before stands: it can neither
    be taken back nor gone back to. Reports, papers, dates and numbers of before stay on record.
    """
    loaded = sight.seen(case_id, actor)
    actor = sight.of_office(loaded, actor, _("Only the supervising office may reopen a case."))
    faster.require_unchanged(loaded.stream, seen, REOPENED)
    case = loaded.case
    _require_ended(case)
    names = {each.node: each.name for each in anew.entries(case)}
    begins = [*names, *([anew.AS_IT_STOOD] if case.status == "terminated" else [])]
    form = forms.offering(forms.load("reopen"), "entry", dict.fromkeys(begins, NOTHING))
    said = forms.checked(form, answers, context=advance.form_context(actor.unit_id))
    if case.matter_key and not case.override_reason:
        items.require_single(case.matter_key, "", but=case.id)

    outcome = anew.begun_again(loaded, said["entry"])
    told = {
        "number": case.number,
        "reason": said["reason"],
        "entry": said["entry"],
        "entry_name": names.get(said["entry"], ""),
        "ended": {"status": case.status, "at": case.closed_at, "outcome": case.outcome},
        "before": {"due_day": case.due_day, "progress": case.progress, "handler": case.handler_id},
        "due_day": said["due_date"],
    }
    case.status, case.outcome, case.closed_at = "open", "", None
    case.progress, case.reopened_at = None, clock.now()
    anew.keep_handler(loaded)
    anew.set_day(loaded, date.fromisoformat(said["due_date"]))
    anew.begin(loaded, outcome, "case.reopened", told, actor)
    return {"case": case_id}


def _require_ended(case: Case) -> None:
    if case.kind not in ending.REOPENABLE:
        raise Invalid(_("Cases of this kind are not reopened; start a new one."))
    if case.status not in ending.ENDED:
        raise Invalid(
            _("What was revoked or declared void stays so; start a new case.")
            if case.status in ("revoked", "void")
            else _("This case has not ended.")
        )


def _before(case: Case) -> dict[str, Any]:
    return {"due_day": case.due_day, "progress": case.progress, "handler": case.handler_id}
