"""Complete a task: the act people do all day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from app import advance, clock, effects, forms
from app.actor import Actor, Holding
from app.advance import Done, Loaded, asking, form_context, regaining
from app.commands import faster, sight
from app.commands.command import command
from app.effects import evidence, eyes, sendings
from app.errors import NotAllowed
from app.i18n import _
from app.model import Assignment, Ticket
from app.rules import access, signing


class _Who(TypedDict):
    actor: Actor
    holding: Holding


@command
def complete_task(
    assignment_id: int,
    answers: Mapping[str, Any] | forms.Sent,
    *,
    actor: Actor,
    version: int | None = None,
) -> dict[str, Any]:
    """Close this unit's part of a task; the case moves on once the task's policy is decided.

    Returns `{"case": id, "decided": bool, "finished": bool, "opened": [{node, units}]}`, and in
    words the task (`task`, `task_en`) and what is open in the case now (`next`, with the unit).
    Raises NotFound for a stranger, NotAllowed for a colleague, Stale when somebody was faster,
    Invalid (422) for answers the form does not take.
    """
    loaded, ticket, assignment = advance.load_by_assignment(assignment_id)
    sight.require_seen(loaded, actor, assignment.unit_id)
    faster.require_open(loaded, ticket, assignment, version)
    holding = _holding(assignment, actor, loaded.case.kind)
    sendings.require_read(loaded, assignment.unit_id, ticket.node)

    why_not = eyes.barred(loaded.case.id, ticket.not_by, actor.person_id)
    if why_not is not None and assignment.kind not in regaining.FIRST:
        raise NotAllowed(why_not)
    twice = None if holding.deputy_for else eyes.signed_already(ticket, assignment, actor.person_id)
    if twice is not None:
        raise NotAllowed(twice)
    form = forms.load(signing.form_of(assignment.kind, ticket.form))
    given = forms.parse_post(form, answers) if isinstance(answers, forms.Sent) else answers
    given = {**given, **evidence.attached(form, assignment.id)}
    checked = forms.checked(form, given, context=form_context(assignment.unit_id, form))
    now, actor = clock.now(), actor.acting_as(holding)
    done = _done(effects.Completed(loaded, ticket, assignment, checked, actor, holding, now))
    return {
        **_told(loaded, ticket),
        "decided": done.decided,
        "finished": done.finished,
        "opened": [
            {"node": o["node"], "units": [a["unit"] for a in o["assignments"]]} for o in done.opened
        ],
    }


def _done(step: effects.Completed) -> Done:
    """Move the case on by it; what others are asked first only goes back to who asked them."""
    loaded, ticket, part, answers = step.loaded, step.ticket, step.assignment, step.answers
    who: _Who = {"actor": step.actor, "holding": step.holding}
    if part.kind in regaining.FIRST:
        asking.answer(loaded, ticket, part, answers=answers, **who)
        return Done(decided=False, opened=[], finished=False)
    verdict = advance.verdict(loaded, ticket, advance.Act(part, answers))
    facts = effects.conclude(step, verdict)
    return advance.finish(loaded, ticket, part, answers=answers, facts=facts, **who)


def _told(loaded: Loaded, ticket: Ticket) -> dict[str, Any]:
    names = advance.organisation().names
    return {
        "case": loaded.case.id,
        "task": ticket.name,
        "task_en": ticket.name_en,
        "next": [
            {"task": each.name, "task_en": each.name_en, "unit": names[each.unit_id]}
            for each in loaded.waiting
            if each.state == "active"
        ],
    }


def _holding(assignment: Assignment, actor: Actor, kind: str) -> Holding:
    holding = access.completes(
        actor,
        unit_id=assignment.unit_id,
        post=assignment.post,
        person_id=assignment.person_id,
        kind=kind,
    )
    if holding is None:
        raise NotAllowed(_("Only the post this task belongs to may complete it."))
    return holding
