"""What people are told of a case: in the application, by mail, and in which words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code, LongText, Pk


class Told(Base):
    """The one row that says how far the journal was read to tell people of it."""

    __tablename__ = "told"
    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    event_id: Mapped[int]


class Notification(Base):
    """What a person is told: news of one kind about one case, `times` of it while it is unread.

    `seq` is the place in the case's journal it was told of last; `said_by` is who did that.
    `mail_at`: when a letter is to tell of it (None: none is to, or one has).
    """

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("person_id", "case_id", "kind", "seq"),
        Index("ix_notification_person_id_at", "person_id", "at", "id"),
        Index(
            "ix_notification_unread",
            "person_id",
            "id",
            postgresql_where=text("read_at IS NULL"),
            sqlite_where=text("read_at IS NULL"),
        ),
        Index(
            "ix_notification_mail_at",
            "mail_at",
            postgresql_where=text("mail_at IS NOT NULL"),
            sqlite_where=text("mail_at IS NOT NULL"),
        ),
    )
    id: Mapped[Pk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[Code]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    seq: Mapped[int]
    said_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
    read_at: Mapped[datetime | None]
    mail_at: Mapped[datetime | None]
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"), index=True)


class Letter(Base):
    """A mail to one person about everything they were to be told by then.

    state: waiting → sent, or dropped (nothing unread was left to say). `problem` is what the mail
    server said last; what it refuses for good is an incident of the work that sends it.
    """

    __tablename__ = "letter"
    __table_args__ = (
        Index(
            "uq_letter_waiting",
            "person_id",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
    )
    id: Mapped[Pk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[Code] = mapped_column(default="waiting")
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[LongText | None]


class Wording(Base):
    """One version of the words for a kind of news in one language; the newest one counts."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("kind", "locale", "version"),)
    id: Mapped[Pk]
    kind: Mapped[Code]
    locale: Mapped[Code]
    version: Mapped[int]
    subject: Mapped[str]
    body: Mapped[LongText]
    written_at: Mapped[datetime]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
