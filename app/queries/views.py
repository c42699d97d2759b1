"""The views of the inbox somebody keeps, and those open to their units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, or_, select

from app.actor import Actor
from app.model import SavedView, Unit
from app.queries.reading import read

VIEWS: Final = (
    select(
        SavedView.id,
        SavedView.name,
        SavedView.query,
        SavedView.person_id,
        SavedView.unit_id,
        Unit.name.label("unit"),
    )
    .outerjoin(Unit, Unit.id == SavedView.unit_id)
    .where(
        or_(
            SavedView.person_id == bindparam("me"),
            SavedView.unit_id.in_(bindparam("units", expanding=True)),
        )
    )
    .order_by(SavedView.unit_id.is_not(None), SavedView.name, SavedView.id)
)


@dataclass(frozen=True)
class View:
    """A view by its name; `unit` where it is open to a whole unit, `mine` where I may change it."""

    view_id: int
    name: str
    query: Mapping[str, str]
    unit_id: int | None
    unit: str
    mine: bool


def views(viewer: Actor) -> tuple[View, ...]:
    """One's own first, then those of one's units, by name."""
    rows = read(VIEWS, {"me": viewer.person_id, "units": sorted(viewer.unit_ids)})
    return tuple(
        View(
            row.id, row.name, row.query, row.unit_id, row.unit or "",
            mine=row.person_id == viewer.person_id,
        )
        for row in rows
    )  # fmt: skip
