"""Ask others to help with one's task: delegate and recall it, add signers and remove them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select

from app import advance, clock, effects, forms
from app.actor import Actor
from app.advance import asking, finishing
from app.advance.asking import Asked
from app.commands import sight
from app.commands.command import command
from app.commands.held import Held, colleague, doer, hold, require_there
from app.db import session
from app.effects import papers
from app.errors import Invalid
from app.forms.definition import NOTHING
from app.i18n import Text, _
from app.model import Assignment, Person
from app.rules import signers
from app.rules.deadlines import Due, fixed

NOBODY = _("Choose a colleague or another unit.")
STAYS = _("At least one signer stays; take back your own part instead.")


@command
def delegate(
    assignment_id: int, answers: Mapping[str, Any], *, actor: Actor, version: int | None = None
) -> dict[str, Any]:
    """Have a colleague fill a task in (委派, domain row 3); then it is one's own again.

    Only the first completes it. What was nobody's by name is the delegator's from then on.
    """
    held = hold(assignment_id, actor, version, signers.may_delegate, named=answers.get("person"))
    task = held.assignment
    said = sight.answered("delegate", answers, unit_id=task.unit_id)
    person_id, post = colleague(task, said["person"])
    mine = task.person_id or doer(held)
    if person_id == mine:
        text = _("The task is yours; choose somebody else.")
        raise Invalid(text, fields={"person": text})
    due = _due(held, said["due_date"])

    task.person_id = mine
    who = [Asked(task.unit_id, post, person_id)]
    (made,) = asking.ask(held.loaded, held.ticket, task, "delegated", who, due)
    told = {"to": person_id, "by_id": made.id, "due": made.due_at, "reason": said["reason"]}
    return held.now("task.delegated", persons=[person_id], **told)


@command
def recall(
    assignment_id: int, answers: Mapping[str, Any], *, actor: Actor, version: int | None = None
) -> dict[str, Any]:
    """Take a delegated task back before it is filled in; what the colleague typed is not kept."""
    held = hold(assignment_id, actor, version, signers.may_recall, ("asking",))
    task = held.assignment
    said = sight.answered("recall", answers, unit_id=task.unit_id)
    gone = [each for each in held.standing.helpers if each.kind == "delegated" and each.open]

    asking.let_go(held.loaded, {each.assignment_id for each in gone})
    asking.turn_again(held.loaded, task)
    persons = [each.person_id for each in gone if each.person_id]
    return held.now("task.recalled", persons=persons, before=persons[0], reason=said["reason"])


@command
def add_before(
    assignment_id: int, answers: Mapping[str, Any], *, actor: Actor, version: int | None = None
) -> dict[str, Any]:
    """Ask others for their opinion before one's own part (前加签, row 5); it waits for them all."""
    held = hold(
        assignment_id,
        actor,
        version,
        signers.may_add_before,
        ("active", "asking"),
        named=answers.get("people"),
    )
    return _ask(held, "before", answers)


@command
def add_after(
    assignment_id: int, answers: Mapping[str, Any], *, actor: Actor, version: int | None = None
) -> dict[str, Any]:
    """Have others sign after one's own part (后加签, row 6); the task is done when all have."""
    held = hold(assignment_id, actor, version, signers.may_add_after, named=answers.get("people"))
    return _ask(held, "after", answers)


@command
def add_beside(
    assignment_id: int, answers: Mapping[str, Any], *, actor: Actor, version: int | None = None
) -> dict[str, Any]:
    """Have others sign like those whom the diagram asks (并加签, row 7): their voices count."""
    held = hold(assignment_id, actor, version, signers.may_add_beside, named=answers.get("people"))
    return _ask(held, "added", answers)


@command
def remove_signers(
    assignment_id: int, answers: Mapping[str, Any], *, actor: Actor, version: int | None = None
) -> dict[str, Any]:
    """Let go of added signers who have not acted (减签, row 8); at least one signer stays."""
    states = ("active", "asking", "done")
    held = hold(assignment_id, actor, version, signers.may_remove, states)
    loaded, ticket, task = held.loaded, held.ticket, held.assignment
    there = {str(each.assignment_id): each for each in signers.removable(held.standing)}
    form = forms.offering(
        forms.load("remove_signers"), "signers", dict.fromkeys(("all", *there), NOTHING)
    )
    said = forms.checked(form, answers, context=advance.form_context(task.unit_id))
    chosen = list(there) if "all" in said["signers"] else said["signers"]
    gone = asking.with_helpers(loaded, [int(each) for each in chosen])
    if not any(w.ticket_id == ticket.id and w.assignment_id not in gone for w in loaded.waiting):
        raise Invalid(STAYS, fields={"signers": STAYS})
    verdict = advance.verdict(loaded, ticket, advance.Act(gone=gone))
    own = held.holding or actor.holdings[0]
    step = effects.Completed(loaded, ticket, task, {}, actor, own, clock.now())
    facts = effects.concluded(step, verdict)

    asking.let_go(loaded, gone)
    asking.turn_again(loaded, task)
    units = [there[each].unit_id for each in chosen if there[each].person_id is None]
    persons = [there[each].person_id for each in chosen if there[each].person_id is not None]
    told = {"signers": sorted(gone), "units": units, "persons": persons, "reason": said["reason"]}
    return _removed(held, told, facts)


