"""Reading lists (传阅, domain row 14): colleagues read a case, mark it, leave an opinion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from app import advance, clock, forms
from app.actor import Actor, Holding
from app.advance import Loaded
from app.commands import faster, sight
from app.commands.command import command
from app.db import session
from app.effects import papers, readership, sendings
from app.effects.sendings import Addressee
from app.errors import Invalid, NotAllowed, NotFound
from app.i18n import Text, _
from app.model import Delivery, Sending
from app.rules import handing, sharing

ONLY_OFFICE: Final = _("Only the supervising office may do this.")
NOT_YOURS: Final = _("Only who works on the case may have it read.")


@command
def circulate(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Have colleagues of one's own unit read the case; nothing waits for them."""
    loaded = sight.seen(case_id, actor)
    holding = sight.acting(loaded, actor, sharing.may_circulate, sharing.reading_for, NOT_YOURS)
    faster.require_unchanged(loaded.stream, seen, faster.ENDED)
    to, note = _colleagues("circulate", answers, holding.unit_id, actor)
    return _start(loaded, holding, to, actor=actor, note=note)


@command
def circulate_widely(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """The supervising office has everybody read it who holds certain posts in several units."""
    loaded = sight.seen(case_id, actor)
    may = sharing.may_circulate_widely
    holding = sight.acting(loaded, actor, may, sharing.sending_for, ONLY_OFFICE)
    faster.require_unchanged(loaded.stream, seen, faster.ENDED)
    said = sight.answered("circulate_widely", answers, unit_id=holding.unit_id)
    units = papers.unit_ids(said["units"])
    posts = readership.people_of(units, clock.now(), *said["posts"])
    to = {(row.unit_id, row.id) for row in session().execute(posts)}
    if not to:
        text = _("Nobody holds such a post in these units.")
        raise Invalid(text, fields={"posts": text})
    return _start(loaded, holding, to, actor=actor, note=said["note"] or "", field="units")


@command
def circulate_first(
    assignment_id: int, answers: Mapping[str, Any], *, actor: Actor, version: int | None = None
) -> dict[str, Any]:
    """The same as circulating, and the task is not completed before all have read the case.

    It waits by its step and unit: also after the case was sent back and came here again.
    """
    loaded, ticket, task = advance.load_by_assignment(assignment_id)
    sight.require_seen(loaded, actor, task.unit_id)
    faster.require_open(loaded, ticket, task, version)
    stands = handing.standing_of(task, ticket, loaded.case)
    answer, holding = sharing.may_circulate_first(actor, stands), handing.completing(actor, stands)
    if isinstance(answer, Text):
        raise Invalid(answer)
    if not answer or holding is None:
        raise NotAllowed(_("Only the post this task belongs to may do this."))
    to, note = _colleagues("circulate_first", answers, task.unit_id, actor)
    return _start(loaded, holding, to, actor=actor, note=note, node=ticket.node)


@command
def read(delivery_id: int, answers: Mapping[str, Any], *, actor: Actor) -> dict[str, Any]:
    """Mark as read what one was asked to read (已阅), perhaps with an opinion (阅示意见).

    The opinion is for the unit that reads; the journal vouches for it and does not show it.
    """
    asked = session().get(Delivery, delivery_id)
    if asked is None or asked.role != sendings.READER or asked.sending_id is None:
        raise NotFound
    loaded = sight.seen(asked.case_id, actor)
    if asked.person_id != actor.person_id:
        raise NotAllowed(_("Only whom it was given to may mark it as read."))
    session().refresh(asked)
    if asked.recalled_at is not None:
        raise Invalid(_("This reading list was recalled in the meantime."))
    if asked.read_at is not None:
        raise Invalid(_("You have marked it as read already."))
    said = sight.answered("mark_read", answers, unit_id=asked.unit_id)

    asked.read_at, asked.read_by = clock.now(), actor.person_id
    asked.opinion = said["opinion"] or ""
    sending = session().get_one(Sending, asked.sending_id)
    sendings.record(
        "circulation.read",
        loaded,
        sending.id,
        [(sending.unit_id, sending.person_id)],
        actor=actor,
        holding=actor.holding(asked.unit_id),
        personal={"opinion": asked.opinion} if asked.opinion else None,
        said=bool(asked.opinion),
    )
    sendings.count_readers(loaded)
    return {"case": loaded.case.id}


def _colleagues(
    form: str, answers: Mapping[str, Any], unit_id: int, actor: Actor
) -> tuple[set[Addressee], str]:
    """Whom of the unit one wants to read it, and what is said with it."""
    rows = session().execute(readership.people_of((unit_id,), clock.now()))
    by_login = {row.login: row.id for row in rows if row.id != actor.person_id}
    context = replace(advance.form_context(unit_id), persons=frozenset(by_login))
    said = forms.checked(forms.load(form), answers, context=context)
    return {(unit_id, by_login[login]) for login in said["readers"]}, said["note"] or ""


def _start(
    loaded: Loaded,
    holding: Holding,
    to: set[Addressee],
    *,
    actor: Actor,
    note: str,
    node: str = "",
    field: str = "readers",
) -> dict[str, Any]:
    """Begin a list with those who are not asked already."""
    asked = sendings.readers(loaded.case.id, holding.unit_id)
    new: set[Addressee] = {each for each in to if each[1] not in asked | {actor.person_id}}
    if not new:
        text = _("All of them are asked to read it already.")
        raise Invalid(text, fields={field: text})

    made = sendings.send(
        loaded,
        holding,
        dict.fromkeys(sorted(new), sendings.READER),
        actor=actor,
        note=note,
        node=node,
    )
    sendings.record(
        "circulation.started",
        loaded,
        made.id,
        new,
        actor=actor,
        holding=holding,
        node=node,
        personal={"note": note} if note else None,  # for the readers, as their opinions are
    )
    sendings.count_readers(loaded)
    return {"case": loaded.case.id, "sending": made.id}
