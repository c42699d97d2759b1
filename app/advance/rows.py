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


class NextIds(FunctionElement[Any]):
    """Read along with a case: ids of a ticket and two assignments, which most acts open at most.

    On SQLite, which has one writer and counts its ids, the last ones of both.
    """

    type = JSON()
    inherit_cache = True


@compiles(NextIds, "postgresql")
def _set_aside(_element: NextIds, _compiler: Any, **_how: Any) -> str:
    nexts = [f"nextval('{each}_id_seq')" for each in ("ticket", "assignment", "assignment")]
    return f"(SELECT json_build_array({', '.join(nexts)}))"


@compiles(NextIds, "sqlite")
def _counted(_element: NextIds, _compiler: Any, **_how: Any) -> str:
    last = "(SELECT coalesce(max(id), 0) FROM {})"
    return f"json_array({last.format('ticket')}, {last.format('assignment')})"


def know_ids(ids: list[int]) -> None:
    """What `NextIds` said when the case was read."""
    known()["ids"] = ids


def new_ids(*, tickets: int, assignments: int) -> tuple[Sequence[int], Sequence[int]]:
    """So many ids for tickets and for assignments that nobody else gets."""
    ids = known().pop("ids", None)
    if dialect() == "postgresql":
        if ids and tickets <= 1 and assignments < len(ids):
            return ids[:tickets], ids[1 : 1 + assignments]
        given = {"tickets": tickets, "assignments": assignments}
        found = session().connection().execute(_NEXT, given).one()
        return found[0], found[1]
    ticket, assignment = ids or session().execute(select(NextIds())).scalar_one()
    know_ids([ticket + tickets, assignment + assignments])
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
