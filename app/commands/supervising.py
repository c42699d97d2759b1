"""What the supervising office does on a case besides its tasks: urge, waive, escalate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from app import advance, clock, effects
from app.actor import Actor
from app.advance import Loaded, asking
from app.advance.loading import units_of
from app.commands import faster, sight
from app.commands.command import command
from app.db import session
from app.effects import disagreements, escalation, papers, reminders
from app.errors import Invalid, NotAllowed, NotFound, TooOften
from app.i18n import _
from app.model import OPEN, RUNNING, Assignment, Delivery, Document, Ticket
from app.rules import access, posts

ONLY_OFFICE: Final = _("Only the supervising office may do this.")


@command
def urge(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Remind the units that have not answered (催办, domain row 12): `{"units", "count"}`.

    The office or whoever opened the case may, each unit as often a working day as the profile
    allows; `unit` limits it to one. At night and on days off the reminder waits for the morning.
    """
    loaded = sight.seen(case_id, actor)
    access.require(
        sight.supervises(loaded, actor) or sight.opened(loaded, actor),
        _("Only the supervising office or whoever opened the case may urge."),
    )
    actor = actor.acting_as(posts.held(actor, loaded.profile, *sight.OFFICE))
    faster.require_unchanged(loaded.stream, seen, faster.STOPPED)
    _require_open(loaded)
    said = sight.answered("urge", answers, unit_id=actor.unit_id)
    one = papers.unit_ids([said["unit"]])[0] if said["unit"] else None
    faster.require_unchanged(loaded.stream, seen, _urged(one))
    waiting = _not_urged_today(loaded, _waiting(loaded, one))

    method = said["method"] or reminders.ELECTRONIC
    reminders.remind(loaded, waiting, actor=actor, text=said["text"] or "", method=method)
    return {
        "units": list(dict.fromkeys(each.unit_id for each in waiting)),
        "count": loaded.case.urge_count,
    }


