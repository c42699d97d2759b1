"""Which processes wait for moments as well as for people: asked at every act, found out once."""

from __future__ import annotations

from app.engine.bundle.compiling import Compiled
from app.engine.bundle.timers import Duration, Instant

_known: dict[str, bool] = {}


def waits_by_the_clock(compiled: Compiled) -> bool:
    """Whether any process of the bundle has a timer."""
    if compiled.digest not in _known:
        specs = (compiled.spec, *compiled.subprocesses.values())
        _known[compiled.digest] = any(
            isinstance(getattr(task, "event_definition", None), Duration | Instant)
            for spec in specs
            for task in spec.task_specs.values()
        )
    return _known[compiled.digest]
