"""Timers of a diagram: our own durations and instants, measured against the caller's clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions import (
    DurationTimerEventDefinition,
    TimeDateEventDefinition,
)

from app.engine.failures import EngineError
from app.engine.language import moments
from app.i18n import _

DUE = "due_at"

_now: ContextVar[dt.datetime] = ContextVar("engine_now")


@contextmanager
def clock_at(now: dt.datetime) -> Iterator[None]:
    """Everything the engine does inside happens at this instant."""
    if now.tzinfo is None:
        raise EngineError(_("An instant needs a time zone."), code="naive_time")
    token = _now.set(now.astimezone(dt.timezone.utc))
    try:
        yield
    finally:
        _now.reset(token)


class _Timer:
    """A timer that fires once, when the caller's clock has reached its instant."""

    expression: str
    kind: str

    def has_fired(self, task: Any) -> bool:
        """Whether the instant is reached; it is worked out once, when the timer starts."""
        due_at = task.internal_data.get(DUE)
        if due_at is None:
            due_at = task.internal_data[DUE] = self._due(task)
        if dt.datetime.fromisoformat(due_at) <= _now.get():
            task.internal_data["event_fired"] = True
        return bool(task.internal_data.get("event_fired"))

    def _due(self, task: Any) -> str:
        try:
            return moments.due(self.kind, self.expression, task.data, _now.get()).isoformat()
        except EngineError as error:
            raise error.at(task.task_spec.bpmn_id) from None


class Duration(_Timer, DurationTimerEventDefinition):  # type: ignore[misc] # Spiff is untyped
    """A timer that fires some time after it was reached."""

    kind = "timeDuration"


class Instant(_Timer, TimeDateEventDefinition):  # type: ignore[misc] # Spiff is untyped
    """A timer that fires at a point in time."""

    kind = "timeDate"
