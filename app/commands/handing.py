"""Whose a task is inside its unit: claimed, released, handed to a colleague (认领、释放、转办)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app import advance, clock, journal
from app.actor import Actor
from app.advance import Loaded
from app.commands import faster, sight
from app.commands.command import command
from app.db import session
from app.errors import Invalid, NotAllowed
from app.i18n import Text, _
from app.model import Assignment, Ticket
from app.rules import access, handing
from app.rules.handing import TaskStanding

May = Callable[[Actor, TaskStanding], Text | bool]


@command
def claim(
    assignment_id: int, answers: Mapping[str, Any], *, actor: Actor, version: int | None = None
) -> dict[str, Any]:
    """Take a task of one's post for oneself (认领, domain row 1): colleagues see that it is taken.

    A deputy claims it for the person they stand in for, so that it does not end with the period.
    """
    loaded, ticket, assignment = _open(assignment_id, actor, version, handing.may_claim)
    said = sight.answered("claim", answers, unit_id=assignment.unit_id)
    held = access.completes(actor, unit_id=assignment.unit_id, post=assignment.post, person_id=None)
    assignment.person_id = (held and held.deputy_for) or actor.person_id
    return _handed(
        loaded, ticket, assignment, actor, "task.claimed", {"before": None, "reason": said["note"]}
    )


@command
def release(
    assignment_id: int, answers: Mapping[str, Any], *, actor: Actor, version: int | None = None
) -> dict[str, Any]:
    """Give a task back to the post it was given to (释放): anybody who holds it may do it again."""
    loaded, ticket, assignment = _open(assignment_id, actor, version, handing.may_release)
    said = sight.answered("release", answers, unit_id=assignment.unit_id)
    before, assignment.person_id = assignment.person_id, None
    assignment.post = assignment.given_post
    told = {"before": before, "reason": said["note"]}
    return _handed(loaded, ticket, assignment, actor, "task.released", told)


@command
def transfer(
    assignment_id: int, answers: Mapping[str, Any], *, actor: Actor, version: int | None = None
) -> dict[str, Any]:
    """Hand a task to a colleague of the same unit (转办, domain row 2), who completes it then.

    Whoever had it first stays on record (`owner`), however often it is handed on.
    """
    loaded, ticket, assignment = _open(assignment_id, actor, version, handing.may_transfer)
    said = sight.answered("transfer", answers, unit_id=assignment.unit_id)
    person_id, post = _colleague(assignment, said["person"])
    if assignment.owner_id is None:
        assignment.owner_id = assignment.person_id or actor.person_id
    before = {"before": assignment.person_id, "post_before": assignment.post}
    assignment.person_id, assignment.post = person_id, post
    told = {**before, "post_after": post, "owner": assignment.owner_id, "reason": said["reason"]}
    return _handed(loaded, ticket, assignment, actor, "task.transferred", told)


def _open(
    assignment_id: int, actor: Actor, version: int | None, may: May
) -> tuple[Loaded, Ticket, Assignment]:
    """The task, locked, for somebody who may do this; Stale when it is not as they saw it."""
    loaded, ticket, assignment = advance.load_by_assignment(assignment_id)
    sight.require_seen(loaded, actor, assignment.unit_id)
    faster.require_open(loaded, ticket, assignment, version)
    answer = may(actor, handing.standing_of(assignment, loaded.case.handler_id, is_open=True))
    if answer is False:
        raise NotAllowed(_("Only the post this task belongs to may do this."))
    if isinstance(answer, Text):
        raise Invalid(answer)
    return loaded, ticket, assignment


def _colleague(assignment: Assignment, login: str) -> tuple[int, str]:
    """Somebody of the unit who may take it, and under which of their posts."""
    county, now = advance.organisation(), clock.now()
    posts = {
        each.role: each.person_id
        for each in county.posts.get(assignment.unit_id, ())
        if each.login == login and each.active and each.holds(now)
    }
    post = next((each for each in handing.takers(assignment.given_post) if each in posts), None)
    if post is None:
        text = _("Choose somebody of your unit who holds a post that may do this.")
        raise Invalid(text, fields={"person": text})
    if posts[post] == assignment.person_id:
        text = _("The task is theirs already.")
        raise Invalid(text, fields={"person": text})
    return posts[post], post


def _handed(
    loaded: Loaded,
    ticket: Ticket,
    assignment: Assignment,
    actor: Actor,
    kind: str,
    told: Mapping[str, Any],
) -> dict[str, Any]:
    """Write down whose it is now; the engine knows nothing of it."""
    assignment.version += 1
    session().put_off_changes(assignment)
    held = actor.holding(assignment.unit_id)
    journal.record(
        kind,
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=assignment.unit_id,
        deputy_for=held.deputy_for if held else None,
        data={
            "task": ticket.node,
            "name": ticket.name,
            "assignment": assignment.id,
            "after": assignment.person_id,
            **told,
        },
    )
    return {"case": loaded.case.id, "version": assignment.version}
