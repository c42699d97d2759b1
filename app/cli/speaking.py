"""How commands speak: refusals as one sentence and exit 1, lists as words or as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from unicodedata import east_asian_width

import click

from app.errors import Refusal

P = ParamSpec("P")
R = TypeVar("R")


def tells_refusals(do: Callable[P, R]) -> Callable[P, R]:
    """Say an expected "no" as it is meant for people, instead of a traceback."""

    @wraps(do)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return do(*args, **kwargs)
        except Refusal as refusal:
            problems = [f"  {name}: {text}" for name, text in refusal.fields.items()]
            raise click.ClickException("\n".join([str(refusal.text), *problems])) from refusal

    return run


def show(rows: Iterable[Mapping[str, Any]], *, as_json: bool) -> None:
    """Rows as JSON for machines, else as a table whose columns stand under each other."""
    found = list(rows)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, default=str))
        return
    if not found:
        click.echo("-")
        return
    heads = list(found[0])
    lines = [heads, *([_cell(row[head]) for head in heads] for row in found)]
    widths = [max(_width(line[place]) for line in lines) for place in range(len(heads))]
    for line in lines:
        click.echo("  ".join(map(_padded, line, widths)).rstrip())


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value)) or "-"
    return str(value)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """How many places a text takes at a terminal: Chinese characters take two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
