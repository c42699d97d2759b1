"""The OpenAPI document: made of the tables of operations, their forms, and the schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema, fields

from app import forms
from app.commands.operations import ON_CASES, ON_TASKS, Operation, Operations
from app.i18n import Text, _
from app.queries.sorting import KEYS
from app.queries.waiting import LIGHTS
from app.queries.words.cases import KINDS
from app.web.api.asking import KEY, SEEN, Act
from app.web.api.telling import (
    DoneOut,
    DueOut,
    FieldOut,
    FormOut,
    OneTaskOut,
    OperationOut,
    OperationsOut,
    OptionOut,
    PostOut,
    SessionOut,
    TaskOut,
    TasksOut,
)
from app.web.wishes import ROLES, WHOSE
from app.web.wording import STAGES, say, worded

Json = dict[str, Any]
SCHEMAS: Final[tuple[type[Schema], ...]] = (
    OptionOut, FieldOut, FormOut, OperationOut, OperationsOut, DueOut, TaskOut, TasksOut,
    OneTaskOut, DoneOut, PostOut, SessionOut,
)  # fmt: skip
PLAIN: Final[Mapping[type[Any], Json]] = {
    fields.AwareDateTime: {"type": "string", "format": "date-time"},
    fields.Date: {"type": "string", "format": "date"},
    fields.Integer: {"type": "integer"},
    fields.Boolean: {"type": "boolean"},
    fields.String: {"type": "string"},
    fields.Dict: {"type": "object"},
    fields.Raw: {},
}
ANSWERS: Final[Mapping[str, Json]] = {
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "decimal": {"type": ["number", "string"]},
    "integer": {"type": "integer"},
    "people": {"type": "array", "items": {"type": "string"}},
    "multichoice": {"type": "array", "items": {"type": "string"}},
    "units": {"type": "array", "items": {"type": "string"}},
}
REFUSALS: Final[Mapping[int, Text]] = {
    400: _("Not JSON, or without the token in X-CSRFToken."),
    401: _("Nobody is signed in."),
    403: _("Others may do this; the message says who."),
    404: _("There is no such thing, or it is not open to you."),
    409: _("Somebody else was faster; `details` says who, what and when."),
    413: _("Too large."),
    415: _("Not application/json."),
    422: _("Not now, or not with these answers; `fields` names each and its cure."),
    429: _("As often as it may be done already."),
    503: _("The system is busy; send it again with the same key."),
}
READ: Final = (401, 404, 503)
WRITTEN: Final = tuple(REFUSALS)
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


def document() -> Json:
    """The whole document, in the language of the request."""
    return {
        "openapi": "3.1.0",
        "info": {"title": say(_("Weathervane")), "version": "1"},
        "paths": {
            "/api/session": {"get": _reading(_("Who is signed in"), SessionOut)},
            "/api/tasks": {"get": _reading(_("What waits for me"), TasksOut, query=FILTERS)},
            "/api/tasks/{id}": {"get": _reading(_("One task"), OneTaskOut, path=("id",))},
            "/api/tasks/{id}/completion": {"post": _writing(_("Submit a task"), None)},
            **_operations("/api/tasks/{id}/operations", ON_TASKS, _("Operations on a task")),
            **_operations("/api/cases/{id}/operations", ON_CASES, _("Operations on a case")),
        },
        "components": {
            "schemas": {
                **{_name(each): _object(each()) for each in SCHEMAS},
                "Act": _object(Act()),
                "Problem": PROBLEM,
            }
        },
    }


PROBLEM: Final[Json] = {
    "type": "object",
    "required": ["code", "message", "fields"],
    "properties": {
        "code": {"type": "string"},
        "title": {"type": "string"},
        "message": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
        "details": {"type": "object"},
        "request_id": {"type": "string"},
    },
}


def _operations(address: str, table: Operations, what: Text) -> Json:
    return {
        address: {"get": _reading(what, OperationsOut, path=("id",))},
        **{
            f"{address}/{row.name}": {"post": _writing(row.label, row)} for row in table.rows
        },
    }  # fmt: skip


def _reading(
    what: Text,
    answer: type[Schema],
    *,
    path: tuple[str, ...] = (),
    query: Mapping[str, Json] | None = None,
) -> Json:
    return {
        "summary": say(what),
        "parameters": [
            *(_parameter("path", name, {"type": "integer"}) for name in path),
            *(_parameter("query", name, kind) for name, kind in (query or {}).items()),
        ],
        "responses": {"200": _content(_ref(_name(answer))), **_refusals(READ)},
    }


def _writing(what: Text, row: Operation | None) -> Json:
    body: Json = _ref("Act")
    if row:
        asked = answers_of(forms.load(row.form))
        body = {"allOf": [body, {"type": "object", "properties": {"answers": asked}}]}
    told = {"description": say(row.consequence)} if row and row.consequence else {}
    return {
        "summary": say(what),
        **told,
        "parameters": [
            _parameter("path", "id", {"type": "integer"}),
            _parameter("header", "X-CSRFToken", {"type": "string"}, required=True),
            _parameter("header", KEY, {"type": "string", "maxLength": 80}),
            _parameter("header", SEEN, {"type": "string"}),
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"200": _content(_ref("Done")), **_refusals(WRITTEN)},
    }


def answers_of(form: forms.Form) -> Json:
    """The answers a form takes."""
    return _asked(form.fields)


def _asked(asked: tuple[forms.Field, ...]) -> Json:
    needed = [each.name for each in asked if each.required and each.show_if is None]
    return {
        "type": "object",
        "properties": {each.name: _answer(each) for each in asked},
        **({"required": needed} if needed else {}),
        "additionalProperties": False,
    }


def _answer(field: forms.Field) -> Json:
    told: Json = {"description": worded(field)}
    if field.type == "table":
        return {**told, "type": "array", "items": _asked(field.columns)}
    kind = dict(ANSWERS.get(field.type, {"type": "string"}))
    offered = [option.value for option in field.options]
    if offered and kind["type"] == "array":
        kind["items"] = {"type": "string", "enum": offered}
    elif offered:
        kind["enum"] = offered
    if kind["type"] == "string" and field.max_length:
        kind["maxLength"] = field.max_length
    return {**told, **kind}


def _object(schema: Schema) -> Json:
    return {
        "type": "object",
        "description": (type(schema).__doc__ or "").strip(),
        "properties": {each.data_key or name: _kind(each) for name, each in schema.fields.items()},
    }


def _kind(field: Any) -> Json:
    told = {key: value for key, value in field.metadata.items() if key == "description"}
    if isinstance(field, fields.List):
        return {"type": "array", "items": _kind(field.inner)}
    if isinstance(field, fields.Nested):
        return _ref(_name(type(field.schema)))
    kind = dict(next(json for each, json in PLAIN.items() if isinstance(field, each)))
    if field.allow_none and "type" in kind:
        kind["type"] = [kind["type"], "null"]
    return {**kind, **told}


def _name(schema: type[Schema]) -> str:
    return schema.__name__.removesuffix("Out")


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _content(schema: Json, kind: str = "application/json", told: str = "") -> Json:
    return {"description": told or "OK", "content": {kind: {"schema": schema}}}


def _refusals(codes: tuple[int, ...]) -> Json:
    problem = _ref("Problem")
    return {
        str(code): _content(problem, "application/problem+json", say(REFUSALS[code]))
        for code in codes
    }


def _parameter(where: str, name: str, kind: Json, *, required: bool = False) -> Json:
    return {"in": where, "name": name, "required": required or where == "path", "schema": kind}
