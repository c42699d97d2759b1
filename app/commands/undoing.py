"""Take back what was submitted (撤回) and return a case to an earlier task (退回)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from app import advance, forms
from app.actor import Actor
from app.advance import Loaded, asking, lineage, regaining, restoring
from app.advance.lineage import Act, Rebuilt
from app.advance.restoring import Back
from app.commands import falling, faster, sight
from app.commands.command import command
from app.db import session
from app.effects import backwards
from app.effects.backwards import Part
from app.errors import Invalid, NotAllowed
from app.forms.definition import NOTHING
from app.i18n import Text, _
from app.model import OPEN, Assignment, Case, Ticket

PREVIOUS, INITIATOR = "previous", "initiator"
STRAIGHT: Final = "straight"
NOTHING_YET: Final = _("You have submitted nothing in this case that could be taken back.")
NO_TASK: Final = _("Only whoever has a task of this case can send it back.")
WHICH: Final = _("Choose one of the tasks listed.")


@command
def withdraw(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Take back one's own last submission while nobody has built on it (domain row 11).

    What was submitted stays in the journal; the task is open again and its clock goes on. Raises
    Stale, with who did what when, if the next handler was faster.
    """
    loaded = _loaded(case_id, actor, seen)
    parts = backwards.parts_of(loaded.case)
    found = backwards.last_submission(parts, actor, loaded.case.kind)
    if found is None:
        raise NotAllowed(NOTHING_YET)
    ticket, mine = found
    if "withdraw" in ticket.forbids.split():
        raise Invalid(backwards.FORBIDDEN)
    said = sight.answered("withdraw", answers, unit_id=actor.unit_id)
    _require_undoable(found)
    _require_last_in_turn(loaded, ticket, mine, parts)

    told = falling.told(ticket, mine, said["reason"])
    if ticket.state == "open":
        _take_turn_again(loaded, ticket, mine, told, actor)
    else:
        acts = lineage.acts_of(loaded.case)
        act = falling.act_of(ticket, acts)
        fallen = [act, *(each for each in acts if each.along == act.seq)]
        rebuilt = falling.without(loaded, acts, fallen)
        _require_nobody_after(loaded, rebuilt, parts)
        back = Back(fallen, ticket.id, _own_part(mine))
        falling.take_back(loaded, rebuilt, back, "task.withdrawn", mine, told, actor)
    return {"case": case_id, "task": ticket.node}


def _take_turn_again(
    loaded: Loaded, ticket: Ticket, mine: Assignment, told: Mapping[str, Any], actor: Actor
) -> None:
    """Whose turn it was meanwhile waits again; whom they asked first is asked no longer."""
    stopped = restoring.reopen_part(loaded, ticket, mine, _own_part(mine))
    falling.record(loaded, "task.withdrawn", mine, {**told, "undone": []}, actor)
    for part in stopped:
        asked = [each.assignment_id for each in asking.waits_for(loaded, part.id)]
        asking.let_helpers_go(
            loaded,
            ticket,
            part,
            asking.with_helpers(loaded, asked),
            reason=told["reason"],
            actor=actor,
            unit_id=mine.unit_id,
        )


