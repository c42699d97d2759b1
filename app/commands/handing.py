"""Whose a task is inside its unit: claimed, released, handed to a colleague (认领、释放、转办)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.actor import Actor
from app.commands import sight
from app.commands.command import command
from app.commands.held import Held, colleague, doer, hold
from app.effects import accounts, drafts, eyes
from app.errors import Invalid, NotAllowed
from app.i18n import _
from app.rules import access, handing


@command
def claim(
    assignment_id: int, answers: Mapping[str, Any], *, actor: Actor, version: int | None = None
) -> dict[str, Any]:
    """Take a task of one's post for oneself (认领, domain row 1): colleagues see that it is taken.

    A deputy claims it for the person they stand in for, so that it does not end with the period.
    """
    stood_in_for = (each.deputy_for for each in actor.holdings)
    there = accounts.kept_open(each for each in (actor.person_id, *stood_in_for) if each)
    held = hold(assignment_id, actor, version, handing.may_claim)
    task = held.assignment
    why_not = eyes.barred(task.case_id, held.ticket.not_by, actor.person_id)
    if why_not is not None:
        raise NotAllowed(why_not)
    said = sight.answered("claim", answers, unit_id=task.unit_id)
    task.person_id = doer(held)
    here = task.person_id in there and accounts.holds(task.person_id, task.unit_id, task.post)
    access.require(here, _("The post was taken from this account in this moment."))
    return held.now("task.claimed", before=None, reason=said["note"])


@command
def release(
    assignment_id: int, answers: Mapping[str, Any], *, actor: Actor, version: int | None = None
) -> dict[str, Any]:
    """Give a task back to the post it was given to (释放): anybody who holds it may do it again."""
    held = hold(assignment_id, actor, version, handing.may_release)
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
    held = hold(assignment_id, actor, version, handing.may_transfer, named=answers.get("person"))
    task = held.assignment
    said = sight.answered("transfer", answers, unit_id=task.unit_id)
    person_id, post = colleague(task, said["person"])
    _require_other_eyes(held, person_id)
    before = {"before": task.person_id, "post_before": task.post}
    drafts.pass_on(task.id, task.person_id or actor.person_id, person_id)
    task.owner_id = task.owner_id or task.person_id or doer(held)
    task.person_id, task.post = person_id, post
    told = {**before, "post_after": post, "owner": task.owner_id, "reason": said["reason"]}
    return held.now("task.transferred", **told)


def _require_other_eyes(held: Held, person_id: int) -> None:
    """Who did what this task is to be a second look at could not complete it (`wv:notBy`)."""
    done = eyes.did(held.assignment.case_id, held.ticket.not_by, person_id)
    if done is not None:
        text = _("They completed “%(task)s” themselves; choose somebody else for this.", task=done)
        raise Invalid(text, fields={"person": text})
