"""The OpenAPI document: made of the doors, the forms they ask, and the schemas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from marshmallow import Schema, fields

from app import forms
from app.i18n import Text, _
from app.web.api.asking import KEY, SEEN
from app.web.api.doors import DOORS, OWN_FORM, WITH_FILES, Door, Json, Row
from app.web.wording import say, worded

NUMBER: Final = re.compile(r"<int:\w+>")
PLAIN: Final[Mapping[type[Any], Json]] = {
    fields.AwareDateTime: {"type": "string", "format": "date-time"},
    fields.Date: {"type": "string", "format": "date"},
    fields.Integer: {"type": "integer"},
    fields.Boolean: {"type": "boolean"},
    fields.String: {"type": "string"},
    fields.Dict: {"type": "object"},
    fields.Function: {"type": ["string", "array", "null"]},
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


def document() -> Json:
    """The whole document, in the language of the request."""
    return {
        "openapi": "3.1.0",
        "info": {"title": say(_("Weathervane")), "version": "1"},
        "paths": _paths(),
        "components": {
            "schemas": {
                **{_name(each): _object(each()) for each in _schemas()},
                "Problem": PROBLEM,
            }
        },
    }


def _paths() -> Json:
    found: dict[str, Json] = {}
    for door in sorted(DOORS, key=lambda each: each.rule):
        for row in door.rows or (None,):
            address = NUMBER.sub("{id}", f"/api{door.rule}")
            if row:
                address = address.replace("<name>", row.name)
            way = _reading(door) if door.method == "GET" else _writing(door, row)
            numbered = [_parameter("path", "id", {"type": "integer"})] if "{id}" in address else []
            if "<name>" in address:
                address = address.replace("<name>", "{name}")
                numbered.append(_parameter("path", "name", {"type": "string"}))
            way["parameters"][:0] = numbered
            found.setdefault(address, {})[door.method.lower()] = way
    return found


def _schemas() -> Iterator[type[Schema]]:
    """Every schema that is spoken of, each once."""
    seen: set[type[Schema]] = set()
    waiting = [each for door in DOORS for each in (door.answer, door.body) if each]
    while waiting:
        schema = waiting.pop()
        if schema in seen:
            continue
        seen.add(schema)
        yield schema
        for field in schema().fields.values():
            inner = field.inner if isinstance(field, fields.List) else field
            if isinstance(inner, fields.Nested):
                waiting.append(type(inner.schema))


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


def _reading(door: Door) -> Json:
    file: Json = {"description": "OK", "content": {"application/octet-stream": {}}}
    answer = _content(_ref(_name(door.answer))) if door.answer else file
    return {
        "summary": say(door.summary),
        "parameters": [_parameter("query", name, kind) for name, kind in door.query.items()],
        "responses": {"200": answer, **_refusals(READ)},
    }


def _writing(door: Door, row: Row | None) -> Json:
    told = {"description": say(row.consequence)} if row and row.consequence else {}
    kind = "multipart/form-data" if door.asks == WITH_FILES else "application/json"
    return {
        "summary": say(row.label if row else door.summary),
        **told,
        "parameters": [
            _parameter("header", "X-CSRFToken", {"type": "string"}, required=True),
            _parameter("header", KEY, {"type": "string", "maxLength": 80}),
            _parameter("header", SEEN, {"type": "string"}),
        ],
        "requestBody": {"required": True, "content": {kind: {"schema": _body(door, row)}}},
        "responses": {"200": _content(_ref("Done")), **_refusals(WRITTEN)},
    }


def _body(door: Door, row: Row | None) -> Json:
    """What is sent: the answers to the form that is asked, files, or nothing but the version."""
    body, key = _ref(_name(door.body)), row.form if row else door.asks
    if door.asks == WITH_FILES:
        return {"type": "object", "additionalProperties": {"type": "string", "format": "binary"}}
    if key is OWN_FORM:
        return body
    asked = answers_of(forms.load(key)) if key else _asked(())
    if row and row.further:
        asked["additionalProperties"] = True
    return {"allOf": [body, {"type": "object", "properties": {"answers": asked}}]}


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
        there = _ref(_name(type(field.schema)))
        return {"anyOf": [there, {"type": "null"}]} if field.allow_none else there
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
