"""Indicators, assessment rounds, readings with their provenance, and append-only gradings."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code, LongText, Pk


class Aspect(Base):
    """An aspect (方面) that groups indicators, such as 经济社会."""

    __tablename__ = "aspect"
    id: Mapped[Pk]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str | None]


class Indicator(Base):
    """An index of 0–100; `direction` positive means higher is better."""

    __tablename__ = "indicator"
    id: Mapped[Pk]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    name_en: Mapped[str | None]
    aspect_id: Mapped[int | None] = mapped_column(ForeignKey("aspect.id"))
    domain: Mapped[str] = mapped_column(default="")
    direction: Mapped[Code] = mapped_column(default="positive")
    synthetic: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)


class IndicatorUnit(Base):
    """A unit responsible for an indicator; position 0 leads."""

    __tablename__ = "indicator_unit"
    __table_args__ = (UniqueConstraint("indicator_id", "unit_id"),)
    id: Mapped[Pk]
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    position: Mapped[int] = mapped_column(default=0)


class Area(Base):
    """A place or mean that readings are for: (level, name), e.g. (county, 新野)."""

    __tablename__ = "area"
    __table_args__ = (UniqueConstraint("level", "name"),)
    id: Mapped[Pk]
    level: Mapped[Code]
    name: Mapped[str]
    own: Mapped[bool] = mapped_column(default=False)


class Round(Base):
    """An assessment round (评估轮次) such as 2026H1."""

    __tablename__ = "round"
    id: Mapped[Pk]
    code: Mapped[Code] = mapped_column(unique=True)
    kind: Mapped[Code]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    profile_id: Mapped[int] = mapped_column(ForeignKey("profile_version.id"))
    report_title: Mapped[str] = mapped_column(default="")
    evaluated_on: Mapped[date | None]
    synthetic: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class ImportBatch(Base):
    """One file on its way into a round: uploaded → previewed → confirmed, or failed/discarded."""

    __tablename__ = "import_batch"
    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    file_name: Mapped[str]
    sha256: Mapped[Code] = mapped_column(index=True)
    encoding: Mapped[Code] = mapped_column(default="")
    provenance: Mapped[LongText] = mapped_column(default="")
    content: Mapped[bytes]
    state: Mapped[Code] = mapped_column(default="uploaded")
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_read: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problem: Mapped[LongText] = mapped_column(default="")
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ImportRow(Base):
    """One row of a file being previewed; becomes a reading when the batch is confirmed.

    `indicator_id` and `area_id` are what its names mean here; empty while that is unknown or the
    thing will only be created with the confirmation.
    """

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_batch_id_line", "batch_id", "line"),)
    id: Mapped[Pk]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    line: Mapped[int]
    indicator_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    indicator: Mapped[str]
    period: Mapped[Code]
    area_level: Mapped[Code]
    area: Mapped[str]
    value: Mapped[Decimal | None]
    year_before: Mapped[Decimal | None]
    change: Mapped[Decimal | None]
    case_count: Mapped[int | None]
    verdict: Mapped[Code]
    findings: Mapped[list[Any]]


class Reading(Base):
    """A published figure for an indicator, area and period; never overwritten."""

    __tablename__ = "reading"
    __table_args__ = (
        UniqueConstraint("round_id", "indicator_id", "area_id", "period"),
        Index("ix_reading_indicator_id_area_id", "indicator_id", "area_id"),
    )
    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    period: Mapped[Code]
    value: Mapped[Decimal]
    year_before: Mapped[Decimal | None]
    change: Mapped[Decimal | None]
    case_count: Mapped[int | None]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)


class Grading(Base):
    """A level given to a reading, with the rule that fired; re-grading adds a row (TX-09b)."""

    __tablename__ = "grading"
    __table_args__ = (Index("ix_grading_round_id_indicator_id", "round_id", "indicator_id"),)
    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"))
    level: Mapped[Code]
    rule: Mapped[Code]
    reason: Mapped[LongText]
    reason_en: Mapped[LongText] = mapped_column(default="")
    definition_id: Mapped[int | None] = mapped_column(ForeignKey("definition_version.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("grading.id"))
    meeting_case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
