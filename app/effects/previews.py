"""Match the rows of a previewed file with what is known: names, stored readings, each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    update,
)

from app.db import session
from app.model import Area, ImportBatch, ImportRow, Indicator, Reading
from app.rules import importing
from app.rules.importing import CONTRADICTION, NEW, SAME, UNKNOWN, Figures

AREA_KEY: Final = ImportRow.area_level + "/" + ImportRow.area
"""How a mapping names an area: `county/新野`."""


def match(batch: ImportBatch) -> dict[str, int]:
    """Give every row that the file itself speaks for its verdict anew; returns the counts."""
    of_batch = ImportRow.batch_id == batch.id
    _start_over(of_batch)
    _look_names_up(of_batch)
    _assign(of_batch, batch.mapping)
    _find_unknown(of_batch, batch.mapping)
    _find_same(of_batch, batch.round_id)
    _find_different(of_batch, batch.round_id)
    _find_twins(of_batch)
    return count(batch)


def count(batch: ImportBatch) -> dict[str, int]:
    """How many rows have which verdict now; kept with the batch."""
    rows = session().execute(
        select(ImportRow.verdict, func.count())
        .where(ImportRow.batch_id == batch.id)
        .group_by(ImportRow.verdict)
    )
    batch.counts = dict(list(rows))
    return dict(batch.counts)


def look_created_up(batch_id: int) -> None:
    """After things were created under the names of the file: point the new rows at them."""
    nameless = or_(ImportRow.indicator_id.is_(None), ImportRow.area_id.is_(None))
    _update(
        and_(ImportRow.batch_id == batch_id, ImportRow.verdict == NEW, nameless),
        indicator_id=func.coalesce(ImportRow.indicator_id, _indicator()),
        area_id=func.coalesce(ImportRow.area_id, _area()),
    )


def _start_over(of_batch: ColumnElement[bool]) -> None:
    later = or_(
        *(cast(ImportRow.findings, String).like(f'%"{code}"%') for code in importing.LATER_FOUND)
    )
    _update(and_(of_batch, ImportRow.verdict == CONTRADICTION, later), verdict=NEW, findings=[])
    _update(and_(of_batch, ImportRow.verdict.in_((UNKNOWN, SAME))), verdict=NEW)


def _look_names_up(of_batch: ColumnElement[bool]) -> None:
    _update(and_(of_batch, ImportRow.verdict == NEW), indicator_id=_indicator(), area_id=_area())


def _indicator() -> Any:
    """The indicator a row names: by its name, else by its code."""
    by_name = select(Indicator.id).where(Indicator.name == ImportRow.indicator)
    by_code = select(Indicator.id).where(Indicator.code == ImportRow.indicator)
    return func.coalesce(by_name.scalar_subquery(), by_code.scalar_subquery())


def _area() -> ScalarSelect[int]:
    return (
        select(Area.id)
        .where(Area.level == ImportRow.area_level, Area.name == ImportRow.area)
        .scalar_subquery()
    )


def _assign(of_batch: ColumnElement[bool], mapping: Mapping[str, Any]) -> None:
    """Names a person said mean something that exists."""
    new = and_(of_batch, ImportRow.verdict == NEW)
    for name, wish in mapping.get("indicator", {}).items():
        if "to" in wish:
            _update(and_(new, ImportRow.indicator == name), indicator_id=wish["to"])
    for name, wish in mapping.get("area", {}).items():
        if "to" in wish:
            _update(and_(new, name == AREA_KEY), area_id=wish["to"])


def _find_unknown(of_batch: ColumnElement[bool], mapping: Mapping[str, Any]) -> None:
    """Names that mean nothing yet and that nobody said to create."""
    wanted = {
        kind: [name for name, wish in mapping.get(kind, {}).items() if wish.get("create")]
        for kind in ("indicator", "area")
    }
    nameless = or_(
        and_(ImportRow.indicator_id.is_(None), ImportRow.indicator.not_in(wanted["indicator"])),
        and_(ImportRow.area_id.is_(None), AREA_KEY.not_in(wanted["area"])),
    )
    _update(and_(of_batch, ImportRow.verdict == NEW, nameless), verdict=UNKNOWN)


def _stored(round_id: int) -> ColumnElement[bool]:
    return and_(
        Reading.round_id == round_id,
        Reading.indicator_id == ImportRow.indicator_id,
        Reading.area_id == ImportRow.area_id,
        Reading.period == ImportRow.period,
    )


def _find_same(of_batch: ColumnElement[bool], round_id: int) -> None:
    equal = and_(
        Reading.value == ImportRow.value,
        Reading.year_before.is_not_distinct_from(ImportRow.year_before),
        Reading.change.is_not_distinct_from(ImportRow.change),
        Reading.case_count.is_not_distinct_from(ImportRow.case_count),
    )
    already = exists(select(Reading.id).where(_stored(round_id), equal))
    _update(and_(of_batch, ImportRow.verdict == NEW, already), verdict=SAME)


def _find_different(of_batch: ColumnElement[bool], round_id: int) -> None:
    """Rows about a reading the round already has: the same after all, or a contradiction."""
    rows = (
        session()
        .execute(
            select(
                ImportRow.id,
                ImportRow.value,
                ImportRow.year_before,
                ImportRow.change,
                ImportRow.case_count,
                Reading.value.label("stored"),
                Reading.year_before.label("stored_before"),
                Reading.change.label("stored_change"),
                Reading.case_count.label("stored_count"),
            )
            .join(Reading, _stored(round_id))
            .where(of_batch, ImportRow.verdict == NEW)
        )
        .all()
    )
    changes = []
    for row in rows:
        finding = importing.difference(
            Figures(row.stored, row.stored_before, row.stored_change, row.stored_count),
            Figures(row.value, row.year_before, row.change, row.case_count),
        )
        changes.append(
            {
                "id": row.id,
                "verdict": CONTRADICTION if finding else SAME,
                "findings": [importing.as_json(finding)] if finding else [],
            }
        )
    _update_each(changes)


def _find_twins(of_batch: ColumnElement[bool]) -> None:
    """Rows that speak of one reading only because of how their names were assigned."""
    first = func.min(ImportRow.line).over(partition_by=_subject()).label("first")
    about = (
        select(ImportRow.id, ImportRow.line, first)
        .where(of_batch, ImportRow.verdict.in_((NEW, SAME)))
        .subquery()
    )
    rows = session().execute(select(about.c.id, about.c.first).where(about.c.line != about.c.first))
    _update_each(
        [
            {
                "id": row_id,
                "verdict": CONTRADICTION,
                "findings": [importing.as_json(importing.twin(line))],
            }
            for row_id, line in rows
        ]
    )


def _subject() -> tuple[Any, ...]:
    """What a row is about; a name to be created stands for itself."""
    return (
        ImportRow.indicator_id,
        case((ImportRow.indicator_id.is_(None), ImportRow.indicator), else_=""),
        ImportRow.area_id,
        case((ImportRow.area_id.is_(None), AREA_KEY), else_=""),
        ImportRow.period,
    )


def _update(where: ColumnElement[bool], **values: Any) -> None:
    session().execute(
        update(ImportRow).where(where).values(**values),
        execution_options={"synchronize_session": False},
    )


def _update_each(changes: list[dict[str, Any]]) -> None:
    if changes:
        session().execute(update(ImportRow), changes)
