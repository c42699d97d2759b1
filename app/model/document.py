"""Documents (文书) with their numbers, and what was delivered to whom and signed for when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code, Pk


class Document(Base):
    """A paper of one kind in the catalogue; `content` fills its template; draft until issued."""

    __tablename__ = "document"
    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[Code]
    number: Mapped[Code | None] = mapped_column(unique=True)
    title: Mapped[str]
    issuer_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    state: Mapped[Code] = mapped_column(default="draft")
    content: Mapped[dict[str, Any]]
    sha256: Mapped[Code] = mapped_column(default="")
    created_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Delivery(Base):
    """A document on its way to one unit: role main, cc (抄送) or cc_upward (抄报)."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("document_id", "unit_id", "role"),
        Index("ix_delivery_unit_id", "unit_id"),
    )
    id: Mapped[Pk]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[Code]
    method: Mapped[Code] = mapped_column(default="electronic")
    delivered_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    refused_reason: Mapped[str] = mapped_column(default="")
    read_at: Mapped[datetime | None]
    read_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Instruction(Base):
    """A leader's instruction (批示) on a case, or on one paper of it.

    kind: noted (阅), read (圈阅), affirm (肯定), act (要求办理) by the units `addressees`.
    `given_on` is the leader's own date; `at` and `entered_by` say who wrote it down, `entry` for
    whom.
    """

    __tablename__ = "instruction"
    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    leader_post: Mapped[str]
    kind: Mapped[Code]
    text: Mapped[str]
    addressees: Mapped[list[Any]] = mapped_column(default=list)
    given_on: Mapped[date]
    entry: Mapped[Code] = mapped_column(default="self")
    at: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class InstructionItem(Base):
    """An item that was opened because a leader asked for action."""

    __tablename__ = "instruction_item"
    instruction_id: Mapped[int] = mapped_column(ForeignKey("instruction.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
