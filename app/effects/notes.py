"""One line in the journal for what a step did: who, for which unit, in whose place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app import journal
from app.advance import Loaded
from app.effects.registry import Completed


def note(
    step: Completed, kind: str, data: Mapping[str, Any], *, about: Loaded | None = None
) -> None:
    """Record what the step did in the journal of its own case, or of the one it is about."""
    loaded = about or step.loaded
    journal.record(
        kind,
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=step.actor,
        unit_id=step.assignment.unit_id,
        deputy_for=step.holding.deputy_for,
        data=data,
    )
