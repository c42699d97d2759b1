"""A posted HTML form turned into answers: tables come as `measures-0-text`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from app.errors import Invalid
from app.forms.definition import Field, Form
from app.i18n import _

MANY = ("multichoice", "units", "people")
NOT_SO: Final = _("This question takes no such answer.")


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


def as_posted(form: Form, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Answers as a browser would have posted them, for keeping; Invalid where none could have."""
    fields: list[tuple[str, str]] = []
    for name, answer in answers.items():
        field = form.field(name)
        if field is None:
            raise _damaged(name)
        if field.type == "table":
            fields += _rows_posted(field, answer)
        else:
            fields += _posted(name, field, answer)
    return fields


def _rows_posted(table: Field, rows: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise _damaged(table.name)
    for number, row in enumerate(rows):
        for name, answer in row.items():
            column = table.column(name)
            if column is None:
                raise _damaged(table.name)
            yield from _posted(f"{table.name}-{number}-{name}", column, answer)


def _posted(name: str, field: Field, answer: Any) -> Iterator[tuple[str, str]]:
    many = field.type in MANY
    if many != isinstance(answer, list) and answer is not None:
        raise _damaged(name)
    for each in answer if many and answer is not None else [answer]:
        if each is None or each is False:
            continue
        if not isinstance(each, str | int | float):
            raise _damaged(name)
        yield name, "true" if each is True else str(each)


def _damaged(name: str) -> Invalid:
    return Invalid(_("Please look at the fields named."), fields={name: NOT_SO})


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
