"""Copies and reading lists of a case: written down, counted, told in its journal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, select

from app import clock, journal
from app.actor import Actor, Holding
from app.advance import Loaded
from app.db import session
from app.errors import Invalid
from app.model import Delivery, Document, Sending
from app.rules import sharing

COPY, UPWARD, READER = "cc", "cc_upward", "reader"
Addressee = tuple[int, int | None]
"""A unit, and the person there where it goes to somebody by name."""


def send(
    loaded: Loaded,
    holding: Holding,
    roles: Mapping[Addressee, str],
    *,
    actor: Actor,
    note: str,
    document: Document | None = None,
    node: str = "",
) -> Sending:
    """Give a case, or a paper of it, to units and people: one delivery each."""
    now = clock.now()
    sending = Sending(
        case_id=loaded.case.id,
        unit_id=holding.unit_id,
        person_id=actor.person_id,
        note=note,
        node=node,
        at=now,
    )
    session().add(sending)
    session().flush()
    session().add_all(
        Delivery(
            case_id=loaded.case.id,
            document_id=document.id if document else None,
            unit_id=unit_id,
            person_id=person_id,
            sending_id=sending.id,
            role=role,
            delivered_at=now,
        )
        for (unit_id, person_id), role in sorted(roles.items(), key=_in_order)
    )
    session().flush()
    return sending


def _in_order(sent: tuple[Addressee, str]) -> tuple[int, int]:
    (unit_id, person_id), _role = sent
    return unit_id, person_id or 0


def holders(case_id: int, document_id: int | None) -> set[Addressee]:
    """Who has the paper (None: the case itself) already, as it was sent to them."""
    which = Delivery.document_id.is_not_distinct_from(document_id)
    rows = session().execute(
        select(Delivery.unit_id, Delivery.person_id).where(
            Delivery.case_id == case_id, which, Delivery.role != READER, live()
        )
    )
    return {(unit_id, person_id) for unit_id, person_id in rows}


def readers(case_id: int, unit_id: int) -> set[int]:
    """Who is asked to read the case by that unit and has not yet."""
    rows = session().scalars(
        select(Delivery.person_id)
        .join(Sending, Sending.id == Delivery.sending_id)
        .where(Sending.case_id == case_id, Sending.unit_id == unit_id, unread_by_reader())
    )
    return {person for person in rows if person is not None}


def live() -> ColumnElement[bool]:
    """A condition: it was not recalled."""
    return Delivery.recalled_at.is_(None)


def unread_by_reader() -> ColumnElement[bool]:
    """A condition: somebody is asked to read it and has not."""
    return and_(Delivery.role == READER, Delivery.read_at.is_(None), live())


def require_read(loaded: Loaded, unit_id: int, node: str) -> None:
    """Refuse to complete a step of a unit before its readers have read the case."""
    left = waited_for(loaded, unit_id, node)
    if left:
        raise Invalid(sharing.still_read(left))


def waited_for(loaded: Loaded, unit_id: int, node: str) -> int:
    """How many still have to read the case before that unit completes that step."""
    if str(unit_id) not in loaded.case.circulating:
        return 0
    waited = select(func.count(Delivery.id)).join(Sending, Sending.id == Delivery.sending_id)
    return (
        session().scalar(
            waited.where(
                Sending.case_id == loaded.case.id,
                Sending.unit_id == unit_id,
                Sending.node == node,
                unread_by_reader(),
            )
        )
        or 0
    )


def count_readers(loaded: Loaded) -> None:
    """Note on the case how far its open reading lists are, by the unit that reads."""
    session().flush()
    rows = session().execute(
        select(
            Sending.unit_id,
            Sending.id,
            func.count(Delivery.read_at),
            func.count(Delivery.id),
        )
        .join(Delivery, Delivery.sending_id == Sending.id)
        .where(Sending.case_id == loaded.case.id, Delivery.role == READER, live())
        .group_by(Sending.unit_id, Sending.id)
    )
    found: dict[str, list[int]] = {}
    for unit_id, _sending, read, asked in rows:
        if read < asked:
            so_far = found.get(str(unit_id), [0, 0])
            found[str(unit_id)] = [so_far[0] + read, so_far[1] + asked]
    loaded.case.circulating = found


def let_off(loaded: Loaded, person_id: int, units: Collection[int], actor: Actor) -> None:
    """Recall what somebody was to read for a unit they work for no more (`units`: those left)."""
    rows = select(Delivery).where(
        Delivery.case_id == loaded.case.id, Delivery.person_id == person_id, unread_by_reader()
    )
    found = session().scalars(rows.execution_options(populate_existing=True)).all()
    gone = [each for each in found if each.unit_id not in units]
    for each in gone:
        each.recalled_at, each.recalled_by = clock.now(), actor.person_id
        to = [(each.unit_id, each.person_id)]
        record("circulation.recalled", loaded, each.sending_id, to, actor=actor, reason="")
    if gone:
        count_readers(loaded)


def record(
    kind: str,
    loaded: Loaded,
    sending_id: int | None,
    to: Iterable[Addressee],
    *,
    actor: Actor,
    holding: Holding | None = None,
    document: Document | None = None,
    personal: Mapping[str, str] | None = None,
    **told: Any,
) -> None:
    """Say it in the journal: `units` got it as such, `persons` by name."""
    addressees = sorted(to, key=lambda each: (each[0], each[1] or 0))
    journal.record(
        kind,
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=holding.unit_id if holding else None,
        deputy_for=holding.deputy_for if holding else None,
        personal=personal,
        data={
            "sending": sending_id,
            "document": document.id if document else None,
            "title": document.title if document else loaded.case.title,
            "number": document.number if document else loaded.case.number,
            "units": [unit for unit, person in addressees if person is None],
            "persons": [person for _unit, person in addressees if person is not None],
            **told,
        },
    )


OF_A_CASE: Final = Delivery.document_id.is_(None)
