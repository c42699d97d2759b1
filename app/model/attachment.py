"""Files added to cases (附件), and what somebody typed into a task's form so far (暂存)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code, LongText, Pk


class Attachment(Base):
    """A file somebody added to a case; its content lies in the file store under its SHA-256.

    `assignment_id` is the task it was added in, if any, and `field` the question of its form that
    it answers (empty: none). A withdrawn one is shown to nobody but auditors; its content stays.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        Index("ix_attachment_case_id", "case_id", "id"),
        Index("ix_attachment_sha256", "sha256"),
        Index("ix_attachment_added_by", "added_by", "added_at"),
    )
    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    field: Mapped[Code] = mapped_column(default="")
    name: Mapped[str]
    kind: Mapped[Code]
    size: Mapped[int]
    sha256: Mapped[Code]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]


class Draft(Base):
    """What one person typed into a task's form and did not submit yet; nobody else sees it.

    `fields` are the names and values as the browser sent them, as JSON. `version` counts the
    saves, so that two windows do not silently overwrite each other. No part of the journal.
    """

    __tablename__ = "draft"
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    fields: Mapped[LongText]
    saved_at: Mapped[datetime]
