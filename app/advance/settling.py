"""From the engine's outcome to rows: tickets, assignments with their dates, stage, state."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import update

from app import clock, engine, forms
from app.advance import rows
from app.advance.loading import Loaded, Waiting
from app.advance.reference import organisation
from app.advance.timing import due_for, keep_flow_timers, plan_timers, set_due, set_lights
from app.db import session
from app.errors import Invalid
from app.i18n import _
from app.model import Assignment, CaseState, Ticket
from app.pending import row_of
from app.rules.candidates import Candidate, Post, candidates, post_held
from app.rules.handing import takers

NEW: Final[Mapping[str, Any]] = {
    "kind": "",
    "version": 1,
    "urge_count": 0,
    "due_provisional": False,
}
"""What every new assignment has in common; it is written as a row, without the defaults."""
VOTING: Final = ("pass", "weights", "abstain")


def settle(loaded: Loaded, outcome: engine.Outcome, *, from_unit: int | None) -> list[Any]:
    """Write what an engine step changed; returns what was opened, for the journal row."""
    _close_vanished(loaded, outcome.closed)
    opened = _open(loaded, outcome.opened, from_unit)
    plan_timers([each for _step, part in opened for each in part], loaded.profile)
    keep_flow_timers(loaded.case.id, loaded.compiled, outcome.timers)
    if outcome.opened:
        loaded.case.stage = outcome.opened[-1].extensions.get("stage") or loaded.case.stage
    if outcome.finished:
        finish_case(loaded)
    return [
        {
            "node": step.node,
            "assignments": [{"unit": a.unit_id, "role": a.role, "due": a.due_at} for a in part],
        }
        for step, part in opened
    ]


def save_state(loaded: Loaded, state: bytes, seq: int) -> None:
    """Keep the state after the act at `seq` of the case's journal; earlier ones stay.

    What changed of the case itself is written along with it.
    """
    loaded.case.state_seq = seq
    row = {"case_id": loaded.case.id, "seq": seq, "sha256": state_hash(state), "blob": state}
    session().put_off(CaseState, row)
    session().put_off_changes(loaded.case)
    loaded.state = state


def state_hash(state: bytes) -> str:
    """What the journal row holds of the stored state."""
    return hashlib.sha256(state).hexdigest()


def finish_case(loaded: Loaded, status: str = "closed") -> None:
    """Nothing is open any more: the case is closed (or was voided) and its clocks stand still."""
    if loaded.case.status != "void":
        loaded.case.status = status
    loaded.case.closed_at = clock.now()
    _cancel(loaded, loaded.waiting)


def drop_open_assignments(loaded: Loaded, ticket_id: int, *, but: int | None = None) -> None:
    """Whoever (else) still had this ticket has it no longer."""
    mine = (each for each in loaded.waiting if each.ticket_id == ticket_id)
    cancel_assignments(loaded, [each for each in mine if each.assignment_id != but])


def _close_vanished(loaded: Loaded, steps: Collection[str]) -> None:
    _cancel(loaded, [each for each in loaded.waiting if each.engine_task in steps])


def _cancel(loaded: Loaded, gone: Collection[Waiting]) -> None:
    """These tickets are no longer anybody's."""
    if gone:
        session().execute(
            update(Ticket)
            .where(Ticket.id.in_({each.ticket_id for each in gone}), Ticket.state == "open")
            .values(state="cancelled", closed_at=clock.now())
        )
    cancel_assignments(loaded, gone)


def cancel_assignments(loaded: Loaded, gone: Collection[Waiting]) -> None:
    """Their timers are dead with them: what is due is looked for among active assignments only."""
    ids = {each.assignment_id for each in gone}
    if ids:
        session().execute(
            update(Assignment).where(Assignment.id.in_(ids)).values(state="cancelled")
        )
    loaded.waiting = [each for each in loaded.waiting if each.assignment_id not in ids]


def _open(
    loaded: Loaded, steps: Sequence[engine.Step], from_unit: int | None
) -> list[tuple[engine.Step, list[Assignment]]]:
    """The tickets of the steps that opened, and the assignments under each."""
    if not steps:
        return []
    found = _candidates(loaded, steps)
    tickets, parts = rows.new_ids(tickets=len(steps), assignments=sum(map(len, found)))
    opened, ids = [], iter(parts)
    for step, ticket_id, who in zip(steps, tickets, found, strict=True):
        part = _assignments(loaded, ticket_id, step, who, from_unit)
        for each in part:
            each.id = next(ids)
        loaded.waiting += [_waiting(each, step) for each in part]
        opened.append((step, part))
    session().put_off(Ticket, *map(partial(_ticket_row, loaded.case.id), tickets, steps))
    session().put_off(Assignment, *(row_of(each) for _step, part in opened for each in part))
    return opened


