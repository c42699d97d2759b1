"""Runs a case one act at a time: start, complete a step, let timers fire, cancel."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from app.engine import limits
from app.engine.bundle import timers
from app.engine.bundle.compiling import Compiled
from app.engine.case import state, stepping, ways
from app.engine.failures import EngineError
from app.engine.language.facts import clean, stamped, visible
from app.engine.results import Outcome, Step
from app.i18n import _

_UNEXPECTED = (
    SpiffWorkflowException,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)

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


def begin_at(
    compiled: Compiled, node: str, facts: Mapping[str, Any], *, now: dt.datetime
) -> Outcome:
    """A case that begins at one of the `entries` of its process instead of at the start."""
    entry = next((each for each in ways.entries(compiled) if each.node == node), None)
    if entry is None:
        text = _("A case cannot be put at this task alone: a join after it would wait for ever.")
        raise EngineError(text, code="no_entry", element=node)
    with _guarded(now):
        workflow = BpmnWorkflow(
            compiled.spec, compiled.subprocesses, script_engine=compiled.script_engine
        )
        workflow.acts = 1
        workflow.task_tree.data.update(stamped(clean(facts), workflow.acts))
        stepping.begin_at(workflow, entry.begin)
        return _advanced(workflow, compiled, before=set(), done=())


def complete(
    compiled: Compiled,
    saved: bytes,
    step_id: str,
    facts: Mapping[str, Any],
    *,
    now: dt.datetime,
    known: Sequence[Step] = (),
) -> Outcome:
    """The case after this step was completed with these facts.

    An act that is run again names the steps it opened the first time (`known`): what opens at
    those nodes now gets their ids, so that whatever refers to a step goes on doing so.
    """
    with _guarded(now):
        workflow = _loaded(saved, compiled)
        steps = {str(task.id): task for task in stepping.for_people(workflow)}
        task = steps.get(step_id)
        if task is None:
            raise EngineError(_("This step is not open."), code="step_gone")
        task.data.update(stamped(clean(facts), workflow.acts))
        task.run()
        before = steps.keys() - {step_id}
        return _advanced(workflow, compiled, before, (task.task_spec.bpmn_id,), known)


def refresh(
    compiled: Compiled, saved: bytes, *, now: dt.datetime, known: Sequence[Step] = ()
) -> Outcome:
    """The case after every timer that is due has fired; `known` is as with `complete`."""
    with _guarded(now):
        workflow = _loaded(saved, compiled)
        before = {str(task.id) for task in stepping.for_people(workflow)}
        workflow.refresh_timers()
        return _advanced(workflow, compiled, before, (), known)


def cancel(compiled: Compiled, saved: bytes) -> Outcome:
    """The case broken off: every open step closed, nothing left to do."""
    with _guarded(None):
        workflow = state.load(saved, compiled)
        before = tuple(str(task.id) for task in stepping.for_people(workflow))
        for one in (workflow, *workflow.subprocesses.values()):
            for task in list(one.tasks.values()):
                if not task.has_state(TaskState.FINISHED_MASK):
                    task.cancel()
            one.completed = True
        saved_after = state.dump(workflow, compiled)
        return Outcome(saved_after, (), before, finished=True, timers=(), passed=())


def renewed(compiled: Compiled, saved: bytes) -> Outcome:
    """The same state to go on from once more: what opens next gets ids never used before."""
    with _guarded(None):
        workflow = state.load(saved, compiled)
        stepping.foresee_anew(workflow)
        timers = tuple(stepping.running_timers(workflow))
        finished = stepping.is_finished(workflow)
        return Outcome(state.dump(workflow, compiled), (), (), finished, timers, ())


def again(compiled: Compiled, saved: bytes) -> Outcome:
    """What was open in a state is opened anew, as steps of their own."""
    with _guarded(None):
        workflow = state.load(saved, compiled)
        people = list(stepping.for_people(workflow))
        stepping.name_anew(people)
        stepping.foresee_anew(workflow)
        timers = tuple(stepping.running_timers(workflow))
        steps = tuple(_step(task) for task in people)
        saved_anew = state.dump(workflow, compiled)
        return Outcome(saved_anew, steps, (), finished=False, timers=timers, passed=())


def open_steps(compiled: Compiled, saved: bytes) -> tuple[Step, ...]:
    """The steps that wait for people."""
    with _guarded(None):
        return tuple(_step(task) for task in stepping.for_people(state.load(saved, compiled)))


def facts_of(compiled: Compiled, saved: bytes, step_id: str = "") -> dict[str, Any]:
    """The facts as this step sees them; of a finished case, as it ended."""
    with _guarded(None):
        workflow = state.load(saved, compiled)
        known = {str(task.id): task for task in stepping.for_people(workflow)}
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
            with timers.clock_at(now), limits.counting():
                yield
    except EngineError:
        raise
    except _UNEXPECTED as error:
        spec = getattr(error, "task_spec", None)
        element = getattr(spec, "bpmn_id", None) or ""
        text = _("The case cannot go on from here.")
        raise EngineError(text, code="run", element=element) from error


def _advanced(
    workflow: Any,
    compiled: Compiled,
    before: set[str],
    done: tuple[str, ...],
    known: Sequence[Step] = (),
) -> Outcome:
    """Run everything that waits for nobody, then say what is new."""
    passed = (*done, *stepping.run_on(workflow))
    people = list(stepping.for_people(workflow))
    if known:
        stepping.name_again([task for task in people if str(task.id) not in before], known)
    timers = tuple(stepping.running_timers(workflow))
    open_now = {str(task.id) for task in people}
    finished = stepping.is_finished(workflow)
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
