"""Runs a case one act at a time: start, complete a step, let timers fire, cancel."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from app.engine.bundle import timers
from app.engine.bundle.compiling import Compiled
from app.engine.case import state
from app.engine.failures import EngineError
from app.engine.language.facts import clean, stamped, visible
from app.engine.results import Outcome, Step, TimerDue
from app.i18n import _

MOST_STEPS = 500
LONGEST_SECONDS = 2.0

Task = Any  # SpiffWorkflow's task; the library carries no types

# The engine's loggers would write the facts of cases, and walk the whole tree to do so.
for name in ("spiff", "spiff.task", "spiff.workflow", "spiff.data"):
    logging.getLogger(name).setLevel(logging.ERROR)


def start(compiled: Compiled, facts: Mapping[str, Any], *, now: dt.datetime) -> Outcome:
    """A new case, run to its first steps."""
    with _guarded(now):
        workflow = BpmnWorkflow(
            compiled.spec, compiled.subprocesses, script_engine=compiled.script_engine
        )
        workflow.acts = 1
        workflow.task_tree.data.update(stamped(clean(facts), workflow.acts))
        return _advanced(workflow, compiled, before=set(), done=())


def complete(
    compiled: Compiled, saved: bytes, step_id: str, facts: Mapping[str, Any], *, now: dt.datetime
) -> Outcome:
    """The case after this step was completed with these facts."""
    with _guarded(now):
        workflow = _loaded(saved, compiled)
        steps = {str(task.id): task for task in _waiting_for_people(workflow)}
        task = steps.get(step_id)
        if task is None:
            raise EngineError(_("This step is not open."), code="step_gone")
        task.data.update(stamped(clean(facts), workflow.acts))
        task.run()
        return _advanced(workflow, compiled, steps.keys() - {step_id}, (task.task_spec.bpmn_id,))


def refresh(compiled: Compiled, saved: bytes, *, now: dt.datetime) -> Outcome:
    """The case after every timer that is due has fired."""
    with _guarded(now):
        workflow = _loaded(saved, compiled)
        before = {str(task.id) for task in _waiting_for_people(workflow)}
        workflow.refresh_timers()
        return _advanced(workflow, compiled, before, ())


def cancel(compiled: Compiled, saved: bytes) -> Outcome:
    """The case broken off: every open step closed, nothing left to do."""
    with _guarded(None):
        workflow = state.load(saved, compiled)
        before = tuple(str(task.id) for task in _waiting_for_people(workflow))
        for one in (workflow, *workflow.subprocesses.values()):
            for task in list(one.tasks.values()):
                if not task.has_state(TaskState.FINISHED_MASK):
                    task.cancel()
            one.completed = True
        saved_after = state.dump(workflow, compiled)
        return Outcome(saved_after, (), before, finished=True, timers=(), passed=())


def open_steps(compiled: Compiled, saved: bytes) -> tuple[Step, ...]:
    """The steps that wait for people."""
    with _guarded(None):
        return tuple(_step(task) for task in _waiting_for_people(state.load(saved, compiled)))


def facts_of(compiled: Compiled, saved: bytes, step_id: str = "") -> dict[str, Any]:
    """The facts as this step sees them; of a finished case, as it ended."""
    with _guarded(None):
        workflow = state.load(saved, compiled)
        known = {str(task.id): task for task in _waiting_for_people(workflow)}
        if step_id and step_id not in known:
            raise EngineError(_("This step is not open."), code="step_gone")
        last = known[step_id] if step_id else list(workflow.tasks.values())[-1]
        return visible(last.data)


def _loaded(saved: bytes, compiled: Compiled) -> Any:
    """The case in memory, for its next act."""
    workflow = state.load(saved, compiled)
    workflow.acts += 1
    return workflow


@contextmanager
def _guarded(now: dt.datetime | None) -> Iterator[None]:
    """Inside, timers ask this clock, and whatever goes wrong comes out as an `EngineError`."""
    try:
        if now is None:
            yield
        else:
            with timers.clock_at(now):
                yield
    except EngineError:
        raise
    except (SpiffWorkflowException, RecursionError, ArithmeticError) as error:
        spec = getattr(error, "task_spec", None)
        element = getattr(spec, "bpmn_id", None) or ""
        text = _("The case cannot go on from here.")
        raise EngineError(text, code="run", element=element) from error
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise EngineError(_("The case cannot go on from here."), code="run") from error


def _advanced(
    workflow: Any, compiled: Compiled, before: set[str], done: tuple[str, ...]
) -> Outcome:
    """Run everything that waits for nobody, then say what is new."""
    passed = (*done, *_run(workflow))
    people = list(_waiting_for_people(workflow))
    timers = tuple(_timers(workflow))
    open_now = {str(task.id) for task in people}
    finished = _is_finished(workflow)
    if not finished and not people and not timers:
        raise EngineError(
            _("The case waits for nobody and nothing: its diagram leads nowhere from here."),
            code="stuck",
        )
    return Outcome(
        state=state.dump(workflow, compiled),
        opened=tuple(_step(task) for task in people if str(task.id) not in before),
        closed=tuple(sorted(before - open_now)),
        finished=finished,
        timers=timers,
        passed=passed,
    )


def _run(workflow: Any) -> Iterator[str]:
    """Run READY tasks one by one within the limits; gives the node ids as they complete."""
    until = time.monotonic() + LONGEST_SECONDS
    for _count in range(MOST_STEPS):
        task = _next(workflow)
        if task is None:
            return
        if time.monotonic() > until:
            break
        task.run()
        if task.task_spec.bpmn_id and not isinstance(task.task_spec, LoopTask):
            yield task.task_spec.bpmn_id
    raise EngineError(
        _("The case ran too long without reaching a person. Does its diagram go in a circle?"),
        code="limit",
    )


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


def _waiting_for_people(workflow: Any) -> Iterator[Task]:
    return (task for task in _tasks(workflow, TaskState.READY) if task.task_spec.manual)


def _timers(workflow: Any) -> Iterator[TimerDue]:
    """The timers that run, with the instants they fire at."""
    for task in _tasks(workflow, TaskState.WAITING):
        due_at = task.internal_data.get(timers.DUE)
        if due_at is not None:
            node = task.task_spec.bpmn_id
            yield TimerDue(str(task.id), node, dt.datetime.fromisoformat(due_at))


def _is_finished(workflow: Any) -> bool:
    """Whether nothing is left that could ever happen."""
    unfinished = any(
        not task.has_state(TaskState.FINISHED_MASK) for task in workflow.tasks.values()
    )
    workflow.completed = workflow.completed or not unfinished
    return bool(workflow.completed)


def _step(task: Task) -> Step:
    spec = task.task_spec
    attributes = dict(spec.extensions)
    return Step(
        id=str(task.id),
        node=spec.bpmn_id,
        name=spec.bpmn_name or spec.bpmn_id,
        name_en=attributes.get("nameEn", ""),
        lane=spec.lane or "",
        extensions=MappingProxyType(attributes),
    )
