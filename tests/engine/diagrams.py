"""Draws tiny BPMN diagrams in a line or two, so that a test shows its process and nothing else."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
WV = "urn:weathervane:bpmn:1"
HEAD = f'<definitions xmlns="{BPMN}" xmlns:wv="{WV}" id="definitions" targetNamespace="urn:test">'


class Diagram:
    """A process (or sub-process) drawn node by node: each new node follows the one before.

    `Diagram().start().user("draft").xor("ok").end()` then `.at("ok", when="again").to("draft")`.
    A flow out of an exclusive or inclusive gateway that has no condition is its default.
    """

    def __init__(self, id_: str = "case", **attributes: str) -> None:
        self.id = id_
        self.attributes = attributes
        self.nodes: dict[str, tuple[str, dict[str, str], str]] = {}
        self.flows: list[tuple[str, str, str | None]] = []
        self.current: str | None = None
        self.when: str | None = None

    def node(self, kind: str, id_: str, inner: str = "", **attributes: str) -> Diagram:
        """Any element: connects it to the one before and goes on from it."""
        self.nodes[id_] = (kind, attributes, inner)
        if self.current is not None:
            self._connect(self.current, id_)
        self.current = id_
        return self

    def at(self, id_: str, when: str | None = None) -> Diagram:
        """Go on from an earlier node, under a condition."""
        self.current, self.when = id_, when
        return self

    def to(self, id_: str, when: str | None = None) -> Diagram:
        """Flow to a node that is there already."""
        self.when = when or self.when
        self._connect(str(self.current), id_)
        self.current = None
        return self

    def _connect(self, source: str, target: str) -> None:
        self.flows.append((source, target, self.when))
        self.when = None

    def start(self, id_: str = "begin") -> Diagram:
        return self.node("startEvent", id_)

    def end(self, id_: str = "done", cause: str = "") -> Diagram:
        """An end event; `cause` may be `terminate`, `error:CODE` or `escalation:CODE`."""
        self.node("endEvent", id_, _cause(cause))
        self.current = None
        return self

    def user(self, id_: str, times: int = 0, *, one_by_one: bool = False, **wv: str) -> Diagram:
        """A user task with our attributes; `times` repeats it."""
        given = {"performer": "opener", "form": "note", **wv}
        attributes = {"name": f"任务 {id_}", **{f"wv:{name}": given[name] for name in given}}
        return self.node("userTask", id_, _repeated(times, one_by_one), **attributes)

    def xor(self, id_: str) -> Diagram:
        return self.node("exclusiveGateway", id_)

    def both(self, id_: str) -> Diagram:
        """A parallel gateway, splitting or joining."""
        return self.node("parallelGateway", id_)

    def some(self, id_: str) -> Diagram:
        """An inclusive gateway, splitting or joining."""
        return self.node("inclusiveGateway", id_)

    def wait(self, id_: str, after: str = "", until: str = "") -> Diagram:
        """An intermediate timer."""
        return self.node("intermediateCatchEvent", id_, _timer(after, until))

    def boundary(self, on: str, id_: str, cause: str = "", **options: Any) -> Diagram:
        """A boundary event: `after="PT1H"`, or `cause="error:CODE"`; go on from it."""
        inner = _cause(cause) or _timer(options.get("after", ""), options.get("until", ""))
        interrupts = "true" if options.get("interrupts", True) else "false"
        self.current = None
        return self.node("boundaryEvent", id_, inner, attachedToRef=on, cancelActivity=interrupts)

    def sub(self, id_: str, inside: Diagram, times: int = 0) -> Diagram:
        """An embedded sub-process."""
        inside.id = id_
        return self.node("subProcess", id_, _repeated(times) + inside.body())

    def call(self, id_: str, process: str) -> Diagram:
        return self.node("callActivity", id_, calledElement=process)

    def rule(self, id_: str, decision: str) -> Diagram:
        """A business rule task that asks a decision table."""
        return self.node("businessRuleTask", id_, **{"wv:decision": decision})

    def body(self) -> str:
        """What stands inside the process element."""
        flows = {f"{self.id}_f{n}": flow for n, flow in enumerate(self.flows, start=1)}
        defaults = {
            source: id_
            for id_, (source, _target, when) in flows.items()
            if when is None
            and self.nodes[source][0] in {"exclusiveGateway", "inclusiveGateway"}
            and sum(source == other[0] for other in self.flows) > 1
        }
        parts = []
        for id_, (kind, attributes, inner) in self.nodes.items():
            given = {"id": id_, **attributes}
            if id_ in defaults:
                given["default"] = defaults[id_]
            parts.append(f"<{kind}{_attributes(given)}>{inner}</{kind}>")
        return "\n".join(parts + [_flow(id_, *flow) for id_, flow in flows.items()])

    @property
    def xml(self) -> bytes:
        """The file."""
        return self.file()

    def file(self, *others: Diagram, more: str = "") -> bytes:
        """The file, with other processes and anything else beside this one."""
        processes = "".join(one.process() for one in (self, *others))
        return f"{HEAD}{_CODES}{processes}{more}</definitions>".encode()

    def process(self) -> str:
        """The process element."""
        given = {"id": self.id, "isExecutable": "true", **self.attributes}
        return f"<process{_attributes(given)}>{self.body()}</process>"


_CODES = (
    '<error id="error_A" errorCode="A"/><error id="error_B" errorCode="B"/>'
    '<escalation id="escalation_A" escalationCode="A"/>'
)


def _attributes(given: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in given.items())


def _flow(id_: str, source: str, target: str, when: str | None) -> str:
    condition = "" if when is None else f"<conditionExpression>{escape(when)}</conditionExpression>"
    given = {"id": id_, "sourceRef": source, "targetRef": target}
    return f"<sequenceFlow{_attributes(given)}>{condition}</sequenceFlow>"


def _timer(after: str, until: str) -> str:
    kind, text = ("timeDuration", after) if after else ("timeDate", until)
    return f"<timerEventDefinition><{kind}>{escape(text)}</{kind}></timerEventDefinition>"


def _cause(cause: str) -> str:
    kind, _colon, code = cause.partition(":")
    reference = {f"{kind}Ref": f"{kind}_{code}"} if code else {}
    return f"<{kind}EventDefinition{_attributes(reference)}/>" if cause else ""


def _repeated(times: int, one_by_one: bool = False) -> str:  # noqa: FBT002 - private
    if not times:
        return ""
    order = "true" if one_by_one else "false"
    count = f"<loopCardinality>{times}</loopCardinality>"
    kind = "multiInstanceLoopCharacteristics"
    return f'<{kind} isSequential="{order}">{count}</{kind}>'
