"""Tasks for programs: the inbox, one task, completing it, its draft, one operation for many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import g, request

from app import forms
from app.commands.completion import complete_task
from app.commands.drafts import drop_draft, save_draft
from app.commands.operations import in_bulk
from app.errors import Invalid
from app.i18n import Text, _
from app.queries.inbox import PAGE, inbox
from app.queries.selected import selected
from app.queries.sorting import KEYS
from app.queries.tasks import TaskPage, task_page
from app.queries.waiting import LIGHTS
from app.queries.words.cases import KINDS
from app.web.api.asking import BulkAct, Said
from app.web.api.doors import OWN_FORM, Json, Row, acts, reads
from app.web.api.telling import OneTaskOut, TasksOut, due, form, task
from app.web.policy import current_actor
from app.web.tasks import done_in_words
from app.web.wishes import ROLES, WHOSE, wished
from app.web.wording import STAGES, say, worded

RECEIPTS: Final = {"1": True, "0": False, "": None}
FILTERS: Final[Mapping[str, Json]] = {
    "light": {"enum": [*LIGHTS]},
    "whose": {"enum": [*WHOSE]},
    "unit": {"type": "integer"},
    "kind": {"enum": [*KINDS]},
    "stage": {"enum": [*STAGES]},
    "role": {"enum": [*ROLES]},
    "from": {"type": "integer"},
    "source": {"type": "string"},
    "due_from": {"type": "string", "format": "date"},
    "due_until": {"type": "string", "format": "date"},
    "opened_from": {"type": "string", "format": "date"},
    "opened_until": {"type": "string", "format": "date"},
    "text": {"type": "string"},
    "receipt": {"enum": ["0", "1"]},
    "sort": {"type": "string", "description": ", ".join((*KEYS, *(f"-{key}" for key in KEYS)))},
    "after": {"type": "string"},
    "limit": {"type": "integer", "minimum": 1, "maximum": 200},
}


@reads("/tasks", _("What waits for me"), TasksOut, query=FILTERS)
def index() -> Mapping[str, Any]:
    """A page of what waits for me, with the filters and orders of the inbox."""
    args = request.args
    wish = wished(args, receipt=RECEIPTS.get(args.get("receipt", "")))
    if args.get("after") and wish.after is None:
        text = _("No place in a list of this order.")
        raise Invalid(text, fields={"after": text})
    box = inbox(current_actor(), wish, limit=_limit(args.get("limit", "")), now=g.now)
    return {
        "tasks": [task(row) for row in box.rows],
        "counts": box.counts,
        "total": box.total,
        "after": str(box.after) if box.after else None,
    }


@reads("/tasks/<int:number>", _("One task"), OneTaskOut)
def show(number: int) -> Mapping[str, Any]:
    """One task with its form and what is known already."""
    page = task_page(current_actor(), number)
    return {
        **{name: getattr(page, name) for name in PLAIN},
        "id": page.assignment_id,
        "case": page.case_id,
        "number": page.case.number,
        "title": page.case.title,
        "task": worded(page, "task"),
        "may_complete": page.may,
        "due": due(page.due),
        "form": form(page.form, page.choices),
        "draft": _draft(page),
    }


@acts("/tasks/<int:number>/completion", _("Submit a task"), asks=OWN_FORM)
def complete(number: int, said: Said) -> tuple[Text, Any]:
    """Submit it."""
    act, actor = complete_task, current_actor()
    done = act.once(said.key, number, said.answers, actor=actor, version=said.seen)
    return done_in_words(done), done


@acts("/tasks/<int:number>/draft", _("Keep a draft of a task"), asks=OWN_FORM)
def keep(number: int, said: Said) -> tuple[Text, Any]:
    """暂存; the version is that of the draft one read, none before the first."""
    form = task_page(current_actor(), number).form
    fields = forms.as_posted(form, said.answers)
    kept = save_draft(number, fields, actor=current_actor(), seen=said.seen or 0)
    return _("The draft is saved; nothing is submitted yet."), kept


@acts("/tasks/<int:number>/draft/removal", _("Throw a draft away"))
def start_over(number: int, said: Said) -> tuple[Text, Any]:  # noqa: ARG001 - nothing is asked
    """The form is as it was before anything was typed."""
    drop_draft(number, actor=current_actor())
    return _("The draft is thrown away."), None


@acts(
    "/tasks/in-bulk/<name>",
    _("One operation for many tasks"),
    rows=tuple(
        Row(each.name, each.label, each.form.key if each.form else "")
        for each in in_bulk.everything()
    ),
    body=BulkAct,
)
def act_in_bulk(name: str, said: Said) -> tuple[Text, Any]:
    """Each task answers for itself; nothing of one is half done."""
    seen = {each["id"]: each["version"] for each in said.body["tasks"]}
    rows = [
        in_bulk.Row(each.assignment_id, each.case_id, each.form, seen[each.assignment_id])
        for each in selected(current_actor(), tuple(seen))
    ]
    found = in_bulk.perform(name, rows, said.answers, actor=current_actor(), key=said.key)
    return _("Each task says what became of it."), [_of_one(each) for each in found]


def _of_one(done: in_bulk.Done) -> dict[str, Any]:
    told = {"task": done.row.assignment_id, "done": done.refusal is None}
    if done.refusal is None:
        return told
    wrong = {name: say(text) for name, text in done.refusal.fields.items()}
    return {**told, "code": done.refusal.code, "message": say(done.refusal.text), "fields": wrong}


def _draft(page: TaskPage) -> dict[str, Any] | None:
    if page.draft is None:
        return None
    answers = forms.parse_post(page.form, page.draft.fields)
    return {"version": page.draft.version, "saved_at": page.draft.saved_at, "answers": answers}


PLAIN: Final = ("version", "stage", "role", "unit", "post", "state", "opened_at", "answers")


def _limit(said: str) -> int:
    if not said:
        return PAGE
    if not (said.isascii() and said.isdecimal() and 0 < len(said) < 4 and 0 < int(said) <= 200):
        text = _("From 1 to 200.")
        raise Invalid(text, fields={"limit": text})
    return int(said)