def _removed(held: Held, told: dict[str, Any], facts: Mapping[str, Any] | None) -> dict[str, Any]:
    """Record it; where the others' voices are enough now, the case goes on."""
    task, ticket = held.assignment, held.ticket
    finishing.remove(
        held.loaded,
        ticket,
        task,
        facts=facts,
        actor=held.actor,
        deputy_for=held.holding.deputy_for if held.holding else None,
        told=told,
    )
    return {"case": held.loaded.case.id, "version": task.version}


def _ask(held: Held, kind: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Give the signers named in the form assignments of their own."""
    loaded, ticket, task = held.loaded, held.ticket, held.assignment
    said = sight.answered("add_signers", answers, unit_id=task.unit_id)
    there = asking.signers_of(ticket)
    who = [_person(held, there, login) for login in said["people"]]
    who += [_unit(task, there, code) for code in said["units"]]
    if not who:
        raise _refuse("people", NOBODY)
    due = _due(held, said["due_date"])

    if kind == "before" and task.person_id is None:
        task.person_id = doer(held)
    made = asking.ask(loaded, ticket, task, kind, who, due)
    told = {
        "how": kind,
        "signers": [each.id for each in made],
        "units": [each.unit_id for each in made if each.person_id is None],
        "persons": [each.person_id for each in made if each.person_id],
        "due": made[0].due_at,
        "reason": said["reason"],
    }
    return held.now("signers.added", **told)


def _person(held: Held, there: Sequence[Assignment], login: str) -> Asked:
    """A colleague, under a post with which they may sign; not twice, and not oneself."""
    task, now = held.assignment, clock.now()
    county = advance.organisation()
    person_id = county.colleague(login, task.unit_id, now) or 0
    if person_id in (held.actor.person_id, task.person_id):
        raise _refuse("people", _("You sign yourself; choose somebody else."))
    if any(person_id in (each.person_id, each.done_by) for each in there):
        text = _("%(person)s signs this task already.", person=_called(login))
        raise _refuse("people", text)
    roles = county.roles_of(person_id, task.unit_id, now)
    post = signers.post_asked(task.given_post, roles)
    if post is None:
        text = _("%(person)s holds no post of your unit that may sign.", person=_called(login))
        raise _refuse("people", text)
    require_there(person_id, task.unit_id, post, "people")
    return Asked(task.unit_id, post, person_id)


def _called(login: str) -> str:
    """Several are chosen at once, so a refusal says whom it is about."""
    return session().scalar(select(Person.name).where(Person.login == login)) or login


def _unit(task: Assignment, there: Sequence[Assignment], code: str) -> Asked:
    """Another unit, for its liaison or whoever stands nearest; not twice."""
    unit_id = papers.unit_ids([code])[0]
    refuse = partial(_refuse, "units")
    name = advance.organisation().names[unit_id]
    if unit_id == task.unit_id:
        raise refuse(_("%(unit)s is your own unit; choose a colleague.", unit=name))
    if any(each.unit_id == unit_id for each in there):
        raise refuse(_("%(unit)s signs this task already.", unit=name))
    now = clock.now()
    posts = advance.organisation().posts.get(unit_id, ())
    held = {each.role for each in posts if each.active and each.holds(now)}
    post = signers.post_asked(signers.ASKED[0], held)
    if post is None:
        raise refuse(_("Nobody in %(unit)s holds a post that could sign.", unit=name))
    return Asked(unit_id, post)


def _due(held: Held, day: str | None) -> Due | None:
    """The date they are given: never after the task's own."""
    if day is None:
        return None
    end = held.loaded.profile.clock.end_of_day
    found, latest = fixed(date.fromisoformat(day), end_of_day=end), held.assignment.due_at
    if latest is not None and found.due_at > latest:
        last = clock.local_day(latest)
        text = _("The task itself is due on %(day)s; choose no later day.", day=last)
        raise _refuse("due_date", text)
    return found


def _refuse(field: str, text: Text) -> Invalid:
    return Invalid(text, fields={field: text})
