"""How a case stands, read for the operations a person is offered on it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, case, exists, literal, select, union_all

from app.actor import Actor
from app.db import UtcDateTime, constant, constants
from app.effects import anew, ending
from app.model import Assignment, Case, CaseUnit, Delivery, Incident, Unit
from app.queries.case_facts import county_of, named_case
from app.queries.reading import read
from app.queries.supervised import AROUND as PARTS
from app.queries.supervised import supervised
from app.queries.undoing import undoing
from app.rules.profiles import Profile
from app.rules.standing import Standing

UNIT, OFFICE, PENDING, DUE = "unit", "office", "pending", "due"
TAKEN_UP, BRANCH = "taken_up", "branch"
MOVING: Final = "moving"
BELOW: Final = ending.running_below(bindparam("case")).order_by(None).subquery()
AROUND: Final = union_all(
    select(constant(UNIT).label("what"), CaseUnit.role.label("word"), CaseUnit.unit_id.label("n"))
    .where(CaseUnit.case_id == bindparam("case")),
    select(constant(OFFICE), literal(""), Unit.id).where(Unit.code == bindparam("office")),
    select(constant(PENDING), Case.kind, literal(0)).where(
        Case.parent_id == bindparam("case"), Case.status.in_(constants("open", "suspended"))
    ),
    select(
        constant(DUE),
        literal(""),
        case((Assignment.due_at < bindparam("now", type_=UtcDateTime()), 1), else_=0),
    ).where(
        Assignment.case_id == bindparam("case"),
        Assignment.state == constant("active"),
        Assignment.due_at.is_not(None),
    ),
    select(constant(TAKEN_UP), literal(""), literal(0)).where(
        exists().where(Case.id == bindparam("case"), ending.taken_up())
    ),
    select(constant(MOVING), literal(""), Incident.id).where(
        Incident.case_id == bindparam("case"),
        Incident.kind == constant("move"),
        Incident.unsolved(),
    ),
    select(constant(BRANCH), BELOW.c.name, BELOW.c.id)
    .where(BELOW.c.kind.not_in(constants(*ending.NEVER_WITHOUT))),
    *PARTS,
    select(constant(UNIT), literal("cc"), Delivery.unit_id).where(
        Delivery.case_id == bindparam("case"),
        Delivery.document_id.is_(None),
        Delivery.person_id.is_(None),
        Delivery.recalled_at.is_(None),
    ),
)  # fmt: skip


def standing(viewer: Actor, case_id: int) -> Standing:
    """The standing of a case this person may see; NotFound for strangers."""
    row = named_case(viewer, case_id)
    return standing_of(viewer, row.Case, county_of(row), row.now)


def standing_of(viewer: Actor, found: Case, county: Profile, now: datetime) -> Standing:
    """The same of a case that was read already for somebody who may see it."""
    values = {"case": found.id, "office": county.supervising_office, "now": now}
    around: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for what, word, number in read(AROUND, values):
        around[what].append((word, number))
    units: dict[str, set[int]] = defaultdict(set)
    for role, unit_id in around[UNIT]:
        units[role].add(unit_id)
    return Standing(
        case_id=found.id,
        kind=found.kind,
        status=found.status,
        special_major=found.special_major,
        lead_units=frozenset(units["lead"] | units["addressee"]),
        co_units=frozenset(units["co"]),
        copied_units=frozenset(units["cc"]),
        office_units=frozenset(unit_id for _word, unit_id in around[OFFICE]),
        urgent_report=county.urgent_report,
        superior_report=county.superior_report is not None,
        issued=found.issued_at is not None,
        waiting=bool(around[DUE]),
        opener_unit=found.opened_unit_id,
        overdue=any(late for _word, late in around[DUE]),
        pending=frozenset(kind for kind, _number in around[PENDING]),
        opener=found.opened_by,
        taken_up=bool(around[TAKEN_UP]),
        branches=tuple(name for name, _id in sorted(around[BRANCH], key=lambda row: row[1])),
        **supervised(around),
        entries={each.node: (each.name, each.name_en or each.name) for each in anew.entries(found)},
        moving=bool(around[MOVING]),
        **undoing(viewer, found),
    )
