"""A marshmallow schema for one form in one situation: what is asked, required, known."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, NamedTuple, Protocol

from marshmallow import RAISE, Schema, ValidationError, fields
from marshmallow.fields import Field as Taken

from app.forms.definition import FALSE, REFERENCES, TRUE, Field, Form

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
LARGEST = Decimal(10**12)
PLACES = 6
LONGEST_CODE = 80
DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

Check = Callable[[Any], None]


class Known(Protocol):
    """Today, and the records of a kind that may be named."""

    @property
    def today(self) -> date | None:
        """The local day, for dates that may not lie in the past."""

    def known(self, kind: str) -> Collection[str] | None:
        """The codes of a kind; none when they aren't looked up here."""


class _Asked(Schema):
    """Takes the questions asked and nothing else."""

    class Meta:
        unknown = RAISE

    def __init__(self) -> None:
        """Its own two problems are said by code, as those of the fields are."""
        super().__init__()
        self.error_messages.update(unknown="unknown", type="rows")


def schema(form: Form, given: Mapping[str, Any], known: Known, *, finished: bool) -> Schema:
    """The schema for answers to this form; before they are `finished` nothing is required."""
    asked = tuple(
        _Question(
            field.name,
            finished and field.needed(given),
            tuple(option.value for option in field.offered(given)),
        )
        for field in form.shown(given)
    )
    if _lasting(form):
        return kept(form, asked, finished=finished)
    return _made(form, asked, known, finished=finished)


class _Question(NamedTuple):
    """One that is asked beside the other answers, and what it offers beside them."""

    name: str
    needed: bool
    offered: tuple[str, ...]


class _Nothing:
    """What a schema knows that never changes."""

    today = None

    def known(self, _kind: str) -> None:
        """Nothing is looked up."""


@lru_cache(maxsize=500)
def _lasting(form: Form) -> bool:
    """Whether what the form takes hangs on neither the day nor records."""
    asked = [each for field in form.fields for each in (field, *field.columns)]
    return not any(field.type in REFERENCES or "today" in {field.min, field.max} for field in asked)


@lru_cache(maxsize=500)
def kept(form: Form, asked: tuple[_Question, ...], *, finished: bool) -> Schema:
    """Made once for each situation: to make one takes longer than to use it."""
    return _made(form, asked, _Nothing(), finished=finished)


def _made(form: Form, asked: tuple[_Question, ...], known: Known, *, finished: bool) -> Schema:
    taken = {}
    for name, needed, offered in asked:
        field = next(field for field in form.fields if field.name == name)
        situated = replace(
            field,
            required=needed,
            options=tuple(option for option in field.options if option.value in offered),
            min_rows=max(field.min_rows, int(needed)) if finished else 0,
            min_length=field.min_length if finished else None,
            min=field.min if finished or field.type != "attachments" else None,
        )
        taken[name] = _taken(situated, known, finished=finished)
    return _Asked.from_dict(taken)()


def blank(field: Field) -> Any:
    """What stands for no answer."""
    if field.type == "boolean":
        return False
    several = {"table", "multichoice", "units", "people", "attachments"}
    return [] if field.type in several else None


def _taken(field: Field, known: Known, *, finished: bool) -> Taken[Any]:
    """The marshmallow field for one question."""
    wrong = {
        **dict.fromkeys(("required", "null"), "tick" if field.type == "boolean" else "required"),
        **dict.fromkeys(("invalid", "invalid_utf8", "too_large", "special", "format"), field.type),
    }
    asked: dict[str, Any] = {
        "required": field.required,
        "allow_none": not field.required,
        "error_messages": wrong,
        "validate": list(_checks(field, known)),
    }
    if field.type == "table":
        row = _row(field, known, finished=finished)
        return fields.List(fields.Nested(row, error_messages={"null": "rows"}), **asked)
    return TAKEN.get(field.type, fields.String)(**asked)


def _several(**asked: Any) -> Taken[Any]:
    """A list of codes."""
    wrong = asked["error_messages"]
    return fields.List(fields.String(error_messages=wrong), **asked)


