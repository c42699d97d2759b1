"""Forgets what a case no longer needs: finished tasks that no open one will ever look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.util.task import TaskState

from app.engine.bundle.specs import InclusiveGateway, ParallelGateway, round_of
from app.engine.failures import EngineError
from app.i18n import _

DEEPEST = 800

_COUNTING = (ParallelGateway, InclusiveGateway)

Task = Any  # SpiffWorkflow's task; the library carries no types


def remaining(workflow: Any) -> Iterator[tuple[Task, Task | None]]:
    """The root and the tasks worth keeping, each with the nearest kept one above; parents first."""
    kept = _needed(workflow)
    nearest: dict[Any, Task | None] = {None: None}
    for task, parent in _tree(workflow):
        hangs_under = nearest[parent and parent.id]
        if task.id in kept or parent is None:
            yield task, hangs_under
            nearest[task.id] = task
        else:
            nearest[task.id] = hangs_under


def _tree(workflow: Any) -> list[tuple[Task, Task | None]]:
    """Every task with its parent, from the root down, children in their order."""
    found: list[tuple[Task, Task | None]] = []
    level: list[tuple[Task, Task | None]] = [(workflow.task_tree, None)]
    for _depth in range(DEEPEST):
        found += level
        level = [(child, task) for task, _parent in level for child in task.children]
        if not level:
            return found
    raise EngineError(_("The case has grown too deep for the engine."), code="too_deep")


def _needed(workflow: Any) -> set[Any]:
    """The open tasks and what they still look at: their parents, their instances, their joins."""
    if workflow.completed:
        return {workflow.last_task.id} if workflow.last_task else set()
    needed: set[Any] = set()
    for task in workflow.tasks.values():
        if task.has_state(TaskState.FINISHED_MASK):
            continue
        near = [task, task.parent or task]
        if task.has_state(TaskState.STARTED):
            near += task.children
        elif task.has_state(TaskState.WAITING) and isinstance(task.task_spec, _COUNTING):
            near += [one for other in round_of(task) for one in (other, other.parent)]
        needed.update(one.id for one in near)
    return needed
