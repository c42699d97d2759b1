"""Puts facts right in a running case that cannot go on with them; nothing else moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from app.engine.bundle.compiling import Compiled
from app.engine.case import state
from app.engine.language.facts import clean, stamped, visible

OPEN = TaskState.READY | TaskState.WAITING | TaskState.STARTED


def correct(compiled: Compiled, saved: bytes, facts: Mapping[str, Any]) -> bytes:
    """The case with these facts wherever it goes on from; they count as the newest known."""
    workflow = state.load(saved, compiled)
    workflow.acts += 1
    newest = stamped(clean(facts), workflow.acts)
    for task in _open(workflow):
        task.data.update(newest)
    return state.dump(workflow, compiled)


def facts_ahead(compiled: Compiled, saved: bytes) -> dict[str, Any]:
    """What gateways ahead would read: the facts of every place the case goes on from."""
    found: dict[str, Any] = {}
    for task in _open(state.load(saved, compiled)):
        found |= visible(task.data)
    return found


def _open(workflow: Any) -> Iterator[Any]:
    for one in (workflow, *workflow.subprocesses.values()):
        yield from (task for task in one.tasks.values() if task.has_state(OPEN))
