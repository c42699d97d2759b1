"""What was sent round of a case and who has read it; what somebody is asked to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import aliased

from app.actor import Actor
from app.effects import readership, sendings
from app.model import Delivery, Document, Person, Sending, Unit
from app.queries.reading import read
from app.queries.standing import standing
from app.rules import access, sharing
from app.rules.standing import Standing

SENDER, READER, THEIR = aliased(Person), aliased(Person), aliased(Unit)
SENT: Final = (
    select(
        Sending.id.label("sending_id"),
        Sending.unit_id.label("sender_id"),
        Sending.note,
        Sending.node,
        Sending.at,
        Unit.name.label("sender"),
        SENDER.name.label("sent_by"),
        Document.title.label("paper"),
        Delivery.id,
        Delivery.document_id,
        Delivery.unit_id,
        Delivery.person_id,
        Delivery.role,
        Delivery.read_at,
        Delivery.recalled_at,
        Delivery.opinion,
        THEIR.name.label("unit"),
        READER.name.label("person"),
    )
    .select_from(Sending)
    .join(Delivery, Delivery.sending_id == Sending.id)
    .join(Unit, Unit.id == Sending.unit_id)
    .join(SENDER, SENDER.id == Sending.person_id)
    .join(THEIR, THEIR.id == Delivery.unit_id)
    .outerjoin(READER, READER.id == Delivery.person_id)
    .outerjoin(Document, Document.id == Delivery.document_id)
    .where(Sending.case_id == bindparam("case"))
    .order_by(Sending.id, Delivery.id)
)


@dataclass(frozen=True)
class Addressee:
    """To whom something went, and whether it was read; the opinion of a reader."""

    delivery_id: int
    unit: str
    person: str
    role: str
    read_at: datetime | None
    recalled_at: datetime | None
    opinion: str


@dataclass(frozen=True)
class Sent:
    """Copies that were sent together, or a reading list; `title` is the paper's, if it is one."""

    sending_id: int
    unit: str
    by: str
    at: datetime
    note: str
    title: str
    document_id: int | None
    circulated: bool
    first: bool
    to: tuple[Addressee, ...]
    may_recall: bool

    @property
    def asked(self) -> int:
        """To how many it went and was not recalled."""
        return sum(each.recalled_at is None for each in self.to)

    @property
    def read(self) -> int:
        """How many of these have read it."""
        return sum(each.read_at is not None for each in self.to)


@dataclass(frozen=True)
class Asked:
    """What this person is asked to read and mark: by whom, and with what words."""

    delivery_id: int
    unit: str
    by: str
    note: str


@dataclass(frozen=True)
class Shared:
    """What was sent round of a case as a viewer may see it, and what of it waits for them.

    `unread`: a copy came to their unit or to them that nobody has opened.
    """

    sent: tuple[Sent, ...]
    asked: tuple[Asked, ...]
    unread: bool


def shared(viewer: Actor, case_id: int) -> Shared:
    """For somebody who may see the case. What a unit reads is its own business, and the auditor's.

    A reader from elsewhere sees their own line of a list and no other.
    """
    rows = read(SENT, {"case": case_id}).all()
    ours = access.units_worked_for(viewer)
    sent = [_sent(viewer, list(group)) for _key, group in groupby(rows, attrgetter("sending_id"))]
    mine = [row for row in rows if _waits(row, viewer, ours)]
    return Shared(
        sent=tuple(each for each in sent if each.to),
        asked=tuple(
            Asked(row.id, row.sender, row.sent_by, row.note)
            for row in mine
            if row.role == sendings.READER
        ),
        unread=any(row.role != sendings.READER and row.document_id is None for row in mine),
    )


def _waits(row: Row[Any], viewer: Actor, ours: frozenset[int]) -> bool:
    """Whether it is for this person to read."""
    if row.read_at is not None or row.recalled_at is not None or row.unit_id not in ours:
        return False
    return row.person_id in (None, viewer.person_id)


def _sent(viewer: Actor, rows: Sequence[Row[Any]]) -> Sent:
    first = rows[0]
    own, auditor = sharing.may_recall(viewer, first.sender_id), viewer.has("business_auditor")
    circulated = first.role == sendings.READER
    whole = own or auditor or not circulated
    return Sent(
        sending_id=first.sending_id,
        unit=first.sender,
        by=first.sent_by,
        at=first.at,
        note=first.note,
        title=first.paper or "",
        document_id=first.document_id,
        circulated=circulated,
        first=bool(first.node),
        to=tuple(
            Addressee(
                delivery_id=row.id,
                unit=row.unit,
                person=row.person or "",
                role=row.role,
                read_at=row.read_at,
                recalled_at=row.recalled_at,
                opinion=row.opinion,
            )
            for row in rows
            if whole or row.person_id == viewer.person_id
        ),
        may_recall=own,
    )


def waited_for(case_id: int, unit_id: int, node: str) -> int:
    """How many still have to read a case before that unit completes that step."""
    rows = read(SENT.where(Sending.unit_id == unit_id, Sending.node == node), {"case": case_id})
    return sum(
        row.role == sendings.READER and row.read_at is None and row.recalled_at is None
        for row in rows
    )


def readers(unit_id: int, now: datetime, *, but: int | None) -> list[tuple[str, str]]:
    """Whom of a unit one may ask to read (login, name)."""
    rows = read(readership.people_of((unit_id,), now), {})
    return [(row.login, row.name) for row in rows if row.id != but]


def pickable(
    viewer: Actor, case: Standing, operation: str, now: datetime
) -> dict[str, list[tuple[str, str]]]:
    """Whom one may name in what is sent round: those of the unit one acts for on this case."""
    if operation == "circulate" and (held := sharing.reading_for(viewer, case)):
        return {"people": readers(held.unit_id, now, but=viewer.person_id)}
    if operation == "copy" and (held := sharing.sending_for(viewer, case)):
        rows = read(readership.people_to_tell(case.case_id, held.unit_id, now), {})
        return {"people": list({row.login: row.name for row in rows}.items())}
    return {}


def may_send(viewer: Actor, case_id: int) -> bool:
    """Whether somebody who may see the case may send copies of it and its papers now."""
    if not access.units_worked_for(viewer):
        return False
    return sharing.may_send_copies(viewer, standing(viewer, case_id)) is True
