"""Cases: one process instance each, the units concerned, and the engine's stored states."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code, LongText, Pk

RUNNING: Final = ("open", "suspended")
ENDED_EARLY: Final = ("revoked", "terminated", "void")


class Case(Base):
    """A case: `kind` is the process key, `bundle` the definition versions it runs on for ever.

    `due_day` is when the whole matter is due, found by `due_rule` (extensions and standstills
    move it, `due_day_first` keeps the original); `issued_at` is the moment its clock started.
    `standstills` are the spans [from, until] during which it stood still, as UTC texts; while it
    stands still `resume_on` may be the day on which going on is proposed to the office.
    `progress` is the percentage reported last; `comment_count` how much is said in its thread.
    `circulating`: unit id → [how many have read, how many are asked] of its open reading lists.
    status: one of RUNNING; then closed, or one of ENDED_EARLY. What was closed or terminated may
    run again (`reopened_at`); `anew_at`: its engine began anew then, what was done before stands.
    `matter_key` names one matter of one lead unit: two open items with the same one need an
    override reason (TX-10), and the index makes sure of it when two people are equally fast.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        Index("ix_case_file_kind_status", "kind", "status"),
        Index("ix_case_file_opened_by", "opened_by", "opened_at", "id"),
        Index("ix_case_file_opened_unit_id", "opened_unit_id", "opened_at", "id"),
        Index(
            "uq_case_file_matter_key_open",
            "matter_key",
            unique=True,
            postgresql_where=text("status IN ('open', 'suspended') AND override_reason = ''"),
            sqlite_where=text("status IN ('open', 'suspended') AND override_reason = ''"),
        ),
    )
    id: Mapped[Pk]
    kind: Mapped[Code]
    number: Mapped[Code | None] = mapped_column(unique=True)
    title: Mapped[str]
    profile_id: Mapped[int] = mapped_column(ForeignKey("profile_version.id"))
    bundle: Mapped[list[Any]]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)
    indicator_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id"))
    matter: Mapped[str] = mapped_column(default="")
    matter_key: Mapped[Code | None]
    content: Mapped[LongText] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    status: Mapped[Code] = mapped_column(default="open")
    stage: Mapped[Code] = mapped_column(default="")
    outcome: Mapped[Code] = mapped_column(default="")
    special_major: Mapped[bool] = mapped_column(default=False)
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime | None]
    due_day: Mapped[date | None]
    due_day_first: Mapped[date | None]
    due_rule: Mapped[dict[str, Any] | None]
    suspended_at: Mapped[datetime | None]
    resume_on: Mapped[date | None]
    standstills: Mapped[list[Any]] = mapped_column(default=list)
    progress: Mapped[int | None]
    urge_count: Mapped[int] = mapped_column(default=0)
    extension_count: Mapped[int] = mapped_column(default=0)
    comment_count: Mapped[int] = mapped_column(default=0)
    circulating: Mapped[dict[str, Any]] = mapped_column(default=dict)
    override_reason: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state_seq: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    closed_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    anew_at: Mapped[datetime | None]


class CaseUnit(Base):
    """A unit's part in a case: lead (exactly one), co, cc, addressee."""

    __tablename__ = "case_unit"
    __table_args__ = (
        UniqueConstraint("case_id", "unit_id", "role"),
        Index("ix_case_unit_unit_id_role", "unit_id", "role"),
    )
    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[Code]


class Follow(Base):
    """Somebody's own mark on a case they want to find again (关注); nobody else sees it."""

    __tablename__ = "follow"
    __table_args__ = (Index("ix_follow_person_id", "person_id", "since", "case_id"),)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    since: Mapped[datetime]


class Comment(Base):
    """Something said in the thread of a case; only added, at most marked as withdrawn.

    `mentions`: the ids of people it is addressed to.
    """

    __tablename__ = "comment"
    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    text: Mapped[LongText]
    mentions: Mapped[list[Any]] = mapped_column(default=list)
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class CaseState(Base):
    """The engine's state after one act; `seq` is that act's place in the case's journal.

    Rows are only added: the state before an act is the row of the act before it.
    """

    __tablename__ = "case_state"
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[Code]
    blob: Mapped[bytes]


class NumberSeries(Base):
    """The last number given in a series and year; numbers are never given twice."""

    __tablename__ = "number_series"
    series: Mapped[Code] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
