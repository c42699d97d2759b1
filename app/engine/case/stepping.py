"""Moves a case on by what waits for nobody, and says whom and what it waits for then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID, uuid4

from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from app.engine import limits
from app.engine.bundle import timers
from app.engine.results import Step, TimerDue

Task = Any  # SpiffWorkflow's task; the library carries no types


def run_on(workflow: Any) -> Iterator[str]:
    """Run READY tasks one by one within the limits; gives the node ids as they complete."""
    for _count in range(limits.MOST_STEPS):
        task = _next(workflow)
        limits.require_time()
        if task is None:
            return
        task.run()
        if task.task_spec.bpmn_id and not isinstance(task.task_spec, LoopTask):
            yield task.task_spec.bpmn_id
    raise limits.used_up()


def _next(workflow: Any) -> Task | None:
    """The next task nobody has to do: what interrupts first, then the innermost sub-process."""
    if workflow.completed:
        return None
    ready = [task for task in _tasks(workflow, TaskState.READY) if not task.task_spec.manual]
    return min(ready, key=_urgency, default=None)


def _urgency(task: Task) -> tuple[bool, int]:
    return not isinstance(task.task_spec, BoundaryEvent), -task.workflow.depth


def _tasks(workflow: Any, states: int) -> Iterator[Task]:
    """Tasks in these states, by a flat look at the top process and its running sub-processes."""
    for one in (workflow, *workflow.subprocesses.values()):
        if not one.completed:
            yield from [task for task in one.tasks.values() if task.has_state(states)]


def for_people(workflow: Any) -> Iterator[Task]:
    """The tasks that wait for people."""
    return (task for task in _tasks(workflow, TaskState.READY) if task.task_spec.manual)


def name_again(opened: Iterable[Task], known: Iterable[Step]) -> None:
    """Give steps that opened the ids they are known by, node by node in their order."""
    ids: dict[str, list[UUID]] = {}
    for step in known:
        ids.setdefault(step.node, []).append(UUID(step.id))
    chosen = [
        (task, ids[node].pop(0)) for task in opened if ids.get(node := task.task_spec.bpmn_id)
    ]
    for task, _id in chosen:  # first out of each other's way
        _rename(task, uuid4())
    for task, id_ in chosen:
        _rename(task, id_)


def name_anew(tasks: Iterable[Task]) -> None:
    """Give tasks ids that were never used."""
    for task in tasks:
        _rename(task, uuid4())


def begin_at(workflow: Any, name: str) -> None:
    """Let a new case stand at one place of its process, as if it had come there."""
    root, spec = workflow.task_tree, workflow.spec.task_specs[name]
    root.run()
    root._drop_children(force=True)  # noqa: SLF001 - the engine knows no other way in
    task = root._add_child(spec, TaskState.FUTURE)  # noqa: SLF001 - as above
    spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)  # noqa: SLF001 - as above
    spec._update(task)  # noqa: SLF001 - as above


def foresee_anew(workflow: Any) -> None:
    """Give what is only foreseen new ids: under the old ones it may have opened once already."""
    for one in (workflow, *workflow.subprocesses.values()):
        for task in list(one.tasks.values()):
            if task.has_state(TaskState.PREDICTED_MASK | TaskState.FUTURE):
                _rename(task, uuid4())


def _rename(task: Task, id_: UUID) -> None:
    tasks, siblings = task.workflow.tasks, task.parent._children  # noqa: SLF001 - no public way
    siblings[siblings.index(task.id)] = id_
    for child in task.children:
        child._parent = id_  # noqa: SLF001 - as above
    del tasks[task.id]
    task.id, tasks[id_] = id_, task


def running_timers(workflow: Any) -> Iterator[TimerDue]:
    """The timers that run, with the instants they fire at."""
    for task in _tasks(workflow, TaskState.WAITING):
        due_at = task.internal_data.get(timers.DUE)
        if due_at is not None:
            node = task.task_spec.bpmn_id
            yield TimerDue(str(task.id), node, dt.datetime.fromisoformat(due_at))


def is_finished(workflow: Any) -> bool:
    """Whether nothing is left that could ever happen."""
    unfinished = any(
        not task.has_state(TaskState.FINISHED_MASK) for task in workflow.tasks.values()
    )
    workflow.completed = workflow.completed or not unfinished
    return bool(workflow.completed)
