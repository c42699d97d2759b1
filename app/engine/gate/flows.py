"""How the nodes of a diagram hang together: what is cut off, has no way out or goes in circles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.engine import reading
from app.engine.gate.constructs import finding
from app.engine.gate.scopes import Scope, automatic, in_circles, reached
from app.engine.reading import bpmn
from app.engine.results import Finding, Severity
from app.i18n import _

_BROKEN = _("The flow “%(name)s” does not lead from one node to another of the same process.")
_UNREACHABLE = _("“%(name)s” can never be reached.")
_NO_WAY_OUT = _("From “%(name)s” no end can be reached.")
_INTO_START = _("“%(name)s” is a start event; no flow may lead to it.")
_OUT_OF_END = _("“%(name)s” is an end event; no flow may leave it.")
_ATTACHED = _("“%(name)s” must sit on a user task, a sub-process or a call activity.")
_FAILING = _("“%(name)s” must sit on a sub-process or a call activity, where an error can happen.")
_DEFAULT = _("“%(name)s” needs a default flow, taken when no condition holds.")
_NO_CONDITION = _("“%(name)s” needs a condition, or must be the default of its gateway.")
_IDLE_CONDITION = _("The condition of “%(name)s” would never be asked.")
_ROUND = _("“%(name)s” lies on a circle without a person or a timer: it would never stop.")
_NO_CHOICE = _("“%(name)s” lies on a circle without a choice: nothing ever leads out of it.")
_POLLING = _("“%(name)s” lies on a circle with a timer but no person: it goes round by itself.")
_INCLUSIVE_ROUND = _("“%(name)s” is an inclusive gateway on a way back. Use a parallel gateway.")


def wrong(scope: Scope) -> Iterator[Finding]:
    """Everything about the flows of one process or sub-process."""
    yield from _broken(scope)
    yield from _ends(scope)
    yield from _boundaries(scope)
    yield from _ways(scope)
    for node in scope.of_kind("exclusiveGateway", "inclusiveGateway"):
        yield from _choice(scope, node)
    for node in scope.of_kind("parallelGateway"):
        for flow in scope.leaving[node]:
            if flow.element.find(bpmn("conditionExpression")) is not None:
                yield finding(flow.element, "condition_idle", _IDLE_CONDITION)
    yield from _circles(scope)


def _broken(scope: Scope) -> Iterator[Finding]:
    whole = {flow.element for flow in scope.flows}
    for element in scope.element.findall(bpmn("sequenceFlow")):
        if element not in whole:
            yield finding(element, "flow_broken", _BROKEN)


def _ends(scope: Scope) -> Iterator[Finding]:
    """Flows into a start or out of an end."""
    for node in scope.of_kind("startEvent"):
        if scope.entering[node]:
            yield finding(scope.nodes[node], "flow_into_start", _INTO_START)
    for node in scope.of_kind("endEvent"):
        if scope.leaving[node]:
            yield finding(scope.nodes[node], "flow_out_of_end", _OUT_OF_END)


def _boundaries(scope: Scope) -> Iterator[Finding]:
    """Boundary events must sit on something that can be interrupted or can fail."""
    for node in scope.of_kind("boundaryEvent"):
        element = scope.nodes[node]
        host = element.get("attachedToRef", "")
        kind = scope.kind(host) if host in scope.nodes else ""
        timed = element.find(bpmn("timerEventDefinition")) is not None
        if kind not in {"userTask", "subProcess", "callActivity"} or scope.entering[node]:
            yield finding(element, "boundary", _ATTACHED)
        elif not timed and kind == "userTask":
            yield finding(element, "boundary_error", _FAILING)


def _ways(scope: Scope) -> Iterator[Finding]:
    """Nodes no case ever comes to, and nodes a case never comes away from."""
    forward = reached(scope.of_kind("startEvent"), scope.following)
    before = {
        node: [flow.source for flow in scope.entering[node]]
        + [scope.nodes[node].get("attachedToRef", "")]
        for node in scope.nodes
    }
    backward = reached(scope.of_kind("endEvent"), before)
    for node, element in scope.nodes.items():
        if node not in forward:
            yield finding(element, "unreachable", _UNREACHABLE)
        elif node not in backward or not (scope.leaving[node] or scope.kind(node) == "endEvent"):
            yield finding(element, "no_way_out", _NO_WAY_OUT)


def _choice(scope: Scope, node: str) -> Iterator[Finding]:
    """A choosing gateway: every way out has a condition but one, which is the default."""
    element, flows = scope.nodes[node], scope.leaving[node]
    default = element.get("default")
    if len(flows) > 1 and default not in {flow.id for flow in flows}:
        yield finding(element, "default_missing", _DEFAULT)
    for flow in flows:
        asked = len(flows) > 1 and flow.id != default
        has_condition = flow.element.find(bpmn("conditionExpression")) is not None
        if asked and not has_condition:
            yield finding(flow.element, "condition_missing", _NO_CONDITION)
        elif has_condition and not asked:
            yield finding(flow.element, "condition_idle", _IDLE_CONDITION)


def _circles(scope: Scope) -> Iterator[Finding]:
    """Circles that nothing stops or leads out of, and inclusive gateways on any circle."""
    endless = in_circles(automatic(scope), scope.following)
    for node in endless:
        yield finding(scope.nodes[node], "endless", _ROUND)
    flowing = {node: [flow.target for flow in scope.leaving[node]] for node in scope.nodes}
    unforked = [node for node in scope.nodes if scope.kind(node) != "exclusiveGateway"]
    for node in in_circles(unforked, flowing):
        yield finding(scope.nodes[node], "no_choice", _NO_CHOICE)
    timed = [*automatic(scope), *scope.of_kind("intermediateCatchEvent")]
    for node in in_circles(timed, scope.following):
        if node not in endless:
            yield replace(finding(scope.nodes[node], "polling", _POLLING), severity=Severity.NOTICE)
    circling = in_circles(list(scope.nodes), scope.following)
    for node in circling:
        if reading.kind(scope.nodes[node]) == "inclusiveGateway":
            yield finding(scope.nodes[node], "inclusive_round", _INCLUSIVE_ROUND)
