"""Which cases and papers say something, as SQL over the index of their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    false,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
    tuple_,
)
from sqlalchemy.exc import SQLAlchemyError

from app.db import constant, dialect, session
from app.model import SearchText, Ticket
from app.model.search import INDEX, Grams
from app.rules import lookup

MANY: Final = 1_000
TICKET: Final = Ticket.__table__
FOR_THESE_WORDS: Final = text(
    "SELECT set_config('enable_seqscan', 'off', false),"
    " set_config('plan_cache_mode', 'force_custom_plan', false)"
)
AS_USUAL: Final = text(
    "SELECT set_config('enable_seqscan', 'on', false), set_config('plan_cache_mode', 'auto', false)"
)


def running_cases_saying(query: str) -> Select[int]:
    """The ids of cases that are not over and hold every word; a smaller index serves."""
    return _of_cases(query).where(SearchText.running)


def cases_saying(query: str) -> Select[int]:
    """The ids of cases whose number, title, matter, answers, thread or files hold every word."""
    return _first(_of_cases(query), SearchText.case_id)


def cases_saying_widely(query: str) -> Select[int]:
    """The same for words that many cases hold: to be asked of one case after the other."""
    words = lookup.sought(query)
    wanted = select(SearchText.case_id).where(SearchText.document_id == 0)
    return wanted.where(
        *(SearchText.text.contains(word) for word in words), *(() if words else (false(),))
    )


def many_say(query: str) -> bool:
    """Whether so many cases hold every word that the newest of them are soon come upon."""
    some = cases_saying(query).limit(MANY).subquery()
    return session().scalar(select(func.count()).select_from(some)) == MANY


def papers_saying(query: str) -> Select[int]:
    """The ids of documents whose number or title holds every word."""
    wanted = select(SearchText.document_id).where(SearchText.document_id != 0, *_says(query))
    return _first(wanted, SearchText.document_id)


def _of_cases(query: str) -> Select[int]:
    return select(SearchText.case_id).where(SearchText.document_id == 0, *_says(query))


def _first(wanted: Select[int], column: Any) -> Select[int]:
    """Found before anything else is: nobody shall walk through all cases comparing their words."""
    found = wanted.cte(f"{column.key}_found").prefix_with("MATERIALIZED", dialect="postgresql")
    return select(found.c[column.key])


def named(query: str) -> ColumnElement[bool]:
    """Whether a task's own name holds what was typed; for tasks that were found already."""
    names = (Ticket.name, Ticket.name_en)
    return or_(*(each.icontains(query, autoescape=True) for each in names))


@cache
def tasks_called() -> Select[int]:
    """The ids of open tasks whose name is like `step`; each different name is read once."""
    start = _next_name().scalar_subquery()
    steps = select(start.label("id")).cte("step", recursive=True)
    before, known, task = (TICKET.alias() for _each in range(3))
    after = _next_name((before.c.name, before.c.name_en)).correlate(before).scalar_subquery()
    steps = steps.union_all(select(after).join_from(steps, before, before.c.id == steps.c.id))
    like = bindparam("step", type_=String())
    return (
        select(task.c.id)
        .join_from(steps, known, known.c.id == steps.c.id)
        .join(task, (task.c.name == known.c.name) & (task.c.name_en == known.c.name_en))
        .where(
            task.c.state == constant("open"),
            or_(*(each.ilike(like, escape="/") for each in (known.c.name, known.c.name_en))),
        )
    )


def like(query: str) -> str:
    """The value of `step` for what was typed."""
    return "%" + re.sub("([%_/])", r"/\1", query) + "%"


def _next_name(after: tuple[Any, Any] | None = None) -> Select[int]:
    """Some open task with the name that comes next in the index of names."""
    task = TICKET.alias()
    name = (task.c.name, task.c.name_en)
    wanted = select(task.c.id).where(task.c.state == constant("open")).limit(1)
    wanted = wanted.order_by(*name, task.c.id)
    return wanted if after is None else wanted.where(tuple_(*name) > tuple_(*after))


@contextmanager
def by_the_index(query: str) -> Iterator[None]:
    """What is asked meanwhile PostgreSQL plans for these very words, and by indexes alone.

    It would find it cheap to compare every row's pairs where many rows hold a word, and after some
    words take one plan for all, the common and the rare.
    """
    if not query or dialect() != "postgresql":
        yield
        return
    session().execute(FOR_THESE_WORDS)
    try:
        yield
    finally:
        with suppress(SQLAlchemyError):  # a transaction that failed takes its settings back
            session().execute(AS_USUAL)


def alike(query: str) -> str:
    """Words the same statement looks for, which takes `words_of` others: as many long ones."""
    words = lookup.sought(query)
    if not words:
        return "-"
    return " ".join(f"{n:03}" for n in range(len(_longer(words)))) or "0"


def words_of(query: str) -> dict[str, Any]:
    """What statements that look for words take: the pairs to be found, and each longer word."""
    words = lookup.sought(query)
    grams: Any = lookup.grams_of(words)
    if dialect() != "postgresql":
        grams = " AND ".join(f'"{gram}"' for gram in grams)
    return {"grams": grams} | {f"word_{n}": word for n, word in enumerate(_longer(words))}


def _longer(words: list[str]) -> list[str]:
    return [word for word in words if len(word) > 2]


def _says(query: str) -> list[ColumnElement[bool]]:
    """The index finds the pairs; a longer word is then looked for as it stands."""
    if not lookup.sought(query):
        return [false()]
    grams, *longer = words_of(query).items()
    texts = (bindparam(name, word, type_=String()) for name, word in longer)
    return [_holds(*grams), *(SearchText.text.contains(text) for text in texts)]


def _holds(name: str, grams: Any) -> ColumnElement[bool]:
    if dialect() == "postgresql":
        return SearchText.grams.op("@>")(bindparam(name, grams, type_=Grams()))
    index: Any = table(INDEX)
    rows = select(literal_column("rowid", Integer)).select_from(index)
    asked = bindparam(name, grams, type_=String())
    return SearchText.id.in_(rows.where(literal_column(INDEX).op("MATCH")(asked)))
