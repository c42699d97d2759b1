"""Tasks for programs: the inbox, one task, its operations, completing it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from flask import Blueprint, Response, g, request

from app import forms
from app.commands.completion import complete_task
from app.commands.operations import ON_TASKS, Offer
from app.errors import Invalid
from app.i18n import _
from app.queries.inbox import PAGE, inbox
from app.queries.pickers import choices
from app.queries.tasks import task_page
from app.web.api.asking import performed
from app.web.api.telling import (
    DoneOut,
    OneTaskOut,
    OperationsOut,
    TasksOut,
    due,
    form,
    operation,
    task,
    told,
)
from app.web.policy import current_actor, require, signed_in
from app.web.tasks import colleagues, done_in_words
from app.web.wishes import wished
from app.web.wording import say, worded

bp = Blueprint("api_tasks", __name__, url_prefix="/api/tasks")
RECEIPTS: Final = {"1": True, "0": False, "": None}


@bp.get("")
@require(signed_in)
def index() -> Response:
    """A page of what waits for me, with the filters and orders of the inbox."""
    args = request.args
    wish = wished(args, receipt=RECEIPTS.get(args.get("receipt", "")))
    if args.get("after") and wish.after is None:
        text = _("No place in a list of this order.")
        raise Invalid(text, fields={"after": text})
    box = inbox(current_actor(), wish, limit=_limit(args.get("limit", "")), now=g.now)
    return told(
        TasksOut(),
        {
            "tasks": [task(row) for row in box.rows],
            "counts": box.counts,
            "total": box.total,
            "after": str(box.after) if box.after else None,
        },
    )


@bp.get("/<int:assignment_id>")
@require(signed_in)
def show(assignment_id: int) -> Response:
    """One task with its form and what is known already."""
    page = task_page(current_actor(), assignment_id)
    return told(
        OneTaskOut(),
        {
            **{name: getattr(page, name) for name in PLAIN},
            "id": page.assignment_id,
            "case": page.case_id,
            "number": page.case.number,
            "title": page.case.title,
            "task": worded(page, "task"),
            "may_complete": page.may,
            "due": due(page.due),
            "form": form(page.form, page.choices),
        },
        version=page.version,
    )


@bp.get("/<int:assignment_id>/operations")
@require(signed_in)
def operations(assignment_id: int) -> Response:
    """What I am offered on it, with forms, consequences, and why not now."""
    viewer = current_actor()
    page = task_page(viewer, assignment_id)
    offers = ON_TASKS.offers(viewer, page.task_standing)
    pickers = choices(asked_by(offers), page.task_standing.unit_id)
    return told(
        OperationsOut(),
        {
            "version": page.version,
            "operations": [
                operation(each, {**pickers, **colleagues(viewer, page.task_standing, each.name)})
                for each in offers
            ],
        },
        version=page.version,
    )


@bp.post("/<int:assignment_id>/operations/<name>")
@require(signed_in)
def operate(assignment_id: int, name: str) -> Response:
    """Do one of them."""
    done = performed(
        lambda answers, key, seen: ON_TASKS.perform(
            name, assignment_id, answers, actor=current_actor(), idempotency_key=key, seen=seen
        )
    )
    return told(DoneOut(), {"done": say(ON_TASKS.named(name).done), "result": done})


@bp.post("/<int:assignment_id>/completion")
@require(signed_in)
def complete(assignment_id: int) -> Response:
    """Submit it."""
    act = partial(complete_task.once)
    done = performed(
        lambda answers, key, seen: act(
            key, assignment_id, answers, actor=current_actor(), version=seen
        )
    )
    return told(DoneOut(), {"done": say(done_in_words(done)), "result": done})


PLAIN: Final = ("version", "stage", "role", "unit", "post", "state", "opened_at", "answers")


def asked_by(offers: Sequence[Offer]) -> forms.Form:
    """All their questions together: what there is to choose from is read once."""
    fields = tuple(field for each in offers for field in each.form.fields)
    return forms.Form("", forms.Words("", ""), fields)


def _limit(said: str) -> int:
    if not said:
        return PAGE
    if not (said.isascii() and said.isdecimal() and 0 < len(said) < 4 and 0 < int(said) <= 200):
        text = _("From 1 to 200.")
        raise Invalid(text, fields={"limit": text})
    return int(said)
