"""What units promise and report, meetings and their resolutions, outcomes and deductions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code, LongText, Pk


class Measure(Base):
    """A measure with its owner and date, as promised in a work opinion or plan (TX-08b)."""

    __tablename__ = "measure"
    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    indicator_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id"), index=True)
    text: Mapped[LongText]
    owner_person: Mapped[str]
    owner_dept: Mapped[str]
    due_on: Mapped[date]
    at: Mapped[datetime]
    replaced: Mapped[bool] = mapped_column(default=False)


class Report(Base):
    """What a unit reported on a case: kind progress, completion, urgent, co_opinion, …"""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_case_id_kind", "case_id", "kind"),)
    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[Code]
    text: Mapped[LongText]
    percent: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Meeting(Base):
    """A joint or special meeting; its minutes' sections follow TH-10."""

    __tablename__ = "meeting"
    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), unique=True)
    kind: Mapped[Code]
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(default="")
    agenda: Mapped[list[Any]]
    sections: Mapped[dict[str, Any]] = mapped_column(default=dict)
    pack: Mapped[list[Any]] = mapped_column(default=list)
    regrades: Mapped[list[Any]] = mapped_column(default=list)
    signed_at: Mapped[datetime | None]


class Resolution(Base):
    """One decision of a meeting: becomes exactly one supervision item (one matter, one item)."""

    __tablename__ = "resolution"
    id: Mapped[Pk]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    matter: Mapped[str]
    requirement: Mapped[LongText] = mapped_column(default="")
    indicator_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id"))
    lead_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    co_unit_ids: Mapped[list[Any]]
    due_day: Mapped[date | None]
    impact_forecast: Mapped[LongText] = mapped_column(default="")
    special_major: Mapped[bool] = mapped_column(default=False)
    item_case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))


class Outcome(Base):
    """An indicator before and after: 化解 resolved, 缓解 eased, 持平 unchanged, 恶化 worsened."""

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("case_id", "indicator_id"),)
    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    before_round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    after_round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    before_value: Mapped[Decimal]
    after_value: Mapped[Decimal]
    before_level: Mapped[Code]
    after_level: Mapped[Code]
    outcome: Mapped[Code]
    reason: Mapped[LongText] = mapped_column(default="")
    note: Mapped[LongText] = mapped_column(default="")


class Deduction(Base):
    """A proposed deduction (扣分): decided by a person, the unit may state its case first."""

    __tablename__ = "deduction"
    __table_args__ = (Index("ix_deduction_unit_id", "unit_id"),)
    id: Mapped[Pk]
    evaluation_case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    item_case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[Code]
    ground: Mapped[Code]
    scheme: Mapped[Code]
    points: Mapped[Decimal | None]
    basis: Mapped[LongText]
    state: Mapped[Code] = mapped_column(default="proposed")
    statement: Mapped[LongText] = mapped_column(default="")
    decision_reason: Mapped[LongText] = mapped_column(default="")
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class AssessmentRecord(Base):
    """One entry in a unit's assessment record (工作评议、考核记录, TX-14b, TH-19); only added."""

    __tablename__ = "assessment_record"
    id: Mapped[Pk]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    kind: Mapped[Code]
    text: Mapped[LongText]
    at: Mapped[datetime]
