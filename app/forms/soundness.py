"""Whether a form makes sense: names, options, conditions and what may be a fact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.forms.definition import REFERENCES, Condition, Field, Form

CHOICES = ("choice", "multichoice", "level")
TEXTS = ("text", "textarea")
NUMBERS = ("integer", "decimal")
WHOLE = ("boolean", "table", "attachments")
TYPES = (*TEXTS, *CHOICES, "date", *NUMBERS, *WHOLE, *REFERENCES)
FACTS = ("choice", "boolean", "integer", "level")
DECIDING = ("choice", "boolean", "level")
AGREEING = {"approve", "pass"}


def problems(form: Form) -> Iterator[str]:
    """What is wrong with the form, field by field."""
    if not _plain(form.key):
        yield f"key: {form.key!r} is not a plain name"
    yield from _names(form.fields, "")
    if sum(field.vote for field in form.fields) > 1:
        yield "there is more than one vote"
    for place, field in enumerate(form.fields):
        earlier = form.fields[:place]
        for problem in (*_field(field), *_conditions(field, earlier)):
            yield f"{field.name}: {problem}"
        for column in field.columns:
            for problem in (*_field(column), *_column(column)):
                yield f"{field.name}.{column.name}: {problem}"
        yield from _names(field.columns, f"{field.name}.")


def _plain(name: str) -> bool:
    return name.isascii() and name.isidentifier()


def _names(fields: Sequence[Field], before: str) -> Iterator[str]:
    names = [field.name for field in fields]
    for name in names:
        if not _plain(name):
            yield f"{before}{name}: not a plain name"
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{before}{name}: asked twice"


def _field(field: Field) -> Iterator[str]:
    """What the type of a field asks for and rules out."""
    values = [option.value for option in field.options]
    sound = {
        "a choice needs options": field.type not in CHOICES or values,
        f"a {field.type} has no options": field.type in CHOICES or not values,
        "an option is offered twice": len(set(values)) == len(values),
        "a table, and only a table, has columns": (field.type == "table") == bool(field.columns),
        "min_length is for texts and at most max_length": field.min_length is None
        or (field.type in TEXTS and field.min_length <= field.max_length),
        f"a {field.type} cannot be a fact": not field.fact or field.type in FACTS,
        "a vote is a required choice and a fact": not field.vote
        or (field.type == "choice" and field.required and field.fact and not field.show_if),
        "a vote offers one of approve and pass, and something that refuses": not field.vote
        or (len(AGREEING & set(values)) == 1 and len({*values} - {"abstain"}) > 1),
        "min_rows is above max_rows": field.min_rows <= field.max_rows,
        "the English words are missing": not field.help or field.help.en,
    }
    yield from (problem for problem, holds in sound.items() if not holds)


def _column(column: Field) -> Iterator[str]:
    """What a question in a table's row cannot be."""
    if column.type == "table":
        yield "a table cannot stand in a table"
    if any(option.show_if for option in column.options):
        yield "conditions belong to fields, not to columns"


def _conditions(field: Field, earlier: Sequence[Field]) -> Iterator[str]:
    """Conditions look back at a question with a fixed set of answers."""
    asked = {other.name: other for other in earlier}
    options = [option.show_if for option in field.options]
    for condition in (field.show_if, field.required_if, *options):
        if condition is not None:
            yield from _condition(condition, asked.get(condition.field))


def _condition(condition: Condition, other: Field | None) -> Iterator[str]:
    if other is None or other.type not in DECIDING:
        yield f"depends on {condition.field}, which is no earlier choice or box"
        return
    known: set[str | bool] = {True, False} if other.type == "boolean" else set()
    known |= {option.value for option in other.options}
    for value in condition.values:
        if value not in known:
            yield f"depends on {condition.field} being {value!r}, which it cannot be"
