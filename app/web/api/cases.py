"""Cases for programs: what they are about, following and starting them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import request
from marshmallow import Schema, fields

from app import forms
from app.commands import following
from app.commands.starts import TABLE, begin, start_named
from app.i18n import Text, _
from app.queries.cases import CasePage, case_page
from app.queries.history import history, place
from app.queries.my_work import follows
from app.queries.pickers import choices, profile_choices
from app.queries.words.cases import KINDS
from app.web.api.asking import Said
from app.web.api.doors import Row, acts, reads
from app.web.api.telling import DueOut, FormOut, due, form
from app.web.policy import current_actor
from app.web.sessions import settings
from app.web.starts import asked_by_instruction
from app.web.wording import named, say, worded


class PartOut(Schema):
    """A unit's part in a case and its own clock."""

    unit = fields.String()
    role = fields.String()
    due = fields.Nested(DueOut, allow_none=True)
    urged = fields.Integer()


class StepOut(Schema):
    """A task of a case, open or done."""

    id = fields.Integer()
    task = fields.String()
    stage = fields.String()
    unit = fields.String()
    role = fields.String()
    state = fields.String()
    opened_at = fields.AwareDateTime()
    done_at = fields.AwareDateTime(allow_none=True)
    due = fields.Nested(DueOut)


class LineOut(Schema):
    """An act of a case's journal, in words."""

    seq = fields.Integer()
    at = fields.AwareDateTime()
    kind = fields.String()
    who = fields.String()
    unit = fields.String()
    deputy_for = fields.String()
    text = fields.String()
    reason = fields.String()


class CaseOut(Schema):
    """A case: where it stands, its units with their own clocks, its tasks and its journal."""

    version = fields.Integer()
    id = fields.Integer()
    number = fields.String()
    title = fields.String()
    kind = fields.String()
    kind_words = fields.String()
    matter = fields.String()
    content = fields.String()
    source = fields.String()
    stage = fields.String()
    status = fields.String()
    outcome = fields.String()
    special_major = fields.Boolean()
    opened_at = fields.AwareDateTime()
    closed_at = fields.AwareDateTime(allow_none=True)
    urged = fields.Integer()
    extensions = fields.Integer()
    followed = fields.Boolean()
    parent = fields.Integer(allow_none=True)
    children = fields.List(fields.Integer())
    due = fields.Nested(DueOut, allow_none=True)
    units = fields.List(fields.Nested(PartOut))
    tasks = fields.List(fields.Nested(StepOut))
    history = fields.List(fields.Nested(LineOut))


class StartOut(Schema):
    """Something one may start; `profiles`: under which mechanisms."""

    form = fields.Nested(FormOut)
    profiles = fields.List(fields.String())
    profile = fields.String()


PLAIN: Final = (
    "number", "title", "kind", "matter", "content", "source", "stage", "status", "outcome",
    "special_major", "opened_at", "closed_at",
)  # fmt: skip


@reads("/cases/<int:number>", _("One case"), CaseOut)
def show(number: int) -> Mapping[str, Any]:
    """Where it stands, with its units, tasks and journal."""
    viewer, seen = current_actor(), place(f"case:{number}")
    page = case_page(viewer, number)
    return {
        **{name: getattr(page, name) for name in PLAIN},
        **_around(page),
        "version": seen,
        "id": number,
        "kind_words": named(KINDS, page.kind),
        "urged": page.urge_count,
        "extensions": page.extension_count,
        "followed": follows(viewer, number),
        "history": [{**vars(line), "text": say(line.text)} for line in history(viewer, number)],
    }


def _around(page: CasePage) -> dict[str, Any]:
    """The cases beside it, its units and its tasks."""
    return {
        "parent": page.parent.case_id if page.parent else None,
        "children": [each.case_id for each in page.children],
        "due": due(page.due) if page.due else None,
        "units": [
            {**vars(each), "due": due(each.due) if each.due else None} for each in page.units
        ],
        "tasks": [
            {**vars(each), "id": each.assignment_id, "task": worded(each, "task"),
             "due": due(each.due)}
            for each in page.tasks
        ],
    }  # fmt: skip


@acts("/cases/<int:number>/follow", _("Follow"))
def follow(number: int, said: Said) -> tuple[Text, Any]:  # noqa: ARG001 - nothing is asked
    """关注: put the case on one's own list."""
    following.follow(number, actor=current_actor())
    return _("The case is on your list."), None


@acts("/cases/<int:number>/unfollow", _("Follow no more"))
def unfollow(number: int, said: Said) -> tuple[Text, Any]:  # noqa: ARG001 - nothing is asked
    """Take it off the list again."""
    following.unfollow(number, actor=current_actor())
    return _("The case is off your list."), None


@reads("/starts/<name>", _("What starting something asks"), StartOut)
def asked(name: str) -> Mapping[str, Any]:
    """分解立项: its form, for those who may start it."""
    wanted = forms.load(start_named(current_actor(), name).form)
    return {
        "form": form(wanted, choices(wanted, None)),
        "profiles": [key for key, _name in profile_choices()],
        "profile": settings().default_profile,
    }


@acts(
    "/starts/<name>",
    _("Start something"),
    rows=tuple(Row(each.name, each.label, each.form) for each in TABLE),
)
def start(name: str, said: Said) -> tuple[Text, Any]:
    """Start it; `?profile=` says under which mechanism, `?instruction=` which one asks for it."""
    profile = request.args.get("profile", settings().default_profile)
    instruction = asked_by_instruction()
    done = begin(
        name, profile, said.answers, actor=current_actor(), key=said.key, instruction=instruction
    )
    return _("It is started."), done
