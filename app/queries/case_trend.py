"""How the indicator of a case went, as far as the viewer may know of rounds."""

from __future__ import annotations

from app.actor import Actor
from app.queries.indicators import trend
from app.queries.trends import Cell
from app.rules import access


def case_trend(viewer: Actor, indicator_id: int | None, round_code: str) -> tuple[Cell, ...]:
    """The last rounds, oldest first; for those who see no rounds they end with the case's own."""
    cells = trend(indicator_id) if indicator_id else ()
    if access.may_see_rounds(viewer):
        return cells
    codes = [cell.code for cell in cells]
    return cells[: codes.index(round_code) + 1] if round_code in codes else ()
