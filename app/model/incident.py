"""Incidents: what stopped after five tries and waits for a supervisor; and who does the work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, and_, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code, LongText, Pk, constant

GONE_AFTER = timedelta(seconds=20)
UNSOLVED = text("state != 'resolved'")


class Incident(Base):
    """Something that cannot go on by itself: a timer, background work, or a person's act.

    kind: timer, work or act; `reference` is the timer's, the work's, or the assignment's (else the
    case's) id, `doing` what was tried (the timer's or work's kind, the command's name).
    state: counting (an act tried fewer than five times) → open → retrying → open or resolved.
    `problem` is what went wrong in words, without values of the case.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index(
            "uq_incident_unsolved",
            "kind",
            "reference",
            "doing",
            unique=True,
            postgresql_where=UNSOLVED,
            sqlite_where=UNSOLVED,
        ),
        Index("ix_incident_case_id", "case_id"),
    )
    id: Mapped[Pk]
    kind: Mapped[Code]
    reference: Mapped[int]
    doing: Mapped[Code]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    problem: Mapped[dict[str, Any]]
    element: Mapped[Code] = mapped_column(default="")
    state: Mapped[Code]
    attempts: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    retried_at: Mapped[datetime | None]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime | None]
    proposal: Mapped[LongText] = mapped_column(default="")
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    resolution: Mapped[Code] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    @classmethod
    def waits(cls) -> ColumnElement[bool]:
        """Unsolved and not only counted: somebody has to look at it."""
        return and_(cls.unsolved(), cls.state != constant("counting"))

    @classmethod
    def unsolved(cls) -> ColumnElement[bool]:
        """Not resolved, said so that the planner knows the partial index may be used."""
        return cls.state != constant("resolved")


class Worker(Base):
    """A background process: alive while `beat_at` is fresh and `stopped_at` is not set."""

    __tablename__ = "worker"
    id: Mapped[Pk]
    name: Mapped[Code]
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]

    @classmethod
    def alive(cls, now: datetime) -> ColumnElement[bool]:
        """Whether it has given a sign of life lately."""
        return and_(cls.stopped_at.is_(None), cls.beat_at > now - GONE_AFTER)
