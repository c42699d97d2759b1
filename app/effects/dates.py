"""Move the dates of a case: its matter's day is set, its clock stood still, the calendar grew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app import advance, clock
from app.advance import Loaded
from app.advance.timing import WHOLE_MATTER
from app.clock import UTC
from app.db import session
from app.model import OPEN, Assignment
from app.rules import standstill
from app.rules.deadlines import Due, due

MATTER = {"matter": True}


def start_matter(loaded: Loaded, *, day: date | None, rule: str = "", at: datetime) -> Due:
    """The matter's clock starts: due on the chosen day, else by that rule or the profile's own."""
    loaded.case.issued_at = at
    found = (
        _decided(loaded, day, at)
        if day
        else due(loaded.profile.deadline(rule or WHOLE_MATTER), at, advance.calendar())
    )
    _set_matter(loaded, found)
    return found


def decide_matter(loaded: Loaded, day: date, *, at: datetime) -> Due:
    """Somebody decided a new day for the whole matter; the first one stays on record."""
    found = _decided(loaded, day, at)
    _set_matter(loaded, found)
    _move_with_matter(loaded, found)
    return found


def _move_with_matter(loaded: Loaded, found: Due) -> None:
    moved = [a for a in dated(loaded.case.id) if (a.due_rule or {}).get("matter")]
    for assignment in moved:
        advance.set_due(assignment, replace(found, rule={**found.rule, **MATTER}))
        advance.set_lights(assignment, loaded.case, loaded.profile)
    session().flush()
    advance.plan_timers(moved, loaded.profile, replan=True)


def restart_matter(loaded: Loaded, *, at: datetime) -> None:
    """The matter's clock begins anew at that moment: a counted date is counted from it.

    A day somebody decided stays. What is due with the matter moves along.
    """
    rule = loaded.case.due_rule
    if rule is None or rule["kind"] != "counted":
        return
    found = counted_anew(loaded, rule, at=at)
    _set_matter(loaded, found)
    _move_with_matter(loaded, found)


def counted_anew(loaded: Loaded, rule: Mapping[str, Any], *, at: datetime) -> Due:
    """The date by a stored rule, counted from that moment; one that was decided stays."""
    spans = standstill.spans_of(loaded.case.standstills or ())
    counted = rule["kind"] == "counted"
    anew = {**rule, "start": at.astimezone(UTC).isoformat()} if counted else rule
    return standstill.again(anew, advance.calendar(), spans)


def find_again(loaded: Loaded) -> list[dict[str, Any]]:
    """Find every open date of the case again by its rule; returns what moved, before and after."""
    days = advance.calendar()
    spans = standstill.spans_of(loaded.case.standstills or ())
    if loaded.case.due_rule is not None:
        _set_matter(loaded, standstill.again(loaded.case.due_rule, days, spans))
    open_ = dated(loaded.case.id)
    moved = []
    for assignment in open_:
        before = assignment.due_at
        found = standstill.again(assignment.due_rule or {}, days, spans)
        provisional = assignment.due_provisional
        advance.set_due(assignment, found)
        advance.set_lights(assignment, loaded.case, loaded.profile)
        if (before, provisional) != (found.due_at, found.provisional):
            moved.append(
                {
                    "assignment": assignment.id,
                    "unit": assignment.unit_id,
                    "before": before,
                    "after": found.due_at,
                    "provisional": found.provisional,
                }
            )
    session().flush()
    advance.plan_timers(open_, loaded.profile, replan=True)
    return moved


def report(loaded: Loaded, percent: int) -> None:
    """So much of the matter is done by now: what is due with it shows other lights from then on.

    Everything is written afterwards (flushed), what was added before as well.
    """
    loaded.case.progress = percent
    turn_lights(loaded)
    session().flush()


def turn_lights(loaded: Loaded) -> None:
    """Find again from when each light shows, for everything open: something but a date changed."""
    for assignment in open_assignments(loaded.case.id):
        advance.set_lights(assignment, loaded.case, loaded.profile)


def dated(case_id: int) -> Sequence[Assignment]:
    """The open assignments of a case that have a date."""
    return [each for each in open_assignments(case_id) if each.due_at is not None]


def open_assignments(case_id: int) -> Sequence[Assignment]:
    """Everything of a case that somebody has to do, or will have to."""
    return (
        session()
        .scalars(
            select(Assignment)
            .where(
                Assignment.case_id == case_id,
                Assignment.state.in_(OPEN),
            )
            .order_by(Assignment.id)
            .execution_options(populate_existing=True)
        )
        .all()
    )


def _decided(loaded: Loaded, day: date, at: datetime) -> Due:
    return standstill.decided(day, at=at, end_of_day=loaded.profile.clock.end_of_day)


def _set_matter(loaded: Loaded, found: Due) -> None:
    case = loaded.case
    case.due_day = found.day
    case.due_rule = {**found.rule, **MATTER}
    if case.due_day_first is None:
        case.due_day_first = found.day


def set_day(loaded: Loaded, day: date, *, at: datetime) -> dict[str, Any]:
    """The columns of a case that is opened with its day set already."""
    found = _decided(loaded, day, at)
    return {
        "issued_at": at,
        "due_day": day,
        "due_day_first": day,
        "due_rule": {**found.rule, **MATTER},
    }


def local_iso(moment: datetime) -> str:
    """The local day of a moment, as documents write it."""
    return clock.local_day(moment).isoformat()
