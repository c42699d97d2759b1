"""How a case stands, read for the operations a person is offered on it."""

from __future__ import annotations

from sqlalchemy import select

from app import clock
from app.actor import Actor
from app.advance import profile
from app.advance.loading import units_of
from app.db import session
from app.model import Assignment, Case, Unit
from app.queries.visibility import visible_case
from app.rules.standing import Standing


def standing(viewer: Actor, case_id: int) -> Standing:
    """The standing of a case this person may see; NotFound for strangers."""
    case = visible_case(viewer, case_id)
    county = profile(case.profile_id)
    units = units_of(case_id)
    offices = session().scalars(select(Unit.id).where(Unit.code == county.supervising_office))
    pending = session().scalars(
        select(Case.kind).where(Case.parent_id == case_id, Case.status.in_(("open", "suspended")))
    )
    due = (
        session()
        .scalars(
            select(Assignment.due_at).where(
                Assignment.case_id == case_id,
                Assignment.state == "active",
                Assignment.due_at.is_not(None),
            )
        )
        .all()
    )
    now = clock.now()
    return Standing(
        case_id=case_id,
        kind=case.kind,
        status=case.status,
        special_major=case.special_major,
        lead_units=frozenset(units.get("lead", ())) | frozenset(units.get("addressee", ())),
        co_units=frozenset(units.get("co", ())),
        office_units=frozenset(offices),
        urgent_report=county.urgent_report,
        superior_report=county.superior_report is not None,
        issued=case.issued_at is not None,
        waiting=bool(due),
        opener_unit=case.opened_unit_id,
        overdue=any(moment is not None and moment < now for moment in due),
        pending=frozenset(pending),
    )
