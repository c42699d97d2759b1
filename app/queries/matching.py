"""Which cases and papers say something, as SQL over the index of their words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    false,
    literal,
    literal_column,
    or_,
    select,
    table,
)

from app.db import dialect
from app.model import SearchText, Ticket
from app.model.search import INDEX, Grams
from app.rules import lookup


def cases_saying(query: str, *, running: bool = False) -> Select[int]:
    """The ids of cases whose number, title, matter, answers or files hold every word.

    `running`: only those that are not over; a smaller index serves.
    """
    wanted = select(SearchText.case_id).where(SearchText.document_id == 0, *_says(query))
    return wanted.where(SearchText.running) if running else wanted


def papers_saying(query: str) -> Select[int]:
    """The ids of documents whose number or title holds every word."""
    return select(SearchText.document_id).where(SearchText.document_id != 0, *_says(query))


def named(query: str) -> ColumnElement[bool]:
    """Whether a task's own name holds what was typed; for tasks that were found already."""
    names = (Ticket.name, Ticket.name_en)
    return or_(*(each.icontains(query, autoescape=True) for each in names))


def _says(query: str) -> list[ColumnElement[bool]]:
    """The index finds the pairs; a longer word is then looked for as it stands."""
    words = lookup.sought(query)
    if not words:
        return [false()]
    longer = (word for word in words if len(word) > 2)
    return [_holds(lookup.grams_of(words)), *(SearchText.text.contains(word) for word in longer)]


def _holds(grams: list[str]) -> ColumnElement[bool]:
    if dialect() == "postgresql":
        return SearchText.grams.op("@>")(literal(grams, Grams()))
    index: Any = table(INDEX)
    asked = literal(" AND ".join(f'"{gram}"' for gram in grams))
    rows = select(literal_column("rowid", Integer)).select_from(index)
    return SearchText.id.in_(rows.where(literal_column(INDEX).op("MATCH")(asked)))
