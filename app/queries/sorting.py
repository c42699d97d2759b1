"""By what the inbox is ordered: several keys one after the other, each either way round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Subquery, and_, bindparam, or_, tuple_

from app.db import UtcDateTime
from app.queries.places import Place

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "light": ("rank",),
    "due": ("by",),
    "number": ("number_length", "case_number"),
    "unit": ("unit_id",),
    "opened": ("id",),
}
"""Columns of `waiting.lit`. Numbers of one series are as long as their running part; units are in
the order of their register, and what was opened later has the higher id."""
KINDS: Final[Mapping[str, type]] = {
    "by": datetime,
    "case_number": str,
}  # the others are whole numbers


@dataclass(frozen=True)
class Sort:
    """Keys with whether each goes downwards; the task's own number decides at last."""

    keys: tuple[tuple[str, bool], ...]

    def __str__(self) -> str:
        """As an address holds it: `light,-due`."""
        return ",".join(f"-{key}" if down else key for key, down in self.keys)

    @classmethod
    def read(cls, text: str) -> Sort:
        """The order an address asks for; what it cannot mean is left out, the usual one is left."""
        wanted = {each.strip().removeprefix("-"): each.strip()[:1] == "-" for each in _parts(text)}
        keys = tuple((key, down) for key, down in wanted.items() if key in KEYS)
        return cls(keys) if keys else PRESSING

    def first(self, key: str) -> Sort:
        """This order with one key before all others; turned round where it stands there already."""
        down = dict(self.keys).get(key, False)
        turned = (key, not down if self.keys[0][0] == key else down)
        return Sort((turned, *(each for each in self.keys if each[0] != key)))

    @property
    def columns(self) -> tuple[tuple[str, bool], ...]:
        """The columns with their directions."""
        found = {column: down for key, down in self.keys for column in KEYS[key]}
        return tuple({**found, "id": found.get("id", False)}.items())

    @property
    def numbered(self) -> bool:
        """Whether the number of the case is among them."""
        return "number" in dict(self.keys)

    @property
    def kinds(self) -> tuple[type, ...]:
        """Of what kind their values are."""
        return tuple(KINDS.get(column, int) for column, _down in self.columns)

    def order(self, of: Subquery) -> list[ColumnElement[Any]]:
        """For ORDER BY."""
        return [of.c[name].desc() if down else of.c[name].asc() for name, down in self.columns]

    def beyond(self, of: Subquery) -> ColumnElement[bool]:
        """What comes after a place in this order; takes `bound` of that place."""
        columns = [(of.c[name], _bind(name), down) for name, down in self.columns]
        if len({down for _column, _value, down in columns}) == 1:
            rows, place = (
                tuple_(*(c for c, _v, _d in columns)),
                tuple_(*(v for _c, v, _d in columns)),
            )
            return rows < place if columns[0][2] else rows > place
        return or_(
            *(
                and_(
                    *(before == value for before, value, _down in columns[:at]),
                    column < wanted if down else column > wanted,
                )
                for at, (column, wanted, down) in enumerate(columns)
            )
        )

    def place(self, row: Any) -> Place:
        """Where a row stands."""
        return Place(tuple(getattr(row, name) for name, _down in self.columns))

    def bound(self, place: Place) -> dict[str, Any]:
        """A place's values for `beyond`."""
        names = (f"after_{name}" for name, _down in self.columns)
        return dict(zip(names, place.values, strict=True))


PRESSING: Final = Sort((("light", False), ("due", False)))
"""Late work first: the usual order."""


def _parts(text: str) -> list[str]:
    """Every key once: where it comes first."""
    found: dict[str, str] = {}
    for part in text.split(",")[: 2 * len(KEYS)]:
        found.setdefault(part.strip().removeprefix("-"), part)
    return list(found.values())


def _bind(name: str) -> Any:
    return bindparam(f"after_{name}", type_=UtcDateTime() if name == "by" else None)
