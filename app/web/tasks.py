"""One task: see what it is about, fill its form, complete it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from flask import Blueprint, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from app import forms
from app.actor import Actor
from app.commands.completion import complete_task
from app.commands.drafts import drop_draft, save_draft
from app.commands.operations import ON_CASES, ON_TASKS
from app.errors import Invalid, Stale
from app.i18n import Text, _
from app.queries.attachments import case_of_task
from app.queries.case_trend import case_trend
from app.queries.pickers import choices, takers_of
from app.queries.sharing import readers
from app.queries.tasks import TaskPage, task_page
from app.rules.handing import TaskStanding
from app.rules.standing import may_add_files
from app.web.attachments import take_in
from app.web.faster import shown, wants_json
from app.web.frame import toast
from app.web.names import clock_time
from app.web.operating import performed
from app.web.policy import current_actor, require, signed_in, with_files
from app.web.posted import draft_seen, idempotency_key, sent, version
from app.web.wording import say, worded

ASKS_COLLEAGUES: Final = ("circulate_first", "add_before", "add_after", "add_beside")
bp = Blueprint("tasks", __name__, url_prefix="/tasks")


@bp.get("/<int:assignment_id>")
@require(signed_in)
def show(assignment_id: int) -> str:
    """The task with its form, the facts of its case, what happened, and the papers."""
    return _page(assignment_id)


@bp.post("/<int:assignment_id>/completion")
@require(with_files)
def complete(assignment_id: int) -> WerkzeugResponse | tuple[str, int]:
    """Complete it; on a problem the form comes back with every word typed."""
    given = sent()
    try:
        if request.files:
            take_in(case_of_task(current_actor(), assignment_id), assignment_id)
        done = complete_task.once(
            idempotency_key(), assignment_id, given, actor=current_actor(), version=version()
        )
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(_page, assignment_id, given, refusal))
    toast(done_in_words(done))
    return redirect(url_for("cases.show", case_id=done["case"], done=1), 303)


@bp.post("/<int:assignment_id>/draft")
@require(signed_in)
def keep(assignment_id: int) -> WerkzeugResponse | tuple[str, int]:
    """暂存: keep what was typed so far; a page that does so by itself hears when it was."""
    given = sent()
    try:
        kept = save_draft(assignment_id, given.fields, actor=current_actor(), seen=draft_seen())
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(_page, assignment_id, given, refusal, other=True))
    if wants_json():
        at = clock_time(datetime.fromisoformat(kept["at"]))
        return jsonify(version=kept["version"], said=say(_("Draft saved at %(at)s", at=at)))
    toast(_("The draft is saved; nothing is submitted yet."))
    return redirect(url_for("tasks.show", assignment_id=assignment_id), 303)


@bp.post("/<int:assignment_id>/draft/removal")
@require(signed_in)
def start_over(assignment_id: int) -> WerkzeugResponse:
    """Throw one's draft away."""
    drop_draft(assignment_id, actor=current_actor())
    toast(_("The draft is thrown away."))
    return redirect(url_for("tasks.show", assignment_id=assignment_id), 303)


@bp.get("/<int:assignment_id>/operations/<name>")
@require(signed_in)
def operation(assignment_id: int, name: str) -> str:
    """The form of one operation offered on the task."""
    return _operation_page(assignment_id, name)


@bp.post("/<int:assignment_id>/operations/<name>")
@require(signed_in)
def operate(assignment_id: int, name: str) -> WerkzeugResponse | tuple[str, int]:
    """Do it; on a problem the form comes back with every word typed."""
    home = url_for("tasks.show", assignment_id=assignment_id)
    return performed(ON_TASKS, name, assignment_id, page=_operation_page, home=home)


def _operation_page(
    assignment_id: int,
    name: str,
    answers: Mapping[str, Any] | None = None,
    refusal: Any = None,
) -> str:
    viewer = current_actor()
    page = task_page(viewer, assignment_id)
    task = page.task_standing
    offer = (ON_TASKS.after if refusal else ON_TASKS.offered)(viewer, task, name)
    return render_template(
        "cases/operation.html",
        crumbs=[
            (say(_("Tasks")), url_for("inbox.index")),
            (worded(page, "task"), url_for("tasks.show", assignment_id=assignment_id)),
        ],
        seen=page.version,
        case=page.case,
        trend=case_trend(viewer, page.case.indicator_id, page.case.round),
        offer=offer,
        answers=answers or {},
        refusal=refusal,
        choices={**choices(offer.form, task.unit_id), **colleagues(viewer, task, name)},
    )


def colleagues(viewer: Actor, task: TaskStanding, name: str) -> Mapping[str, list[tuple[str, str]]]:
    """Whom of the unit one may name, where not everybody will do."""
    if name in ASKS_COLLEAGUES:
        return {"people": readers(task.unit_id, g.now, but=viewer.person_id)}
    return {"person": takers_of(task)} if name in ("transfer", "delegate") else {}


def done_in_words(done: Mapping[str, Any]) -> Text:
    """What was done, and what comes next with whom."""
    task = worded(done, "task")
    if done["finished"]:
        return _("“%(task)s” is done, and with it the whole case.", task=task)
    if not done["next"]:
        return _("“%(task)s” is done.", task=task)
    steps = [
        _("%(task)s (%(unit)s)", task=worded(each, "task"), unit=each["unit"])
        for each in done["next"]
    ]
    return _("“%(task)s” is done. Next: %(steps)s.", task=task, steps=steps)


def _page(
    assignment_id: int,
    given: forms.Sent | None = None,
    refusal: Any = None,
    *,
    other: bool = False,
) -> str:
    """`other`: what was refused is a draft, because another window saved one meanwhile."""
    viewer = current_actor()
    page = task_page(viewer, assignment_id)
    draft = forms.parse_post(page.form, page.draft.fields) if page.draft else {}
    typed = draft or page.answers if given is None else forms.parse_post(page.form, given)
    return render_template(
        "tasks/show.html",
        page=page,
        answers={**typed, **_files(page)},
        may_add=page.may or may_add_files(viewer, page.standing),
        upload=url_for("attachments.to_task", assignment_id=assignment_id),
        refusal=refusal,
        other=draft if other else {},
        problems=getattr(refusal, "fields", {}),
        case=page.case,
        trend=case_trend(viewer, page.case.indicator_id, page.case.round),
        history=page.history,
        offers=ON_CASES.offers(viewer, page.standing),
        task_offers=ON_TASKS.offers(viewer, page.task_standing),
    )


def _files(page: TaskPage) -> dict[str, Any]:
    """What was added under each question that asks for files."""
    return {
        field.name: [
            each
            for each in page.files
            if (each.assignment_id, each.field) == (page.assignment_id, field.name)
        ]
        for field in page.form.fields
        if field.type == "attachments"
    }
