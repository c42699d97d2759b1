"""Signing for what was sent, or handing it back (签收、退签, domain row 1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from app import advance, clock, journal
from app.actor import Actor
from app.advance import Loaded
from app.advance.timing import forget_sent_back, send_back_until, start_own_clock
from app.db import constant, session
from app.effects import dates, papers
from app.errors import Invalid
from app.i18n import Text, _
from app.model import Delivery, Document
from app.rules.deadlines import due

REASSIGNED: Final = "reassignment_notice"
RULE: Final = "sign_for"
LATER, SENT_LATER = aliased(Document), aliased(Delivery)
OVERTAKEN: Final = exists().where(
    LATER.case_id == Document.case_id,
    LATER.kind == constant(REASSIGNED),
    LATER.id > Document.id,
    SENT_LATER.document_id == LATER.id,
    SENT_LATER.unit_id == Delivery.unit_id,
    SENT_LATER.role == constant(papers.MAIN),
)
"""Whether a unit that got its part by a notice lost it since, and got it again by another one."""


def paper_for(loaded: Loaded, kind: str, unit_id: int) -> Document:
    """The paper a unit signs for: the one of that kind, or that by which it got its part later."""
    if papers.newest(loaded, REASSIGNED) is None:
        return papers.required(loaded, kind)
    found = session().scalar(
        select(Document)
        .join(Delivery, Delivery.document_id == Document.id)
        .where(
            Document.case_id == loaded.case.id,
            Document.kind.in_((REASSIGNED, kind)),
            Document.state == "issued",
            Delivery.unit_id == unit_id,
            Delivery.role != papers.UPWARD,
        )
        .order_by(Document.id.desc())
        .limit(1)
    )
    return found or papers.required(loaded, kind)


def require_handed_back_in_time(
    loaded: Loaded, document: Document, unit_id: int, *, now: datetime
) -> None:
    """Refuse a hand-back that comes too late, or again after the office insisted."""
    sent = session().execute(
        select(Delivery.delivered_at, Delivery.refused_reason)
        .where(Delivery.document_id == document.id, Delivery.unit_id == unit_id)
        .order_by(Delivery.id)
        .limit(1)
    )
    delivered_at, before = sent.one()
    if before:
        raise _refused(_("The office insisted that the matter stays with the unit; sign for it."))
    most = loaded.profile.receipts.refuse_within_workdays
    if delivered_at is None:
        return
    gone = advance.calendar().workdays_between(clock.local_day(delivered_at), clock.local_day(now))
    if gone > most:
        raise _refused(
            _(
                "It was delivered on %(day)s and can be handed back within %(count)s working days "
                "only. Sign for it; the supervising office may still re-assign it.",
                day=clock.local_day(delivered_at).isoformat(),
                count=most,
            )
        )


def give_time_to_sign(loaded: Loaded, *, at: datetime) -> None:
    """Whoever is asked once more to sign has the time the rule gives from now on."""
    rule = loaded.profile.deadline(RULE)
    send_back_until(loaded.case, RULE, due(rule, at, advance.calendar()).day)


def start_clock(loaded: Loaded, unit_id: int, role: str, *, actor: Actor) -> None:
    """A unit has signed: what its rules count from receipt counts from now on.

    For the lead unit that is the whole matter, where its rule says so.
    """
    case, now = loaded.case, clock.now()
    start_own_clock(case, unit_id, "receipt", now)
    if role != "lead" or not counts_from_receipt(case.due_rule):
        return
    before = case.due_day
    dates.restart_matter(loaded, at=now)
    journal.record(
        "item.clock_started",
        stream=loaded.stream,
        case_id=case.id,
        actor=actor,
        unit_id=unit_id,
        data={"before": before, "after": case.due_day},
    )


def sign_part(loaded: Loaded, unit_id: int, *, actor: Actor, deputy_for: int | None) -> Document:
    """A unit signs for the notice by which it got its part in a matter that was under way."""
    document = paper_for(loaded, REASSIGNED, unit_id)
    now = clock.now()
    papers.receive(document, unit_id, signed_at=now, signed_by=actor.person_id)
    role = next(role for role, ids in loaded.units.items() if unit_id in ids)
    journal.record(
        "document.signed_for",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=unit_id,
        deputy_for=deputy_for,
        data={
            "document": document.id,
            "kind": document.kind,
            "number": document.number,
            "title": document.title,
            "unit": unit_id,
            "role": role,
            "reason": None,
        },
    )
    start_clock(loaded, unit_id, role, actor=actor)
    return document


def handed_over(loaded: Loaded, unit_id: int, *, at: datetime) -> None:
    """The unit got its part at this moment, later than the matter was issued."""
    forget_sent_back(loaded.case)
    start_own_clock(loaded.case, unit_id, "issue", at)


def counts_from_receipt(rule: Any) -> bool:
    """Whether a stored rule is counted from the unit's receipt."""
    return bool(rule) and rule.get("from") == "receipt"


def _refused(text: Text) -> Invalid:
    return Invalid(text, fields={"decision": text})
