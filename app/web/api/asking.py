"""What a program sends: JSON of a sensible size, the version it saw, a key against repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from flask import request
from marshmallow import Schema, ValidationError, fields, validate
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from app.commands.operations import in_bulk
from app.errors import Invalid
from app.i18n import Text, _
from app.web.posted import LONGEST_KEY, LONGEST_VERSION

LARGEST: Final = 256 * 1024
ZERO: Final = rb"\u0000"
KEY: Final = "Idempotency-Key"
SEEN: Final = "If-Match"
PROBLEMS: Final[Mapping[str, Text]] = {
    "Unknown field.": _("Not known here."),
    "Missing data for required field.": _("Missing."),
}
OTHERWISE: Final = _("Not of the kind expected here.")


class Act(Schema):
    """What is sent with an act."""

    answers = fields.Dict(
        keys=fields.String(),
        load_default=dict,
        metadata={"description": "By the form's fields; what is not asked is refused."},
    )
    version = fields.Integer(
        strict=True,
        allow_none=True,
        load_default=None,
        validate=validate.Range(0, 10**LONGEST_VERSION),
        metadata={"description": "The version the person saw; If-Match says it as well."},
    )


class OneOfMany(Schema):
    """A task somebody chose, with the version they saw."""

    id = fields.Integer(strict=True, required=True, validate=validate.Range(1, 2**53))
    version = fields.Integer(strict=True, allow_none=True, load_default=None)


class BulkAct(Act):
    """What is sent with one operation for many tasks, at most 200."""

    tasks = fields.List(
        fields.Nested(OneOfMany), required=True, validate=validate.Length(1, in_bulk.MOST)
    )


@dataclass(frozen=True)
class Said:
    """The answers, the key and the version that were sent; `body`: whatever else there was."""

    answers: Mapping[str, Any]
    key: str | None
    seen: int | None
    body: Mapping[str, Any]


def brought(schema: type[Schema] = Act) -> Said:
    """What was sent with an act."""
    body = loaded(schema(), _body())
    seen = _seen()
    return Said(body["answers"], _key(), body["version"] if seen is None else seen, body)


def nothing_more(answers: Mapping[str, Any]) -> None:
    """Refuse answers where nothing is asked."""
    if answers:
        text = _("Please look at the fields named.")
        raise Invalid(text, fields=dict.fromkeys(answers, PROBLEMS["Unknown field."]))


def loaded(schema: Schema, said: Any) -> Any:
    """What was said, if the schema takes it; Invalid with a sentence per field if not."""
    try:
        return schema.load(said)
    except ValidationError as error:
        text = _("Please look at the fields named.")
        wrong = {str(name): _worded(problem) for name, problem in error.messages_dict.items()}
        raise Invalid(text, fields=wrong) from error


def _body() -> Any:
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    if (request.content_length or 0) > LARGEST:
        raise RequestEntityTooLarge
    request.max_content_length = LARGEST
    raw = request.get_data()
    if ZERO in raw:  # no database keeps it
        raise BadRequest
    try:
        return orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError as error:
        raise BadRequest from error


def _key() -> str | None:
    key = request.headers.get(KEY, "")
    if len(key) > LONGEST_KEY:
        text = _("At most %(most)s characters.", most=LONGEST_KEY)
        raise Invalid(text, fields={KEY: text})
    return key or None


def _seen() -> int | None:
    """The version in If-Match; whatever else stands there is refused, and `*` is no version."""
    said = request.headers.get(SEEN, "").strip().removeprefix("W/").strip('"')
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and len(said) < LONGEST_VERSION):
        raise Invalid(OTHERWISE, fields={SEEN: OTHERWISE})
    return int(said)


def _worded(problem: Any) -> Text:
    first = problem[0] if isinstance(problem, list) and problem else ""
    return PROBLEMS.get(str(first), OTHERWISE)
