"""Rows whose ids are needed before the act ends: ids set aside, and records written at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import JSON, insert, select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.functions import FunctionElement

from app.db import Base, dialect, known, session
from app.pending import row_of, table_of

_NEXT: Final = text(
    "SELECT ARRAY(SELECT nextval('ticket_id_seq') FROM generate_series(1, :tickets)), "
    "ARRAY(SELECT nextval('assignment_id_seq') FROM generate_series(1, :assignments))"
)


class Last(FunctionElement[Any]):
    """The last ids of tickets and assignments, where they are counted and not given out."""

    type = JSON()
    inherit_cache = True


@compiles(Last, "postgresql")
def _given_out(_element: Last, _compiler: Any, **_how: Any) -> str:
    return "CAST(NULL AS JSON)"


@compiles(Last, "sqlite")
def _counted(_element: Last, _compiler: Any, **_how: Any) -> str:
    last = "(SELECT coalesce(max(id), 0) FROM {})"
    return f"json_array({last.format('ticket')}, {last.format('assignment')})"


def know_last(ids: list[int] | None) -> None:
    """The last ids as read with a case: SQLite has one writer, so the next ones are ours."""
    known()["ids"] = ids


def new_ids(*, tickets: int, assignments: int) -> tuple[Sequence[int], Sequence[int]]:
    """So many ids for tickets and for assignments that nobody else gets."""
    if dialect() == "postgresql":
        given = {"tickets": tickets, "assignments": assignments}
        found = session().connection().execute(_NEXT, given).one()
        return found[0], found[1]
    ticket, assignment = known().get("ids") or session().execute(select(Last())).scalar_one()
    know_last([ticket + tickets, assignment + assignments])
    return (
        range(ticket + 1, ticket + tickets + 1),
        range(assignment + 1, assignment + assignments + 1),
    )


def put_new(record: Base) -> None:
    """Write a new record now, past everything that waits to be written."""
    if record in session():
        session().expunge(record)
    row = {name: value for name, value in row_of(record).items() if value is not None}
    written = session().connection().execute(_new(type(record)), row).one()
    for name, value in written._asdict().items():
        set_committed_value(record, name, value)
    session().add_written(record)


@cache
def _new(model: type[Base]) -> Any:
    table = table_of(model)
    return insert(table).returning(*table.c)
