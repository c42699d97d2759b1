"""A file on its way into a round: lock it, and see that nobody changed it in the meantime."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select

from app.actor import Actor
from app.commands import faster
from app.db import session
from app.errors import NotFound, Stale
from app.i18n import _
from app.model import ImportBatch, Round
from app.rules import access

CLOSING: Final = ("reading.imported", "import.discarded")
CHANGING: Final = ("import.mapped", "import.row_left_out", "import.row_taken_back")


def require_analyst(actor: Actor) -> None:
    """Only the analysts bring readings in."""
    access.require(access.may_bring_in_readings(actor), _("Only the analysts bring readings in."))


def locked_round(round_id: int, actor: Actor) -> Round:
    """The round, for somebody who may know of its files; one import at a time enters it."""
    if not access.may_see_imports(actor):
        raise NotFound
    found = session().get(Round, round_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def locked(batch_id: int, actor: Actor) -> ImportBatch:
    """A file, its round locked first."""
    round_id = session().scalar(select(ImportBatch.round_id).where(ImportBatch.id == batch_id))
    if round_id is None:
        raise NotFound
    locked_round(round_id, actor)
    return session().get_one(ImportBatch, batch_id, with_for_update=True, populate_existing=True)


def to_clear_up(
    batch_id: int, actor: Actor, seen: int | None, *kinds: str, **same: Any
) -> ImportBatch:
    """A file whose preview this person may work on, unchanged since they looked at it."""
    batch = previewed(batch_id, actor)
    require_analyst(actor)
    require_unchanged(batch, seen, *kinds, **same)
    return batch


def previewed(batch_id: int, actor: Actor) -> ImportBatch:
    """A file that waits for its confirmation; Stale with who closed it."""
    batch = locked(batch_id, actor)
    if batch.state != "previewed":
        require_unchanged(batch, 0)
        raise Stale(
            _("This import is no longer open as you saw it."),
            details={"by": "", "at": None, "what": batch.state, "version": None},
        )
    return batch


def require_unchanged(batch: ImportBatch, seen: int | None, *kinds: str, **same: Any) -> None:
    """Refuse with Stale when somebody closed the file, or did such a thing to that part of it."""
    closed = dict.fromkeys(CLOSING, faster.about(batch=batch.id))
    changed = dict.fromkeys(kinds, faster.about(batch=batch.id, **same))
    faster.require_unchanged(f"round:{batch.round_id}", seen, {**closed, **changed})
