"""Documents (文书) with their numbers, and what was delivered to whom and signed for when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Boolean, ColumnElement, ForeignKey, Index, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code, LongText, Pk

UNREAD: Final = "role <> 'main' AND read_at IS NULL AND recalled_at IS NULL"


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


class Sending(Base):
    """Something sent round by hand: copies (抄送、抄报), or a reading list (传阅).

    For which unit and by whom; `node`: the step whose task of that unit is not completed before
    everybody has read it (empty: nothing waits).
    """

    __tablename__ = "sending"
    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[LongText] = mapped_column(default="")
    node: Mapped[Code] = mapped_column(default="")
    at: Mapped[datetime]


class Delivery(Base):
    """A paper of a case (without one: the case itself) sent to a unit, or to somebody by name.

    role: main, cc (抄送), cc_upward (抄报), or reader (传阅, always by name); `unit_id` is then the
    unit for which somebody reads. Whoever got the case itself may know of it (rules/access).
    `read_at`: when it was first opened by the person, or by anybody of the unit. What is recalled
    nobody had read; it stays on record.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "uq_delivery_unit",
            "document_id",
            "unit_id",
            "role",
            unique=True,
            postgresql_where=text("person_id IS NULL AND recalled_at IS NULL"),
            sqlite_where=text("person_id IS NULL AND recalled_at IS NULL"),
        ),
        Index("ix_delivery_unit_id", "unit_id"),
        Index(
            "ix_delivery_unread",
            "unit_id",
            "person_id",
            "delivered_at",
            postgresql_where=text(UNREAD),
            sqlite_where=text(UNREAD),
        ),
        Index(
            "ix_delivery_of_case",
            "case_id",
            "unit_id",
            "person_id",
            postgresql_where=text("document_id IS NULL"),
            sqlite_where=text("document_id IS NULL"),
        ),
    )
    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sending_id: Mapped[int | None] = mapped_column(ForeignKey("sending.id"), index=True)
    role: Mapped[Code]
    method: Mapped[Code] = mapped_column(default="electronic")
    delivered_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    refused_reason: Mapped[str] = mapped_column(default="")
    read_at: Mapped[datetime | None]
    read_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opinion: Mapped[LongText] = mapped_column(default="")
    recalled_at: Mapped[datetime | None]
    recalled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    @classmethod
    def unread(cls) -> ColumnElement[bool]:
        """A copy nobody has read, said so that the planner knows the partial index may be used."""
        return literal_column(UNREAD, Boolean)


class Instruction(Base):
    """A leader's instruction (批示) on a case, or on one paper of it.

    kind: noted (阅), read (圈阅), affirm (肯定), act (要求办理) by the units `addressees`.
    `given_on` is the leader's own date; `at` and `entered_by` say who wrote it down, `entry` for
    whom, `scan_id` the file of the case that shows the original, if one was added.
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
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    at: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class InstructionItem(Base):
    """An item that was opened because a leader asked for action."""

    __tablename__ = "instruction_item"
    instruction_id: Mapped[int] = mapped_column(ForeignKey("instruction.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