@command
def send_back(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Return the case from one's open task to an earlier one, for a reason (domain row 10).

    `task` names the two (`ASSIGNMENT:TICKET`), or is `previous` or `initiator`. Work on the way
    between them no longer counts; what other branches completed is never touched. `follow` says
    what comes after: each task in turn again, or straight back to one's own (`straight`).
    """
    loaded = _loaded(case_id, actor, seen)
    parts = backwards.parts_of(loaded.case)
    choices = _choices(loaded, parts, actor)
    known = dict.fromkeys((PREVIOUS, INITIATOR, *choices), NOTHING)
    form = forms.offering(forms.load("send_back"), "task", known)
    said = forms.checked(form, answers, context=advance.form_context(actor.unit_id))
    (ticket, mine), (target, part) = _chosen(loaded.case, choices, said["task"])
    undone, rebuilt = _before(loaded, target, ticket, parts)
    problem = backwards.stays({act.ticket for act in undone}, parts)
    if problem is not None:
        raise NotAllowed(problem)
    straight = said["follow"] == STRAIGHT
    if straight:
        _require_another(mine, part)

    told = {
        **falling.told(ticket, mine, said["reason"]),
        "to": target.node,
        "to_name": target.name,
        "follow": said["follow"],
        **_standing(loaded, rebuilt, ticket, undone, target),
    }
    back = Back(undone, target.id, _everybodys_part, by_unit=mine.unit_id)
    seq = falling.take_back(loaded, rebuilt, back, "task.returned", mine, told, actor)
    target.straight_from = seq if straight else None
    return {"case": case_id, "task": target.node}


def _require_another(mine: Assignment, part: Assignment) -> None:
    """Who would do both the task and the next one could change what others approved unseen."""
    if (mine.unit_id, mine.post) == (part.unit_id, part.post):
        text = _("The task is one of your own post; what comes after it has to be done again.")
        raise Invalid(text, fields={"follow": text})


def _standing(
    loaded: Loaded, rebuilt: Rebuilt, ticket: Ticket, undone: Sequence[Act], target: Ticket
) -> dict[str, Any]:
    """What has to be known to go straight back: open work as it stood, and work set aside."""
    gone = {each.id for each in restoring.vanishing(loaded, rebuilt.state)}
    between = {act.ticket for act in undone} - {target.id}
    done = select(Assignment.id).where(
        Assignment.ticket_id.in_(between), Assignment.state == "done"
    )
    return {
        "step": ticket.engine_task,
        "dropped": [[w.assignment_id, w.state] for w in loaded.waiting if w.ticket_id in gone],
        "set_aside": list(session().scalars(done.order_by(Assignment.id))),
    }


def _loaded(case_id: int, actor: Actor, seen: int | None) -> Loaded:
    loaded = sight.seen(case_id, actor)
    back = dict.fromkeys(("task.withdrawn", "task.returned"), _by_one_of(actor.unit_ids))
    faster.require_unchanged(loaded.stream, seen, {**faster.STOPPED, **back})
    if loaded.case.status != "open":
        raise Invalid(_("Only a case that is open can go back."))
    return loaded


def _by_one_of(units: Collection[int]) -> Callable[[Mapping[str, Any]], bool]:
    return lambda data: data["acting_unit"] in units


def _require_nobody_after(loaded: Loaded, rebuilt: Rebuilt, parts: Sequence[Part]) -> None:
    """Refuse when somebody acted on what would not be there without the submission."""
    for act in rebuilt.gone:
        raise falling.faster_one(loaded, act.data.get("name", ""), act.person_id, act.at)
    for ticket, part in _done_in_vain(loaded, rebuilt, parts):
        raise falling.faster_one(loaded, ticket.name, part.done_by, part.done_at)


def _require_last_in_turn(
    loaded: Loaded, ticket: Ticket, mine: Assignment, parts: Sequence[Part]
) -> None:
    """Whoever signed after it has built on it already, and where one is asked first, the asker."""
    for _ticket, part in parts:
        if part.ticket_id == ticket.id and part.state == "done" and _builds_on(mine, part, ticket):
            raise falling.faster_one(loaded, ticket.name, part.done_by, part.done_at)
    if mine.kind not in regaining.FIRST:
        return
    asker = session().get_one(Assignment, mine.parent_id, populate_existing=True)
    if ticket.state != "open" or asker.state not in OPEN:
        raise Invalid(falling.GONE_ON)


def _builds_on(mine: Assignment, other: Assignment, ticket: Ticket) -> bool:
    """Whether another part of the ticket, which is done, came after one's own in order."""
    if mine.kind in regaining.FIRST:
        return other.id == mine.parent_id
    if other.kind == "after" and other.parent_id == mine.id:
        return True
    later = other.done_at is not None and mine.done_at is not None and other.done_at > mine.done_at
    return ticket.policy == "sequential" and other.kind not in regaining.FIRST and later


def _done_in_vain(loaded: Loaded, rebuilt: Rebuilt, parts: Sequence[Part]) -> list[Part]:
    """Parts that are done of tasks that are still open now and would not be."""
    gone = {ticket.id for ticket in restoring.vanishing(loaded, rebuilt.state)}
    return [(t, a) for t, a in parts if t.id in gone and a.state == "done"]


def _before(
    loaded: Loaded, target: Ticket, ticket: Ticket, parts: Sequence[Part]
) -> tuple[list[Act], Rebuilt]:
    """The acts from the target on along the way to the task, and the case without them."""
    acts = lineage.acts_of(loaded.case)
    act = falling.act_of(target, acts)
    rebuilt = falling.without(loaded, acts, [act])
    for gone in rebuilt.gone:
        if not _leads_to(loaded, acts, gone, ticket):
            raise Invalid(_others(gone.data.get("name", "")))
    for other, _part in _done_in_vain(loaded, rebuilt, parts):
        if other.id != ticket.id:
            raise Invalid(_others(other.name))
    return [act, *rebuilt.gone], rebuilt


def _leads_to(loaded: Loaded, acts: list[Act], act: Act, ticket: Ticket) -> bool:
    """Whether the task would not be open had the act not been done."""
    try:
        rebuilt = lineage.rebuilt(loaded.case, acts, {act.seq})
    except Invalid:  # somebody decided by what the act said
        return True
    return ticket.engine_task not in lineage.open_after(loaded.case, rebuilt.state)


def _choices(loaded: Loaded, parts: Sequence[Part], actor: Actor) -> dict[str, tuple[Part, Part]]:
    """From which of one's open tasks the case may go back to which earlier ones."""
    kind = loaded.case.kind
    mine = [(t, a) for t, a in backwards.turns(parts) if backwards.holds(actor, a, kind)]
    if not mine:
        raise NotAllowed(NO_TASK)
    found: dict[str, tuple[Part, Part]] = {}
    why_not: Text = backwards.NOWHERE
    for ticket, part in mine:
        ways = backwards.earlier(loaded.case, ticket, parts)
        why_not = ways.why_not
        for target in ways.tasks:
            found[f"{part.id}:{target[0].id}"] = ((ticket, part), target)
    if not found:
        raise Invalid(why_not)
    return found


def _chosen(case: Case, choices: Mapping[str, tuple[Part, Part]], wanted: str) -> tuple[Part, Part]:
    """The task to go back from and the one to go back to."""
    if wanted not in (PREVIOUS, INITIATOR):
        return choices[wanted]
    if len({key.partition(":")[0] for key in choices}) > 1:
        raise Invalid(WHICH, fields={"task": WHICH})
    found = list(choices.values())
    if wanted == PREVIOUS:
        return found[0]
    ticket = backwards.initiators(case, [target for _from, target in found])
    if ticket is None:
        text = _("Whoever opened the case has no task in it that could be gone back to.")
        raise Invalid(text, fields={"task": text})
    return next(each for each in found if each[1][0].id == ticket)


def _require_undoable(submitted: Part) -> None:
    problem = backwards.stays_alone(*submitted)
    if problem is not None:
        raise NotAllowed(problem)


def _own_part(mine: Assignment) -> restoring.Wanted:
    """One's own part, and those of whoever had the task no longer because of it.

    Where one had decided for all, who only signed after them gives nobody else the task again.
    """

    def wanted(ticket: Ticket, part: Assignment) -> bool:
        if part.id == mine.id or part.state != "cancelled":
            return part.id == mine.id
        return not (mine.kind == "after" and ticket.policy == "any" and part.kind != "after")

    return wanted


def _everybodys_part(_ticket: Ticket, assignment: Assignment) -> bool:
    """All who had the task, whether they had done it or had it no longer when it was decided."""
    return assignment.state in ("done", "cancelled")


def _others(task: str) -> Text:
    return _(
        "“%(task)s” was completed in another branch since; it would be lost if the case went back.",
        task=task,
    )
