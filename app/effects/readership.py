"""Who may be told of a case: the people of a unit, those who may know of it, and whoever got it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from app.model import Assignment, Case, CaseUnit, Delivery, Person, RoleHolding, Unit
from app.rules import access

LEADING: Final = ("unit_head", "unit_leader", "court_president", "supervision_director")
SUPERIOR: Final = ("convener", "approving_leader")


def people_of(units: Collection[int], now: datetime, *posts: str) -> Select[int, str, str, int]:
    """Who works for these units now (in one of those posts): id, login, name, and the unit.

    Nobody is asked for something to read as somebody's deputy.
    """
    return _people(now).where(
        RoleHolding.unit_id.in_(sorted(units)), RoleHolding.role.in_(posts or access.WORKERS)
    )


def people_to_tell(case_id: int, unit_id: int, now: datetime) -> Select[int, str, str, int]:
    """To whom a copy may go by name: the people of one's unit, and leaders of the case's units."""
    theirs = select(CaseUnit.unit_id).where(CaseUnit.case_id == case_id)
    leads = RoleHolding.role.in_(LEADING) & RoleHolding.unit_id.in_(theirs)
    ours = RoleHolding.role.in_(access.WORKERS) & (RoleHolding.unit_id == unit_id)
    return _people(now).where(or_(ours, leads, RoleHolding.role.in_(SUPERIOR)))


def readers_of(case_id: int, kind: str, now: datetime) -> Select[int, str, str, str]:
    """Everybody who may know of a case: id, login, name, and a unit (one row for each post).

    The same rule as rules.access.may_see_case; a deputy may know more than this says.
    """
    told = exists(
        select(Delivery.id)
        .where(
            Delivery.case_id == case_id,
            Delivery.document_id.is_(None),
            Delivery.recalled_at.is_(None),
            Delivery.unit_id == RoleHolding.unit_id,
            or_(Delivery.person_id.is_(None), Delivery.person_id == RoleHolding.person_id),
        )
        .correlate(RoleHolding)
    )
    ours = or_(
        RoleHolding.unit_id.in_(select(CaseUnit.unit_id).where(CaseUnit.case_id == case_id)),
        RoleHolding.unit_id.in_(select(Assignment.unit_id).where(Assignment.case_id == case_id)),
        RoleHolding.unit_id.in_(select(Case.opened_unit_id).where(Case.id == case_id)),
        told,
    )
    return (
        select(Person.id, Person.login, Person.name, Unit.name.label("unit"))
        .join(RoleHolding, RoleHolding.person_id == Person.id)
        .join(Unit, Unit.id == RoleHolding.unit_id)
        .where(
            or_(
                RoleHolding.role.in_(sorted(access.roles_seeing(kind))),
                and_(RoleHolding.role.in_(access.WORKERS), ours),
            ),
            _holds(now),
        )
    )


def _people(now: datetime) -> Select[int, str, str, int]:
    return (
        select(Person.id, Person.login, Person.name, RoleHolding.unit_id)
        .join(RoleHolding, RoleHolding.person_id == Person.id)
        .where(_holds(now))
        .distinct()
        .order_by(RoleHolding.unit_id, Person.id)
    )


def _holds(now: datetime) -> ColumnElement[bool]:
    return and_(
        Person.active,
        RoleHolding.deputy_for_id.is_(None),
        or_(RoleHolding.valid_from.is_(None), RoleHolding.valid_from <= now),
        or_(RoleHolding.valid_until.is_(None), RoleHolding.valid_until > now),
    )
