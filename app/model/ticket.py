"""Node tickets (one per engine task), the assignments under them, and their timers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code, LongText, Pk, constant


class Ticket(Base):
    """An engine task that waits for people; closed once, when its policy is decided.

    As the diagram has it: `voting` is what passes a vote (`wv:pass`, `wv:weights`, `wv:abstain`),
    `forbids` the operations that it does not allow here, `not_by` the tasks whose doers may not do
    this one as well (four eyes); the last two hold names with a space between.
    `straight_from` is the place in the case's journal of the return that asks for it again and
    wants the case straight back afterwards (原路直送).
    """

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_case_id_state", "case_id", "state"),
        Index(
            "ix_ticket_open",
            "name",
            "name_en",
            "id",
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
        UniqueConstraint("case_id", "engine_task"),
    )
    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    engine_task: Mapped[Code]
    node: Mapped[Code]
    name: Mapped[str]
    name_en: Mapped[str]
    form: Mapped[Code]
    effect: Mapped[Code] = mapped_column(default="")
    policy: Mapped[Code] = mapped_column(default="any")
    voting: Mapped[dict[str, Any] | None]
    forbids: Mapped[str] = mapped_column(default="")
    not_by: Mapped[str] = mapped_column(default="")
    stage: Mapped[Code] = mapped_column(default="")
    state: Mapped[Code] = mapped_column(default="open")
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    straight_from: Mapped[int | None]


OPEN: Final = ("active", "asking", "waiting")
"""The states of an assignment that somebody still has to do something about."""


class Assignment(Base):
    """What one unit (or one person in it) has to do for a ticket, with its own clock.

    role: lead, co or office (signer or delegate where somebody was asked besides); post: the role
    code a person must hold in the unit, `given_post` the one the diagram gave it to; `owner_id`:
    who had it before it was first handed on; `receipt`: there is something to be signed for (签收).
    state: waiting → active → done, or cancelled; `asking` while others fill it in or give their
    opinion first. Those are its children (`parent_id`), by `kind`: delegated 委派, before 前加签,
    after 后加签, added 并加签; none for whom the diagram gave the task to.
    `moved_to`: the unit that has this one's part in the matter since (改派).
    `due_rule` is how `due_at` was found, for explaining and recomputing. `…_from` are the moments
    from which each light shows (app/rules/lights.py): the database can filter and order by it.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "ix_assignment_open",
            "unit_id",
            "post",
            "person_id",
            "receipt",
            "grey_from",
            "red_from",
            "yellow_from",
            "blue_from",
            "due_at",
            "id",
            "case_id",
            "ticket_id",
            postgresql_where=text("state = 'active'"),
            sqlite_where=text("state = 'active'"),
        ),
        Index("ix_assignment_done_by_done_at", "done_by", "done_at", "id"),
        Index("ix_assignment_unit_id_done_at", "unit_id", "done_at", "id"),
        Index("ix_assignment_unit_id_case_id", "unit_id", "case_id"),
        Index("ix_assignment_case_id_state", "case_id", "state"),
        Index("ix_assignment_ticket_id", "ticket_id"),
    )
    id: Mapped[Pk]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    kind: Mapped[Code] = mapped_column(default="")
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    moved_to: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Code]
    post: Mapped[Code]
    given_post: Mapped[Code]
    receipt: Mapped[bool] = mapped_column(default=False)
    state: Mapped[Code] = mapped_column(default="active")
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime]
    opened_from: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    due_at: Mapped[datetime | None]
    due_day_first: Mapped[date | None]
    due_provisional: Mapped[bool] = mapped_column(default=False)
    due_rule: Mapped[dict[str, Any] | None]
    grey_from: Mapped[datetime | None]
    red_from: Mapped[datetime | None]
    yellow_from: Mapped[datetime | None]
    blue_from: Mapped[datetime | None]
    ladder: Mapped[Code] = mapped_column(default="")
    urge_count: Mapped[int] = mapped_column(default=0)
    urged_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answers: Mapped[dict[str, Any] | None]


class Timer(Base):
    """One moment at which something happens to an assignment; fires once.

    state: pending → fired, or cancelled, or failed (an incident tells) → pending again or skipped.
    A firing that fails is tried again at `not_before`; `problem` is what went wrong last.
    The conditions of the partial indexes are compared as text: ask with `Timer.pending()`.
    """

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint("assignment_id", "kind", "step"),
        Index(
            "ix_timer_pending",
            "fire_at",
            "step",
            "id",
            postgresql_where=text("state = 'pending'"),
            sqlite_where=text("state = 'pending'"),
        ),
        Index(
            "ix_timer_case_pending",
            "case_id",
            postgresql_where=text("state = 'pending'"),
            sqlite_where=text("state = 'pending'"),
        ),
    )
    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    kind: Mapped[Code]
    step: Mapped[int] = mapped_column(default=0)
    fire_at: Mapped[datetime]
    state: Mapped[Code] = mapped_column(default="pending")
    fired_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None]
    problem: Mapped[LongText | None]

    @classmethod
    def pending(cls) -> ColumnElement[bool]:
        """Not fired yet, said so that the planner knows the partial indexes may be used."""
        return cls.state == constant("pending")
