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
    ParallelGatewayConverter,
)
from SpiffWorkflow.bpmn.specs import control, defaults
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from app.engine import dmn, timing

Task = Any  # SpiffWorkflow's task; the library carries no types


def round_of(join: Task) -> Iterator[Task]:
    """The instances of a join that stepped aside for this one since it last fired."""
    fired = next(
        (task for task in ancestors(join) if task.task_spec is join.task_spec),
        join.workflow.task_tree,
    )
    for task in join.workflow.tasks.values():
        if (
            task.task_spec is join.task_spec
            and task.has_state(TaskState.CANCELLED)
            and task.parent.has_state(TaskState.COMPLETED)
            and (fired.parent is None or task.is_descendant_of(fired))
        ):
            yield task


def ancestors(task: Task) -> Iterator[Task]:
    """The tasks above this one, the nearest first."""
    above = task.parent
    while above is not None:
        yield above
        above = above.parent


def merged(join: Task) -> dict[str, Any]:
    """The facts after a join: what each branch changed since they parted, the later one winning.

    The engine's own join copies whole branches over each other, so a branch that never touched
    a fact brings back the value it had before the split.
    """
    others = sorted(round_of(join), key=lambda task: task.last_state_change)
    branches = [task.parent for task in others] + [join.parent]
    if len(branches) == 1:
        return dict(branches[0].data)
    common = [task.id for task in [branches[0], *ancestors(branches[0])]]
    for branch in branches[1:]:
        above = {branch.id, *(task.id for task in ancestors(branch))}
        common = [id_ for id_ in common if id_ in above]
    before = join.workflow.tasks[common[0]].data
    facts = dict(before)
    for branch in branches:
        facts.update(_changes(before, branch.data))
    return facts


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The facts that are new or not what they were; 1 is not true."""
    return {
        name: value
        for name, value in after.items()
        if name not in before or (type(value), value) != (type(before[name]), before[name])
    }


class ParallelGateway(defaults.ParallelGateway):  # type: ignore[misc] # Spiff is untyped
    """A parallel gateway whose join keeps what every branch changed."""

    def _run_hook(self, my_task: Task) -> bool:
        facts = merged(my_task)
        super()._run_hook(my_task)
        my_task.data = facts
        return True


class InclusiveGateway(defaults.InclusiveGateway):  # type: ignore[misc] # Spiff is untyped
    """An inclusive gateway whose join keeps what every branch changed."""

    def _get_matching_outputs(self, my_task: Task) -> Any:
        my_task.data = merged(my_task)
        return super()._get_matching_outputs(my_task)


class EndJoin(control._EndJoin):  # type: ignore[misc] # noqa: SLF001 - Spiff has no public name
    """The join after all end events; what each branch changed goes back to the calling process."""

    def _run_hook(self, my_task: Task) -> bool:
        facts = merged(my_task)
        super()._run_hook(my_task)
        my_task.data = facts
        return True


class DecisionTask(BpmnSpecMixin):  # type: ignore[misc] # Spiff is untyped
    """A business rule task: asks a decision table and adds its outputs to the facts."""

    def __init__(self, wf_spec: Any, bpmn_id: str, decision: str, **kwargs: Any) -> None:
        """`decision` is the id of a decision in the bundle."""
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.decision = decision

    def _run_hook(self, my_task: Task) -> bool:
        table = my_task.workflow.script_engine.tables[self.decision]
        my_task.data.update(dmn.ask(table, my_task.data).outputs)
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
        timing.Duration: TimerConditionalEventDefinitionConverter,
        timing.Instant: TimerConditionalEventDefinitionConverter,
    }
    del config[defaults.ParallelGateway], config[defaults.InclusiveGateway]
    return config
