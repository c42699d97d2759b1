"""How much of what a person was told is unread."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ScalarSelect, func, select

from app.model import Notification


def unread(person: Any) -> ScalarSelect[int]:
    """A column to be read along with others: a count over one index."""
    mine = (Notification.person_id == person, Notification.read_at.is_(None))
    return select(func.count()).select_from(Notification).where(*mine).scalar_subquery()
