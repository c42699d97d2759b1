"""A posted HTML form turned into answers: tables come as `measures-0-text`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from app.forms.definition import Field, Form

MANY = ("multichoice", "units", "people")


class Post(Protocol):
    """What a browser sent: names that may come more than once."""

    def __iter__(self) -> Iterator[str]:
        """The names that were sent."""
        ...

    def getlist(self, key: str) -> list[str]:
        """Every value sent under a name."""
        ...


@dataclass(frozen=True)
class Sent:
    """What a browser sent, to be read once it is known by which form."""

    fields: tuple[tuple[str, str], ...]

    def __iter__(self) -> Iterator[str]:
        """The names that were sent, each once."""
        return iter(dict(self.fields))

    def getlist(self, key: str) -> list[str]:
        """Every value sent under a name."""
        return [value for name, value in self.fields if name == key]


def parse_post(
    form: Form, post: Post, *, ignore: Collection[str] = ("csrf_token",)
) -> dict[str, Any]:
    """The answers in a post, still unchecked; names the form doesn't know stay, to be refused.

    A box that isn't ticked isn't sent, so its absence is a no. Rows of a table in which nothing
    is filled in are left out.
    """
    answers: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    for name in post:
        if name in ignore:
            continue
        place = _cell(form, name)
        if place is None:
            answers[name] = _value(form.field(name), post.getlist(name))
        else:
            table, row, column = place
            cell = _value(table.column(column), post.getlist(name))
            rows.setdefault(table.name, {}).setdefault(row, {})[column] = cell
    for field in form.fields:
        if field.type == "table" and field.name not in answers:
            answers[field.name] = _filled(rows.get(field.name, {}))
        elif field.type == "boolean":
            answers.setdefault(field.name, False)
        elif field.type in MANY:
            answers.setdefault(field.name, [])
    return answers


def _cell(form: Form, name: str) -> tuple[Field, int, str] | None:
    """Table, row and column named by `measures-0-text`; none when it isn't such a name."""
    start, _, rest = name.partition("-")
    row, dash, column = rest.partition("-")
    table = form.field(start)
    if table is None or table.type != "table" or not dash or not column:
        return None
    if not (row.isascii() and row.isdigit() and len(row) <= 4):
        return None
    return table, int(row), column


def _value(field: Field | None, sent: list[str]) -> Any:
    """One value, or all of them where several may be given; two for one question stay two."""
    if field is not None and field.type in MANY:
        return [value for value in sent if value.strip()]
    return sent[0] if len(sent) == 1 else sent


def _filled(rows: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows in their order, without the empty ones."""
    return [row for _, row in sorted(rows.items()) if any(map(_given, row.values()))]


def _given(value: Any) -> bool:
    """Whether a cell says anything."""
    return bool(value.strip() if isinstance(value, str) else value)
