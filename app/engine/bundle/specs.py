"""The few task kinds of the engine we make better: joins that merge by change, decision tasks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default import BpmnTaskSpecConverter
from SpiffWorkflow.bpmn.serializer.default.event_definition import (
    TimerConditionalEventDefinitionConverter,
)
from SpiffWorkflow.bpmn.serializer.default.task_spec import (
    ConditionalGatewayConverter,
    MultiInstanceTaskConverter,
    ParallelGatewayConverter,
)
from SpiffWorkflow.bpmn.specs import control, defaults
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from app.engine.bundle import timers
from app.engine.language import tables
from app.engine.language.facts import clean, latest, stamped, visible

Task = Any  # SpiffWorkflow's task; the library carries no types


def round_of(join: Task) -> Iterator[Task]:
    """The instances of a join that arrived before this one since the join last fired."""
    fired = next((task for task in ancestors(join) if task.task_spec is join.task_spec), None)
    for task in join.workflow.tasks.values():
        if (
            task.task_spec is join.task_spec
            and task is not join
            and task.has_state(TaskState.CANCELLED | TaskState.WAITING)
            and task.parent.has_state(TaskState.COMPLETED)
            and (fired is None or task.is_descendant_of(fired))
        ):
            yield task


def ancestors(task: Task) -> Iterator[Task]:
    """The tasks above this one, the nearest first."""
    above = task.parent
    while above is not None:
        yield above
        above = above.parent


def merged(join: Task) -> dict[str, Any]:
    """The facts after a join."""
    others = sorted(round_of(join), key=lambda task: task.last_state_change)
    return latest([*(task.parent.data for task in others), join.parent.data])


class ParallelGateway(defaults.ParallelGateway):  # type: ignore[misc] # Spiff is untyped
    """A parallel gateway that counts this round's arrivals only and keeps the latest facts.

    The engine's own also counts who arrived in earlier rounds of a loop: it fires too early as
    soon as the branches arrive in another order than the time before.
    """

    def _check_threshold_unstructured(self, my_task: Task) -> bool:
        arrived = {task.parent.task_spec.name for task in round_of(my_task)}
        arrived.add(my_task.parent.task_spec.name)
        return arrived.issuperset(self._inputs)

    def _run_hook(self, my_task: Task) -> bool:
        facts = merged(my_task)
        super()._run_hook(my_task)
        my_task.data = facts
        return True


class InclusiveGateway(defaults.InclusiveGateway):  # type: ignore[misc] # Spiff is untyped
    """An inclusive gateway whose join keeps the latest facts."""

    def _get_matching_outputs(self, my_task: Task) -> Any:
        my_task.data = merged(my_task)
        return super()._get_matching_outputs(my_task)


class EndJoin(control._EndJoin):  # type: ignore[misc] # noqa: SLF001 - Spiff has no public name
    """The join after all end events; the latest facts go back to the calling process.

    Who arrives takes over what the one before knew, so that those need not be remembered.
    """

    def _update_hook(self, my_task: Task) -> Any:
        before = [task.parent.data for task in round_of(my_task) if task.state == TaskState.WAITING]
        my_task.parent.data = latest([*before, my_task.parent.data])
        return super()._update_hook(my_task)

    def _run_hook(self, my_task: Task) -> bool:
        super()._run_hook(my_task)
        my_task.data = dict(my_task.parent.data)
        return True


class _Repeated:
    """Instances of a repeated task, each one's facts joined to what the others set."""

    def merge_child(self, workflow: Any, child: Task) -> None:
        child.data = latest([child.parent.data, child.data])
        super().merge_child(workflow, child)  # type: ignore[misc] # Spiff is untyped


class AllAtOnce(_Repeated, defaults.ParallelMultiInstanceTask):  # type: ignore[misc] # as above
    """A task repeated in parallel."""


class OneByOne(_Repeated, defaults.SequentialMultiInstanceTask):  # type: ignore[misc] # as above
    """A task repeated in sequence."""


class DecisionTask(BpmnSpecMixin):  # type: ignore[misc] # Spiff is untyped
    """A business rule task: asks a decision table and adds its outputs to the facts."""

    def __init__(self, wf_spec: Any, bpmn_id: str, decision: str, **kwargs: Any) -> None:
        """`decision` is the id of a decision in the bundle."""
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.decision = decision

    def _run_hook(self, my_task: Task) -> bool:
        table = my_task.workflow.script_engine.tables[self.decision]
        outputs = clean(tables.ask(table, visible(my_task.data)).outputs)
        my_task.data.update(stamped(outputs, my_task.workflow.top_workflow.acts))
        return bool(super()._run_hook(my_task))


class _EndJoinConverter(BpmnTaskSpecConverter):  # type: ignore[misc] # Spiff is untyped
    """Brings the engine's end join back as ours."""

    def from_dict(self, dct: dict[str, Any]) -> Any:
        self.target_class = EndJoin
        return super().from_dict(dct)


class _DecisionTaskConverter(BpmnTaskSpecConverter):  # type: ignore[misc] # Spiff is untyped
    """Takes a decision task through the serializer."""

    def to_dict(self, spec: Any) -> dict[str, Any]:
        return {**super().to_dict(spec), "decision": spec.decision}


def serializer_config() -> dict[type, type]:
    """How each kind of task and event goes through the serializer."""
    config = {
        **DEFAULT_CONFIG,
        control._EndJoin: _EndJoinConverter,  # noqa: SLF001 - Spiff has no public name
        DecisionTask: _DecisionTaskConverter,
        ParallelGateway: ParallelGatewayConverter,
        InclusiveGateway: ConditionalGatewayConverter,
        AllAtOnce: MultiInstanceTaskConverter,
        OneByOne: MultiInstanceTaskConverter,
        timers.Duration: TimerConditionalEventDefinitionConverter,
        timers.Instant: TimerConditionalEventDefinitionConverter,
    }
    del config[defaults.ParallelGateway], config[defaults.InclusiveGateway]
    return config
