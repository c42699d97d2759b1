"""Reading forms from their files: refused with file and field named when something is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from app.forms.definition import (
    LEVELS,
    NOTHING,
    Condition,
    Field,
    Form,
    Option,
    Words,
)
from app.forms.soundness import TYPES, problems
from app.i18n import Text, _

FOLDER = Path(__file__).resolve().parents[2] / "forms"
LONGEST = 20_000
LENGTHS = {"text": 200, "textarea": 4_000}
MOST_ROWS = 100
LEVEL_WORDS = (Words("高风险", "High"), Words("中风险", "Medium"), Words("低风险", "Low"))


class FormError(ValueError):
    """A form file that can't be used; `text` says which one, where and why."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


class _Strict(Schema):
    """Takes nothing it doesn't know."""

    class Meta:
        unknown = RAISE


def _fixed(value: Any) -> None:
    """A condition compares with an option's value, or with whether a box is ticked."""
    if not isinstance(value, str | bool):
        raise ValidationError("Only an option's value, true or false.")


class _ConditionShape(_Strict):
    field = fields.String(required=True)
    equals = fields.Raw(validate=_fixed)
    one_of = fields.List(
        fields.Raw(validate=_fixed), data_key="in", validate=validate.Length(min=1)
    )

    @validates_schema
    def one_way(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        """It compares with one value or with several."""
        if ("equals" in data) == ("one_of" in data):
            raise ValidationError("A condition needs either equals or in.")


class _OptionShape(_Strict):
    value = fields.String(required=True, validate=validate.Length(min=1, max=80))
    label = fields.String(required=True, validate=validate.Length(min=1))
    label_en = fields.String(required=True, validate=validate.Length(min=1))
    show_if = fields.Nested(_ConditionShape)


class _ColumnShape(_Strict):
    name = fields.String(required=True, validate=validate.Length(min=1, max=80))
    type = fields.String(required=True, validate=validate.OneOf(TYPES))
    label = fields.String(required=True, validate=validate.Length(min=1))
    label_en = fields.String(required=True, validate=validate.Length(min=1))
    required = fields.Boolean(required=True)
    help = fields.String()
    help_en = fields.String()
    options = fields.List(fields.Nested(_OptionShape))
    min = fields.Raw()
    max = fields.Raw()
    min_length = fields.Integer(strict=True, validate=validate.Range(1, LONGEST))
    max_length = fields.Integer(strict=True, validate=validate.Range(1, LONGEST))


class _FieldShape(_ColumnShape):
    fact = fields.Boolean()
    vote = fields.Boolean()
    show_if = fields.Nested(_ConditionShape)
    required_if = fields.Nested(_ConditionShape)
    columns = fields.List(fields.Nested(_ColumnShape))
    min_rows = fields.Integer(strict=True, validate=validate.Range(0, MOST_ROWS))
    max_rows = fields.Integer(strict=True, validate=validate.Range(1, 1_000))


class _FormShape(_Strict):
    key = fields.String(required=True, validate=validate.Length(min=1, max=80))
    title = fields.String(required=True, validate=validate.Length(min=1))
    title_en = fields.String(required=True, validate=validate.Length(min=1))
    intro = fields.String()
    intro_en = fields.String()
    receipt = fields.Boolean()
    signs = fields.Dict(keys=fields.String(), values=fields.Raw())
    fields_ = fields.List(
        fields.Nested(_FieldShape),
        required=True,
        data_key="fields",
        validate=validate.Length(min=1, max=60),
    )


@cache
def load(key: str, folder: Path = FOLDER) -> Form:
    """The form with this key."""
    path = folder / f"{key}.json"
    if not key.isidentifier() or not path.is_file():
        raise FormError(_("There is no form %(form)s.", form=key))
    form = read(path.read_bytes(), name=path.name)
    if form.key != key:
        raise FormError(_("%(form)s: the key must be the file's name.", form=path.name))
    return form


@cache
def all_forms(folder: Path = FOLDER) -> Mapping[str, Form]:
    """Every form of the folder by its key."""
    return {path.stem: load(path.stem, folder) for path in sorted(folder.glob("*.json"))}


def read(source: bytes, *, name: str = "form") -> Form:
    """A form from the text of its file."""
    try:
        shape = _FormShape().load(orjson.loads(source))
        form = _form(shape)
    except orjson.JSONDecodeError as error:
        raise FormError(
            _("%(form)s: not readable as JSON (%(problem)s).", form=name, problem=str(error))
        ) from error
    except ValidationError as error:
        raise _refusal(name, "; ".join(_flat(error.messages_dict))) from error
    except (InvalidOperation, TypeError, ValueError) as error:
        raise _refusal(name, f"min, max: {error}") from error
    found = list(problems(form))
    if found:
        raise _refusal(name, "; ".join(found))
    return form


def _refusal(name: str, problem: str) -> FormError:
    return FormError(_("%(form)s: %(problem)s", form=name, problem=problem))


def _flat(messages: Any, place: str = "") -> list[str]:
    """`fields.2.label: Missing data …`, one line per problem."""
    if not isinstance(messages, Mapping):
        return [f"{place}: {problem}" for problem in messages]
    return [
        line
        for key, inner in messages.items()
        for line in _flat(inner, f"{place}.{key}" if place else str(key))
    ]


def _form(shape: Mapping[str, Any]) -> Form:
    return Form(
        key=shape["key"],
        title=Words(shape["title"], shape["title_en"]),
        intro=_words(shape, "intro"),
        receipt=bool(shape.get("receipt")),
        signs=shape.get("signs"),
        fields=tuple(map(_field, shape["fields_"])),
    )


def _field(shape: Mapping[str, Any]) -> Field:
    kind = shape["type"]
    return Field(
        name=shape["name"],
        type=kind,
        label=_words(shape, "label"),
        help=_words(shape, "help"),
        required=shape["required"],
        fact=shape.get("fact", False),
        vote=shape.get("vote", False),
        options=_options(shape),
        min=_bound(kind, shape.get("min")),
        max=_bound(kind, shape.get("max")),
        min_length=shape.get("min_length"),
        max_length=shape.get("max_length", LENGTHS.get(kind, 0)),
        show_if=_condition(shape.get("show_if")),
        required_if=_condition(shape.get("required_if")),
        columns=tuple(map(_field, shape.get("columns", ()))),
        min_rows=shape.get("min_rows", 1 if kind == "table" and shape["required"] else 0),
        max_rows=shape.get("max_rows", MOST_ROWS if kind == "table" else 0),
    )


def _words(shape: Mapping[str, Any], name: str) -> Words:
    zh = shape.get(name, "")
    return Words(zh, shape.get(f"{name}_en", "")) if zh else NOTHING


def _options(shape: Mapping[str, Any]) -> tuple[Option, ...]:
    """The options given; a risk level always offers the three levels."""
    if shape["type"] == "level":
        return tuple(map(Option, LEVELS, LEVEL_WORDS))
    return tuple(
        Option(option["value"], _words(option, "label"), _condition(option.get("show_if")))
        for option in shape.get("options", ())
    )


def _condition(shape: Mapping[str, Any] | None) -> Condition | None:
    if shape is None:
        return None
    return Condition(shape["field"], tuple(shape.get("one_of", [shape.get("equals")])))


def _bound(kind: str, value: Any) -> Decimal | date | str | None:
    """A lowest or highest answer; a date may also be bound by `today`."""
    if value is None:
        return None
    if kind == "date":
        return "today" if value == "today" else date.fromisoformat(value)
    if kind in {"integer", "decimal", "attachments"}:
        return Decimal(str(value))
    raise ValueError(f"a {kind} has no lowest or highest answer")
