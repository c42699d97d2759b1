"""Ending people's sessions: done when they change their password, are disabled, or change posts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from app.db import session
from app.model import WebSession


def end_sessions(person_id: int, *, at: datetime) -> None:
    """End every session of a person, inside the command that changes what they may do."""
    session().execute(
        update(WebSession)
        .where(WebSession.person_id == person_id, WebSession.ended_at.is_(None))
        .values(ended_at=at)
    )
