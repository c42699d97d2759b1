"""Forget old idempotency keys: a repeat comes within minutes, or after a weekend, not later."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import delete

from app import clock
from app.actor import Actor
from app.commands.command import command
from app.db import session
from app.model import Answered
from app.rules import access

KEPT: Final = timedelta(days=7)


@command
def forget_answered(*, actor: Actor) -> int:
    """Drop the first answers older than a week; how many those were."""
    access.only_the_system(actor)
    old = delete(Answered).where(Answered.at < clock.now() - KEPT).returning(Answered.key)
    return len(session().scalars(old).all())
