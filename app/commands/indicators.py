"""Keep the indicators: what they are called, where they belong, which units answer for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, select

from app import journal
from app.actor import Actor
from app.commands import faster
from app.commands.command import command
from app.db import session
from app.effects import accounts, intake
from app.errors import Invalid, NotFound
from app.i18n import Text, _
from app.model import Area, Aspect, Indicator, IndicatorUnit
from app.rules import access

DIRECTIONS: Final = ("positive", "negative")
STREAM: Final = "settings"
LONGEST_NAME: Final = 200


@dataclass(frozen=True)
class Details:
    """What is said about an indicator; the aspect by its code, empty for none."""

    name: str
    name_en: str = ""
    aspect: str = ""
    domain: str = ""
    direction: str = "positive"
    active: bool = True


@command
def keep_indicator(
    indicator_id: int,
    details: Details,
    units: Sequence[str] = (),
    *,
    actor: Actor,
    seen: int | None = None,
) -> None:
    """Change an indicator; of `units` (codes) the first leads (TX-06b).

    Readings and levels already given stay as they are.
    """
    _require_keeper(actor)
    indicator = _locked(indicator_id)
    changed = {"indicator.changed": faster.about(indicator=indicator_id)}
    faster.require_unchanged(STREAM, seen, changed)
    _require_right(indicator, details)
    wanted = [accounts.unit_with(code) for code in dict.fromkeys(units)]

    before = _said(indicator)
    indicator.name, indicator.name_en = details.name.strip(), details.name_en.strip() or None
    indicator.aspect_id = intake.aspect_id(details.aspect) if details.aspect else None
    indicator.domain, indicator.direction = details.domain, details.direction
    indicator.active = details.active
    session().execute(delete(IndicatorUnit).where(IndicatorUnit.indicator_id == indicator.id))
    session().add_all(
        IndicatorUnit(indicator_id=indicator.id, unit_id=unit.id, position=position)
        for position, unit in enumerate(wanted)
    )
    session().flush()

    data = {"indicator": indicator.id, "before": before, "after": _said(indicator)}
    journal.record("indicator.changed", stream=STREAM, actor=actor, data=data)


@command
def add_aspect(code: str, name: str, *, actor: Actor, name_en: str = "") -> dict[str, Any]:
    """Add an aspect (方面) that indicators can be put under: `{"aspect": id}`."""
    _require_keeper(actor)
    taken = session().scalar(select(Aspect.id).where(Aspect.code == code.strip()))
    accounts.refuse(
        {
            "code": _("There is an aspect with this code already.") if taken else _empty(code),
            "name": _empty(name),
        }
    )

    aspect = Aspect(code=code.strip(), name=name.strip(), name_en=name_en.strip() or None)
    session().add(aspect)
    session().flush()

    data = {"aspect": aspect.id, "code": aspect.code, "name": aspect.name}
    journal.record("aspect.added", stream=STREAM, actor=actor, data=data)
    return {"aspect": aspect.id}


@command
def mark_own_area(area_id: int, *, actor: Actor, seen: int | None = None) -> None:
    """Say which county is ours; levels are given to its figures."""
    _require_keeper(actor)
    area = session().get(Area, area_id, with_for_update=True)
    if area is None:
        raise NotFound
    if area.level != intake.COUNTY:
        raise Invalid(_("Only a county can be our own area."))
    journal.next_seq(STREAM)  # only one is ours: from here on nobody else marks one
    faster.require_unchanged(STREAM, seen, {"area.own_marked": faster.always})

    before = session().scalar(select(Area.name).where(Area.own))
    for other in session().scalars(select(Area).where(Area.own)):
        other.own = False
    area.own = True

    data = {"area": area.id, "before": before, "after": area.name}
    journal.record("area.own_marked", stream=STREAM, actor=actor, data=data)


def _require_keeper(actor: Actor) -> None:
    if not access.may_see_rounds(actor):
        raise NotFound
    access.require(
        access.may_confirm_readings(actor), _("Only the court's analyst keeps the indicators.")
    )


def _locked(indicator_id: int) -> Indicator:
    found = session().get(Indicator, indicator_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def _require_right(indicator: Indicator, details: Details) -> None:
    same_name = Indicator.name == details.name.strip()
    taken = session().scalar(select(Indicator.id).where(same_name, Indicator.id != indicator.id))
    known = details.direction in DIRECTIONS
    accounts.refuse(
        {
            "name": _("There is an indicator with this name already.")
            if taken
            else _empty(details.name),
            "direction": None if known else _("Choose one of the two."),
        }
    )


def _empty(text: str) -> Text | None:
    if len(text) > LONGEST_NAME:
        return _("This is longer than %(most)s characters.", most=LONGEST_NAME)
    return accounts.nameless(text)


def _said(indicator: Indicator) -> dict[str, Any]:
    """An indicator as the journal keeps it."""
    names = ("code", "name", "name_en", "aspect_id", "domain", "direction", "active")
    units = session().scalars(
        select(IndicatorUnit.unit_id)
        .where(IndicatorUnit.indicator_id == indicator.id)
        .order_by(IndicatorUnit.position)
    )
    return {**{name: getattr(indicator, name) for name in names}, "units": list(units)}
