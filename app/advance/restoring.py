"""Bring a case's rows in line with a state it is taken back to: by difference, losing nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from app import clock, engine
from app.advance import reference, regaining
from app.advance.lineage import Act, Rebuilt, open_after
from app.advance.loading import Loaded, Waiting
from app.advance.settling import drop_open_assignments, settle
from app.advance.timing import due_for, plan_timers, set_due, set_lights
from app.db import session
from app.errors import Invalid
from app.i18n import _
from app.model import Assignment, Ticket
from app.rules import standstill

Wanted = Callable[[Ticket, Assignment], bool]


@dataclass(frozen=True)
class Back:
    """How a case is taken back.

    `undone` are the acts that no longer count; `wanted` says whose part of a reopened task is
    open again, for the task `ticket`; `by_unit` is who sends it back (its own work keeps its
    clock, others' get the time their rule gives from now on), none for a withdrawal.
    """

    undone: Sequence[Act]
    ticket: int
    wanted: Wanted
    by_unit: int | None = None


@dataclass(frozen=True)
class Forward:
    """How a case goes forward to where it was sent back from.

    The tasks in `done_at` count again as done then, with the parts that were `set_aside`; those
    `dropped` stand again as they stood. `by_unit` is who lets it go on: others get the time their
    rule gives from now on.
    """

    state: bytes
    timers: tuple[engine.TimerDue, ...]
    done_at: Mapping[int, datetime]
    set_aside: frozenset[int]
    dropped: Mapping[int, str]
    by_unit: int | None


def vanishing(loaded: Loaded, state: bytes) -> list[Ticket]:
    """The open tickets that would not be open in that state."""
    steps = open_after(loaded.case, state)
    open_ = session().scalars(
        select(Ticket)
        .where(Ticket.case_id == loaded.case.id, Ticket.state == "open")
        .execution_options(populate_existing=True)
    )
    return [ticket for ticket in open_ if ticket.engine_task not in steps]


def restore(loaded: Loaded, rebuilt: Rebuilt, back: Back, *, from_unit: int | None) -> list[Any]:
    """Close, reopen and open tasks until they are those of that state; gives what was opened.

    A task open before and after keeps ticket, assignments and clocks. One that comes back is the
    same ticket again. Work that no longer counts is kept as withdrawn.
    """
    state = rebuilt.state
    steps = open_after(loaded.case, state)
    if not steps:
        raise Invalid(_("Without this nobody would have anything left to do in the case."))
    gone = vanishing(loaded, state)
    tickets = _tickets(loaded, steps, {act.ticket for act in back.undone})
    new = [step for id_, step in steps.items() if id_ not in tickets]
    opened = settle(loaded, _difference(state, rebuilt.timers, new, gone), from_unit=from_unit)
    for ticket in tickets.values():
        if ticket.engine_task not in steps:
            _void(loaded, ticket)
        elif ticket.state != "open":
            opened.append(_reopen(loaded, ticket, steps[ticket.engine_task], back))
    session().flush()
    return opened


def go_forward(loaded: Loaded, forward: Forward) -> list[Any]:
    """Open again what was open when the case was sent back; gives what was opened."""
    steps = open_after(loaded.case, forward.state)
    gone = vanishing(loaded, forward.state)
    tickets = _tickets(loaded, steps, forward.done_at)
    new = [step for id_, step in steps.items() if id_ not in tickets]
    outcome = _difference(forward.state, forward.timers, new, gone)
    opened = settle(loaded, outcome, from_unit=forward.by_unit)
    for ticket in tickets.values():
        if ticket.engine_task not in steps:
            _count_again(ticket, forward)
        elif ticket.state != "open":
            opened.append(_stand_again(loaded, ticket, steps[ticket.engine_task], forward))
    session().flush()
    return opened


def _difference(
    state: bytes,
    timers: tuple[engine.TimerDue, ...],
    new: Sequence[engine.Step],
    gone: Sequence[Ticket],
) -> engine.Outcome:
    """What changed, as if the engine had taken one step."""
    closed = tuple(ticket.engine_task for ticket in gone)
    return engine.Outcome(state, tuple(new), closed, finished=False, timers=timers, passed=())


def _count_again(ticket: Ticket, forward: Forward) -> None:
    """A task whose work was set aside counts as done, when and by whom it was."""
    ticket.state, ticket.closed_at = "done", forward.done_at[ticket.id]
    for assignment in _assignments(ticket):
        if assignment.id in forward.set_aside:
            assignment.state = "done"
            assignment.version += 1


def _stand_again(
    loaded: Loaded, ticket: Ticket, step: engine.Step, forward: Forward
) -> dict[str, Any]:
    """The same ticket with the same parts as when it was dropped."""
    ticket.state, ticket.closed_at = "open", None
    loaded.case.stage = ticket.stage or loaded.case.stage
    everybody = _assignments(ticket)
    back = [each for each in everybody if each.id in forward.dropped]
    regaining.activate(ticket, back or everybody, everybody)
    for each in back:
        each.state = forward.dropped[each.id]
    if forward.by_unit is not None:
        others = [each for each in back if each.unit_id != forward.by_unit]
        _give_time(loaded, step, others, forward.by_unit)
    _wind(loaded, back or everybody)
    loaded.waiting += [Waiting.on(each, ticket) for each in back or everybody]
    return _told(ticket, back or everybody)


def _told(ticket: Ticket, parts: Sequence[Assignment]) -> dict[str, Any]:
    return {
        "node": ticket.node,
        "again": True,
        "assignments": [{"unit": a.unit_id, "role": a.role, "due": a.due_at} for a in parts],
    }


def reopen_part(
    loaded: Loaded, ticket: Ticket, assignment: Assignment, wanted: Wanted
) -> list[Assignment]:
    """One unit's part of a task that is still open is to be done again; whoever waits for that.

    Whoever asked for an opinion or had it filled in waits for it again.
    """
    everybody = _assignments(ticket)
    chosen = [assignment]
    if assignment.kind in regaining.FIRST:
        asker = next(each for each in everybody if each.id == assignment.parent_id)
        asker.state = "asking"
        asker.version += 1
    else:
        chosen = regaining.chosen(loaded, ticket, everybody, wanted)
    stopped = regaining.activate(ticket, chosen, everybody)
    _wind(loaded, chosen)
    return stopped


def _tickets(
    loaded: Loaded, steps: Collection[str], undone: Collection[int | None]
) -> dict[str, Ticket]:
    """The tickets of those steps and those of the acts that no longer count."""
    found = session().scalars(
        select(Ticket)
        .where(
            Ticket.case_id == loaded.case.id,
            or_(Ticket.engine_task.in_(steps), Ticket.id.in_(undone)),
        )
        .order_by(Ticket.id)
        .execution_options(populate_existing=True)
    )
    return {ticket.engine_task: ticket for ticket in found}


def _void(loaded: Loaded, ticket: Ticket) -> None:
    """A task whose work no longer counts: kept with its answers, and open to nobody."""
    ticket.state, ticket.closed_at = "cancelled", clock.now()
    drop_open_assignments(loaded, ticket.id)
    for assignment in _assignments(ticket):
        if assignment.state == "done":
            assignment.state = "withdrawn"
            assignment.version += 1


def _reopen(loaded: Loaded, ticket: Ticket, step: engine.Step, back: Back) -> dict[str, Any]:
    """The same ticket again, for those whose part of it is to be done again."""
    ticket.state, ticket.closed_at = "open", None
    loaded.case.stage = ticket.stage or loaded.case.stage
    everybody = _assignments(ticket)
    wanted = back.wanted if ticket.id == back.ticket else regaining.was_dropped
    coming = regaining.chosen(loaded, ticket, everybody, wanted)
    chosen = coming or [a for a in everybody if not a.kind]
    regaining.activate(ticket, chosen, everybody)
    if ticket.id == back.ticket and back.by_unit is not None:
        _give_time(loaded, step, [a for a in chosen if a.unit_id != back.by_unit], back.by_unit)
    _wind(loaded, chosen)
    return _told(ticket, chosen)


def _give_time(
    loaded: Loaded, step: engine.Step, others: Sequence[Assignment], by_unit: int
) -> None:
    """Who gets work back from another unit has what its rule gives from now on, never less."""
    now = clock.now()
    for assignment in others:
        assignment.opened_from = by_unit
        rule = step.extensions.get("deadline", "")
        due = due_for(loaded.case, loaded.profile, rule, now, assignment.unit_id)
        if due and assignment.due_at and due.due_at > assignment.due_at:
            assignment.opened_at = now
            set_due(assignment, due)


def _wind(loaded: Loaded, assignments: Sequence[Assignment]) -> None:
    """The clocks go on: dates that moved meanwhile have moved for these as well."""
    days = reference.calendar()
    spans = standstill.spans_of(loaded.case.standstills or ())
    for assignment in assignments:
        if assignment.due_rule is not None and assignment.due_at is not None:
            rule = assignment.due_rule
            if rule.get("matter"):
                rule = loaded.case.due_rule or rule
            found = standstill.again(rule, days, spans)
            if found.due_at > assignment.due_at:
                set_due(assignment, found)
        set_lights(assignment, loaded.case, loaded.profile)
    session().flush()
    plan_timers(assignments, loaded.profile, replan=True)


def _assignments(ticket: Ticket) -> Sequence[Assignment]:
    return (
        session()
        .scalars(
            select(Assignment)
            .where(Assignment.ticket_id == ticket.id)
            .order_by(Assignment.id)
            .execution_options(populate_existing=True)
        )
        .all()
    )
