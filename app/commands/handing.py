"""Whose a task is inside its unit: claimed, released, handed to a colleague (认领、释放、转办)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app import advance, clock
from app.actor import Actor, Holding
from app.advance import Loaded
from app.commands import faster, sight
from app.commands.command import command
from app.effects import drafts, holders
from app.errors import Invalid, NotAllowed
from app.i18n import Text, _
from app.model import Assignment, Ticket
from app.rules import handing
from app.rules.handing import TaskStanding

May = Callable[[Actor, TaskStanding], Text | bool]


@dataclass(frozen=True)
class Held:
    """A task, locked, and the holding under which somebody acts on whose it is."""

    loaded: Loaded
    ticket: Ticket
    assignment: Assignment
    actor: Actor
    holding: Holding | None

    def now(self, kind: str, **told: Any) -> dict[str, Any]:
        """Write down whose it is now."""
        holders.changed(
            self.loaded,
            self.ticket,
            self.assignment,
            kind,
            actor=self.actor,
            told=told,
            holding=self.holding,
        )
        return {"case": self.loaded.case.id, "version": self.assignment.version}


@command
def claim(
    assignment_id: int, answers: Mapping[str, Any], *, actor: Actor, version: int | None = None
) -> dict[str, Any]:
    """Take a task of one's post for oneself (认领, domain row 1): colleagues see that it is taken.

    A deputy claims it for the person they stand in for, so that it does not end with the period.
    """
    held = _open(assignment_id, actor, version, handing.may_claim)
    task = held.assignment
    said = sight.answered("claim", answers, unit_id=task.unit_id)
    task.person_id = _doer(held)
    return held.now("task.claimed", before=None, reason=said["note"])


@command
def release(
    assignment_id: int, answers: Mapping[str, Any], *, actor: Actor, version: int | None = None
) -> dict[str, Any]:
    """Give a task back to the post it was given to (释放): anybody who holds it may do it again."""
    held = _open(assignment_id, actor, version, handing.may_release)
    task = held.assignment
    said = sight.answered("release", answers, unit_id=task.unit_id)
    before, task.person_id, task.post = task.person_id, None, task.given_post
    return held.now("task.released", before=before, reason=said["note"])


@command
def transfer(
    assignment_id: int, answers: Mapping[str, Any], *, actor: Actor, version: int | None = None
) -> dict[str, Any]:
    """Hand a task to a colleague of the same unit (转办, domain row 2), who completes it then.

    Whoever had it first stays on record (`owner`), however often it is handed on; a leader who
    divides the work had it not. What was typed so far goes along.
    """
    held = _open(assignment_id, actor, version, handing.may_transfer)
    task = held.assignment
    said = sight.answered("transfer", answers, unit_id=task.unit_id)
    person_id, post = _colleague(task, said["person"])
    before = {"before": task.person_id, "post_before": task.post}
    drafts.pass_on(task.id, task.person_id or actor.person_id, person_id)
    task.owner_id = task.owner_id or task.person_id or _doer(held)
    task.person_id, task.post = person_id, post
    told = {**before, "post_after": post, "owner": task.owner_id, "reason": said["reason"]}
    return held.now("task.transferred", **told)


def _open(assignment_id: int, actor: Actor, version: int | None, may: May) -> Held:
    """The task, locked, for somebody who may do this; Stale when it is not as they saw it."""
    loaded, ticket, task = advance.load_by_assignment(assignment_id)
    sight.require_seen(loaded, actor, task.unit_id)
    faster.require_open(loaded, ticket, task, version)
    standing = handing.standing_of(task, ticket, loaded.case, is_open=True)
    answer = may(actor, standing)
    if answer is False:
        raise NotAllowed(_("Only the post this task belongs to may do this."))
    if isinstance(answer, Text):
        raise Invalid(answer)
    doing = handing.completing(actor, standing)
    leading = actor.holding(task.unit_id, handing.LEADING)
    return Held(loaded, ticket, task, actor, doing or leading)


def _doer(held: Held) -> int | None:
    """Whose the task is when this person does it: their own, or whom they stand in for."""
    holding = held.holding
    if holding is None or holding.role != held.assignment.post:
        return None
    return holding.deputy_for or held.actor.person_id


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
