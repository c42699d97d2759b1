"""What a round found about each indicator: figures, benchmarks, level with its reason, cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from app.actor import Actor
from app.db import session
from app.effects import levels
from app.model import Aspect, Case, Grading, Indicator, Reading, Round
from app.queries.trends import Cell
from app.queries.visibility import visible


@dataclass(frozen=True)
class CaseLink:
    """A case an indicator of this round gave rise to."""

    case_id: int
    number: str
    title: str
    kind: str
    status: str


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator in one round; `first_level` is set when a meeting graded it anew."""

    indicator_id: int
    code: str
    name: str
    name_en: str | None
    direction: str
    value: Decimal
    change: Decimal | None
    intermediate: Decimal | None
    high: Decimal | None
    case_count: int | None
    level: str | None
    rule: str
    reason: str
    reason_en: str
    first_level: str | None
    cases: tuple[CaseLink, ...]
    strip: tuple[Cell, ...]


@dataclass(frozen=True)
class AspectBlock:
    """The indicators of one aspect; the one without a name holds what belongs to none."""

    name: str
    name_en: str | None
    lines: tuple[IndicatorLine, ...]


def aspects(
    viewer: Actor,
    round_: Round,
    readings: Mapping[int, Reading],
    strip_of: Mapping[int, tuple[Cell, ...]],
) -> tuple[AspectBlock, ...]:
    """The indicators with a reading of our own, by aspect."""
    means, before = levels.benchmarks(round_), levels.values_before(round_, readings)
    gradings, cases = _gradings(round_.id), _cases_by_indicator(viewer, round_.id)
    rows = session().execute(
        select(Indicator, Aspect.name, Aspect.name_en)
        .outerjoin(Aspect, Aspect.id == Indicator.aspect_id)
        .where(Indicator.id.in_(list(readings)))
        .order_by(Aspect.id.is_(None), Aspect.id, Indicator.code)
    )
    blocks: dict[tuple[str, str | None], list[IndicatorLine]] = {}
    for indicator, aspect, aspect_en in rows:
        named = (aspect or "", aspect_en)
        reading, given = readings[indicator.id], gradings.get(indicator.id, [])
        blocks.setdefault(named, []).append(
            _line(
                indicator,
                reading,
                levels.change_of(reading, before),
                means,
                given,
                tuple(cases.get(indicator.id, ())),
                strip_of.get(indicator.id, ()),
            )
        )
    return tuple(AspectBlock(*named, tuple(lines)) for named, lines in blocks.items())


def _gradings(round_id: int) -> dict[int, list[Grading]]:
    """Every level an indicator was given in a round, the first first."""
    rows = session().scalars(
        select(Grading).where(Grading.round_id == round_id).order_by(Grading.id)
    )
    found: dict[int, list[Grading]] = {}
    for each in rows:
        found.setdefault(each.indicator_id, []).append(each)
    return found


def _line(
    indicator: Indicator,
    reading: Reading,
    change: Decimal | None,
    means: Mapping[tuple[int, str], Decimal],
    given: Sequence[Grading],
    cases: tuple[CaseLink, ...],
    strip: tuple[Cell, ...],
) -> IndicatorLine:
    now = given[-1] if given else None
    met = now is not None and now.meeting_case_id is not None
    return IndicatorLine(
        indicator_id=indicator.id,
        code=indicator.code,
        name=indicator.name,
        name_en=indicator.name_en,
        direction=indicator.direction,
        value=reading.value,
        change=change,
        intermediate=means.get((indicator.id, levels.INTERMEDIATE)),
        high=means.get((indicator.id, levels.HIGH)),
        case_count=reading.case_count,
        level=now.level if now else None,
        rule=now.rule if now else "",
        reason=now.reason if now else "",
        reason_en=(now.reason_en or now.reason) if now else "",
        first_level=given[0].level if met else None,
        cases=cases,
        strip=strip,
    )


def _cases_by_indicator(viewer: Actor, round_id: int) -> dict[int, list[CaseLink]]:
    rows = session().scalars(
        select(Case)
        .where(Case.round_id == round_id, Case.indicator_id.is_not(None), visible(viewer))
        .order_by(Case.id)
    )
    found: dict[int, list[CaseLink]] = {}
    for case in rows:
        found.setdefault(case.indicator_id or 0, []).append(link(case))
    return found


def link(case: Case) -> CaseLink:
    """A case as pages point to it."""
    return CaseLink(case.id, case.number or "", case.title, case.kind, case.status)
