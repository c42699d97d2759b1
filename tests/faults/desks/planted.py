"""Faults the sequences have to find, each planted alone in the code that operations share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import select, update

from app.advance import finishing, restoring, settling
from app.db import session
from app.effects import dates, holders
from app.model import Assignment
from tests.faults.machine.planted import at_the_end_of_an_act

Patch = pytest.MonkeyPatch


def ended_cases_keep_their_tasks(patch: Patch) -> None:
    """What ends a case leaves everybody their work."""
    patch.setattr(settling, "_cancel", lambda *_seen: None)


def others_keep_a_decided_task(patch: Patch) -> None:
    """A task that is decided stays with whoever else had it."""
    patch.setattr(finishing, "drop_open_assignments", lambda *_seen, **_named: None)


def nobody_writes_down_whose_it_is(patch: Patch) -> None:
    """A task changes hands and the journal says nothing."""

    def silently(
        _loaded: Any, _ticket: Any, assignment: Assignment, *_told: Any, **_by: Any
    ) -> None:
        assignment.version += 1
        session().put_off_changes(assignment)

    patch.setattr(holders, "changed", silently)


def what_is_sent_back_stays_open(patch: Patch) -> None:
    """Tasks on the way back are not closed."""
    patch.setattr(restoring, "vanishing", lambda *_seen: [])


def a_standstill_costs_time(patch: Patch) -> None:
    """Dates come a day nearer when the clock runs again."""
    whole = dates.find_again

    def nearer(loaded: Any) -> Any:
        moved = whole(loaded)
        for each in dates.dated(loaded.case.id):
            each.due_at = (each.due_at or each.opened_at) - timedelta(days=1)
        return moved

    patch.setattr(dates, "find_again", nearer)


def now_and_then_work_gets_lost(patch: Patch) -> None:
    """The last open task of a case is nobody's any more."""

    def spoil() -> None:
        last = select(Assignment.id).where(Assignment.state == "active")
        session().execute(
            update(Assignment)
            .where(Assignment.id == last.order_by(Assignment.id.desc()).limit(1).scalar_subquery())
            .values(state="cancelled")
        )

    at_the_end_of_an_act(patch, spoil)


PLANTS: Final[Mapping[str, Callable[[Patch], None]]] = {
    each.__name__: each
    for each in (
        ended_cases_keep_their_tasks,
        others_keep_a_decided_task,
        nobody_writes_down_whose_it_is,
        what_is_sent_back_stays_open,
        a_standstill_costs_time,
        now_and_then_work_gets_lost,
    )
}
