"""What programs are told: forms, operations, tasks, as marshmallow schemas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, jsonify
from marshmallow import Schema, fields

from app import forms
from app.commands.operations import Offer
from app.queries.due import DueLine
from app.queries.inbox import InboxRow
from app.queries.words.cases import KINDS
from app.web.fields import choices_of
from app.web.wording import named, say, worded

Choices = Mapping[str, Sequence[tuple[str, str]]]


class OptionOut(Schema):
    """One answer a question offers."""

    value = fields.String()
    label = fields.String()
    show_if = fields.Dict()


class FieldOut(Schema):
    """One question."""

    name = fields.String()
    type = fields.String()
    label = fields.String()
    help = fields.String()
    required = fields.Boolean()
    options = fields.List(fields.Nested(OptionOut))
    min = fields.String()
    max = fields.String()
    min_length = fields.Integer()
    max_length = fields.Integer()
    min_rows = fields.Integer()
    max_rows = fields.Integer()
    show_if = fields.Dict()
    required_if = fields.Dict()
    columns = fields.List(fields.Nested("FieldOut"))


class FormOut(Schema):
    """What is asked."""

    key = fields.String()
    title = fields.String()
    intro = fields.String()
    fields_ = fields.List(fields.Nested(FieldOut), data_key="fields")


class OperationOut(Schema):
    """An operation offered; `why_not` says why it cannot be done now."""

    name = fields.String()
    label = fields.String()
    consequence = fields.String(allow_none=True)
    why_not = fields.String(allow_none=True)
    form = fields.Nested(FormOut)


class OperationsOut(Schema):
    """What is offered; `version` goes back with the act."""

    version = fields.Integer()
    operations = fields.List(fields.Nested(OperationOut))


class DueOut(Schema):
    """A date and its light, both as codes and in words."""

    light = fields.String()
    light_words = fields.String()
    day = fields.Date(allow_none=True)
    left = fields.String(allow_none=True)
    why = fields.String(allow_none=True)
    provisional = fields.Boolean()


class TaskOut(Schema):
    """A task in a list."""

    id = fields.Integer()
    version = fields.Integer()
    case = fields.Integer()
    number = fields.String()
    title = fields.String()
    kind = fields.String()
    kind_words = fields.String()
    task = fields.String()
    stage = fields.String()
    role = fields.String()
    unit = fields.String()
    from_unit = fields.String()
    opened_at = fields.AwareDateTime()
    due = fields.Nested(DueOut)
    mine = fields.Boolean()
    receipt = fields.Boolean()
    again = fields.Boolean()
    urged = fields.Integer()
    special_major = fields.Boolean()
    suspended = fields.Boolean()


class TasksOut(Schema):
    """A page of the inbox; `after` asks for the next one."""

    tasks = fields.List(fields.Nested(TaskOut))
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    total = fields.Integer()
    after = fields.String(allow_none=True)


class DraftOut(Schema):
    """What I typed and did not submit yet; `version` goes back when it is kept anew."""

    version = fields.Integer()
    saved_at = fields.AwareDateTime()
    answers = fields.Dict(keys=fields.String())


class OneTaskOut(Schema):
    """A task with what it asks and what is known already."""

    id = fields.Integer()
    version = fields.Integer()
    case = fields.Integer()
    number = fields.String()
    title = fields.String()
    task = fields.String()
    stage = fields.String()
    role = fields.String()
    unit = fields.String()
    post = fields.String()
    state = fields.String()
    may_complete = fields.Boolean()
    opened_at = fields.AwareDateTime()
    due = fields.Nested(DueOut)
    form = fields.Nested(FormOut)
    answers = fields.Dict(keys=fields.String())
    draft = fields.Nested(DraftOut, allow_none=True)


class DoneOut(Schema):
    """What became of an act, in words and as the act gave it."""

    done = fields.String()
    result = fields.Raw()


class PostOut(Schema):
    """A post somebody holds."""

    unit = fields.String()
    unit_id = fields.Integer()
    role = fields.String()
    deputy = fields.Boolean()


class SessionOut(Schema):
    """Who is signed in, and the token every act brings in the header X-CSRFToken."""

    login = fields.String()
    name = fields.String()
    posts = fields.List(fields.Nested(PostOut))
    csrf_token = fields.String()


def told(schema: Schema, said: Any) -> Response:
    """The answer, with the version, where there is one, as its tag."""
    answer = jsonify(found := schema.dump(said))
    if "version" in found:
        answer.set_etag(str(found["version"]))
    return answer


def due(line: DueLine) -> dict[str, Any]:
    """A date as programs are told it."""
    return {
        "light": line.light.code,
        "light_words": say(line.light.word),
        "day": line.day,
        "left": say(line.left) if line.left else None,
        "why": say(line.why) if line.why else None,
        "provisional": line.provisional,
    }


def task(row: InboxRow) -> dict[str, Any]:
    """A line of the inbox."""
    return {
        **vars(row),
        "id": row.assignment_id,
        "case": row.case_id,
        "task": worded(row, "task"),
        "kind_words": named(KINDS, row.kind),
        "due": due(row.due),
    }


def operation(offer: Offer, choices: Choices) -> dict[str, Any]:
    """An operation as it is offered."""
    return {
        "name": offer.name,
        "label": say(offer.label),
        "consequence": say(offer.consequence) if offer.consequence else None,
        "why_not": say(offer.why_not) if offer.why_not else None,
        "form": form(offer.form, choices),
    }


def form(asked: forms.Form, choices: Choices) -> dict[str, Any]:
    """A form with what there is to choose from."""
    return {
        "key": asked.key,
        "title": worded(asked, "title"),
        "intro": worded(asked, "intro"),
        "fields_": [_field(each, choices) for each in asked.fields],
    }


def _field(asked: forms.Field, choices: Choices) -> dict[str, Any]:
    offered = [_option(*each) for each in choices_of(asked, choices)]
    said = {
        "name": asked.name,
        "type": asked.type,
        "label": worded(asked),
        "required": asked.required,
        "help": worded(asked, "help"),
        "options": offered,
        "columns": [_field(each, choices) for each in asked.columns],
        "show_if": _condition(asked.show_if),
        "required_if": _condition(asked.required_if),
        **{name: getattr(asked, name) for name in BOUNDS},
    }
    return {name: value for name, value in said.items() if value or name == "required"}


BOUNDS = ("min", "max", "min_length", "max_length", "min_rows", "max_rows")


def _option(value: str, label: str, show_if: forms.Condition | None) -> dict[str, Any]:
    shown = {"show_if": _condition(show_if)} if show_if else {}
    return {"value": value, "label": label, **shown}


def _condition(shown: forms.Condition | None) -> dict[str, Any] | None:
    return {"field": shown.field, "in": list(shown.values)} if shown else None
