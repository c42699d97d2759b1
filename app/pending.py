"""What an act writes and needs no answer for: kept back, then sent together in one statement."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from itertools import count
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    Connection,
    Table,
    Text,
    bindparam,
    cast,
    column,
    event,
    func,
    insert,
    inspect,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import DeclarativeBase, Session, make_transient_to_detached

Row = Mapping[str, Any]
_Rows = Mapping[Table, list[Row]]
_Changes = Mapping[DeclarativeBase, Row]


class _Shape(NamedTuple):
    """Rows of a table that are added, or those columns of rows that are there changed."""

    table: Table
    columns: tuple[str, ...]
    new: bool


class ActSession(Session):
    """A session that keeps rows back until somebody could miss them.

    They are sent before anything is asked through the session, flushed or committed: whoever
    reads finds them. A statement that cannot miss them goes past them, over `connection()`.
    """

    def __init__(self, db: Any, **options: Any) -> None:
        """One database, so there is no choosing between several for every statement."""
        super().__init__(**{**options, "bind": db.engine})
        self._rows: dict[Table, list[Row]] = {}
        self._changed: list[DeclarativeBase] = []
        self._written: list[DeclarativeBase] = []

    def put_off(self, model: type[DeclarativeBase], *rows: Row) -> None:
        """Add these rows, complete but for a generated id, when the others are sent."""
        if rows:
            self._rows.setdefault(table_of(model), []).extend(rows)

    def put_off_changes(self, record: DeclarativeBase) -> None:
        """Write what is changed of a record by then along with the rows."""
        if record not in self._changed:
            self._changed.append(record)

    def send(self) -> None:
        """Write everything that was put off: PostgreSQL in one statement, SQLite table by table."""
        if not self._rows and not self._changed:
            return
        rows, self._rows = self._rows, {}
        changed, self._changed = self._changed, []
        changes = {each: values for each in changed if (values := _changes(each))}
        line = self.connection()
        if line.dialect.name == "postgresql":
            _send_together(line, rows, changes)
        else:
            _send_by_table(line, rows, changes)
        for record in changed:  # there is nothing left for a flush to do
            state = inspect(record)
            state._commit_all(state.dict, self.identity_map)  # noqa: SLF001 - nothing public says this

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write records; those that refer to rows that were put off come after them."""
        self.send()
        super().flush(objects)

    def add_written(self, record: DeclarativeBase) -> None:
        """Take in a new record whose row was written past the session."""
        make_transient_to_detached(record)
        self.add(record)
        self._written.append(record)

    def conclude(self) -> None:
        """Before a commit: send what waits; what was written stays."""
        self.send()
        self._written = []

    def rollback(self) -> None:
        """Keep nothing; on SQLite the next record may get the id of one that is gone."""
        gone, self._written = self._written, []
        self._rows, self._changed = {}, []
        super().rollback()
        for record in gone:
            if record in self:
                self.expunge(record)


event.listen(ActSession, "before_commit", ActSession.conclude)
event.listen(ActSession, "do_orm_execute", lambda asked: asked.session.send())


def table_of(model: type[DeclarativeBase]) -> Table:
    """The table a model is kept in."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - narrows for the type checker
    return table


def row_of(record: DeclarativeBase) -> dict[str, Any]:
    """A record's columns as they are now, written or not."""
    return {column.key: getattr(record, column.key) for column in record.__table__.columns}


def _changes(record: DeclarativeBase) -> dict[str, Any]:
    """The columns of a record that hold something else than its row."""
    state = inspect(record)
    now = state.dict
    return {name: now[name] for name, was in state.committed_state.items() if now[name] != was}


def _send_together(line: Connection, rows: _Rows, changes: _Changes) -> None:
    parts = {_Shape(table, tuple(added[0]), new=True): added for table, added in rows.items()}
    for record, values in changes.items():
        shape = _Shape(table_of(type(record)), tuple(sorted(values)), new=False)
        parts.setdefault(shape, []).append({**values, "id": inspect(record).dict["id"]})
    if parts:
        shapes = tuple((shape, _alone(shape, each)) for shape, each in parts.items())
        line.execute(_together(shapes), dict(map(_as_json, count(), shapes, parts.values())))


def _send_by_table(line: Connection, rows: _Rows, changes: _Changes) -> None:
    """A table's new rows and those that change in one statement."""
    written = {table: list(added) for table, added in rows.items()}
    changing: dict[Table, set[str]] = {}
    for record, values in changes.items():
        table = table_of(type(record))
        written.setdefault(table, []).append(row_of(record))
        changing.setdefault(table, set()).update(values)
    for table, each in written.items():
        line.execute(_upsert(table, frozenset(changing.get(table, ()))), each)


@cache
def _upsert(table: Table, changing: frozenset[str]) -> Any:
    add = sqlite.insert(table).inline()
    if not changing:
        return add
    return add.on_conflict_do_update(
        index_elements=["id"], set_={name: add.excluded[name] for name in sorted(changing)}
    )


def _alone(shape: _Shape, rows: list[Row]) -> bool:
    """Whether it is the change of one row: what is added is joined to nothing."""
    return not shape.new and len(rows) == 1


def _as_json(place: int, of: tuple[_Shape, bool], rows: list[Row]) -> tuple[str, str]:
    """Dumped as the columns that hold JSON are, so that what is in them is the same."""
    _shape, alone = of
    return f"rows_{place}", json.dumps(rows[0] if alone else rows, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return rf"\x{value.hex()}"
    raise TypeError(f"{type(value).__name__} cannot be put off.")


@cache
def _together(shapes: tuple[tuple[_Shape, bool], ...]) -> Any:
    """One statement for all of them, the same for any number of rows, so that it stays planned.

    What its rows refer to is looked for when all of them are there. The change of a single row is
    told apart: PostgreSQL expects a hundred of a set, and would read a whole table of some
    thousand rows for that.
    """
    whole, *others = (
        _part(f"rows_{place}", shape, alone=alone) for place, (shape, alone) in enumerate(shapes)
    )
    for place, other in enumerate(others):
        whole = whole.add_cte(other.cte(f"also_{place}"))
    return whole


def _part(name: str, shape: _Shape, *, alone: bool) -> Any:
    """Rows come as JSON; the table itself says what type each of them is of."""
    table = shape.table
    like: Any = literal_column(f"NULL::{table.name}")
    names = shape.columns if shape.new else (*shape.columns, "id")
    columns = [column(each, table.c[each].type) for each in names]
    populate = func.json_populate_record if alone else func.json_populate_recordset
    given = populate(like, cast(bindparam(name, type_=Text), JSON))
    rows = given.table_valued(*columns, name=f"given_{name}")
    if shape.new:
        return insert(table).inline().from_select(shape.columns, select(*rows.c))
    here = table.c.id == rows.c.id
    return update(table).where(here).values({each: rows.c[each] for each in shape.columns})
