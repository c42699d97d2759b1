"""Checking answers against their form: what comes out is complete and plain JSON, or refused."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError

from app.errors import Invalid
from app.forms.definition import Field, Form
from app.forms.problems import explain
from app.forms.schema import blank, schema
from app.i18n import Text, _

Answers = dict[str, Any]
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Context:
    """What answers are held against: today, and the records that may be named.

    None means that the kind is not looked up here. Codes, a person's sign-in name.
    """

    today: date | None = None
    units: Collection[str] | None = None
    persons: Collection[str] | None = None
    indicators: Collection[str] | None = None
    rounds: Collection[str] | None = None

    def known(self, kind: str) -> Collection[str] | None:
        """The records of this kind that may be named."""
        known: Collection[str] | None = getattr(self, f"{kind}s")
        return known


def checked(form: Form, answers: Mapping[str, Any], *, context: Context) -> Answers:
    """The answers, if they are all there and right; refused with a sentence per field if not."""
    return _loaded(form, answers, context, finished=True)


def draft(form: Form, answers: Mapping[str, Any], *, context: Context) -> Answers:
    """The answers as far as they go: nothing is required yet, but what is there must be right."""
    return _loaded(form, answers, context, finished=False)


def facts(form: Form, answers: Mapping[str, Any]) -> Answers:
    """The answers that the diagram's gateways read."""
    return {field.name: answers.get(field.name) for field in form.fields if field.fact}


def _loaded(form: Form, answers: Mapping[str, Any], context: Context, *, finished: bool) -> Answers:
    if not isinstance(answers, Mapping):
        raise Invalid(_("Please send the answers field by field."))
    given = _asked(form, answers)
    try:
        loaded = schema(form, given, context, finished=finished).load(given)
    except ValidationError as error:
        raise Invalid(
            _("Please look at the fields marked below."),
            fields=dict(_located(form, error.messages_dict)),
        ) from error
    return {field.name: _complete(field, loaded.get(field.name)) for field in form.fields}


def _asked(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers without those to questions that aren't asked beside the others."""
    shown = {field.name for field in form.shown(answers)}
    hidden = {field.name for field in form.fields} - shown
    return {name: _trimmed(value) for name, value in answers.items() if name not in hidden}


def _trimmed(value: Any, depth: int = 0) -> Any:
    """Texts with one kind of line end and no blank ends; a blank text is no answer.

    A row's cell may hold a list; whatever lies deeper no field takes.
    """
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip() or None
    if depth == DEEPEST:
        return value
    if isinstance(value, list):
        return [_trimmed(entry, depth + 1) for entry in value]
    if isinstance(value, Mapping):
        return {name: _trimmed(entry, depth + 1) for name, entry in value.items()}
    return value


def _complete(field: Field, value: Any) -> Any:
    """The answer as JSON holds it, with everything that was asked in it."""
    if value is None:
        return blank(field)
    if field.type == "table":
        return [
            {column.name: _complete(column, row.get(column.name)) for column in field.columns}
            for row in value
        ]
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


def _located(form: Form, messages: Mapping[Any, Any]) -> Iterator[tuple[str, Text]]:
    """`measures.0.text` and what is wrong there."""
    for name, problem in messages.items():
        field = form.field(str(name))
        for place, code in _flat(problem):
            if field is None or field.type != "table":
                yield str(name), explain(code, field)
                continue
            asked = field.column(str(place[1])) if len(place) > 1 else field
            cell = place if asked is None or asked.type == "table" else place[:2]
            yield ".".join(map(str, (name, *cell))), explain(code, asked)


def _flat(problem: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """The first problem of every place."""
    if isinstance(problem, Mapping):
        for key, inner in problem.items():
            yield from _flat(inner, (*place, *(() if key == "_schema" else (key,))))
    else:
        yield place, str(problem[0])
