"""What a round found: its own readings and benchmarks, and the levels given to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, select, true
from sqlalchemy.orm import aliased

from app.db import session
from app.errors import Invalid
from app.i18n import _
from app.model import Area, Grading, Indicator, ProfileVersion, Reading, Round

INTERMEDIATE, HIGH = "intermediate_court_mean", "high_court_mean"


def round_of(round_id: int | None) -> Round:
    """The round a case belongs to; refused when it belongs to none."""
    found = session().get(Round, round_id) if round_id else None
    if found is None:
        raise Invalid(_("This case belongs to no assessment round."))
    return found


def round_named(code: str | None, profile_key: str) -> int | None:
    """The id of the round with that code; without one, of the county's latest graded round."""
    if code is None:
        return session().scalar(
            select(Round.id)
            .join(ProfileVersion, ProfileVersion.id == Round.profile_id)
            .where(ProfileVersion.key == profile_key, Round.evaluated_on.is_not(None))
            .order_by(Round.ends_on.desc(), Round.id.desc())
            .limit(1)
        )
    found = session().scalar(select(Round.id).where(Round.code == code))
    if found is None:
        text = _("There is no round %(code)s.", code=code)
        raise Invalid(text, fields={"round": text})
    return found


def own_readings(round_: Round) -> dict[int, Reading]:
    """The county's own reading per indicator; the round's own period before any other."""
    area_id = _own_area(round_.id)
    rows = (
        session()
        .scalars(
            select(Reading)
            .where(Reading.round_id == round_.id, Reading.area_id == area_id)
            .order_by(Reading.period)
        )
        .all()
    )
    ordered = sorted(rows, key=lambda each: each.period == round_.code)
    return {each.indicator_id: each for each in ordered}


def benchmarks(round_: Round) -> dict[tuple[int, str], Decimal]:
    """The means of the courts above, by indicator and area level."""
    rows = (
        session()
        .execute(
            select(Reading.indicator_id, Area.level, Reading.value, Reading.period)
            .join(Area, Area.id == Reading.area_id)
            .where(Reading.round_id == round_.id, Area.level.in_((INTERMEDIATE, HIGH)))
            .order_by(Reading.period)
        )
        .all()
    )
    ordered = sorted(rows, key=lambda each: each.period == round_.code)
    return {(row.indicator_id, row.level): row.value for row in ordered}


def change_of(reading: Reading, before: Mapping[int, Decimal]) -> Decimal | None:
    """The change as given, else against the year before, else against the round before."""
    if reading.change is not None:
        return reading.change
    earlier = reading.year_before
    if earlier is None:
        earlier = before.get(reading.indicator_id)
    return None if earlier is None else reading.value - earlier


def values_before(round_: Round, readings: Mapping[int, Reading]) -> dict[int, Decimal]:
    """What the latest earlier round found for the same indicators in the same area."""
    areas = {each.area_id for each in readings.values()}
    rows = session().execute(
        select(Reading.indicator_id, Reading.value)
        .join(Round, Round.id == Reading.round_id)
        .where(
            Round.ends_on < round_.ends_on,
            Round.id != round_.id,
            Reading.area_id.in_(areas),
            Reading.indicator_id.in_(list(readings)),
        )
        .order_by(Round.ends_on, Reading.period)
    )
    return {row.indicator_id: row.value for row in rows}


def current_gradings(round_id: int) -> dict[int, Grading]:
    """The level each indicator of a round has now: the last one given."""
    rows = session().scalars(
        select(Grading).where(Grading.round_id == round_id).order_by(Grading.id)
    )
    return {each.indicator_id: each for each in rows}


def indicators_by_code(codes: Iterable[str]) -> dict[str, Indicator]:
    """Indicators as forms name them; refused when one does not exist."""
    wanted = set(codes)
    found = {
        each.code: each
        for each in session().scalars(select(Indicator).where(Indicator.code.in_(wanted)))
    }
    missing = sorted(wanted - set(found))
    if missing:
        raise Invalid(_("There is no indicator with the code %(codes)s.", codes=", ".join(missing)))
    return found


def indicator_id(code: str | None) -> int | None:
    """The id of an indicator where one is named."""
    return indicators_by_code([code])[code].id if code else None


def indicator_rows(
    round_: Round, indicator_ids: Iterable[int] | None = None
) -> list[dict[str, Any]]:
    """Indicators as documents show them: value, change, benchmarks, level and its reason."""
    own, wanted = _own_area(round_.id), None if indicator_ids is None else list(indicator_ids)
    readings: dict[int, Reading] = {}
    gradings: dict[int, Grading | None] = {}
    means: dict[tuple[int, str], Decimal] = {}
    names: dict[int, str] = {}
    for row in _figures(round_, own, wanted):
        reading = row.Reading
        if reading.area_id == own:
            readings[reading.indicator_id] = reading
            gradings[reading.indicator_id] = row.Grading
            names[reading.indicator_id] = row.name
        else:
            means[reading.indicator_id, row.level] = reading.value
    before = values_before(round_, readings) if _needs_before(readings) else {}
    return [
        _row(name, readings[key], change_of(readings[key], before), gradings[key], means)
        for key, name in names.items()
    ]


def _figures(
    round_: Round, own: int, wanted: Sequence[int] | None
) -> Sequence[Row[Reading, str, str, Grading]]:
    """Own readings and means with name and level, by code; the round's own period comes last."""
    newer = aliased(Grading)
    newest = (
        select(func.max(newer.id))
        .where(newer.round_id == Reading.round_id, newer.indicator_id == Reading.indicator_id)
        .correlate(Reading)
        .scalar_subquery()
    )
    return (
        session()
        .execute(
            select(Reading, Area.level, Indicator.name, Grading)
            .join(Area, Area.id == Reading.area_id)
            .join(Indicator, Indicator.id == Reading.indicator_id)
            .outerjoin(Grading, Grading.id == newest)
            .where(
                Reading.round_id == round_.id,
                (Area.id == own) | Area.level.in_((INTERMEDIATE, HIGH)),
                true() if wanted is None else Reading.indicator_id.in_(wanted),
            )
            .order_by(Indicator.code, Reading.period == round_.code, Reading.period)
        )
        .all()
    )


def _needs_before(readings: Mapping[int, Reading]) -> bool:
    return any(each.change is None and each.year_before is None for each in readings.values())


def _row(
    name: str,
    reading: Reading,
    change: Decimal | None,
    grading: Grading | None,
    means: Mapping[tuple[int, str], Decimal],
) -> dict[str, Any]:
    return {
        "indicator": name,
        "value": _number(reading.value),
        "change": _number(change),
        "intermediate_mean": _number(means.get((reading.indicator_id, INTERMEDIATE))),
        "high_mean": _number(means.get((reading.indicator_id, HIGH))),
        "case_count": reading.case_count,
        "level": grading.level if grading else None,
        "reason": grading.reason if grading else None,
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _own_area(round_id: int) -> int:
    """The area marked as ours, else the one county the round has figures of."""
    rows = (
        session()
        .execute(
            select(Area.id, Area.own)
            .join(Reading, Reading.area_id == Area.id)
            .where(Reading.round_id == round_id, Area.own | (Area.level == "county"))
            .distinct()
            .order_by(Area.id)
        )
        .all()
    )
    candidates = [row.id for row in rows if row.own] or [row.id for row in rows]
    if not candidates:
        raise Invalid(_("This round has no figures of our own area yet. Import them first."))
    if len(candidates) > 1:
        raise Invalid(_("Figures of several counties were imported. Mark the one that is ours."))
    return int(candidates[0])
