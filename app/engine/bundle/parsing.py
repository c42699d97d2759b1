"""Turns checked BPMN elements into the engine's objects, with our attributes, timers and joins."""

from __future__ import annotations

from typing import ClassVar

from SpiffWorkflow.bpmn.parser import event_parsers, task_parsers
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs import defaults

from app.engine import reading
from app.engine.bundle import specs, timers
from app.engine.reading import Element, bpmn


class _Attributes:
    """Every node carries our own attributes with it."""

    PARALLEL_MI_CLASS = specs.AllAtOnce
    SEQUENTIAL_MI_CLASS = specs.OneByOne
    node: Element

    def parse_extensions(self, node: Element | None = None) -> dict[str, str]:
        return reading.wv_attributes(self.node if node is None else node)


class _Timers(_Attributes):
    """Timer events become ours, which ask the caller's clock."""

    def parse_timer_event(self, event: Element) -> timers.Duration | timers.Instant:
        name = self.node.get("name") or self.node.get("id")
        for kind in (timers.Duration, timers.Instant):
            text = reading.text_of(event, kind.kind)
            if text:
                return kind(name, text)
        message = "a timer without a duration or a date"
        raise ValueError(message)


class _Task(_Attributes, TaskParser):  # type: ignore[misc] # Spiff is untyped
    pass


class _Decision(_Attributes, TaskParser):  # type: ignore[misc] # Spiff is untyped
    def create_task(self) -> specs.DecisionTask:
        decision = reading.wv(self.node, "decision")
        return specs.DecisionTask(self.spec, self.bpmn_id, decision, **self.bpmn_attributes)


class _Gateway(_Attributes, task_parsers.GatewayParser):  # type: ignore[misc] # Spiff is untyped
    pass


class _Choice(_Attributes, task_parsers.ConditionalGatewayParser):  # type: ignore[misc] # as above
    pass


class _Call(_Attributes, task_parsers.CallActivityParser):  # type: ignore[misc] # as above
    pass


class _SubProcess(_Attributes, task_parsers.SubWorkflowParser):  # type: ignore[misc] # as above
    pass


class _Start(_Attributes, event_parsers.StartEventParser):  # type: ignore[misc] # as above
    pass


class _End(_Attributes, event_parsers.EndEventParser):  # type: ignore[misc] # as above
    pass


class _Boundary(_Timers, event_parsers.BoundaryEventParser):  # type: ignore[misc] # as above
    pass


class _Catch(_Timers, event_parsers.IntermediateCatchEventParser):  # type: ignore[misc] # as above
    pass


class BundleParser(BpmnParser):  # type: ignore[misc] # Spiff is untyped
    """A parser that knows the supported constructs and no others."""

    PARSER_CLASSES: ClassVar[dict[str, tuple[type, type]]] = {
        bpmn("startEvent"): (_Start, defaults.StartEvent),
        bpmn("endEvent"): (_End, defaults.EndEvent),
        bpmn("userTask"): (_Task, defaults.UserTask),
        bpmn("businessRuleTask"): (_Decision, specs.DecisionTask),
        bpmn("exclusiveGateway"): (_Choice, defaults.ExclusiveGateway),
        bpmn("parallelGateway"): (_Gateway, specs.ParallelGateway),
        bpmn("inclusiveGateway"): (_Choice, specs.InclusiveGateway),
        bpmn("subProcess"): (_SubProcess, defaults.SubWorkflowTask),
        bpmn("callActivity"): (_Call, defaults.CallActivity),
        bpmn("boundaryEvent"): (_Boundary, defaults.BoundaryEvent),
        bpmn("intermediateCatchEvent"): (_Catch, defaults.IntermediateCatchEvent),
    }

    def _add_diagram_indexes(self, _root: Element) -> None:
        """Positions are not read: the engine would ask a gateway's conditions in their order."""

    def get_document_lanes(self, root: Element) -> dict[str, str]:
        """Each node's lane by the innermost lane's name."""
        return reading.lanes(root)
