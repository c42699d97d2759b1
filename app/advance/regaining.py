"""Whose part of a task is open again once what came of it was taken back, and in which order."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import select

from app import clock
from app.advance import reference, turns
from app.advance.loading import Loaded
from app.db import session
from app.model import OPEN, Assignment, Event, Ticket

FIRST: Final = ("delegated", "before")
"""Kinds of those for whose answers the one who asked waits (委派、前加签)."""


def was_dropped(_ticket: Ticket, assignment: Assignment) -> bool:
    """Whoever lost the task when it vanished has it again."""
    return assignment.state in ("cancelled", "withdrawn")


def coming_back(loaded: Loaded, parts: Sequence[Assignment]) -> list[Assignment]:
    """All but those the office waived or gave to another unit, signers removed, opinions given."""
    rows = session().scalars(
        select(Event.body).where(
            Event.stream == loaded.stream, Event.kind.in_(("task.waived", "signers.removed"))
        )
    )
    told = [json.loads(body)["data"] for body in rows]
    gone = {each for data in told for each in data.get("signers", [data["assignment"]])}
    return [
        each
        for each in parts
        if each.kind not in FIRST and each.id not in gone and each.moved_to is None
    ]


def chosen(
    loaded: Loaded,
    ticket: Ticket,
    everybody: Sequence[Assignment],
    wanted: Callable[[Ticket, Assignment], bool],
) -> list[Assignment]:
    """Those of a ticket who have it again; nobody signs after who has refused and stands by it."""
    found = [each for each in coming_back(loaded, everybody) if wanted(ticket, each)]
    again = {each.id for each in found}
    refused = {
        each.id
        for each in everybody
        if each.state == "done" and each.id not in again and not turns.agrees(ticket, each)
    }
    return [each for each in found if each.kind != "after" or each.parent_id not in refused]


def activate(
    ticket: Ticket, chosen: Sequence[Assignment], everybody: Sequence[Assignment]
) -> list[Assignment]:
    """Open these again; where one acts after the other, the first of them. Who waits for that."""
    for assignment in chosen:
        leave_to_the_post(assignment)
        assignment.state = "active"
        assignment.version += 1
        assignment.done_at = assignment.done_by = None
    done = {each.id for each in everybody if each.state == "done"}
    for assignment in everybody:
        after = assignment.kind == "after" and assignment.parent_id not in done
        if after and assignment.state == "active":
            assignment.state = "waiting"
    if ticket.policy == "sequential":
        _in_turn([a for a in everybody if a.kind not in FIRST])
    return [each for each in everybody if each.state == "waiting"]


def _in_turn(parts: Sequence[Assignment]) -> None:
    """One after the other, each followed by who signs after it: only the first has its turn."""
    order = sorted(parts, key=lambda a: (a.parent_id if a.kind == "after" else a.id, a.id))
    turn = [each for each in order if each.state in OPEN]
    for assignment in turn[1:]:
        if assignment.kind == "after" and assignment.parent_id == turn[0].parent_id:
            continue
        assignment.state = "waiting"


def leave_to_the_post(assignment: Assignment) -> None:
    """Who left meanwhile cannot do a task again: it is anybody's of the post it was given to."""
    person_id = assignment.person_id
    roles = reference.organisation().roles_of(person_id or 0, assignment.unit_id, clock.now())
    if person_id is not None and assignment.post not in roles:
        assignment.person_id, assignment.post = None, assignment.given_post
