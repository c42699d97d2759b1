"""The files behind a round's figures: their provenance, and the preview of one as a diff."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from app.actor import Actor
from app.db import session
from app.effects import previews
from app.errors import NotFound
from app.i18n import Text
from app.model import Area, Aspect, ImportBatch, ImportRow, Indicator, Person, Round
from app.rules import access
from app.rules.importing import BLOCKING, NEW, UNKNOWN, VERDICTS

PAGE: Final = 100
MOST_NAMES: Final = 50


@dataclass(frozen=True)
class BatchLine:
    """A file on its way into a round, or in it: who brought it, who confirmed it, what it holds."""

    batch_id: int
    round_id: int
    round: str
    file_name: str
    sha256: str
    encoding: str
    provenance: tuple[str, ...]
    state: str
    rows_total: int
    rows_read: int
    counts: Mapping[str, int]
    problem: Text | None
    uploaded_at: datetime
    uploaded_by: str
    confirmed_at: datetime | None
    confirmed_by: str

    @property
    def reading(self) -> bool:
        """Whether its preview is still being made."""
        return self.state in ("uploaded", "reading")

    @property
    def blocked(self) -> int:
        """How many rows stand in the way of confirming."""
        return sum(self.counts.get(verdict, 0) for verdict in BLOCKING)

    @property
    def ready(self) -> bool:
        """Whether it could be confirmed now."""
        return self.state == "previewed" and not self.blocked and bool(self.counts.get(NEW))


@dataclass(frozen=True)
class RowLine:
    """One row of the file with what was found about it."""

    line: int
    indicator: str
    period: str
    area_level: str
    area: str
    value: Decimal | None
    year_before: Decimal | None
    change: Decimal | None
    case_count: int | None
    verdict: str
    findings: tuple[Text, ...]


@dataclass(frozen=True)
class UnknownName:
    """A name nobody knows yet: of which kind, how often, and where first."""

    kind: str
    key: str
    name: str
    area_level: str
    rows: int
    first_line: int


@dataclass(frozen=True)
class Choices:
    """What an unknown name can be assigned to."""

    indicators: tuple[tuple[int, str], ...]
    areas: tuple[tuple[int, str, str], ...]
    aspects: tuple[tuple[str, str, str | None], ...]


@dataclass(frozen=True)
class ImportPage:
    """A file's preview: one page of its rows, what is unknown, and what may be done."""

    batch: BatchLine
    verdict: str
    rows: tuple[RowLine, ...]
    before: int | None
    after: int | None
    unknown: tuple[UnknownName, ...]
    unknown_more: int
    choices: Choices
    may_clear_up: bool
    may_confirm: bool
    may_discard: bool


def batches(viewer: Actor, round_id: int) -> tuple[BatchLine, ...]:
    """The files of a round, newest first; those that came to nothing only for who works on them."""
    if not access.may_see_rounds(viewer):
        raise NotFound
    shown = ImportBatch.state != "discarded"
    if not access.may_see_imports(viewer):
        shown = ImportBatch.state == "confirmed"
    rows = _batches().where(ImportBatch.round_id == round_id, shown)
    return tuple(_batch(row) for row in session().execute(rows.order_by(ImportBatch.id.desc())))


def batch_line(viewer: Actor, batch_id: int) -> BatchLine:
    """One file; NotFound for a stranger."""
    if not access.may_see_imports(viewer):
        raise NotFound
    found = session().execute(_batches().where(ImportBatch.id == batch_id)).one_or_none()
    if found is None:
        raise NotFound
    return _batch(found)


def import_page(
    viewer: Actor,
    batch_id: int,
    *,
    verdict: str = "",
    after: int | None = None,
    before: int | None = None,
) -> ImportPage:
    """A hundred rows of the preview, from a line on or up to one; NotFound for a stranger."""
    batch = batch_line(viewer, batch_id)
    wanted = verdict if verdict in VERDICTS else ""
    rows, earlier, later = _page(batch_id, wanted, after, before)
    unknown = _unknown(batch_id) if batch.counts.get(UNKNOWN) else []
    analyst, confirmer = (
        access.may_bring_in_readings(viewer),
        access.may_confirm_readings(viewer),
    )
    return ImportPage(
        batch=batch,
        verdict=wanted,
        rows=rows,
        before=earlier,
        after=later,
        unknown=tuple(unknown[:MOST_NAMES]),
        unknown_more=max(len(unknown) - MOST_NAMES, 0),
        choices=_choices(needed=bool(unknown) and analyst),
        may_clear_up=analyst and batch.state == "previewed",
        may_confirm=confirmer and batch.state == "previewed",
        may_discard=analyst and batch.state not in ("confirmed", "discarded"),
    )


