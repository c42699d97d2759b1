"""Rows of one act in few statements: those that are there change, those that are new are added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import Row, Table, bindparam, func, insert, inspect, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from app.db import Base, Id, dialect, session
from app.model import Assignment, Case, CaseState, Ticket

Record = TypeVar("Record", bound=Base)


@dataclass(frozen=True)
class Change(Generic[Record]):
    """What becomes of a record; the record itself stays as it was until that is written."""

    record: Record
    values: Mapping[str, Any]

    @property
    def row(self) -> dict[str, Any]:
        """Every column, as it will be."""
        return {**row_of(self.record), **self.values}

    def written(self) -> None:
        """It stands in the database now: the record says so too, and a flush adds nothing."""
        for name, value in self.values.items():
            set_committed_value(self.record, name, value)

    def write(self) -> None:
        """Write it by itself."""
        for name, value in self.values.items():
            setattr(self.record, name, value)
        session().flush()


def put_tickets(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Add tickets and close those that are there: the ids by engine task; one statement."""
    found = session().execute(_tickets(dialect()), list(rows))
    return {row.engine_task: row.id for row in found}


def put_assignments(rows: Sequence[Mapping[str, Any]]) -> Sequence[Row[Any]]:
    """Add assignments (without an id) and change those that are there; one statement.

    Gives back id, ticket_id, unit_id and role of each, in no particular order.
    """
    given = [{"known": row["id"], **row} for row in rows]
    for row in given:
        del row["id"]
    return session().execute(_assignments(dialect()), given).all()


@cache
def _tickets(database: str) -> Any:
    table = _table(Ticket)
    add = _insert(table, database)
    add = add.on_conflict_do_update(
        index_elements=["case_id", "engine_task"],
        set_={name: add.excluded[name] for name in ("state", "closed_at")},
    )
    return add.returning(table.c.engine_task, table.c.id)


@cache
def _assignments(database: str) -> Any:
    table = _table(Assignment)
    known: Any = bindparam("known", type_=Id)
    if database == "postgresql":
        known = func.coalesce(known, func.nextval("assignment_id_seq"))
    add = _insert(table, database).values(id=known)
    changing = ("state", "version", "opened_at", "done_at", "done_by", "answers")
    add = add.on_conflict_do_update(
        index_elements=["id"], set_={name: add.excluded[name] for name in changing}
    )
    return add.returning(table.c.id, table.c.ticket_id, table.c.unit_id, table.c.role)


def put_case(case: Case, state: Mapping[str, Any]) -> None:
    """Write what changed of a case, and the engine's state beside it.

    PostgreSQL does both in one statement; SQLite, whose lock costs no statement, in two.
    """
    history = ((each.key, each.value) for each in inspect(case).attrs if each.history.has_changes())
    changed = dict(history)
    table = _table(Case)
    kept = insert(_table(CaseState)).values(**state)
    write = update(table).where(table.c.id == case.id).values(**changed)
    with session().no_autoflush:
        if dialect() == "postgresql":
            session().execute(write.add_cte(kept.cte("kept")))
        else:
            session().execute(kept)
            session().execute(write)
    Change(case, changed).written()


def put_new(record: Base) -> None:
    """Write a new record now, and nothing else that waits to be written."""
    if record in session():
        session().expunge(record)
    table = _table(type(record))
    row = {name: value for name, value in row_of(record).items() if value is not None}
    with session().no_autoflush:
        written = session().execute(insert(table).values(**row).returning(*table.c)).one()
    for name, value in written._asdict().items():
        set_committed_value(record, name, value)
    make_transient_to_detached(record)
    session().add(record)


def row_of(record: Base) -> dict[str, Any]:
    """A record's columns as they are now, written or not."""
    return {column.key: getattr(record, column.key) for column in record.__table__.columns}


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - narrows for the type checker
    return table


def _insert(table: Table, database: str) -> Any:
    return (postgresql if database == "postgresql" else sqlite).insert(table)
