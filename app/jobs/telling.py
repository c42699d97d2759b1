"""Telling people in the background: the journal is read on, and letters are sent."""

from __future__ import annotations

from flask import current_app

from app.actor import Actor
from app.commands import telling
from app.commands.telling import Mailing
from app.config import Settings
from app.rules.disturbing import Quiet

MOST: int = 20  # batches at a time; timers wait meanwhile


def tell(*, actor: Actor) -> int:
    """Tell people what happened since; how many rows of the journal that were."""
    if not telling.waiting():
        return 0
    mailing, rows = _mailing(), 0
    for _batch in range(MOST):
        read = telling.tell(mailing, actor=actor)
        if not read:
            break
        rows += read
    return rows


def _mailing() -> Mailing:
    settings = _settings()
    return Mailing(settings.mail, Quiet.read(settings.quiet_from, settings.quiet_until))


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found
