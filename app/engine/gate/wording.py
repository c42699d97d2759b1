"""What a diagram says in our language: conditions, timers, error codes, and how much of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from math import prod

from app.engine import reading
from app.engine.failures import EngineError
from app.engine.gate.constructs import ACTIVITIES, NODES, finding, model, owner
from app.engine.language import expressions, moments
from app.engine.reading import Element, bpmn
from app.engine.results import Finding, Severity
from app.i18n import _

MOST_NODES = 250
MOST_FLOWS = 1_000
MOST_ELEMENTS = 10_000
MOST_TEXT = 200_000
DEEPEST = 5
MOST_REPEATED = 50

_NO_TIME = _("“%(name)s” needs one duration or one date.")
_NO_FACT = _("“%(name)s” asks for the fact “%(fact)s”, which nothing gives.")
_SAYS = _("“%(name)s”: %(problem)s")
_NO_PROCESS = _("The file holds no process.")
_NOT_BPMN = _("This is neither a BPMN nor a DMN file.")
_MANY_NODES = _("“%(name)s”: a file may hold at most 250 nodes; this one has %(count)s.")
_MANY_FLOWS = _("“%(name)s”: a file may hold at most 1,000 flows; this one has %(count)s.")
_MANY_ELEMENTS = _("“%(name)s” holds %(count)s elements; at most 10,000 are read.")
_MUCH_TEXT = _("“%(name)s” holds more text in conditions than is read: %(most)s characters.")
_DEEP = _("“%(name)s”: sub-processes may be nested five deep.")
_REPEATED = _("“%(name)s”: nested repetitions may come to at most 50.")
_NOT_EXECUTABLE = _("“%(name)s” is marked as not executable.")
_NO_CODE = _("“%(name)s” must name an error or escalation that has a code.")
_UNCAUGHT = _("Nothing on the sub-process around “%(name)s” catches its error or escalation.")
_OUTWARD = _("“%(name)s” is noticed only where another process calls this one.")


def not_bpmn(root: Element) -> Iterator[Finding]:
    """A file that is something else, or holds nothing that could run."""
    if reading.namespace(root) != reading.BPMN or reading.kind(root) != "definitions":
        yield Finding("", "not_bpmn", _NOT_BPMN)
    elif root.find(bpmn("process")) is None:
        yield Finding("", "no_process", _NO_PROCESS)


def crowded(root: Element) -> Iterator[Finding]:
    """More elements than are looked at."""
    elements = sum(1 for _each in root.iter())
    if elements > MOST_ELEMENTS:
        yield finding(root, "too_many_elements", _MANY_ELEMENTS, count=elements)


def too_large(root: Element) -> Iterator[Finding]:
    """More than a case or a person could carry; nothing else is looked at then."""
    nodes = sum(reading.kind(element) in NODES for element in model(root))
    if nodes > MOST_NODES:
        yield finding(root, "too_many_nodes", _MANY_NODES, count=nodes)
    flows = sum(1 for _each in root.iter(bpmn("sequenceFlow")))
    if flows > MOST_FLOWS:
        yield finding(root, "too_many_flows", _MANY_FLOWS, count=flows)
    said = root.iter(bpmn("conditionExpression"), bpmn("timeDuration"), bpmn("timeDate"))
    if sum(len(element.text or "") for element in said) > MOST_TEXT:
        yield finding(root, "too_large", _MUCH_TEXT, most=MOST_TEXT)
    for inner in root.iter(bpmn("subProcess")):
        if sum(1 for _each in inner.iterancestors(bpmn("subProcess"))) >= DEEPEST:
            yield finding(inner, "too_deep", _DEEP)


def repeated(root: Element) -> Iterator[Finding]:
    """Repetitions within repetitions that come to too many."""
    for element in root.iter(*(bpmn(kind) for kind in sorted(ACTIVITIES))):
        around = list(element.iterancestors(bpmn("subProcess")))
        if around and _times(element) > 1 and prod(map(_times, [element, *around])) > MOST_REPEATED:
            yield finding(element, "repetition", _REPEATED)


def not_executable(root: Element) -> Iterator[Finding]:
    """A process the engine would refuse to start."""
    for process in root.findall(bpmn("process")):
        if process.get("isExecutable", "true") != "true":
            yield finding(process, "not_executable", _NOT_EXECUTABLE)


def _times(element: Element) -> int:
    loop = element.find(bpmn("multiInstanceLoopCharacteristics"))
    count = reading.text_of(loop, "loopCardinality") if loop is not None else ""
    return int(count) if count.isascii() and count.isdigit() and len(count) < 3 else 1


def unreadable(root: Element) -> Iterator[Finding]:
    """Conditions and timers that our language does not understand."""
    for condition in root.iter(bpmn("conditionExpression")):
        yield from _problem(condition, expressions.read)
    for kind in ("timeDuration", "timeDate"):
        for time in root.iter(bpmn(kind)):
            yield from _problem(time, partial(moments.check, kind))
    for timer in root.iter(bpmn("timerEventDefinition")):
        if len(timer.findall(bpmn("timeDuration"))) + len(timer.findall(bpmn("timeDate"))) != 1:
            event = timer.getparent()
            yield finding(timer if event is None else event, "timer", _NO_TIME)


def _problem(element: Element, read: Callable[[str], object]) -> Iterator[Finding]:
    try:
        read(element.text or "")
    except EngineError as error:
        about = owner(element)
        yield finding(about, error.code, _SAYS, problem=error.text)


def unknown_facts(root: Element, facts: Collection[str]) -> Iterator[Finding]:
    """Conditions that ask for facts no form, start or effect ever gives."""
    for condition in root.iter(bpmn("conditionExpression")):
        with suppress(EngineError):
            for name in sorted(expressions.read(condition.text or "").names - set(facts)):
                yield finding(condition, "fact_unknown", _NO_FACT, fact=name)


def uncaught(root: Element) -> Iterator[Finding]:
    """Errors and escalations without a code, or that nobody around would notice."""
    for kind in ("error", "escalation"):
        codes = {each.get("id"): each.get(f"{kind}Code") for each in root.findall(bpmn(kind))}
        for event in root.iter(bpmn("endEvent"), bpmn("boundaryEvent")):
            cause = event.find(bpmn(f"{kind}EventDefinition"))
            if cause is None:
                continue
            if not codes.get(cause.get(f"{kind}Ref")):
                yield finding(event, f"{kind}_code", _NO_CODE)
            elif reading.kind(event) == "endEvent":
                yield from _unnoticed(event, kind, cause.get(f"{kind}Ref"))


def _unnoticed(event: Element, kind: str, reference: str | None) -> Iterator[Finding]:
    """Look outwards for a boundary event that catches this cause."""
    around = list(event.iterancestors(bpmn("subProcess")))
    for host in around:
        beside = host.getparent()
        for boundary in beside.findall(bpmn("boundaryEvent")) if beside is not None else ():
            caught = boundary.find(bpmn(f"{kind}EventDefinition"))
            attached = boundary.get("attachedToRef") == host.get("id")
            if attached and caught is not None and caught.get(f"{kind}Ref") == reference:
                return
    if around:
        yield finding(event, "uncaught", _UNCAUGHT)
    else:
        yield replace(finding(event, "outward", _OUTWARD), severity=Severity.NOTICE)
