"""Documents of a case: drafted, issued under a number, delivered; once issued they never change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, inspect, select, update

from app import clock, documents, journal
from app.actor import Actor
from app.advance import Loaded, organisation
from app.advance.rows import put_new
from app.db import UtcDateTime, session
from app.effects.numbers import document_number
from app.errors import Invalid
from app.i18n import _
from app.model import Delivery, Document

MAIN, COPY, UPWARD = "main", "cc", "cc_upward"


def draft(
    loaded: Loaded,
    kind: str,
    *,
    title: str,
    content: Mapping[str, Any],
    issuer: int | None = None,
    instead_of: Iterable[str] = (),
) -> Document:
    """Write the open draft of that kind (a new one where none is open); `issuer` is a unit id.

    `content` is plain JSON with the sections of the kind (app.documents); what does not fit is a
    bug and raises ValueError. An open draft of a kind in `instead_of` becomes one of this kind.
    """
    document = newest(loaded, kind, *instead_of)
    if document is None or document.state != "draft":
        document = Document(case_id=loaded.case.id, state="draft", created_at=clock.now())
        loaded.papers.append(document)
    document.kind, document.title = kind, title
    document.content = documents.fitting(kind, content)
    document.issuer_unit_id = issuer if issuer is not None else _issuer(loaded, kind)
    session().add(document)
    return document


def issue(
    loaded: Loaded,
    document: Document,
    *,
    actor: Actor,
    to: Iterable[int] = (),
    cc: Iterable[int] = (),
    upward: Iterable[int] = (),
    method: str = "electronic",
    delivered: bool = True,
) -> Document:
    """Give a draft its number and hash and send it to units: `to`, `cc` (抄送), `upward` (抄报).

    A unit gets a document once, in the first of these roles. With `delivered=False` the papers
    are on their way until `serve` says how they arrived.
    """
    if document.state == "issued":
        raise Invalid(_("This document was issued already; it does not change any more."))
    if document.state == "approved" and document.sha256 != content_hash(document):
        raise ValueError(f"Document {document.id} is not what was approved.")
    now = clock.now()
    document.number = document_number(loaded, document.kind)
    document.sha256 = content_hash(document)
    document.state = "issued"
    document.issued_at, document.issued_by = now, actor.person_id
    if inspect(document).key is None:
        put_new(document)
    session().put_off_changes(document)
    roles = _roles(to, cc, upward)
    session().put_off(Delivery, *_sent(document, roles, method, now if delivered else None))
    _record_issue(loaded, document, roles, actor=actor, method=method)
    return document


def approve(loaded: Loaded, document: Document, *, actor: Actor) -> None:
    """Fix a draft as approved: what is issued later must be this very content."""
    document.sha256 = content_hash(document)
    document.state = "approved"
    journal.record(
        "document.approved",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        data={**_names(document), "sha256": document.sha256},
    )


def withdraw(loaded: Loaded, document: Document, *, actor: Actor, reason: str) -> None:
    """Void a document; its number stays taken."""
    before, document.state = document.state, "void"
    journal.record(
        "document.voided",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        data={
            **_names(document),
            "number": document.number,
            "before": before,
            "reason": reason,
        },
    )


def serve(loaded: Loaded, document: Document, *, actor: Actor, method: str) -> None:
    """Say how and that a document arrived at everybody it was sent to (送达)."""
    ours = update(Delivery).where(_as_issued(document))
    arrived = func.coalesce(Delivery.delivered_at, bindparam("now", clock.now(), type_=UtcDateTime))
    how = case((Delivery.delivered_at.is_(None), method), else_=Delivery.method)
    units = session().execute(
        ours.values(delivered_at=arrived, method=how).returning(Delivery.id, Delivery.unit_id)
    )
    journal.record(
        "document.delivered",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        data={
            **_names(document),
            "number": document.number,
            "method": method,
            "units": [row.unit_id for row in sorted(units)],
        },
    )


def receive(document: Document, unit_id: int, **columns: Any) -> None:
    """Note what became of a document at a unit: signed for, or refused and why."""
    theirs = (_as_issued(document), Delivery.unit_id == unit_id)
    with session().no_autoflush:
        session().execute(update(Delivery).where(*theirs).values(**columns))


def newest(loaded: Loaded, *kinds: str) -> Document | None:
    """The latest document of that kind (or of one of those) in the case that was not voided."""
    found = (d for d in reversed(loaded.papers) if d.kind in kinds and d.state != "void")
    return next(found, None)


def required(loaded: Loaded, *kinds: str) -> Document:
    """The same where the diagram promises that there is one."""
    document = newest(loaded, *kinds)
    if document is None:
        raise Invalid(_("The document this step is about has not been drafted yet."))
    return document


def deliveries(document: Document) -> Sequence[Delivery]:
    """Where a document went, in the order it was sent."""
    return (
        session()
        .scalars(select(Delivery).where(Delivery.document_id == document.id).order_by(Delivery.id))
        .all()
    )


def _as_issued(document: Document) -> ColumnElement[bool]:
    """Where it went when it was issued, without the copies sent by hand later."""
    return and_(Delivery.document_id == document.id, Delivery.sending_id.is_(None))


def content_hash(document: Document) -> str:
    """SHA-256 (hex) of the canonical content: what an issued document can be checked by."""
    body = {"kind": document.kind, "title": document.title, "content": document.content}
    return hashlib.sha256(journal.canonical(body).encode()).hexdigest()


def unit_ids(codes: Iterable[str]) -> list[int]:
    """The ids of units named by code, in that order; refused when one does not exist."""
    wanted, found = list(codes), organisation().ids
    missing = [code for code in wanted if code not in found]
    if missing:
        raise Invalid(_("There is no unit with the code %(codes)s.", codes=", ".join(missing)))
    return [found[code] for code in wanted]


def unit_names(ids: Iterable[int]) -> dict[int, str]:
    """The official names of units, to be written into documents."""
    names = organisation().names
    return {each: names[each] for each in ids}


def _names(document: Document) -> dict[str, Any]:
    """How a journal row says which document it is about."""
    return {"document": document.id, "kind": document.kind, "title": document.title}


def _roles(to: Iterable[int], cc: Iterable[int], upward: Iterable[int]) -> dict[int, str]:
    roles: dict[int, str] = {}
    for role, units in ((MAIN, to), (COPY, cc), (UPWARD, upward)):
        for unit in units:
            roles.setdefault(unit, role)
    return roles


def _sent(
    document: Document, roles: Mapping[int, str], method: str, delivered_at: datetime | None
) -> list[dict[str, Any]]:
    of = {"case_id": document.case_id, "document_id": document.id, "refused_reason": ""}
    how = {**of, "method": method, "opinion": "", "delivered_at": delivered_at}
    return [{**how, "unit_id": unit, "role": role} for unit, role in roles.items()]


def _record_issue(
    loaded: Loaded, document: Document, roles: Mapping[int, str], *, actor: Actor, method: str
) -> None:
    journal.record(
        "document.issued",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=document.issuer_unit_id,
        data={
            **_names(document),
            "number": document.number,
            "sha256": document.sha256,
            **{
                role: [unit for unit, each in roles.items() if each == role]
                for role in (MAIN, COPY, UPWARD)
            },
            "method": method,
        },
    )


def _issuer(loaded: Loaded, kind: str) -> int | None:
    """The unit that issues such documents under this profile; the accountable one's own papers."""
    party = documents.KINDS[kind].issuer
    if party == "unit":
        return loaded.lead_unit_id
    post = "issuing_leader" if party == "court" else party
    return unit_ids([loaded.profile.post(post).unit])[0]
