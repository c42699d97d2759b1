"""A task, locked, and under which of their posts somebody acts on whose it is."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from app import advance, clock
from app.actor import Actor, Holding
from app.advance import Loaded, asking
from app.commands import faster, sight
from app.effects import accounts, holders
from app.errors import Invalid, NotAllowed
from app.i18n import Text, _
from app.model import OPEN, Assignment, Ticket
from app.rules import handing
from app.rules.handing import Helper, TaskStanding

May = Callable[[Actor, TaskStanding], Text | bool]


@dataclass(frozen=True)
class Held:
    """A task, locked, and the holding under which somebody acts on whose it is."""

    loaded: Loaded
    ticket: Ticket
    assignment: Assignment
    actor: Actor
    holding: Holding | None
    standing: TaskStanding

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


def hold(
    assignment_id: int,
    actor: Actor,
    version: int | None,
    may: May,
    states: Collection[str] = ("active",),
    *,
    named: object = None,
) -> Held:
    """The task, locked, for somebody who may do this; Stale when it is not as they saw it.

    `named`: what the form names as whom it is to be given to; nobody of them leaves meanwhile.
    """
    if named is not None:
        accounts.keep_open(named)
    loaded, ticket, task = advance.load_by_assignment(assignment_id)
    sight.require_seen(loaded, actor, task.unit_id)
    faster.require_open(loaded, ticket, task, version, states)
    helpers = [_helper(each) for each in asking.helpers_of(task.id)]
    standing = handing.standing_of(task, ticket, loaded.case, helpers)
    answer = may(actor, standing)
    if answer is False:
        raise NotAllowed(_("Only the post this task belongs to may do this."))
    if isinstance(answer, Text):
        raise Invalid(answer)
    doing = handing.completing(actor, standing)
    leading = actor.holding(task.unit_id, handing.LEADING)
    return Held(loaded, ticket, task, actor, doing or leading, standing)


def _helper(one: Assignment) -> Helper:
    return Helper(one.id, one.kind, one.state in OPEN, one.unit_id, one.person_id)


def doer(held: Held) -> int | None:
    """Whose the task is when this person does it: their own, or whom they stand in for."""
    holding = held.holding
    if holding is None or holding.role != held.assignment.post:
        return None
    return holding.deputy_for or held.actor.person_id


def colleague(assignment: Assignment, login: str) -> tuple[int, str]:
    """Somebody of the unit who may take it, and under which of their posts."""
    county, now = advance.organisation(), clock.now()
    posts = {
        each.role: each.person_id
        for each in county.posts.get(assignment.unit_id, ())
        if each.login == login and each.active and not each.deputy and each.holds(now)
    }
    post = next((each for each in handing.takers(assignment.given_post) if each in posts), None)
    if post is None:
        text = _("Choose somebody of your unit who holds a post that may do this.")
        raise Invalid(text, fields={"person": text})
    require_there(posts[post], assignment.unit_id, post, "person")
    if posts[post] == assignment.person_id:
        text = _("The task is theirs already.")
        raise Invalid(text, fields={"person": text})
    return posts[post], post


def require_there(person_id: int, unit_id: int, post: str, field: str) -> None:
    """Somebody who was to be given a task may have left since the county was read."""
    if not accounts.holds(person_id, unit_id, post):
        text = _("The post was taken from this account in this moment.")
        raise Invalid(text, fields={field: text})
