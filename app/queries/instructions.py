"""Leaders' instructions as pages show them: whose, on what, entered by whom, and what followed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from app import advance
from app.actor import Actor
from app.db import session
from app.effects.instructions import ASKS
from app.errors import NotFound
from app.model import (
    Attachment,
    Case,
    Document,
    Indicator,
    Instruction,
    InstructionItem,
    Person,
    Unit,
)
from app.queries.visibility import visible


@dataclass(frozen=True)
class Said:
    """One instruction; `items` are the cases opened because of it: (id, number or title)."""

    instruction_id: int
    leader_post: str
    kind: str
    text: str
    given_on: date
    entry: str
    entered_by: str
    addressees: tuple[str, ...]
    paper_id: int | None
    paper: str
    scan_id: int | None
    scan: str
    items: tuple[tuple[int, str], ...]


def instructions_of(
    viewer: Actor, case_id: int, document_id: int | None = None
) -> tuple[Said, ...]:
    """What leaders wrote on a case, oldest first; with a paper, on that or on the case as such.

    For somebody who may see the case; what was opened because of it only as far as they may.
    """
    wanted = (
        select(Instruction, Person.name, Document.title, Attachment.name)
        .outerjoin(Person, Person.id == Instruction.entered_by)
        .outerjoin(Document, Document.id == Instruction.document_id)
        .outerjoin(Attachment, Attachment.id == Instruction.scan_id)
        .where(Instruction.case_id == case_id)
        .order_by(Instruction.id)
    )
    if document_id is not None:
        here = Instruction.document_id
        wanted = wanted.where(or_(here.is_(None), here == document_id))
    rows = session().execute(wanted).all()
    items = _items(viewer, [row[0].id for row in rows]) if rows else {}
    return tuple(_said(*row, items.get(row[0].id, [])) for row in rows)


def item_asked_for(viewer: Actor, instruction_id: int) -> Mapping[str, Any]:
    """What the form of an item starts with when a leader asked for it; NotFound for strangers."""
    row = session().execute(
        select(Instruction, Case, Indicator.code)
        .join(Case, Case.id == Instruction.case_id)
        .outerjoin(Indicator, Indicator.id == Case.indicator_id)
        .where(Instruction.id == instruction_id, Instruction.kind == ASKS, visible(viewer))
    )
    found = row.one_or_none()
    if found is None:
        raise NotFound
    given, case, indicator = found
    codes = _codes(given.addressees)
    return {
        "matter": case.matter or case.title,
        "source": "instruction",
        "indicator": indicator,
        "requirement": given.text,
        "lead": codes[0] if codes else None,
        "co": codes[1:],
    }


def _said(
    given: Instruction,
    person: str | None,
    paper: str | None,
    scan: str | None,
    items: list[tuple[int, str]],
) -> Said:
    names = advance.organisation().names if given.addressees else {}
    return Said(
        instruction_id=given.id,
        leader_post=given.leader_post,
        kind=given.kind,
        text=given.text,
        given_on=given.given_on,
        entry=given.entry,
        entered_by=person or "",
        addressees=tuple(names[unit] for unit in given.addressees),
        paper_id=given.document_id,
        paper=paper or "",
        scan_id=given.scan_id,
        scan=scan or "",
        items=tuple(items),
    )


def _items(viewer: Actor, ids: list[int]) -> Mapping[int, list[tuple[int, str]]]:
    rows = session().execute(
        select(InstructionItem.instruction_id, Case.id, Case.number, Case.title)
        .join(Case, Case.id == InstructionItem.case_id)
        .where(InstructionItem.instruction_id.in_(ids), visible(viewer))
        .order_by(Case.id)
    )
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for instruction_id, case_id, number, title in rows:
        found[instruction_id].append((case_id, number or title))
    return found


def _codes(unit_ids: list[int]) -> list[str]:
    rows = session().execute(select(Unit.id, Unit.code).where(Unit.id.in_(unit_ids)))
    codes = {row[0]: row[1] for row in rows}
    return [codes[unit] for unit in unit_ids]
