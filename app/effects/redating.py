"""After the calendar changed: every running case that it touches finds its dates again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, or_, select

from app import advance, clock, journal
from app.actor import Actor
from app.db import session
from app.effects import dates
from app.model import OPEN, Assignment, Case, Timer


def find_again_from(first: date, actor: Actor) -> int:
    """Find the dates on or after that day again; returns how many moved. The journal of the
    change has to be written (flushed) before, so that the new calendar is the one that is read.
    """
    return sum(_find_again(case_id, actor) for case_id in _touched(first))


def _touched(first: date) -> Sequence[int]:
    """Running cases with a date, or something planned around one, on or after that day.

    Children come before their parents, the order in which every act locks them.
    """
    start = clock.from_local(first)
    return (
        session()
        .scalars(
            select(Case.id)
            .where(
                Case.status.in_(("open", "suspended")),
                or_(
                    Case.due_day >= first,
                    exists().where(
                        Assignment.case_id == Case.id,
                        Assignment.due_at >= start,
                        Assignment.state.in_(OPEN),
                    ),
                    exists().where(
                        Timer.case_id == Case.id, Timer.pending(), Timer.fire_at >= start
                    ),
                ),
            )
            .order_by(Case.id.desc())
        )
        .all()
    )


def _find_again(case_id: int, actor: Actor) -> int:
    loaded = advance.load(case_id)
    before = loaded.case.due_day
    moved = dates.find_again(loaded)
    if moved or loaded.case.due_day != before:
        journal.record(
            "deadlines.found_again",
            stream=loaded.stream,
            case_id=case_id,
            actor=actor,
            unit_id=loaded.case.opened_unit_id,
            data={"moved": moved, "before": before, "due_day": loaded.case.due_day},
        )
    return len(moved)
