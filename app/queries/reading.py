"""Reading columns for a page: past the ORM, which would look for changes nobody makes."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from sqlalchemy import CursorResult, Row
from sqlalchemy.sql.base import Executable

from app.db import Base, session


def read(wanted: Executable, values: Mapping[str, Any]) -> CursorResult[*tuple[Any, ...]]:
    """The rows of a select that names columns only; build it once and give it values."""
    return session().connection().execute(wanted, values)


class Columns:
    """Some columns of a table, found again as one thing in a row that holds more."""

    def __init__(self, table: type[Base], names: str) -> None:
        """`names`: apart from each other by blanks."""
        self.table = table.__name__
        self._names = names.split()
        labels = [f"{self.table}_{name}" for name in self._names]
        self.wanted = [
            getattr(table, n).label(to) for n, to in zip(self._names, labels, strict=True)
        ]
        self._values = attrgetter(*labels)

    def of(self, row: Row[*tuple[Any, ...]]) -> Any:
        """What the row says of this table, as the columns are called there."""
        return SimpleNamespace(**dict(zip(self._names, self._values(row), strict=True)))


def together(row: Row[*tuple[Any, ...]], *parts: Columns) -> Any:
    """A row with its parts under their tables' names, beside what else was asked for."""
    return SimpleNamespace(**row._asdict(), **{part.table: part.of(row) for part in parts})