def _ticket_row(case_id: int, ticket_id: int, step: engine.Step) -> dict[str, Any]:
    told = step.extensions
    return {
        "id": ticket_id,
        "case_id": case_id,
        "engine_task": step.id,
        "node": step.node,
        "name": step.name,
        "name_en": step.name_en,
        "form": told.get("form", ""),
        "effect": told.get("effect", ""),
        "policy": told.get("policy", "any"),
        "voting": {name: told[name] for name in VOTING if name in told} or None,
        "forbids": told.get("forbids", ""),
        "not_by": told.get("notBy", ""),
        "stage": told.get("stage", ""),
        "state": "open",
        "opened_at": clock.now(),
        "closed_at": None,
    }


def _assignments(
    loaded: Loaded,
    ticket_id: int,
    step: engine.Step,
    found: Sequence[Candidate],
    from_unit: int | None,
) -> list[Assignment]:
    """One for each unit that gets the step; they are written as rows, not as records."""
    now, told = clock.now(), step.extensions
    rule = told.get("deadline", "")
    held = organisation().held((each.unit_id for each in found), now)
    opened = []
    for position, candidate in enumerate(found):
        post = post_held(candidate.post, held[candidate.unit_id])
        person_id, held_post = _named_handler(loaded, candidate, post)
        in_turn = told.get("policy") == "sequential" and position > 0
        assignment = Assignment(
            ticket_id=ticket_id,
            case_id=loaded.case.id,
            unit_id=candidate.unit_id,
            role=candidate.role,
            post=held_post,
            given_post=post,
            opened_at=now,
            opened_from=from_unit,
            receipt=forms.load(told["form"]).receipt if "form" in told else False,
            state="waiting" if in_turn else "active",
            ladder=told.get("ladder", ""),
            person_id=person_id,
            **NEW,
        )
        due = due_for(loaded.case, loaded.profile, rule, now, candidate.unit_id)
        if due:
            set_due(assignment, due)
        set_lights(assignment, loaded.case, loaded.profile)
        opened.append(assignment)
    return opened


def _waiting(assignment: Assignment, step: engine.Step) -> Waiting:
    return Waiting(
        assignment_id=assignment.id,
        ticket_id=assignment.ticket_id,
        engine_task=step.id,
        unit_id=assignment.unit_id,
        state=assignment.state,
        name=step.name,
        name_en=step.name_en,
    )


def _named_handler(loaded: Loaded, candidate: Candidate, post: str) -> tuple[int | None, str]:
    """The person named for the lead unit's work (TH-13a), and the post under which they do it.

    Nobody by name before one was named, or when they hold no such post any more.
    """
    handler = loaded.case.handler_id
    if handler is None or candidate.role != "lead" or post != "unit_handler":
        return None, post
    roles = organisation().roles_of(handler, candidate.unit_id, clock.now())
    held = next((each for each in takers(post) if each in roles), None)
    return (handler, held) if held else (None, post)


def _candidates(loaded: Loaded, steps: Sequence[engine.Step]) -> list[tuple[Candidate, ...]]:
    posts = loaded.profile.posts
    ids = organisation().ids if steps else {}

    def post_of(name: str) -> Post:
        post = posts.get(name)
        if post is None or post.unit not in ids:
            raise Invalid(
                _(
                    "The mechanism profile “%(profile)s” names no unit for the post “%(post)s”.",
                    profile=loaded.profile.key,
                    post=name,
                )
            )
        return Post(ids[post.unit], post.role)

    units = {**loaded.units, "opener": [loaded.case.opened_unit_id or 0]}
    found = [candidates(s.extensions.get("performer", ""), units, post_of) for s in steps]
    for step, who in zip(steps, found, strict=True):
        if not who:
            raise Invalid(_("Nobody would get the task “%(name)s”.", name=step.name))
        needed = step.extensions.get("pass", "")
        if needed.isdecimal() and int(needed) > len(who):
            text = _(
                "“%(name)s” needs %(needed)s in favour, but only %(there)s would sign it.",
                name=step.name,
                needed=needed,
                there=len(who),
            )
            raise Invalid(text)
    return found
