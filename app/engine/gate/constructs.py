"""Which parts of BPMN may be used, and what to draw instead of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.engine import reading
from app.engine.reading import BPMN, Element
from app.engine.results import Finding
from app.i18n import Text, _

NODES = frozenset(
    {
        "startEvent",
        "endEvent",
        "userTask",
        "businessRuleTask",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "subProcess",
        "callActivity",
        "boundaryEvent",
        "intermediateCatchEvent",
    }
)
ACTIVITIES = frozenset({"userTask", "businessRuleTask", "subProcess", "callActivity"})
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway"})

_PARTS = frozenset(
    {
        "definitions",
        "process",
        "collaboration",
        "participant",
        "laneSet",
        "lane",
        "childLaneSet",
        "flowNodeRef",
        "documentation",
        "extensionElements",
        "textAnnotation",
        "text",
        "association",
        "group",
        "category",
        "categoryValue",
        "incoming",
        "outgoing",
        "sequenceFlow",
        "conditionExpression",
        "timerEventDefinition",
        "timeDuration",
        "timeDate",
        "terminateEventDefinition",
        "errorEventDefinition",
        "escalationEventDefinition",
        "error",
        "escalation",
        "multiInstanceLoopCharacteristics",
        "loopCardinality",
    }
)

_CAUSES: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset(),
    "endEvent": frozenset(
        {"terminateEventDefinition", "errorEventDefinition", "escalationEventDefinition"}
    ),
    "boundaryEvent": frozenset(
        {"timerEventDefinition", "errorEventDefinition", "escalationEventDefinition"}
    ),
    "intermediateCatchEvent": frozenset({"timerEventDefinition"}),
}

_INSTEAD: Mapping[str, Text] = {
    "scriptTask": _(
        "“%(name)s” is a script task. Scripts are not run: let a person enter the fact,"
        " or use a decision table."
    ),
    "serviceTask": _(
        "“%(name)s” is a service task. Diagrams call no services: give the user task an effect."
    ),
    "task": _("“%(name)s” is a task of no kind. Make it a user task."),
    "manualTask": _("“%(name)s” is a manual task. Make it a user task."),
    "sendTask": _("“%(name)s” is a send task. Give the user task before it an effect instead."),
    "receiveTask": _("“%(name)s” is a receive task. Let a person record what was received."),
    "complexGateway": _("“%(name)s” is a complex gateway. Use an inclusive or parallel gateway."),
    "eventBasedGateway": _(
        "“%(name)s” is an event-based gateway. Use a user task with a boundary timer."
    ),
    "adHocSubProcess": _("“%(name)s” is an ad-hoc sub-process. Draw the order of its tasks."),
    "transaction": _("“%(name)s” is a transaction. Use a sub-process."),
    "intermediateThrowEvent": _(
        "“%(name)s” is a throwing event. Use an end event or leave it out."
    ),
    "standardLoopCharacteristics": _(
        "“%(name)s” repeats without a drawn way back. Draw the way back with a gateway."
    ),
    "timeCycle": _(
        "“%(name)s” has a repeating timer. Use a single timer; reminders come by themselves."
    ),
    "messageFlow": _("“%(name)s” is a message flow. Use a call activity or leave it out."),
    "linkEventDefinition": _("“%(name)s” is a link event. Draw the flow itself."),
    "signalEventDefinition": _("“%(name)s” uses a signal. Use a gateway on a fact, or a timer."),
    "messageEventDefinition": _("“%(name)s” uses a message. Let a person record what arrived."),
    "compensateEventDefinition": _(
        "“%(name)s” uses compensation. Draw the way back with a gateway."
    ),
    "conditionalEventDefinition": _(
        "“%(name)s” waits for a condition. Use a gateway after the task that sets the fact."
    ),
    "cancelEventDefinition": _("“%(name)s” uses a cancel event. Use a terminate end event."),
}
_UNKNOWN = _("“%(name)s”: %(kind)s is not supported.")
_EVENT = _("“%(name)s”: this event cannot be caused by %(kind)s.")
_MANY = _("“%(name)s” has more than one cause. Use one event for each.")
_NO_CAUSE = _("“%(name)s” has no cause. Give it a timer, an error or an escalation.")
_EVENT_SUBPROCESS = _("“%(name)s” is an event sub-process. Use a boundary event instead.")
_COMPENSATION = _("“%(name)s” is for compensation. Draw the way back with a gateway.")
_REPETITION = _("“%(name)s” must be repeated a fixed number of times, between 1 and 50.")
_START = _("“%(name)s” needs exactly one start event.")
_CONDITION = _("“%(name)s” leaves a task or event under a condition. Put a gateway between.")
_OUTGOING = _("Several flows leave “%(name)s”. Put a gateway after it.")
_REPEATED_KINDS = frozenset({"userTask", "subProcess", "callActivity"})


def label(element: Element) -> str:
    """How people know the element: by its name, else by its id."""
    name = element.get("name") or element.get("id") or reading.kind(element)
    return name if len(name) <= 60 else name[:60] + "…"


def owner(element: Element) -> Element:
    """The element itself or the nearest one around it that has an id."""
    found = element
    while not found.get("id"):
        parent = found.getparent()
        if parent is None:
            break
        found = parent
    return found


def finding(element: Element, code: str, text: Text, **values: object) -> Finding:
    """A finding about an element, its name filled into the sentence."""
    about = owner(element)
    return Finding(
        about.get("id", ""), code, replace(text, values={"name": label(about), **values})
    )


def model(root: Element) -> Iterator[Element]:
    """The BPMN elements of a file, without what vendors keep in extension elements."""
    yield root
    for child in root:
        if not isinstance(child.tag, str) or reading.namespace(child) != BPMN:
            continue
        if reading.kind(child) != "extensionElements":
            yield from model(child)


def unsupported(root: Element) -> Iterator[Finding]:
    """Everything the engine does not do, or does wrongly, element by element."""
    refused: set[Element | None] = set()
    for element in model(root):
        kind = reading.kind(element)
        if element.getparent() in refused:
            refused.add(element)
        elif kind not in NODES and kind not in _PARTS:
            refused.add(element)
            yield _refused(element, kind)
        elif kind in _CAUSES:
            yield from _wrong_cause(element, kind)
        elif kind in ACTIVITIES:
            yield from _wrong_activity(element, kind)
        if kind in {"process", "subProcess"}:
            yield from _wrong_scope(element)


def _refused(element: Element, kind: str) -> Finding:
    """Say what cannot be used about the element that uses it."""
    about = owner(element)
    if kind in {"standardLoopCharacteristics", "timeCycle"} or kind.endswith("EventDefinition"):
        parents = element.iterancestors(*(reading.bpmn(node) for node in NODES))
        about = next(parents, about)
    return finding(about, "unsupported", _INSTEAD.get(kind, _UNKNOWN), kind=kind)


def _wrong_cause(element: Element, kind: str) -> Iterator[Finding]:
    """An event with a cause it cannot have, with two, or with none where it needs one."""
    causes = [
        reading.kind(child)
        for child in element
        if isinstance(child.tag, str) and reading.kind(child).endswith("EventDefinition")
    ]
    for cause in causes:
        if cause in _PARTS and cause not in _CAUSES[kind]:
            yield finding(element, "event_cause", _EVENT, kind=cause)
    if len(causes) > 1:
        yield finding(element, "event_causes", _MANY)
    if not causes and kind in {"boundaryEvent", "intermediateCatchEvent"}:
        yield finding(element, "event_no_cause", _NO_CAUSE)


def _wrong_activity(element: Element, kind: str) -> Iterator[Finding]:
    """What changes an activity into something the engine does not do."""
    if element.get("triggeredByEvent") == "true":
        yield finding(element, "unsupported", _EVENT_SUBPROCESS)
    if element.get("isForCompensation") == "true":
        yield finding(element, "unsupported", _COMPENSATION)
    for loop in element.findall(reading.bpmn("multiInstanceLoopCharacteristics")):
        count = reading.text_of(loop, "loopCardinality")
        fixed = count.isascii() and count.isdigit() and len(count) < 3 and 1 <= int(count) <= 50
        if not fixed or kind not in _REPEATED_KINDS:
            yield finding(element, "repetition", _REPETITION)


def _wrong_scope(scope: Element) -> Iterator[Finding]:
    """Starts and flows of a process or sub-process that the engine would misread."""
    if len(scope.findall(reading.bpmn("startEvent"))) != 1:
        yield finding(scope, "start_events", _START)
    nodes = {
        child.get("id"): child
        for child in scope
        if isinstance(child.tag, str) and reading.kind(child) in NODES - GATEWAYS
    }
    leaving: dict[str, int] = {}
    for flow in scope.findall(reading.bpmn("sequenceFlow")):
        source = flow.get("sourceRef", "")
        leaving[source] = leaving.get(source, 0) + 1
        if source in nodes and flow.find(reading.bpmn("conditionExpression")) is not None:
            yield finding(flow, "condition_ignored", _CONDITION)
    for source, count in leaving.items():
        if count > 1 and source in nodes:
            yield finding(nodes[source], "several_flows", _OUTGOING)
