"""Many rows from one: the newest row of a table again and again, with what must differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

Asked = psycopg.Connection[Any]


def copy(asked: Asked, table: str, times: int, **changed: str) -> int:
    """So many more rows like the newest one; the id of the first of them.

    `changed`: column to SQL expression over `n`, the number of the copy; ids count on.
    """
    names = [
        str(name)
        for (name,) in asked.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s", (table,)
        )
    ]
    last = newest(asked, table)
    changed = {"id": f"{last} + n", "number": "NULL", "matter_key": "NULL", **changed}
    values = ", ".join(changed.get(name, f"{table}.{name}") for name in names)
    asked.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {values}"  # noqa: S608 - names of ours
        f" FROM {table}, generate_series(1, {times}) n WHERE id = {last}"
    )
    return last + 1


def newest(asked: Asked, table: str) -> int:
    """The highest id of a table."""
    return int(one(asked, f"SELECT max(id) FROM {table}")[0])  # noqa: S608 - names of ours


def one(asked: Asked, query: str) -> Sequence[Any]:
    """The only row a query answers with."""
    found: Sequence[Any] | None = asked.execute(query).fetchone()
    assert found is not None  # noqa: S101 - each of them always answers
    return found
