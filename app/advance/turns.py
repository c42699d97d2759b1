"""Whose turn it is under a ticket that is not decided yet, and who has it no longer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import update

from app import clock, forms
from app.advance.deciding import SIGNERS
from app.advance.loading import Loaded, Waiting
from app.advance.settling import cancel_assignments
from app.db import session
from app.model import OPEN, Assignment, Ticket
from app.rules import signing


def pass_on(loaded: Loaded, ticket: Ticket, part: Assignment) -> None:
    """A part is done, or let go: who signs after it, or who comes next in order, has it now.

    Where one decides for all (或签), the others have it no longer, though some sign after it.
    """
    rest = [
        each
        for each in loaded.waiting
        if each.ticket_id == ticket.id and (each.assignment_id != part.id or part.state in OPEN)
    ]
    after = [each for each in rest if each.parent_id == part.id and each.kind == "after"]
    if part.state == "done" and part.kind in SIGNERS and after:
        if agrees(ticket, part):
            _activate(loaded, after)
        else:
            cancel_assignments(loaded, after)
        if agrees(ticket, part) and ticket.policy == "any":
            cancel_assignments(loaded, [each for each in rest if each not in after])
    if ticket.policy == "sequential":
        _next(loaded, [each for each in rest if each.kind in (*SIGNERS, "after")])


def agrees(ticket: Ticket, part: Assignment) -> bool:
    """Whether what is answered to the vote is in favour; without a vote, doing it is."""
    question = forms.load(ticket.form).vote
    return not question or signing.said((part.answers or {}).get(question.name)) == signing.FOR


def _next(loaded: Loaded, rest: Sequence[Waiting]) -> None:
    """One after the other: the next one, once nobody signs after the one before any more."""
    still = {each.assignment_id: each for each in loaded.waiting}
    rest = [still[each.assignment_id] for each in rest if each.assignment_id in still]
    if all(each.state == "waiting" for each in rest):
        _activate(loaded, [each for each in rest if each.kind in SIGNERS][:1])


def _activate(loaded: Loaded, parts: Collection[Waiting]) -> None:
    ids = {each.assignment_id for each in parts if each.state == "waiting"}
    if not ids:
        return
    session().execute(
        update(Assignment)
        .where(Assignment.id.in_(ids))
        .values(state="active", opened_at=clock.now())
    )
    loaded.waiting = [
        replace(each, state="active") if each.assignment_id in ids else each
        for each in loaded.waiting
    ]