@command
def waive_co(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Let the item go on without a co-handler's answer, for a reason (domain row 21)."""
    loaded = sight.seen(case_id, actor)
    actor = sight.of_office(loaded, actor, ONLY_OFFICE)
    said = sight.answered("waive", answers, unit_id=actor.unit_id)
    unit_id = papers.unit_ids([said["unit"]])[0]
    faster.require_unchanged(loaded.stream, seen, _settled(unit_id))
    _require_open(loaded)
    found = (
        session()
        .execute(
            select(Ticket, Assignment)
            .join(Assignment, Assignment.ticket_id == Ticket.id)
            .where(
                Ticket.case_id == case_id,
                Ticket.policy != "any",
                Assignment.unit_id == unit_id,
                Assignment.role == "co",
                Assignment.parent_id.is_(None),
                Assignment.state.in_(OPEN),
            )
        )
        .first()
    )
    if found is None:
        text = _("This unit owes nothing that could be waived.")
        raise Invalid(text, fields={"unit": text})

    ticket, part = found
    act = advance.Act(gone=asking.with_helpers(loaded, [part.id]))
    verdict = advance.verdict(loaded, ticket, act)
    own = actor.holdings[0]
    step = effects.Completed(loaded, ticket, part, {}, actor, own, now=clock.now())
    facts = effects.concluded(step, verdict)
    done = advance.waive(loaded, ticket, part, facts=facts, actor=actor, reason=said["reason"])
    return {"case": case_id, "decided": done.decided}


@command
def coordinate(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Settle what a co-handler does not agree with, and tell everybody (domain row 21)."""
    loaded = sight.seen(case_id, actor)
    actor = sight.of_office(loaded, actor, ONLY_OFFICE)
    settled: faster.Clashes = {**faster.ENDED, "co.coordinated": faster.always}
    faster.require_unchanged(loaded.stream, seen, settled)
    said = sight.answered("coordinate", answers, unit_id=actor.unit_id)
    if loaded.case.status not in RUNNING:
        raise Invalid(_("The case is closed."))

    office = papers.unit_ids([loaded.profile.supervising_office])[0]
    report = disagreements.coordinate(loaded, said["text"], actor=actor, unit_id=office)
    return {"case": case_id, "report": report.id}


@command
def escalate(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Open the escalation of a late matter by hand, against one unit: `{"case": id}`."""
    loaded = sight.seen(case_id, actor)
    actor = sight.of_office(loaded, actor, ONLY_OFFICE)
    said = sight.answered("escalate", answers, unit_id=actor.unit_id)
    unit_id = _accountable(loaded, said["unit"])
    faster.require_unchanged(loaded.stream, seen, _escalated(unit_id))
    _require_open(loaded)
    if loaded.case.kind == "supervision_item" and loaded.case.issued_at is None:
        raise Invalid(_("The item has not been dispatched yet."))
    if escalation.running(case_id, unit_id):
        raise Invalid(_("This matter is being escalated against the unit already."))

    child = escalation.open_escalation(loaded, actor=actor, lead=unit_id, reason=said["reason"])
    return {"case": child.case.id}


@command
def deliver_reminder(document_id: int, *, actor: Actor) -> None:
    """Deliver a reminder that waited for the morning; once delivered nothing happens again.

    Nobody is reminded of a case that has ended since, or while its clock stands still.
    """
    access.only_the_system(actor)
    document = session().get(Document, document_id)
    if document is None:
        raise NotFound
    loaded = advance.load(document.case_id)
    waiting = session().scalar(
        select(Delivery.id)
        .where(Delivery.document_id == document_id, Delivery.delivered_at.is_(None))
        .limit(1)
    )
    if waiting is None or loaded.case.status != "open":
        return

    papers.serve(loaded, document, actor=actor, method="electronic")


def _urged(unit_id: int | None) -> faster.Clashes:
    """What makes urging that unit (any, without one) too late: somebody urged it just now."""

    def them(data: Mapping[str, Any]) -> bool:
        return unit_id is None or unit_id in data["units"]

    return {"assignment.urged": them}


def _settled(unit_id: int) -> faster.Clashes:
    """What makes waiving that unit's part too late: it answered, or was waived already."""

    def answered(data: Mapping[str, Any]) -> bool:
        return bool(data["acting_unit"] == unit_id or data.get("finished"))

    def waived(data: Mapping[str, Any]) -> bool:
        return bool(data["of_unit"] == unit_id or data.get("finished"))

    return {**faster.STOPPED, "task.completed": answered, "task.waived": waived}


def _escalated(unit_id: int) -> faster.Clashes:
    """What makes escalating against that unit too late: somebody did, or the timer."""

    def against(data: Mapping[str, Any]) -> bool:
        return data["kind"] == escalation.KIND and unit_id in units_of(data["child"])["lead"]

    return {**faster.STOPPED, "case.branched": against}


def _require_open(loaded: Loaded) -> None:
    if loaded.case.status != "open":
        raise Invalid(
            _("The case is suspended; nobody is urged or escalated while its clock stands still.")
            if loaded.case.status == "suspended"
            else _("The case is closed.")
        )


def _waiting(loaded: Loaded, unit_id: int | None) -> Sequence[Assignment]:
    """The open assignments of the case's units, or of one of them; refused when there are none."""
    parties = [unit for ids in loaded.units.values() for unit in ids]
    found = (
        session()
        .scalars(
            select(Assignment)
            .where(
                Assignment.case_id == loaded.case.id,
                Assignment.state == "active",
                Assignment.unit_id.in_([unit_id] if unit_id else parties),
            )
            .order_by(Assignment.id)
        )
        .all()
    )
    if not found:
        raise Invalid(
            _("Nobody there has anything to answer now."),
            fields={"unit": _("This unit has nothing to answer now.")} if unit_id else None,
        )
    return found


def _not_urged_today(loaded: Loaded, waiting: Sequence[Assignment]) -> Sequence[Assignment]:
    """Those of units that were not urged often enough today; refused when there are none."""
    most, urged = loaded.profile.urging.per_workday, reminders.urged_today(loaded)
    found = [each for each in waiting if urged.get(each.unit_id, 0) < most]
    if not found:
        again = clock.local(reminders.tomorrow(loaded))
        raise TooOften(
            _(
                "Urged today already; %(count)s a working day and unit is the most. Possible again "
                "from %(day)s, %(time)s.",
                count=most,
                day=again.date().isoformat(),
                time=f"{again:%H:%M}",
            )
        )
    return found


def _accountable(loaded: Loaded, code: str | None) -> int:
    """The unit the escalation is against: the lead, or a co-handler that was named."""
    if code is None:
        lead = loaded.lead_unit_id
        if lead is None:
            raise NotAllowed(_("No unit is accountable in this case."))
        return lead
    unit_id = papers.unit_ids([code])[0]
    if not any(unit_id in ids for ids in loaded.units.values()):
        text = _("This unit has no part in the case.")
        raise Invalid(text, fields={"unit": text})
    return unit_id
