"""Who may know of a case at all, and who of those supervises it or works on it for a unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import CompoundSelect, null, select, union

from app import advance, forms
from app.actor import Actor, Holding
from app.advance import Loaded
from app.db import session
from app.errors import Invalid, NotAllowed, NotFound
from app.i18n import Text
from app.model import Assignment, Delivery
from app.rules import access, posts
from app.rules.standing import May, Standing

OFFICE: Final = ("supervising_office", "supervising_director")


def seen(case_id: int, actor: Actor) -> Loaded:
    """Lock a case for somebody who may know of it; NotFound for strangers."""
    loaded = advance.load(case_id)
    require_seen(loaded, actor)
    return loaded


def require_seen(loaded: Loaded, actor: Actor, *asked_now: int) -> None:
    """Refuse strangers with NotFound; who was ever asked is looked up only where it decides."""
    parties = {unit for ids in loaded.units.values() for unit in ids} | set(asked_now)
    if loaded.case.opened_unit_id is not None:
        parties.add(loaded.case.opened_unit_id)
    if access.may_see_case(actor, loaded.case.kind, parties):
        return
    asked, told = Assignment.case_id == loaded.case.id, Delivery.case_id == loaded.case.id
    live = Delivery.document_id.is_(None) & Delivery.recalled_at.is_(None)
    everybody: CompoundSelect[Any, Any] = union(
        select(Assignment.unit_id, null()).where(asked),
        select(Delivery.unit_id, Delivery.person_id).where(told, live),
    )
    others = [(unit, person) for unit, person in session().execute(everybody)]
    if not access.may_see_case(actor, loaded.case.kind, (), others):
        raise NotFound


def supervises(loaded: Loaded, actor: Actor) -> bool:
    """Whether this person works in the office that supervises under the case's mechanism."""
    return posts.holds(actor, loaded.profile, *OFFICE)


def of_office(loaded: Loaded, actor: Actor, why_not: Text) -> Actor:
    """Somebody of the supervising office, acting in their post there; others are refused."""
    held = posts.held(actor, loaded.profile, *OFFICE)
    access.require(held, why_not)
    return actor.acting_as(held)


def as_it_stands(loaded: Loaded) -> Standing:
    """How a case stands as far as its units decide who may do something, and to whom it was sent.

    The predicates of operations look at it as they look at what queries/standing reads.
    """
    told = select(Delivery.unit_id).where(
        Delivery.case_id == loaded.case.id,
        Delivery.document_id.is_(None),
        Delivery.person_id.is_(None),
        Delivery.recalled_at.is_(None),
    )
    office = advance.organisation().ids.get(loaded.profile.supervising_office)
    leads = (*loaded.units.get("lead", ()), *loaded.units.get("addressee", ()))
    return Standing(
        case_id=loaded.case.id,
        kind=loaded.case.kind,
        status=loaded.case.status,
        lead_units=frozenset(leads),
        co_units=frozenset(loaded.units.get("co", ())),
        office_units=frozenset((office,) if office else ()),
        copied_units=frozenset((*loaded.units.get("cc", ()), *session().scalars(told))),
        opener_unit=loaded.case.opened_unit_id,
    )


def acting(
    loaded: Loaded,
    actor: Actor,
    may: Callable[[Actor, Standing], May],
    holding_for: Callable[[Actor, Standing], Holding | None],
    why_not: Text,
) -> Holding:
    """The holding under which somebody does what that predicate allows; refused with the reason."""
    case = as_it_stands(loaded)
    answer = may(actor, case)
    if isinstance(answer, Text):
        raise Invalid(answer)
    holding = holding_for(actor, case)
    if not answer or holding is None:
        raise NotAllowed(why_not)
    return holding


def opened(loaded: Loaded, actor: Actor) -> bool:
    """Whether this person opened the case, or works in the unit that did."""
    case = loaded.case
    if case.opened_by is not None and case.opened_by == actor.person_id:
        return True
    return case.opened_unit_id in access.units_worked_for(actor)


def staff(loaded: Loaded, actor: Actor, *roles: str, why_not: Text) -> Holding:
    """The holding under which this person works for a unit with such a role in the case."""
    for role in roles:
        for unit_id in loaded.units.get(role, ()):
            held = actor.holding(unit_id, access.UNIT_STAFF)
            if held is not None:
                return held
    raise NotAllowed(why_not)


def answered(form: str, answers: Mapping[str, Any], *, unit_id: int | None) -> dict[str, Any]:
    """The answers to an operation's form, complete and right."""
    return forms.checked(forms.load(form), answers, context=advance.form_context(unit_id))
