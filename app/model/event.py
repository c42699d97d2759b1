"""The journal: one append-only row per act, personal values beside it, and the outbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code, LongText, Pk


class Event(Base):
    """One act. `body` is the canonical JSON that was hashed; the other columns repeat parts of it.

    hash = SHA-256 over format version, stream, seq, previous hash and body (app/journal.py).
    Streams: `case:7`, `round:3`, `definition:risk_notice`, `organisation`, `calendar`, `settings`.
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("stream", "seq"),
        Index("ix_event_case_id_id", "case_id", "id"),
    )
    id: Mapped[Pk]
    format: Mapped[int]
    stream: Mapped[Code]
    seq: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[Code]
    case_id: Mapped[int | None]
    person_id: Mapped[int | None]
    unit_id: Mapped[int | None]
    body: Mapped[LongText]
    previous: Mapped[Code]
    hash: Mapped[Code]


class PersonalValue(Base):
    """A personal value of an event, erasable; the event holds only SHA-256(salt + value)."""

    __tablename__ = "personal_value"
    __table_args__ = (UniqueConstraint("stream", "seq", "name"),)
    id: Mapped[Pk]
    stream: Mapped[Code]
    seq: Mapped[int]
    name: Mapped[Code]
    salt: Mapped[Code]
    value: Mapped[LongText | None]


class Work(Base):
    """Background work an act asked for; written in the act's transaction (the outbox).

    state: pending → running → done, or failed (an incident tells) → pending again or skipped.
    `claim` is the token of whoever took it last: only they may say that it is done.
    """

    __tablename__ = "work"
    __table_args__ = (
        Index(
            "ix_work_open",
            "not_before",
            postgresql_where=text("state IN ('pending', 'running')"),
            sqlite_where=text("state IN ('pending', 'running')"),
        ),
    )
    id: Mapped[Pk]
    kind: Mapped[Code]
    reference: Mapped[int]
    state: Mapped[Code] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    claim: Mapped[Code | None]
    worker_id: Mapped[int | None]
    done_at: Mapped[datetime | None]
    problem: Mapped[LongText | None]


class Answered(Base):
    """The first answer to a write with an idempotency key; a repeat gets it again.

    `about` is a digest of what it was asked with. Kept for a week (commands/answered.py).
    """

    __tablename__ = "answered"
    key: Mapped[Code] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    command: Mapped[Code]
    about: Mapped[Code]
    answer: Mapped[LongText]
    at: Mapped[datetime] = mapped_column(index=True)


class ClockOffset(Base):
    """The one row that moves the clock; only demonstration and test databases may hold it."""

    __tablename__ = "clock_offset"
    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    seconds: Mapped[int]


class Setting(Base):
    """A setting kept in the database (not secrets, not needed to start): key and JSON text."""

    __tablename__ = "setting"
    key: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[LongText]
