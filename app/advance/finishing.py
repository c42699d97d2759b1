"""A part of a task is done: is its ticket decided, and if so, let the case move on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app import clock, engine, journal
from app.actor import Actor, Holding
from app.advance import asking, straight, turns
from app.advance.loading import Loaded
from app.advance.settling import (
    drop_open_assignments,
    finish_case,
    save_state,
    settle,
    state_hash,
)
from app.advance.straight import Way
from app.advance.timing import keep_flow_timers
from app.db import session
from app.model import OPEN, Assignment, Ticket


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
    facts: Mapping[str, Any] | None,
    actor: Actor,
    holding: Holding,
) -> Done:
    """Mark an assignment done and, when its ticket is decided by it, take the engine's step.

    `facts` are what the gateways read; none while the ticket is not decided. Journalled as
    `task.completed` with the answers, who was served next and the state's hash.
    """
    assignment.state, assignment.answers = "done", dict(answers)
    assignment.done_at, assignment.done_by = clock.now(), actor.person_id
    return move_on(
        loaded,
        ticket,
        assignment,
        facts=facts,
        actor=actor,
        kind="task.completed",
        acting=(assignment.unit_id, holding.deputy_for),
        data={
            "role": assignment.role,
            **({"asked": assignment.kind} if assignment.kind else {}),
            "answers": dict(answers),
            "due": assignment.due_at,
            "late": bool(assignment.due_at and clock.now() > assignment.due_at),
        },
    )


def waive(
    loaded: Loaded,
    ticket: Ticket,
    assignment: Assignment,
    *,
    facts: Mapping[str, Any] | None,
    actor: Actor,
    reason: str,
) -> Done:
    """Let the case go on without one unit's part (the office decided so, with a reason)."""
    asking.let_go(loaded, {assignment.id})
    assignment.state = "cancelled"
    return move_on(
        loaded,
        ticket,
        assignment,
        facts=facts,
        actor=actor,
        kind="task.waived",
        acting=(actor.unit_id, None),
        data={"of_unit": assignment.unit_id, "reason": reason},
    )


def remove(
    loaded: Loaded,
    ticket: Ticket,
    assignment: Assignment,
    *,
    facts: Mapping[str, Any] | None,
    actor: Actor,
    deputy_for: int | None,
    told: Mapping[str, Any],
) -> Done:
    """Let the case go on without signers who had been added to this part (减签)."""
    return move_on(
        loaded,
        ticket,
        assignment,
        facts=facts,
        actor=actor,
        kind="signers.removed",
        acting=(assignment.unit_id, deputy_for),
        data=told,
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


def move_on(
    loaded: Loaded,
    ticket: Ticket,
    assignment: Assignment,
    *,
    facts: Mapping[str, Any] | None,
    actor: Actor,
    kind: str,
    acting: tuple[int | None, int | None],
    data: Mapping[str, Any],
) -> Done:
    """Take the engine's step with these facts; `acting`: for which unit, for whom.

    `data` is what the journal row tells beside the task and the assignment.
    Without facts the ticket is not decided: whoever comes after this part has the ticket now.
    """
    unit_id, deputy_for = acting
    with session().no_autoflush:  # the case is written once, with its state
        way, opened = _step(loaded, ticket, assignment, facts, from_unit=unit_id)
    if way is not None:
        data = {**data, **_told(way.step, facts or {}, opened), **way.told}
    seq = journal.record(
        kind,
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=unit_id,
        deputy_for=deputy_for,
        data={"task": ticket.node, "name": ticket.name, "assignment": assignment.id, **data},
    )
    if way is not None:
        save_state(loaded, way.step.state, seq)
        if way.straight:
            opened += straight.go(loaded, way.straight, by=ticket, acting=unit_id, actor=actor)
    return Done(way is not None, opened, bool(way and way.step.finished))


def _step(
    loaded: Loaded,
    ticket: Ticket,
    assignment: Assignment,
    facts: Mapping[str, Any] | None,
    *,
    from_unit: int | None,
) -> tuple[Way | None, list[Any]]:
    """The engine's step and what it opened; none while the ticket is not decided."""
    way, opened, is_open = None, list[Any](), assignment.state in OPEN
    assignment.version += 1
    if not is_open:
        loaded.waiting = [a for a in loaded.waiting if a.assignment_id != assignment.id]
    if facts is None:
        turns.pass_on(loaded, ticket, assignment)
    else:
        way = straight.way(loaded, ticket, facts)
        drop_open_assignments(loaded, ticket.id, but=None if is_open else assignment.id)
        ticket.state, ticket.closed_at = "done", clock.now()
        opened = settle(loaded, way.opening, from_unit=from_unit)
        session().put_off_changes(ticket)
    session().put_off_changes(assignment)
    return way, opened


def _told(outcome: engine.Outcome, facts: Mapping[str, Any], opened: list[Any]) -> dict[str, Any]:
    """What the journal row says of the engine's step."""
    return {
        "facts": dict(facts),
        "opened": opened,
        "passed": list(outcome.passed),
        "finished": outcome.finished,
        "state": state_hash(outcome.state),
    }
