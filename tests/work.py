"""Verbs of background work: ask for some, look at what became of it."""

from __future__ import annotations

from datetime import timedelta

from app import clock
from app.db import session
from app.model import Work


def ask(kind: str = "note", reference: int = 7, after: timedelta = timedelta()) -> int:
    """Work that may be done from now on (or `after` a while); its id."""
    asked = Work(kind=kind, reference=reference, not_before=clock.now() + after)
    session().add(asked)
    session().commit()
    return asked.id


def work(work_id: int) -> Work:
    """The work as the database has it now."""
    return session().get_one(Work, work_id, populate_existing=True)
