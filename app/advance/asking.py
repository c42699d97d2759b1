"""Others asked to help with one's part of a task (委派、加签): they answer, or are let go."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import or_, select, update

from app import clock, journal
from app.actor import Actor, Holding
from app.advance.loading import Loaded, Waiting
from app.advance.regaining import FIRST, leave_to_the_post
from app.advance.settling import NEW, cancel_assignments
from app.advance.timing import plan_timers, set_due, set_lights
from app.db import session
from app.model import OPEN, Assignment, Ticket
from app.rules.deadlines import Due


@dataclass(frozen=True)
class Asked:
    """Somebody who is asked: in which unit, under which post, and who by name, if anybody."""

    unit_id: int
    post: str
    person_id: int | None = None


def ask(
    loaded: Loaded,
    ticket: Ticket,
    part: Assignment,
    kind: str,
    who: Collection[Asked],
    due: Due | None = None,
) -> list[Assignment]:
    """Give them assignments of their own under the same ticket, due with the part or earlier.

    Who signs after it waits until it is done; who comes first has it wait.
    """
    made = [_asked(loaded, part, kind, each, due) for each in who]
    session().add_all(made)
    session().flush()
    plan_timers([each for each in made if each.due_at], loaded.profile)
    loaded.waiting += [Waiting.on(each, ticket) for each in made]
    if kind in FIRST:
        part.state = "asking"
    return made


def _asked(loaded: Loaded, part: Assignment, kind: str, who: Asked, due: Due | None) -> Assignment:
    """What goes on only after the part, or beside it, follows the part's ladder when it is late."""
    made = Assignment(
        ticket_id=part.ticket_id,
        parent_id=part.id,
        case_id=part.case_id,
        unit_id=who.unit_id,
        person_id=who.person_id,
        role="delegate" if kind == "delegated" else "signer",
        post=who.post,
        given_post=who.post,
        receipt=False,
        state="waiting" if kind == "after" and part.state != "done" else "active",
        opened_at=clock.now(),
        opened_from=part.unit_id,
        ladder="" if kind in FIRST else part.ladder,
        due_at=part.due_at,
        due_day_first=clock.local_day(part.due_at) if part.due_at else None,
        due_rule=part.due_rule,
        **{**NEW, "kind": kind, "due_provisional": part.due_provisional},
    )
    if due is not None:
        made.due_day_first = None
        set_due(made, due)
    set_lights(made, loaded.case, loaded.profile)
    return made


def answer(
    loaded: Loaded,
    ticket: Ticket,
    helper: Assignment,
    *,
    answers: Mapping[str, Any],
    actor: Actor,
    holding: Holding,
) -> None:
    """Somebody asked first has answered; with the last of them it is the asker's turn again.

    What a delegate filled in is what the asker's form begins with; the engine knows of nothing.
    """
    helper.state, helper.answers = "done", dict(answers)
    helper.done_at, helper.done_by = clock.now(), actor.person_id
    helper.version += 1
    part = _parent(helper)
    if helper.kind == "delegated":
        part.answers = dict(answers)
    loaded.waiting = [each for each in loaded.waiting if each.assignment_id != helper.id]
    told = {"of": part.id, "answers": dict(answers), "due": helper.due_at}
    told |= {"back": turn_again(loaded, part), "units": [part.unit_id]}
    journal.record(
        "task.filled_in" if helper.kind == "delegated" else "task.opinion_given",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=helper.unit_id,
        deputy_for=holding.deputy_for,
        data={
            "task": ticket.node,
            "name": ticket.name,
            "assignment": helper.id,
            "persons": [part.person_id] if part.person_id else [],
            **told,
        },
    )
    session().flush()


def with_helpers(loaded: Loaded, parts: Collection[int]) -> frozenset[int]:
    """These parts, and whoever still helps with them; equal signers (并加签) stand alone."""
    helping = {
        each.assignment_id: each.parent_id for each in loaded.waiting if each.kind != "added"
    }
    found = set(parts)
    while more := {each for each, of in helping.items() if of in found} - found:
        found |= more
    return frozenset(found)


def let_go(loaded: Loaded, parts: Collection[int]) -> None:
    """These have it no longer, nor does whoever helps with them."""
    ids = with_helpers(loaded, parts)
    gone = [each for each in loaded.waiting if each.assignment_id in ids]
    session().execute(
        update(Assignment).where(Assignment.id.in_(ids)).values(version=Assignment.version + 1)
    )
    cancel_assignments(loaded, gone)


def let_helpers_go(
    loaded: Loaded,
    ticket: Ticket,
    part: Assignment,
    gone: Collection[int],
    *,
    reason: str,
    actor: Actor,
    unit_id: int | None = None,
) -> None:
    """These help with a part no longer; the journal says of each kind whom, and why."""
    if not gone:
        return
    helpers = session().scalars(select(Assignment).where(Assignment.id.in_(gone))).all()
    let_go(loaded, gone)
    for kind, some in groupby(sorted(helpers, key=_delegated), key=_delegated):
        asked = list(some)
        persons = [each.person_id for each in asked if each.person_id is not None]
        journal.record(
            "task.recalled" if kind else "signers.removed",
            stream=loaded.stream,
            case_id=loaded.case.id,
            actor=actor,
            unit_id=unit_id,
            data={
                "task": ticket.node,
                "name": ticket.name,
                "assignment": part.id,
                "signers": [each.id for each in asked],
                "units": [each.unit_id for each in asked if each.person_id is None],
                "persons": persons,
                "before": persons[0] if persons else None,
                "reason": reason,
            },
        )


def _delegated(helper: Assignment) -> bool:
    return helper.kind == "delegated"


def turn_again(loaded: Loaded, part: Assignment) -> bool:
    """It is the asker's turn once nobody asked first is left; whether it is."""
    if part.state != "asking" or waits_for(loaded, part.id):
        return False
    leave_to_the_post(part)
    part.state = "active"
    part.version += 1
    return True


def waits_for(loaded: Loaded, part_id: int) -> list[Waiting]:
    """Those asked first who have not answered yet."""
    mine = (each for each in loaded.waiting if each.parent_id == part_id)
    return [each for each in mine if each.kind in FIRST and each.state in OPEN]


def signers_of(ticket: Ticket) -> list[Assignment]:
    """Everybody who signs a ticket now or has signed it; not who gave or owes an opinion first."""
    found = session().scalars(
        select(Assignment)
        .where(
            Assignment.ticket_id == ticket.id,
            or_(
                Assignment.state.in_(OPEN),
                (Assignment.state == "done") & Assignment.kind.not_in(FIRST),
            ),
        )
        .order_by(Assignment.id)
    )
    return list(found)


def helpers_of(part_id: int) -> list[Assignment]:
    """Everybody asked for a part who still counts, in the order in which they were asked."""
    found = session().scalars(
        select(Assignment)
        .where(Assignment.parent_id == part_id, Assignment.state.in_((*OPEN, "done")))
        .order_by(Assignment.id)
        .execution_options(populate_existing=True)
    )
    return list(found)


def _parent(helper: Assignment) -> Assignment:
    return session().get_one(Assignment, helper.parent_id, populate_existing=True)
