"""One task: see what it is about, fill its form, complete it."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import forms
from app.commands import operations
from app.commands.completion import complete_task
from app.errors import Invalid, Stale
from app.i18n import Text, _
from app.queries.case_tasks import waiting
from app.queries.case_trend import case_trend
from app.queries.tasks import TaskAsked, task_asked, task_page
from app.web.faster import shown
from app.web.frame import toast
from app.web.policy import current_actor, require, signed_in
from app.web.posted import form_fields, idempotency_key, version
from app.web.wording import worded

bp = Blueprint("tasks", __name__, url_prefix="/tasks")


@bp.get("/<int:assignment_id>")
@require(signed_in)
def show(assignment_id: int) -> str:
    """The task with its form, the facts of its case, what happened, and the papers."""
    return _page(assignment_id)


@bp.post("/<int:assignment_id>/completion")
@require(signed_in)
def complete(assignment_id: int) -> Response | tuple[str, int]:
    """Complete it; on a problem the form comes back with every word typed."""
    task = task_asked(current_actor(), assignment_id)
    answers = forms.parse_post(task.form, form_fields())
    try:
        done = complete_task.once(
            idempotency_key(), assignment_id, answers, actor=current_actor(), version=version()
        )
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(_page, assignment_id, answers, refusal))
    toast(_done(task, finished=done["finished"]))
    return redirect(url_for("cases.show", case_id=task.case_id, done=1), 303)


def _done(asked: TaskAsked, *, finished: bool) -> Text:
    """What was done, and what comes next with whom."""
    task = worded(asked, "task")
    if finished:
        return _("“%(task)s” is done, and with it the whole case.", task=task)
    after = waiting(current_actor(), asked.case_id)
    if not after:
        return _("“%(task)s” is done.", task=task)
    steps = [_("%(task)s (%(unit)s)", task=worded(t, "task"), unit=t.unit) for t in after]
    return _("“%(task)s” is done. Next: %(steps)s.", task=task, steps=steps)


def _page(assignment_id: int, answers: dict[str, Any] | None = None, refusal: Any = None) -> str:
    viewer = current_actor()
    page = task_page(viewer, assignment_id)
    return render_template(
        "tasks/show.html",
        page=page,
        answers=page.answers if answers is None else answers,
        refusal=refusal,
        problems=getattr(refusal, "fields", {}),
        case=page.case,
        trend=case_trend(viewer, page.case.indicator_id, page.case.round),
        history=page.history,
        offers=operations.offers(viewer, page.standing),
    )
