"""Places inside one act where it can be struck down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from app import advance, engine, journal
from app.advance import finishing
from app.commands import faster
from app.effects import registry

POINTS: dict[str, tuple[Any, str, str]] = {
    "case locked": (advance, "load_by_assignment", "after"),
    "permission asked": (faster, "require_open", "after"),
    "before the effect": (registry, "run", "before"),
    "after the effect": (registry, "run", "after"),
    "engine stepped": (engine, "complete", "after"),
    "tasks handed out": (finishing, "settle", "after"),
    "state saved": (finishing, "save_state", "after"),
    "before the journal": (journal, "flush", "before"),
    "after the journal": (journal, "flush", "after"),
    "before the commit": (Session, "commit", "before"),
    "after the commit": (Session, "commit", "after"),
}
LASTING = {"after the commit"}


@contextmanager
def struck(point: str, strike: Callable[[], None]) -> Iterator[list[str]]:
    """Call `strike` when an act comes to that point; the list says how often it did."""
    place, name, when = POINTS[point]
    whole, struck_at = getattr(place, name), []

    def torn(*args: Any, **kwargs: Any) -> Any:
        answer = whole(*args, **kwargs) if when == "after" else None
        struck_at.append(point)
        strike()
        return answer if when == "after" else whole(*args, **kwargs)

    setattr(place, name, torn)
    try:
        yield struck_at
    finally:
        setattr(place, name, whole)
