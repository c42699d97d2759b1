"""Faults the sequences have to find, each planted alone in the code that operations share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import and_, or_, select, update

from app.advance import asking, finishing, restoring, settling
from app.commands import due
from app.db import session
from app.effects import anew, dates, holders, sendings
from app.model import Assignment, Case, Timer
from app.rules import signers
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


def the_askers_turn_never_comes(patch: Patch) -> None:
    """Who asked others first waits on when they have answered."""
    patch.setattr(asking, "turn_again", lambda *_seen: False)


def who_was_removed_still_signs(patch: Patch) -> None:
    """Signers who are let go of keep their task."""
    patch.setattr(asking, "let_go", lambda *_seen: None)


def who_has_signed_is_removed(patch: Patch) -> None:
    """An opinion that was given can be taken away."""

    def everybody(task: Any) -> tuple[Any, ...]:
        return tuple(each for each in task.helpers if each.kind != "delegated")

    patch.setattr(signers, "removable", everybody)


def what_stood_open_is_lost(patch: Patch) -> None:
    """Straight back, and one of the branches that were open is not open again."""

    def forgotten(_loaded: Any, ticket: Any, *_seen: Any) -> Mapping[str, Any]:
        return {"node": ticket.node, "again": True, "assignments": []}

    patch.setattr(restoring, "_stand_again", forgotten)


def clocks_go_on_while_a_case_stands_still(patch: Patch) -> None:
    """Reminders and steps come though the case is suspended."""

    def come(now: Any) -> Any:
        running = Case.status.in_(("open", "suspended"))
        whose = or_(Timer.assignment_id.is_(None), Assignment.state == "active")
        return and_(Timer.pending(), Timer.fire_at <= now, running, whose)

    patch.setattr(due, "_come", come)


def a_moved_case_leaves_tasks_behind(patch: Patch) -> None:
    """What was open before the case was put at another task stays open."""
    whole = anew.begun_at
    patch.setattr(anew, "begun_at", lambda *seen: replace(whole(*seen), closed=()))


def a_reopened_case_has_no_work(patch: Patch) -> None:
    """The case runs again, and nobody has its task."""
    whole = anew.begun_again
    patch.setattr(anew, "begun_again", lambda *seen: replace(whole(*seen), opened=()))


def readers_are_not_counted(patch: Patch) -> None:
    """Who is asked to read, or has read, is not found in what the case says of its lists."""
    patch.setattr(sendings, "count_readers", lambda _loaded: None)


PLANTS: Final[Mapping[str, tuple[Callable[[Patch], None], Sequence[str]]]] = {
    plant.__name__: (plant, likes)
    for plant, likes in (
        (ended_cases_keep_their_tasks, ["terminate", "void"]),
        (others_keep_a_decided_task, []),
        (nobody_writes_down_whose_it_is, ["claim", "transfer"]),
        (what_is_sent_back_stays_open, ["send_back"]),
        (a_standstill_costs_time, ["suspend", "resume"]),
        (now_and_then_work_gets_lost, []),
        (the_askers_turn_never_comes, ["delegate", "recall", "add_before"]),
        (who_was_removed_still_signs, ["add_after", "remove_signers"]),
        (who_has_signed_is_removed, ["add_before", "remove_signers"]),
        (what_stood_open_is_lost, ["send_back"]),
        (clocks_go_on_while_a_case_stands_still, ["suspend"]),
        (a_moved_case_leaves_tasks_behind, ["move"]),
        (a_reopened_case_has_no_work, ["terminate", "reopen"]),
        (readers_are_not_counted, ["circulate", "circulate_first"]),
    )
}
"""Each with what the people at the desks like to do then, so that it is met soon."""
