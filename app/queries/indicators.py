"""The indicators: the list of them, and one with its history and the units that answer for it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select

from app.actor import Actor
from app.db import session
from app.errors import NotFound
from app.model import (
    Area,
    Aspect,
    Case,
    Indicator,
    IndicatorUnit,
    ProfileVersion,
    Reading,
    Round,
    Unit,
)
from app.queries.round_findings import CaseLink, link
from app.queries.trends import Cell, strips
from app.queries.visibility import visible
from app.rules import access


@dataclass(frozen=True)
class IndicatorLineage:
    """An indicator in the list: where it belongs and who answers for it, the lead first."""

    indicator_id: int
    code: str
    name: str
    name_en: str | None
    aspect: str
    aspect_en: str | None
    domain: str
    direction: str
    units: tuple[str, ...]
    synthetic: bool
    active: bool


@dataclass(frozen=True)
class Figure:
    """A published figure of ours: the round, the value, what it was a year before, the cases."""

    round_id: int
    round: str
    period: str
    value: Decimal
    change: Decimal | None
    case_count: int | None


@dataclass(frozen=True)
class IndicatorPage:
    """One indicator with everything known about it, and what its form offers."""

    indicator: IndicatorLineage
    source: str
    aspect_code: str
    unit_codes: tuple[str, ...]
    figures: tuple[Figure, ...]
    strip: tuple[Cell, ...]
    cases: tuple[CaseLink, ...]
    aspects: tuple[tuple[str, str, str | None], ...]
    units: tuple[tuple[str, str, str | None], ...]
    domains: tuple[str, ...]
    may_keep: bool


@dataclass(frozen=True)
class IndicatorSystem:
    """The indicators by aspect, and the counties one of which is ours: (id, name, own)."""

    indicators: tuple[IndicatorLineage, ...]
    aspects: tuple[tuple[str, str, str | None], ...]
    counties: tuple[tuple[int, str, bool], ...]


def indicator_system(viewer: Actor) -> IndicatorSystem:
    """Every indicator by aspect and code; NotFound for a stranger."""
    if not access.may_see_rounds(viewer):
        raise NotFound
    counties = session().execute(
        select(Area.id, Area.name, Area.own).where(Area.level == "county").order_by(Area.id)
    )
    return IndicatorSystem(
        _lines(), _aspects(), tuple((row.id, row.name, row.own) for row in counties)
    )


def indicator_page(viewer: Actor, indicator_id: int) -> IndicatorPage:
    """One indicator; NotFound for a stranger."""
    if not access.may_see_rounds(viewer):
        raise NotFound
    found = session().get(Indicator, indicator_id)
    if found is None:
        raise NotFound
    cases = session().scalars(
        select(Case).where(Case.indicator_id == indicator_id, visible(viewer)).order_by(Case.id)
    )
    return IndicatorPage(
        indicator=_lines(indicator_id)[0],
        source=found.source,
        aspect_code=session().scalar(select(Aspect.code).where(Aspect.id == found.aspect_id)) or "",
        unit_codes=tuple(session().scalars(_units(indicator_id, Unit.code))),
        figures=_figures(indicator_id),
        strip=trend(indicator_id),
        cases=tuple(link(case) for case in cases),
        aspects=_aspects(),
        units=_all_units(),
        domains=_domains(),
        may_keep=access.may_confirm_readings(viewer),
    )


def trend(indicator_id: int) -> tuple[Cell, ...]:
    """An indicator in the last rounds, oldest first, in our own area; for small charts."""
    newest = _newest(indicator_id)
    if newest is None:
        return ()
    _codes, found = strips(newest.Round, newest.area_id, [indicator_id])
    return found[indicator_id]


def _newest(indicator_id: int) -> Any:
    """The last round with a figure of ours: of the area marked so, else of a county."""
    rows = (
        select(Round, Reading.area_id)
        .join(Reading, Reading.round_id == Round.id)
        .join(Area, Area.id == Reading.area_id)
        .where(Reading.indicator_id == indicator_id, Area.own | (Area.level == "county"))
        .order_by(Area.own.desc(), Round.ends_on.desc())
    )
    return session().execute(rows.limit(1)).one_or_none()


def _lines(indicator_id: int | None = None) -> tuple[IndicatorLineage, ...]:
    rows = (
        select(Indicator, Aspect.name, Aspect.name_en)
        .outerjoin(Aspect, Aspect.id == Indicator.aspect_id)
        .order_by(Aspect.id.is_(None), Aspect.id, Indicator.code)
    )
    units = (
        select(IndicatorUnit.indicator_id, Unit.name)
        .join(Unit, Unit.id == IndicatorUnit.unit_id)
        .order_by(IndicatorUnit.position)
    )
    if indicator_id is not None:
        rows = rows.where(Indicator.id == indicator_id)
        units = units.where(IndicatorUnit.indicator_id == indicator_id)
    answering: dict[int, list[str]] = {}
    for owner, name in session().execute(units):
        answering.setdefault(owner, []).append(name)
    return tuple(
        IndicatorLineage(
            indicator_id=each.id,
            code=each.code,
            name=each.name,
            name_en=each.name_en,
            aspect=aspect or "",
            aspect_en=aspect_en,
            domain=each.domain,
            direction=each.direction,
            units=tuple(answering.get(each.id, ())),
            synthetic=each.synthetic,
            active=each.active,
        )
        for each, aspect, aspect_en in session().execute(rows)
    )


def _units(indicator_id: int, column: Any) -> Select[Any]:
    return (
        select(column)
        .join(IndicatorUnit, IndicatorUnit.unit_id == Unit.id)
        .where(IndicatorUnit.indicator_id == indicator_id)
        .order_by(IndicatorUnit.position)
    )


def _figures(indicator_id: int) -> tuple[Figure, ...]:
    """Our own figures, the newest first."""
    newest = _newest(indicator_id)
    if newest is None:
        return ()
    rows = session().execute(
        select(Reading, Round.code)
        .join(Round, Round.id == Reading.round_id)
        .where(Reading.indicator_id == indicator_id, Reading.area_id == newest.area_id)
        .order_by(Round.ends_on.desc(), Reading.period.desc())
    )
    return tuple(
        Figure(each.round_id, code, each.period, each.value, each.change, each.case_count)
        for each, code in rows
    )


def _aspects() -> tuple[tuple[str, str, str | None], ...]:
    rows = session().execute(select(Aspect.code, Aspect.name, Aspect.name_en).order_by(Aspect.id))
    return tuple((row.code, row.name, row.name_en) for row in rows)


def _all_units() -> tuple[tuple[str, str, str | None], ...]:
    rows = session().execute(
        select(Unit.code, Unit.name, Unit.name_en).where(Unit.active).order_by(Unit.id)
    )
    return tuple((row.code, row.name, row.name_en) for row in rows)


def _domains() -> tuple[str, ...]:
    """The domains the counties' mechanisms name."""
    rows = session().scalars(select(ProfileVersion.data).order_by(ProfileVersion.id))
    return tuple(dict.fromkeys(str(each["name"]) for data in rows for each in data["domains"]))
