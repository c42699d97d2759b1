"""Formal copies of a case and its papers (抄送、抄报, domain row 13): sent, read, recalled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select

from app import advance, clock, forms, journal
from app.actor import Actor, Holding
from app.advance import Loaded
from app.commands import faster, sight
from app.commands.command import command
from app.db import session
from app.effects import papers, readership, sendings
from app.effects.sendings import Addressee
from app.errors import Invalid, NotAllowed, NotFound
from app.i18n import _
from app.model import Delivery, Document, Sending
from app.rules import access, sharing

NOT_YOURS: Final = _("Only who answers for the case may send copies of it.")


@command
def send(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Send a copy of the case, or of one of its issued papers, to units and people.

    Nobody gets the same thing twice. Upward (抄报) is what goes to a unit above one's own in the
    tree of units, by name or not; everything else is 抄送.
    """
    loaded = sight.seen(case_id, actor)
    holding = sight.acting(loaded, actor, sharing.may_send_copies, sharing.sending_for, NOT_YOURS)
    faster.require_unchanged(loaded.stream, seen, faster.ENDED)
    document, to, note = _asked(loaded, answers, holding)
    to -= sendings.holders(case_id, document.id if document else None)
    if not to:
        text = _("All of them have it already.")
        raise Invalid(text, fields={"units": text})

    above = advance.organisation().above(holding.unit_id)
    roles = {each: sendings.UPWARD if each[0] in above else sendings.COPY for each in to}
    made = sendings.send(loaded, holding, roles, actor=actor, note=note, document=document)
    sendings.record(
        "copies.sent",
        loaded,
        made.id,
        to,
        actor=actor,
        holding=holding,
        document=document,
        upward=sorted(unit for unit, person in to if unit in above and person is None),
        note=note,
    )
    return {"case": case_id, "sending": made.id}


@command
def read_paper(document_id: int, *, actor: Actor) -> dict[str, Any]:
    """Note that a unit, or whom it was sent to by name, has read a paper; the first reader counts.

    (已阅, TX-07b) Who else of the unit opens it, and for how long, is nobody's business.
    """
    document = session().get(Document, document_id)
    if document is None:
        raise NotFound
    loaded = advance.load(document.case_id)
    got = _came(Delivery.document_id == document_id, actor)
    if not got:
        sight.require_seen(loaded, actor)
        raise NotAllowed(_("Only a unit that got this paper can note that it was read."))

    for delivery in got:
        if _opened(delivery, actor):
            _record_read(loaded, document, delivery, actor)
    return {"case": document.case_id}


@command
def read_case(case_id: int, *, actor: Actor) -> dict[str, Any]:
    """Note the same of a copy of the case itself."""
    loaded = sight.seen(case_id, actor)
    got = _came((Delivery.case_id == case_id) & sendings.OF_A_CASE, actor)
    if not got:
        raise NotAllowed(_("Only who got a copy of this case can note that it was read."))

    for delivery in got:
        if _opened(delivery, actor):
            to = [(delivery.unit_id, delivery.person_id)]
            sendings.record("copy.read", loaded, delivery.sending_id, to, actor=actor)
    return {"case": case_id}


@command
def recall(
    sending_id: int, *, actor: Actor, delivery_id: int | None = None, reason: str = ""
) -> dict[str, Any]:
    """Take back what nobody has read yet of copies, or of a reading list; the record stays.

    `delivery_id` limits it to one addressee. What was read was read.
    """
    sending = session().get(Sending, sending_id)
    if sending is None:
        raise NotFound
    loaded = sight.seen(sending.case_id, actor)
    access.require(
        sharing.may_recall(actor, sending.unit_id),
        _("Only the unit that sent it round may recall it."),
    )
    unread = _unread(sending_id, delivery_id)
    if not unread:
        raise Invalid(_("It was read or recalled already; what was read is not recalled."))

    for delivery in unread:
        delivery.recalled_at, delivery.recalled_by = clock.now(), actor.person_id
    circulated = unread[0].role == sendings.READER
    sendings.record(
        "circulation.recalled" if circulated else "copies.recalled",
        loaded,
        sending_id,
        [(each.unit_id, each.person_id) for each in unread],
        actor=actor,
        document=session().get(Document, unread[0].document_id or 0),
        reason=reason.strip(),
    )
    sendings.count_readers(loaded)
    return {"case": sending.case_id}


def _asked(
    loaded: Loaded, answers: Mapping[str, Any], holding: Holding
) -> tuple[Document | None, set[Addressee], str]:
    """What is to be sent, to whom, and what is said with it."""
    now = clock.now()
    to_name = readership.people_to_tell(loaded.case.id, holding.unit_id, now)
    by_login = {row.login: (row.unit_id, row.id) for row in session().execute(to_name)}
    context = replace(advance.form_context(holding.unit_id), persons=frozenset(by_login))
    form = forms.offering(forms.load("copy"), "what", _papers(loaded))
    said = forms.checked(form, answers, context=context)
    to: set[Addressee] = {(unit, None) for unit in papers.unit_ids(said["units"])}
    to |= {by_login[login] for login in said["people"]}
    if (holding.unit_id, None) in to:
        text = _("This is your own unit; it has the case anyway.")
        raise Invalid(text, fields={"units": text})
    if not to:
        text = _("Choose at least one unit or person.")
        raise Invalid(text, fields={"units": text})
    document = None if said["what"] == "case" else session().get(Document, int(said["what"]))
    return document, to, said["note"] or ""


def _papers(loaded: Loaded) -> dict[str, forms.Words]:
    issued = select(Document.id, Document.title).where(
        Document.case_id == loaded.case.id, Document.state == "issued"
    )
    return sharing.copied({str(row.id): row.title for row in session().execute(issued)})


def _came(which: Any, actor: Actor) -> list[Delivery]:
    """What reached this person, or a unit they work for."""
    units = access.units_worked_for(actor)
    rows = session().scalars(
        select(Delivery)
        .where(which, Delivery.role != sendings.READER, sendings.live())
        .where(Delivery.unit_id.in_(sorted(units)), Delivery.delivered_at.is_not(None))
        .order_by(Delivery.id)
        .execution_options(populate_existing=True)
    )
    return [each for each in rows if each.person_id in (None, actor.person_id)]


def _unread(sending_id: int, delivery_id: int | None) -> list[Delivery]:
    wanted = select(Delivery).where(
        Delivery.sending_id == sending_id, Delivery.read_at.is_(None), sendings.live()
    )
    if delivery_id is not None:
        wanted = wanted.where(Delivery.id == delivery_id)
    rows = wanted.order_by(Delivery.id).execution_options(populate_existing=True)
    return list(session().scalars(rows))


def _opened(delivery: Delivery, actor: Actor) -> bool:
    """Note the first opening; False for every later one."""
    if delivery.read_at is not None:
        return False
    delivery.read_at, delivery.read_by = clock.now(), actor.person_id
    return True


def _record_read(loaded: Loaded, document: Document, delivery: Delivery, actor: Actor) -> None:
    journal.record(
        "document.read",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=delivery.unit_id,
        data={
            "document": document.id,
            "kind": document.kind,
            "number": document.number,
            "title": document.title,
            "role": delivery.role,
        },
    )
