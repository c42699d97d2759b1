"""Faults the machine has to find, each planted alone; what corrupts rows does so inside the act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
from sqlalchemy import select, text

from app import effects, journal
from app.commands import command, due, faster, timers
from app.commands.command import Command
from app.db import session
from app.effects import dates, escalation, registry
from app.model import Assignment, Timer, Work
from app.queries import inbox
from app.rules import access

Patch = pytest.MonkeyPatch


def at_the_end_of_an_act(patch: Patch, spoil: Callable[[], Any]) -> None:
    """Spoil something in every act's transaction, just before its journal is written."""
    whole = journal.flush

    def spoiled() -> int:
        session().flush()
        spoil()
        return whole()

    patch.setattr(journal, "flush", spoiled)


def nobody_looks(patch: Patch) -> None:
    """Whether the task is still open, and as it was seen, is not asked."""
    patch.setattr(faster, "require_open", lambda *_seen: None)


def versions_count_for_nothing(patch: Patch) -> None:
    """Only whether it is open is asked."""
    whole = faster.require_open
    patch.setattr(faster, "require_open", lambda *seen: whole(*seen[:3], None))


def others_acts_are_overlooked(patch: Patch) -> None:
    """Operations do not see that somebody was faster."""
    patch.setattr(faster, "require_unchanged", lambda *_seen: None)


def journal_not_written(patch: Patch) -> None:
    """What was recorded is dropped."""
    patch.setattr(journal, "flush", journal.forget)


def wrong_row_before(patch: Patch) -> None:
    """Each row is hashed as if it were a stream's first."""
    whole = journal.chain_hash
    patch.setattr(
        journal, "chain_hash", lambda f, s, q, _before, body: whole(f, s, q, "0" * 64, body)
    )


def work_after_the_commit(patch: Patch) -> None:
    """What an act asks for is written in a second transaction: commit, then enqueue."""
    asked: list[dict[str, Any]] = []
    columns = [column for column in Work.__table__.columns if column.name != "id"]

    def hold_back() -> None:
        rows = session().execute(select(*columns).where(Work.state == "pending")).mappings()
        asked.extend(dict(row) for row in rows)
        session().execute(text("DELETE FROM work WHERE state = 'pending'"))

    whole = command._act  # noqa: SLF001 - the seam at which an act ends

    def enqueued(*args: Any, **named: Any) -> Any:
        try:
            answer = whole(*args, **named)
            session().add_all(Work(**row) for row in asked)
            session().commit()
        finally:
            asked.clear()
        return answer

    at_the_end_of_an_act(patch, hold_back)
    patch.setattr(command, "_act", enqueued)


def keys_ignored(patch: Patch) -> None:
    """A repeat is done again."""
    patch.setattr(Command, "once", lambda self, _key, *args, **named: self(*args, **named))


def half_committed(patch: Patch) -> None:
    """What an effect did is kept though the act fails later."""
    whole = registry.run

    def kept(step: effects.Completed) -> Any:
        facts = whole(step)
        session().commit()
        return facts

    patch.setattr(registry, "run", kept)


def fires_twice(patch: Patch) -> None:
    """A timer that fired is not marked."""
    patch.setattr(timers, "_mark_fired", lambda ids, _now: len(ids))


def the_dead_are_reminded(patch: Patch) -> None:
    """Timers fire whether or not anybody still has the task; nothing takes them away before."""
    back = text("UPDATE timer SET state = 'pending' WHERE state = 'cancelled'")
    at_the_end_of_an_act(patch, lambda: session().execute(back))
    patch.setattr(due, "_come", lambda now: Timer.pending() & (Timer.fire_at <= now))
    patch.setattr(timers, "clear_away", lambda **_who: 0)


def standstills_cost_time(patch: Patch) -> None:
    """Dates are not found again when a clock runs on."""
    patch.setattr(dates, "find_again", lambda _loaded: [])


def another_unit(patch: Patch) -> None:
    """The newest task goes to a unit that has nothing to do with the case."""
    spoil = text(
        "UPDATE assignment SET unit_id = (SELECT id FROM unit WHERE code = 'WLX') "
        "WHERE id = (SELECT max(id) FROM assignment WHERE state = 'active')"
    )
    at_the_end_of_an_act(patch, lambda: session().execute(spoil))


def tickets_stay_open(patch: Patch) -> None:
    """A task that is done stays open."""
    spoil = text("UPDATE ticket SET state = 'open' WHERE state = 'done'")
    at_the_end_of_an_act(patch, lambda: session().execute(spoil))


def cases_stay_open(patch: Patch) -> None:
    """A case that ended stays open."""
    spoil = text("UPDATE case_file SET status = 'open' WHERE status = 'closed'")
    at_the_end_of_an_act(patch, lambda: session().execute(spoil))


def others_tasks_counted(patch: Patch) -> None:
    """An inbox holds what another post of the unit has to do."""
    patch.setattr(inbox, "_may_be_done_by", lambda who: Assignment.unit_id.in_(who.unit_ids))


def anybody_may(patch: Patch) -> None:
    """Whoever holds a post may complete any task."""
    patch.setattr(access, "completes", lambda actor, **_asked: next(iter(actor.holdings), None))


def escalated_twice(patch: Patch) -> None:
    """Nobody looks whether a matter is being escalated already."""
    patch.setattr(escalation, "running", lambda _case, _unit: False)
    patch.setattr(escalation, "escalated", lambda _case, _unit: [])


PLANTS: Final[Mapping[str, Callable[[Patch], None]]] = {
    plant.__name__: plant
    for plant in (
        nobody_looks, versions_count_for_nothing, others_acts_are_overlooked, journal_not_written,
        wrong_row_before, work_after_the_commit, keys_ignored, half_committed, fires_twice,
        the_dead_are_reminded, standstills_cost_time, another_unit, tickets_stay_open,
        cases_stay_open, others_tasks_counted, anybody_may, escalated_twice,
    )
}  # fmt: skip
SAMPLE: Final = ("nobody_looks", "keys_ignored", "tickets_stay_open")
