"""Several tasks of the list at once: one operation for all of them, or the list as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

from flask import Blueprint, Response, g, render_template, request
from werkzeug.datastructures import MultiDict

from app import forms
from app.actor import Actor
from app.commands.operations import in_bulk
from app.commands.operations.in_bulk import Bulk, Done, Row
from app.errors import Invalid
from app.i18n import _
from app.queries.inbox import InboxRow, in_pieces
from app.queries.pickers import choices
from app.queries.selected import Picked, selected, takers_of_all
from app.queries.sharing import readers
from app.queries.words.cases import KINDS
from app.web.english import called
from app.web.policy import current_actor, require, signed_in
from app.web.posted import form_fields, idempotency_key
from app.web.tables import table_file
from app.web.wishes import picked, wished
from app.web.wording import PARTS, STAGES, day, named, say, worded

bp = Blueprint("selection", __name__, url_prefix="/inbox")
OWN: Final = frozenset({"row", "do"})
HEADS: Final = (
    _("Light"),
    _("Due on"),
    _("Task"),
    _("Number"),
    _("Matter"),
    _("Process"),
    _("Stage"),
    _("Unit"),
    _("Part"),
    _("From"),
    _("Came in"),
    _("Urged"),
)


@bp.get("/bulk")
@require(signed_in)
def bulk() -> str:
    """What one operation asks, once for all the tasks that were ticked."""
    viewer, args = current_actor(), request.args
    asked = in_bulk.named(viewer, args.get("do", in_bulk.SIGN))
    return _asking(asked, selected(viewer, picked(args.getlist("task"))))


@bp.post("/bulk")
@require(signed_in)
def act_in_bulk() -> str | tuple[str, int]:
    """Do it for each of them, and say of each what became of it."""
    viewer, fields = current_actor(), form_fields()
    asked = in_bulk.named(viewer, fields.get("do", in_bulk.SIGN))
    seen = _seen(fields.getlist("row"))
    rows = selected(viewer, tuple(seen))
    given = MultiDict([pair for pair in fields.items(multi=True) if pair[0] not in OWN])
    answers = forms.parse_post(asked.form, given) if asked.form else {}
    found = in_bulk.perform(
        asked.name,
        [
            Row(each.assignment_id, each.case_id, each.form, seen[each.assignment_id])
            for each in rows
        ],
        answers,
        actor=viewer,
        key=idempotency_key(),
    )
    problems = _same_for_all(found)
    if problems or not rows:
        return _asking(asked, rows, answers, problems), 422 if rows else 200
    done = {each.row.assignment_id: each for each in found}
    return render_template(
        "inbox/bulk_done.html",
        asked=asked,
        rows=[(each, done[each.assignment_id].refusal) for each in rows],
        done=sum(each.refusal is None for each in found),
    )


@bp.get("/tasks.<ending>")
@require(signed_in)
def export(ending: str) -> Response:
    """The list as it is narrowed and ordered, as a file; no cell ever becomes a formula."""
    wish = wished(request.args, receipt=True if "receipts" in request.args else None)
    rows = map(_cells, in_pieces(current_actor(), wish, now=g.now))
    heads = [say(head) for head in HEADS]
    return table_file(ending, "tasks", say(_("Tasks")), chain([heads], rows))


def _asking(
    asked: Bulk,
    rows: Sequence[Picked],
    answers: Mapping[str, Any] | None = None,
    refusal: Invalid | None = None,
) -> str:
    viewer = current_actor()
    return render_template(
        "inbox/bulk.html",
        asked=asked,
        rows=rows,
        answers=answers or {},
        refusal=refusal,
        choices=_choices(asked, viewer, rows),
    )


def _choices(asked: Bulk, viewer: Actor, rows: Sequence[Picked]) -> dict[str, Any]:
    """Whom and what the form offers, that will do for every one of the tasks."""
    if asked.form is None:
        return {}
    kinds = {field.type for field in asked.form.fields}
    found: dict[str, Any] = choices(asked.form, viewer.unit_id)
    if "person" in kinds:
        found["person"] = takers_of_all(rows)
    if "people" in kinds and viewer.unit_id is not None:
        found["people"] = readers(viewer.unit_id, g.now, but=viewer.person_id)
    return found


def _seen(rows: Sequence[str]) -> dict[int, int | None]:
    """The tasks with the versions they were seen in: `17.3`."""
    found = {}
    for number, _dot, version in (each.partition(".") for each in rows[: in_bulk.MOST + 1]):
        if not (number.isascii() and number.isdecimal() and len(number) < 12):
            raise Invalid(_("The form is damaged. Open the page again."))
        known = version.isascii() and version.isdecimal() and len(version) < 10
        found[int(number)] = int(version) if known else None
    return found


def _same_for_all(found: Sequence[Done]) -> Invalid | None:
    """What is wrong with the answers, where it is wrong for every task: nothing was done."""
    problems = [each.refusal for each in found if isinstance(each.refusal, Invalid)]
    told = [each for each in problems if each.fields]
    return told[0] if told and len(told) == len(found) else None


def _cells(row: InboxRow) -> list[object]:
    return [
        say(row.due.light.word),
        row.due.day,
        worded(row, "task"),
        row.number,
        row.title,
        named(KINDS, row.kind),
        named(STAGES, row.stage),
        called(row.unit),
        named(PARTS, row.role),
        called(row.from_unit),
        day(row.opened_at),
        row.urged,
    ]
