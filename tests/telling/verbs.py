"""Verbs of being told: read the journal on, look at what somebody was told, choose by mail."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from app.actor import SYSTEM, Actor
from app.commands import telling
from app.commands.telling import Mailing
from app.db import session
from app.model import Notification, Person
from app.rules.disturbing import Quiet
from app.rules.telling import Choices

QUIET = Quiet.read("20:00", "08:00")
NO_MAIL = Mailing(on=False, quiet=QUIET)
MAIL = Mailing(on=True, quiet=QUIET)


def told_all(mailing: Mailing = NO_MAIL) -> None:
    """Read the journal to its end."""
    while telling.tell(mailing, actor=SYSTEM):
        pass


def of(person: Actor, case_id: int | None = None) -> list[Notification]:
    """What somebody was told, oldest first."""
    rows = select(Notification).where(Notification.person_id == person.person_id)
    rows = rows.where(Notification.case_id == case_id) if case_id else rows
    ordered = rows.order_by(Notification.id).execution_options(populate_existing=True)
    return list(session().scalars(ordered))


def kinds(person: Actor, case_id: int | None = None) -> list[str]:
    """The kinds of it."""
    return [row.kind for row in of(person, case_id)]


def forget() -> None:
    """Nobody was told anything; the journal stays read."""
    session().query(Notification).delete()
    session().commit()


def wish(person: Actor, *, email: str | None = "me@example.org", **chosen: Any) -> None:
    """Somebody chose how to be told."""
    session().execute(
        update(Person)
        .where(Person.id == person.person_id)
        .values(email=email, telling=Choices(**chosen).kept())
    )
    session().commit()
