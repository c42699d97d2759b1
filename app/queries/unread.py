"""How much of what a person was told, and of what came for reading, is unread."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ScalarSelect, func, select

from app.model import Delivery, Notification
from app.queries.visibility import sent_to


def unread(person: Any) -> ScalarSelect[int]:
    """A column to be read along with others: a count over one index."""
    mine = (Notification.person_id == person, Notification.read_at.is_(None))
    return select(func.count()).select_from(Notification).where(*mine).scalar_subquery()


def unread_copies(units: Any, person: Any) -> ScalarSelect[int]:
    """The same of copies and reading lists: those nobody has opened yet who should."""
    came = (Delivery.unread(), Delivery.delivered_at.is_not(None), sent_to(units, person))
    return select(func.count()).select_from(Delivery).where(*came).scalar_subquery()
