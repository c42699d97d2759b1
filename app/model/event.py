"""The journal: one append-only row per act, the personal values beside it, and the work it asks for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, code, long_text, pk


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
    id: Mapped[pk]
    format: Mapped[int]
    stream: Mapped[code]
    seq: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[code]
    case_id: Mapped[int | None]
    person_id: Mapped[int | None]
    unit_id: Mapped[int | None]
    body: Mapped[long_text]
    previous: Mapped[code]
    hash: Mapped[code]


class PersonalValue(Base):
    """A personal value of an event, erasable; the event holds only SHA-256(salt + value)."""

    __tablename__ = "personal_value"
    __table_args__ = (UniqueConstraint("stream", "seq", "name"),)
    id: Mapped[pk]
    stream: Mapped[code]
    seq: Mapped[int]
    name: Mapped[code]
    salt: Mapped[code]
    value: Mapped[long_text | None]


class Work(Base):
    """Background work an act asked for; written in the act's transaction (the outbox)."""

    __tablename__ = "work"
    __table_args__ = (Index("ix_work_state_not_before", "state", "not_before"),)
    id: Mapped[pk]
    kind: Mapped[code]
    reference: Mapped[int]
    state: Mapped[code] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    problem: Mapped[long_text | None]


class Answered(Base):
    """The first answer to a write with an idempotency key; a repeat gets it again."""

    __tablename__ = "answered"
    key: Mapped[code] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    command: Mapped[code]
    answer: Mapped[long_text]
    at: Mapped[datetime]


class ClockOffset(Base):
    """The one row that moves the clock; only demonstration and test databases may hold it."""

    __tablename__ = "clock_offset"
    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    seconds: Mapped[int]


class Setting(Base):
    """A setting kept in the database (not secrets, not needed to start): key and JSON text."""

    __tablename__ = "setting"
    key: Mapped[code] = mapped_column(primary_key=True)
    value: Mapped[long_text]
