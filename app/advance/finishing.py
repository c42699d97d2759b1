"""A part of a task is done: is its ticket decided, and if so, let the case move on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from app import clock, engine, journal
from app.actor import Actor, Holding
from app.advance import straight
from app.advance.loading import Loaded
from app.advance.settling import (
    drop_open_assignments,
    finish_case,
    save_state,
    settle,
    state_hash,
)
from app.advance.timing import keep_flow_timers
from app.db import session
from app.model import Assignment, Ticket


@dataclass(frozen=True)
class Done:
    """What followed: was the ticket decided, what opened, is the case closed now."""

    decided: bool
    opened: list[Any]
    finished: bool


def finish(
    loaded: Loaded,
    ticket: Ticket,
    assignment: Assignment,
    *,
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    actor: Actor,
    holding: Holding,
) -> Done:
    """Mark an assignment done and, when its ticket's policy is decided, take the engine's step.

    Journalled as `task.completed` with the answers, who was served next and the state's hash.
    """
    assignment.state, assignment.answers = "done", dict(answers)
    assignment.done_at, assignment.done_by = clock.now(), actor.person_id
    return _move_on(
        loaded,
        ticket,
        assignment,
        facts=facts,
        actor=actor,
        kind="task.completed",
        acting=(assignment.unit_id, holding.deputy_for),
        data={
            "task": ticket.node,
            "name": ticket.name,
            "assignment": assignment.id,
            "role": assignment.role,
            "answers": dict(answers),
            "due": assignment.due_at,
            "late": bool(assignment.due_at and clock.now() > assignment.due_at),
        },
    )


def waive(
    loaded: Loaded, ticket: Ticket, assignment: Assignment, *, actor: Actor, reason: str
) -> Done:
    """Let the case go on without one unit's part (the office decided so, with a reason)."""
    assignment.state = "cancelled"
    return _move_on(
        loaded,
        ticket,
        assignment,
        facts={},
        actor=actor,
        kind="task.waived",
        acting=(actor.unit_id, None),
        data={
            "task": ticket.node,
            "name": ticket.name,
            "assignment": assignment.id,
            "of_unit": assignment.unit_id,
            "reason": reason,
        },
    )


def move_by_clock(loaded: Loaded) -> dict[str, Any]:
    """Let the case take every way whose moment has come; told for the row recorded next."""
    outcome = engine.refresh(loaded.compiled, loaded.state, now=clock.now())
    opened = settle(loaded, outcome, from_unit=loaded.case.opened_unit_id)
    save_state(loaded, outcome.state, journal.next_seq(loaded.stream))
    return _told(outcome, {}, opened)


def close_case(
    loaded: Loaded, *, actor: Actor, status: str, reason: str, told: Mapping[str, Any]
) -> None:
    """End a case before its diagram ends (revoked, terminated, void); its number stays taken."""
    outcome = engine.cancel(loaded.compiled, loaded.state)
    finish_case(loaded, status)
    seq = journal.record(
        f"case.{status}",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        data={**told, "reason": reason, "state": state_hash(outcome.state)},
    )
    keep_flow_timers(loaded.case.id, loaded.compiled, ())
    save_state(loaded, outcome.state, seq)


def _move_on(
    loaded: Loaded,
    ticket: Ticket,
    assignment: Assignment,
    *,
    facts: Mapping[str, Any],
    actor: Actor,
    kind: str,
    acting: tuple[int | None, int | None],
    data: dict[str, Any],
) -> Done:
    """Take the engine's step when the ticket is decided; `acting`: for which unit, for whom."""
    unit_id, deputy_for = acting
    way, opened = None, list[Any]()
    with session().no_autoflush:  # the case is written once, with its state
        decided = _decided(loaded, ticket, assignment.id)
        assignment.version += 1
        loaded.waiting = [a for a in loaded.waiting if a.assignment_id != assignment.id]
        if decided:
            way = straight.way(loaded, ticket, facts)
            drop_open_assignments(loaded, ticket.id, but=assignment.id)
            ticket.state, ticket.closed_at = "done", clock.now()
            opened = settle(loaded, way.opening, from_unit=unit_id)
            data |= {**_told(way.step, facts, opened), **way.told}
            session().put_off_changes(ticket)
        session().put_off_changes(assignment)
    seq = journal.record(
        kind,
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=unit_id,
        deputy_for=deputy_for,
        data=data,
    )
    if way is not None:
        save_state(loaded, way.step.state, seq)
        if way.straight:
            opened += straight.go(loaded, way.straight, by=ticket, acting=unit_id, actor=actor)
    return Done(decided, opened, bool(way and way.step.finished))


def _told(outcome: engine.Outcome, facts: Mapping[str, Any], opened: list[Any]) -> dict[str, Any]:
    """What the journal row says of the engine's step."""
    return {
        "facts": dict(facts),
        "opened": opened,
        "passed": list(outcome.passed),
        "finished": outcome.finished,
        "state": state_hash(outcome.state),
    }


def _decided(loaded: Loaded, ticket: Ticket, done: int) -> bool:
    """any: the first one decides; all and sequential: when nobody is left to act."""
    if ticket.policy == "any":
        return True
    rest = [
        each
        for each in loaded.waiting
        if each.ticket_id == ticket.id and each.assignment_id != done
    ]
    if ticket.policy == "sequential" and rest and rest[0].state == "waiting":
        session().execute(
            update(Assignment)
            .where(Assignment.id == rest[0].assignment_id)
            .values(state="active", opened_at=clock.now())
        )
    return not rest
