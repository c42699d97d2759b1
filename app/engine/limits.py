"""How long one act may take: looked at between its steps and at every condition inside them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf

from app.engine.failures import EngineError
from app.i18n import _

LONGEST_SECONDS = 2.0
MOST_STEPS = 500

_until: ContextVar[float] = ContextVar("engine_until", default=inf)


@contextmanager
def counting() -> Iterator[None]:
    """An act begins and with it its processor time: a busy machine is no endless loop."""
    token = _until.set(time.thread_time() + LONGEST_SECONDS)
    try:
        yield
    finally:
        _until.reset(token)


def require_time() -> None:
    """Refuse to go on with an act whose time is up."""
    if time.thread_time() > _until.get():
        raise used_up()


def used_up() -> EngineError:
    """The refusal of an act that took too many steps or too long."""
    text = _("The case ran too long without reaching a person. Does its diagram go in a circle?")
    return EngineError(text, code="limit")