def _whole(value: Any) -> Any:
    """Half a thing isn't rounded to a whole one."""
    _require(not isinstance(value, float), "integer")
    return value


TAKEN: Mapping[str, Callable[..., Taken[Any]]] = {
    "attachments": lambda **asked: fields.List(fields.Dict(keys=fields.String()), **asked),
    "boolean": partial(fields.Boolean, truthy=set(TRUE), falsy=set(FALSE)),
    "date": fields.Date,
    "decimal": fields.Decimal,
    "integer": partial(fields.Integer, pre_load=_whole),
    "multichoice": _several,
    "units": _several,
    "people": _several,
}


def _row(table: Field, known: Known, *, finished: bool) -> Schema:
    """The schema for a row of a table."""
    return _Asked.from_dict(
        {
            column.name: _taken(
                replace(column, required=finished and column.required), known, finished=finished
            )
            for column in table.columns
        }
    )()


def _checks(field: Field, known: Known) -> tuple[Check, ...]:
    """What an answer of the right type must still keep to."""
    kind = REFERENCES.get(field.type)
    values = known.known(kind) if kind else {option.value for option in field.options}
    match field.type:
        case "text" | "textarea":
            return _letters(lines=field.type == "textarea"), _length(field)
        case "date":
            return (_between(field, FIRST_DAY, LAST_DAY, known.today),)
        case "integer" | "decimal":
            return _few_places, _between(field, -LARGEST, LARGEST)
        case "boolean" | "table" | "attachments":
            return ({"boolean": _agreed, "table": _rows, "attachments": _files}[field.type](field),)
        case "multichoice" | "units" | "people":
            return (_all_of(values, field),)
        case _:
            return (_one_of(values, field.type),)


def _require(holds: object, code: str) -> None:
    if not holds:
        raise ValidationError(code)


def _letters(*, lines: bool) -> Check:
    """No control characters, halves of characters or switched writing direction."""
    allowed = "\n\t" if lines else ""

    def check(value: str) -> None:
        for letter in value:
            odd = unicodedata.category(letter) in {"Cc", "Cs"} or letter in DIRECTIONS
            _require(not odd or letter in allowed, "letters")

    return check


def _length(field: Field) -> Check:
    def check(value: str) -> None:
        _require(len(value) <= field.max_length, "max_length")
        _require(field.min_length is None or len(value) >= field.min_length, "min_length")

    return check


def _one_of(values: Collection[str] | None, code: str) -> Check:
    def check(value: str) -> None:
        _require(len(value) <= LONGEST_CODE if values is None else value in values, code)

    return check


def _all_of(values: Collection[str] | None, field: Field) -> Check:
    one = _one_of(values, field.type)

    def check(value: list[str]) -> None:
        _require(value or not field.required, "required")
        _require(len(value) == len(set(value)), "twice")
        for entry in value:
            one(entry)

    return check


def _between(field: Field, lowest: Any, highest: Any, today: date | None = None) -> Check:
    """Within the form's bounds, and within what is sensible at all."""
    low, high = (today if bound == "today" else bound for bound in (field.min, field.max))

    def check(value: Any) -> None:
        _require(lowest <= value <= highest, field.type)
        _require(low is None or value >= low, "min")
        _require(high is None or value <= high, "max")

    return check


def _few_places(value: Decimal | int) -> None:
    exponent = Decimal(value).as_tuple().exponent
    _require(isinstance(exponent, int) and exponent >= -PLACES, "decimal")


def _agreed(field: Field) -> Check:
    def check(value: object) -> None:
        _require(value or not field.required, "tick")

    return check


def _files(field: Field) -> Check:
    fewest, most = (None if bound is None else int(str(bound)) for bound in (field.min, field.max))

    def check(value: list[Any]) -> None:
        _require(value or not field.required, "files")
        _require(fewest is None or not value or len(value) >= fewest, "files_min")
        _require(most is None or len(value) <= most, "files_max")

    return check


def _rows(field: Field) -> Check:
    def check(value: list[Any]) -> None:
        _require(len(value) >= field.min_rows, "min_rows")
        _require(len(value) <= field.max_rows, "max_rows")

    return check
