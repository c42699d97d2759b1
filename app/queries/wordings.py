"""The words of mails as they stand: the newest version of each, or what the system comes with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from app.db import session
from app.model import Letter, Person, Wording
from app.rules.telling import KINDS
from app.rules.wordings import Words, default

LOCALES: Final = ("zh_Hans_CN", "en")


@dataclass(frozen=True)
class Worded:
    """The words for one kind of news in one language; version 0 is what the system comes with."""

    words: Words
    version: int = 0
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True)
class Outgoing:
    """How many letters wait for the mail server, since when, and what it said last."""

    waiting: int
    since: datetime | None
    problem: str


def wordings() -> Mapping[tuple[str, str], Worded]:
    """All of them, by kind and language."""
    newest = select(func.max(Wording.id)).group_by(Wording.kind, Wording.locale)
    rows = session().execute(
        select(Wording, Person.name)
        .outerjoin(Person, Person.id == Wording.written_by)
        .where(Wording.id.in_(newest))
    )
    written = {
        (row.kind, row.locale): Worded(
            Words(row.subject, row.body), row.version, row.written_at, name or ""
        )
        for row, name in rows
    }
    return {
        (kind, locale): written.get((kind, locale)) or Worded(default(kind, locale))
        for kind in KINDS
        for locale in LOCALES
    }


def outgoing() -> Outgoing:
    """What the mail server has not taken yet."""
    number, since, tried = (
        session()
        .execute(
            select(func.count(), func.min(Letter.made_at), func.max(Letter.problem)).where(
                Letter.state == "waiting", Letter.problem.is_not(None)
            )
        )
        .one()
    )
    return Outgoing(number, since, tried or "")
