"""Whose a task is by name: written down when it changes, given back when somebody left a post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from app import advance, journal
from app.actor import Actor, Holding
from app.advance import Loaded, asking
from app.db import session
from app.effects.sendings import let_off, unread_by_reader
from app.model import OPEN, Assignment, Case, Delivery, RoleHolding, Ticket
from app.rules import handing


def changed(
    loaded: Loaded,
    ticket: Ticket,
    assignment: Assignment,
    kind: str,
    *,
    actor: Actor,
    told: Mapping[str, Any],
    holding: Holding | None = None,
) -> None:
    """Write down whose a task is now; the engine knows nothing of it."""
    assignment.version += 1
    session().put_off_changes(assignment)
    data = {"task": ticket.node, "name": ticket.name, "assignment": assignment.id}
    journal.record(
        kind,
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=assignment.unit_id,
        deputy_for=holding.deputy_for if holding else None,
        data={**data, "after": assignment.person_id, **told},
    )


def free_tasks(person_id: int, actor: Actor) -> int:
    """Give back every open task this person may no longer do; returns how many.

    Their posts have to be written (flushed) before. A matter whose handler they were named
    (TH-13a) has no handler any more, and nobody waits for what they were to read for a unit they
    left. Each case says so in its journal.
    """
    rows = session().execute(
        select(RoleHolding.unit_id, RoleHolding.role).where(
            RoleHolding.person_id == person_id, RoleHolding.deputy_for_id.is_(None)
        )
    )
    posts = {(unit_id, role) for unit_id, role in rows}
    return sum(_free(case_id, person_id, posts, actor) for case_id in cases_of(person_id))


def cases_of(person_id: int) -> list[int]:
    """Running cases in which something is theirs, in the order in which every act locks them."""
    theirs = select(Assignment.case_id).where(
        Assignment.person_id == person_id, Assignment.state.in_(OPEN)
    )
    running = Case.status.in_(("open", "suspended"))
    reading = select(Delivery.case_id).where(Delivery.person_id == person_id, unread_by_reader())
    parts = or_(Case.id.in_(theirs), Case.id.in_(reading), Case.handler_id == person_id)
    wanted = select(Case.id).where(running, parts)
    return list(session().scalars(wanted.order_by(Case.id.desc())))


def tasks_of(case_id: int, person_id: int) -> list[tuple[Assignment, Ticket]]:
    """What is open in a locked case in somebody's name."""
    found = session().execute(
        select(Assignment, Ticket)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(
            Assignment.case_id == case_id,
            Assignment.person_id == person_id,
            Assignment.state.in_(OPEN),
        )
        .order_by(Assignment.id)
        .execution_options(populate_existing=True)
    )
    return [(row.Assignment, row.Ticket) for row in found]


def _free(case_id: int, person_id: int, posts: set[tuple[int, str]], actor: Actor) -> int:
    loaded = advance.load(case_id)
    let_off(loaded, person_id, {unit for unit, _post in posts}, actor)
    found = tasks_of(case_id, person_id)
    mine = [(a, ticket) for a, ticket in found if (a.unit_id, a.post) not in posts]
    for assignment, ticket in mine:
        if assignment.kind == "delegated":
            _give_back(loaded, ticket, assignment, actor)
            continue
        assignment.person_id, assignment.post = None, assignment.given_post
        told = {"before": person_id, "reason": None}
        changed(loaded, ticket, assignment, "task.released", actor=actor, told=told)
    if loaded.case.handler_id == person_id and not _handles(loaded, posts):
        loaded.case.handler_id = None
        journal.record(
            "handler.left",
            stream=loaded.stream,
            case_id=case_id,
            actor=actor,
            unit_id=loaded.lead_unit_id,
            data={"before": person_id, "after": None},
        )
    session().flush()
    return len(mine)


def _give_back(loaded: Loaded, ticket: Ticket, helper: Assignment, actor: Actor) -> None:
    """What somebody who left was to fill in is the first one's again."""
    asking.let_go(loaded, {helper.id})
    part = session().get_one(Assignment, helper.parent_id, populate_existing=True)
    asking.turn_again(loaded, part)
    persons = [part.person_id] if part.person_id else []
    told = {"before": helper.person_id, "persons": persons, "reason": None}
    changed(loaded, ticket, part, "task.recalled", actor=actor, told=told)


def _handles(loaded: Loaded, posts: set[tuple[int, str]]) -> bool:
    """Whether they still hold a post of the lead unit under which its work is done."""
    return any(
        (unit, post) in posts
        for unit in loaded.units.get("lead", ())
        for post in handing.takers("unit_handler")
    )