def _batches() -> Select[Any]:
    confirmer = aliased(Person)
    columns = (
        ImportBatch.id, ImportBatch.round_id, ImportBatch.file_name, ImportBatch.sha256,
        ImportBatch.encoding, ImportBatch.provenance, ImportBatch.state, ImportBatch.rows_total,
        ImportBatch.rows_read, ImportBatch.counts, ImportBatch.problem, ImportBatch.uploaded_at,
        ImportBatch.confirmed_at,
    )  # fmt: skip
    return (
        select(
            *columns,
            Round.code.label("round"),
            Person.name.label("uploader"),
            confirmer.name.label("confirmer"),
        )
        .join(Round, Round.id == ImportBatch.round_id)
        .outerjoin(Person, Person.id == ImportBatch.uploaded_by)
        .outerjoin(confirmer, confirmer.id == ImportBatch.confirmed_by)
    )


def _batch(row: Any) -> BatchLine:
    return BatchLine(
        batch_id=row.id,
        round_id=row.round_id,
        round=row.round,
        file_name=row.file_name,
        sha256=row.sha256,
        encoding=row.encoding,
        provenance=tuple(line for line in row.provenance.split("\n") if line),
        state=row.state,
        rows_total=row.rows_total,
        rows_read=row.rows_read,
        counts={name: n for name, n in row.counts.items() if name in VERDICTS},
        problem=Text.from_json(json.loads(row.problem)) if row.problem else None,
        uploaded_at=row.uploaded_at,
        uploaded_by=row.uploader or "",
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmer or "",
    )


def _page(
    batch_id: int, verdict: str, after: int | None, before: int | None
) -> tuple[tuple[RowLine, ...], int | None, int | None]:
    """The rows, and the lines from which the pages before and after start (None: there is none)."""
    rows = select(ImportRow).where(ImportRow.batch_id == batch_id)
    if verdict:
        rows = rows.where(ImportRow.verdict == verdict)
    if before is not None:
        found = list(
            session().scalars(
                rows.where(ImportRow.line < before).order_by(ImportRow.line.desc()).limit(PAGE + 1)
            )
        )
        shown, more = found[:PAGE][::-1], len(found) > PAGE
        return _shown(shown), shown[0].line if shown and more else None, before - 1
    start = after or 0
    found = list(
        session().scalars(
            rows.where(ImportRow.line > start).order_by(ImportRow.line).limit(PAGE + 1)
        )
    )
    shown = found[:PAGE]
    later = shown[-1].line if len(found) > PAGE else None
    return _shown(shown), shown[0].line if shown and start else None, later


def _shown(rows: list[ImportRow]) -> tuple[RowLine, ...]:
    return tuple(
        RowLine(
            line=row.line,
            indicator=row.indicator,
            period=row.period,
            area_level=row.area_level,
            area=row.area,
            value=row.value,
            year_before=row.year_before,
            change=row.change,
            case_count=row.case_count,
            verdict=row.verdict,
            findings=tuple(Text.from_json(each["text"]) for each in row.findings),
        )
        for row in rows
    )


def _unknown(batch_id: int) -> list[UnknownName]:
    """Names without a meaning, in the order of the file."""
    of_batch = (ImportRow.batch_id == batch_id, ImportRow.verdict == UNKNOWN)
    count, first = func.count().label("count"), func.min(ImportRow.line).label("first")
    indicators = session().execute(
        select(ImportRow.indicator, count, first)
        .where(*of_batch, ImportRow.indicator_id.is_(None))
        .group_by(ImportRow.indicator)
        .order_by(first)
    )
    areas = session().execute(
        select(previews.AREA_KEY.label("key"), ImportRow.area_level, ImportRow.area, count, first)
        .where(*of_batch, ImportRow.area_id.is_(None))
        .group_by(ImportRow.area_level, ImportRow.area)
        .order_by(first)
    )
    return [
        *(UnknownName("indicator", name, name, "", rows, line) for name, rows, line in indicators),
        *(
            UnknownName("area", key, name, level, rows, line)
            for key, level, name, rows, line in areas
        ),
    ]


def _choices(*, needed: bool) -> Choices:
    if not needed:
        return Choices((), (), ())
    indicators = session().execute(
        select(Indicator.id, Indicator.name).where(Indicator.active).order_by(Indicator.code)
    )
    areas = session().execute(select(Area.id, Area.level, Area.name).order_by(Area.level, Area.id))
    aspects = session().execute(
        select(Aspect.code, Aspect.name, Aspect.name_en).order_by(Aspect.id)
    )
    return Choices(
        tuple((row.id, row.name) for row in indicators),
        tuple((row.id, row.level, row.name) for row in areas),
        tuple((row.code, row.name, row.name_en) for row in aspects),
    )
