"""From the engine's outcome to rows: tickets, assignments with their dates, stage, state."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from app import clock, engine
from app.advance.loading import Loaded
from app.advance.timing import cancel_timers, due_for, keep_flow_timers, plan_timers, set_due
from app.db import session
from app.errors import Invalid
from app.i18n import _
from app.model import Assignment, CaseState, RoleHolding, Ticket, Timer, Unit
from app.rules.access import UNIT_STAFF
from app.rules.candidates import Candidate, Post, candidates, post_held


def settle(loaded: Loaded, outcome: engine.Outcome, *, from_unit: int | None) -> list[Any]:
    """Write what an engine step changed; returns what was opened, for the journal row."""
    _close_vanished(loaded, outcome.closed)
    tickets = _open_tickets(loaded, outcome.opened)
    assignments = _assign(loaded, tickets, outcome.opened, from_unit)
    keep_flow_timers(loaded.case.id, loaded.compiled, outcome.timers)
    if outcome.opened:
        loaded.case.stage = outcome.opened[-1].extensions.get("stage") or loaded.case.stage
    if outcome.finished:
        finish_case(loaded)
    return [
        {
            "node": ticket.node,
            "assignments": [
                {"unit": a.unit_id, "role": a.role, "due": a.due_at}
                for a in assignments
                if a.ticket_id == ticket.id
            ],
        }
        for ticket in tickets
    ]


def save_state(loaded: Loaded, state: bytes, seq: int) -> None:
    """Keep the state after the act at `seq` of the case's journal; earlier ones stay."""
    session().add(CaseState(case_id=loaded.case.id, seq=seq, sha256=state_hash(state), blob=state))
    loaded.case.state_seq = seq
    loaded.state = state


def state_hash(state: bytes) -> str:
    """What the journal row holds of the stored state."""
    return hashlib.sha256(state).hexdigest()


def finish_case(loaded: Loaded) -> None:
    """Nothing is open any more: the case is closed (or was voided) and its clocks stand still."""
    if loaded.case.status != "void":
        loaded.case.status = "closed"
    loaded.case.closed_at = clock.now()
    case_id = loaded.case.id
    session().execute(
        update(Assignment)
        .where(Assignment.case_id == case_id, Assignment.state.in_(("active", "waiting")))
        .values(state="cancelled")
    )
    session().execute(
        update(Ticket)
        .where(Ticket.case_id == case_id, Ticket.state == "open")
        .values(state="cancelled", closed_at=loaded.case.closed_at)
    )
    session().execute(
        update(Timer).where(Timer.case_id == case_id, Timer.pending()).values(state="cancelled")
    )


def _close_vanished(loaded: Loaded, steps: Sequence[str]) -> None:
    if not steps:
        return
    gone = (
        session()
        .execute(
            select(Ticket.id).where(
                Ticket.case_id == loaded.case.id,
                Ticket.engine_task.in_(steps),
                Ticket.state == "open",
            )
        )
        .scalars()
        .all()
    )
    session().execute(
        update(Ticket).where(Ticket.id.in_(gone)).values(state="cancelled", closed_at=clock.now())
    )
    drop_open_assignments(gone)


def drop_open_assignments(ticket_ids: Sequence[int]) -> None:
    """Whoever still had these tickets has them no longer."""
    open_ = (
        session()
        .execute(
            select(Assignment.id).where(
                Assignment.ticket_id.in_(ticket_ids), Assignment.state.in_(("active", "waiting"))
            )
        )
        .scalars()
        .all()
    )
    if open_:
        session().execute(
            update(Assignment).where(Assignment.id.in_(open_)).values(state="cancelled")
        )
        cancel_timers(open_)


def _open_tickets(loaded: Loaded, steps: Sequence[engine.Step]) -> list[Ticket]:
    now = clock.now() if steps else None
    tickets = [
        Ticket(
            case_id=loaded.case.id,
            engine_task=step.id,
            node=step.node,
            name=step.name,
            name_en=step.name_en,
            form=step.extensions.get("form", ""),
            effect=step.extensions.get("effect", ""),
            policy=step.extensions.get("policy", "any"),
            stage=step.extensions.get("stage", ""),
            opened_at=now,
        )
        for step in steps
    ]
    session().add_all(tickets)
    session().flush()
    return tickets


def _assign(
    loaded: Loaded,
    tickets: Sequence[Ticket],
    steps: Sequence[engine.Step],
    from_unit: int | None,
) -> list[Assignment]:
    wanted = _candidates(loaded, steps)
    held = _posts_held(c.unit_id for found in wanted for c in found)
    assignments: list[Assignment] = []
    for ticket, step, found in zip(tickets, steps, wanted, strict=True):
        due = due_for(
            loaded.case, loaded.profile, step.extensions.get("deadline", ""), ticket.opened_at
        )
        for position, candidate in enumerate(found):
            post = post_held(candidate.post, held.get(candidate.unit_id, frozenset()))
            assignment = Assignment(
                ticket_id=ticket.id,
                case_id=loaded.case.id,
                unit_id=candidate.unit_id,
                role=candidate.role,
                post=post,
                opened_at=ticket.opened_at,
                opened_from=from_unit,
                state="waiting" if ticket.policy == "sequential" and position else "active",
                ladder=step.extensions.get("ladder", ""),
                person_id=_named_handler(loaded, candidate, post),
            )
            if due:
                set_due(assignment, due)
            assignments.append(assignment)
    session().add_all(assignments)
    session().flush()
    plan_timers(assignments, loaded.profile)
    return assignments


def _named_handler(loaded: Loaded, candidate: Candidate, post: str) -> int | None:
    """The person named for the lead unit's work (TH-13a), once somebody was named."""
    mine = candidate.role == "lead" and post == "unit_handler"
    return loaded.case.handler_id if mine else None


def _candidates(loaded: Loaded, steps: Sequence[engine.Step]) -> list[tuple[Candidate, ...]]:
    posts = loaded.profile.posts
    codes = {post.unit for post in posts.values()}
    ids: dict[str, int] = {}
    if steps:
        rows = session().execute(select(Unit.code, Unit.id).where(Unit.code.in_(codes)))
        ids = {row.code: row.id for row in rows}

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
    return found


def _posts_held(unit_ids: Iterable[int]) -> Mapping[int, frozenset[str]]:
    wanted = set(unit_ids)
    if not wanted:
        return {}
    rows = session().execute(
        select(RoleHolding.unit_id, RoleHolding.role)
        .where(RoleHolding.unit_id.in_(wanted), RoleHolding.role.in_(UNIT_STAFF))
        .distinct()
    )
    held: dict[int, set[str]] = {}
    for unit_id, role in rows:
        held.setdefault(unit_id, set()).add(role)
    return {unit_id: frozenset(roles) for unit_id, roles in held.items()}
