"""What may follow a task, read from the diagrams alone: the next tasks, on which answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from app.engine import reading
from app.engine.language import tables
from app.engine.reading import Element, bpmn
from app.engine.results import Ahead

ASKING: Final = frozenset({"exclusiveGateway", "inclusiveGateway"})
JOINING: Final = frozenset({"parallelGateway", "inclusiveGateway"})
NOTHING_YET: Final = Ahead(when=(), kind="", name="", name_en="")


def ahead(files: Sequence[bytes], node: str) -> tuple[Ahead, ...]:
    """What may come right after that task, in the order drawn; nothing for an unknown one.

    Ends in an `endEvent` where the case may be over. What a timer or an error takes away from
    the task is no part of it.
    """
    roots = [reading.parse(file) for file in files]
    diagrams = _Diagrams([root for root in roots if not tables.is_dmn(root)])
    task = diagrams.named(node)
    if task is None:
        return ()
    return tuple(dict.fromkeys(diagrams.after(task, NOTHING_YET, frozenset())))


class _Diagrams:
    """The diagrams of a bundle, and how one comes from each element to the next."""

    def __init__(self, roots: Sequence[Element]) -> None:
        self.roots = roots

    def named(self, id_: str) -> Element | None:
        """The user task of that id."""
        tasks = (task for root in self.roots for task in root.iter(bpmn("userTask")))
        return next((task for task in tasks if task.get("id") == id_), None)

    def after(self, element: Element, so_far: Ahead, seen: frozenset[Element]) -> Iterator[Ahead]:
        """Along every flow that leaves an element."""
        around = element.getparent()
        flows = [] if around is None else around.findall(bpmn("sequenceFlow"))
        for flow in flows:
            if flow.get("sourceRef") != element.get("id"):
                continue
            asked = reading.kind(element) in ASKING and flow.get("name")
            way = _on(so_far, flow, asks=element) if asked else so_far
            for target in around if around is not None else ():
                if target.get("id") == flow.get("targetRef"):
                    yield from self._at(target, way, seen)

    def _at(self, element: Element, way: Ahead, seen: frozenset[Element]) -> Iterator[Ahead]:
        """A task is one answer; whatever asks nobody is gone through."""
        if element in seen:
            return
        seen |= {element}
        kind = reading.kind(element)
        if kind == "userTask":
            yield _found(element, way)
        elif kind == "endEvent":
            yield from self._past(element, way, seen)
        elif kind == "subProcess":
            yield from self._into(element, way, seen)
        elif kind == "callActivity":
            yield from self._called(element, way, seen)
        else:
            if kind in JOINING and len(element.findall(bpmn("incoming"))) > 1:
                way = replace(way, together=True)
            if kind == "intermediateCatchEvent" and element.get("name"):
                way = _on(way, element)
            yield from self.after(element, way, seen)

    def _into(self, around: Element, way: Ahead, seen: frozenset[Element]) -> Iterator[Ahead]:
        for begin in around.findall(bpmn("startEvent")):
            yield from self.after(begin, way, seen)

    def _called(self, call: Element, way: Ahead, seen: frozenset[Element]) -> Iterator[Ahead]:
        for root in self.roots:
            for process in root.findall(bpmn("process")):
                if process.get("id") == call.get("calledElement"):
                    yield from self._into(process, way, seen)

    def _past(self, end: Element, way: Ahead, seen: frozenset[Element]) -> Iterator[Ahead]:
        """Beyond an end: what follows the sub-process or the call, else the case is over."""
        around = end.getparent()
        if around is None or end.find(bpmn("terminateEventDefinition")) is not None:
            yield _found(end, way)
        elif reading.kind(around) == "subProcess":
            for outer in _caught(around, end):
                yield from self.after(outer, way, seen)
        else:
            calls = [c for root in self.roots for c in root.iter(bpmn("callActivity"))]
            callers = [c for c in calls if c.get("calledElement") == around.get("id")]
            for call in callers:
                for outer in _caught(call, end):
                    yield from self.after(outer, way, seen)
            if not callers:
                yield _found(end, way)


def _caught(activity: Element, end: Element) -> list[Element]:
    """Where one goes on when an activity ended so: after it, or at what catches the error."""
    around = activity.getparent()
    for kind, ref in (("error", "errorRef"), ("escalation", "escalationRef")):
        thrown = end.find(bpmn(f"{kind}EventDefinition"))
        if thrown is not None and around is not None:
            return [
                event
                for event in around.findall(bpmn("boundaryEvent"))
                if event.get("attachedToRef") == activity.get("id")
                for caught in event.findall(bpmn(f"{kind}EventDefinition"))
                if caught.get(ref) in (None, thrown.get(ref))
            ]
    return [activity]


def _on(way: Ahead, named: Element, asks: Element | None = None) -> Ahead:
    """One more condition on the way; from the second one on with the question it answers."""
    name, name_en = named.get("name", ""), reading.wv(named, "nameEn")
    if asks is not None and way.when:
        name = asks.get("name", "") + name
        name_en = f"{reading.wv(asks, 'nameEn')} {name_en}".strip()
    return replace(way, when=(*way.when, (name, name_en)))


def _found(element: Element, way: Ahead) -> Ahead:
    return replace(
        way,
        kind=reading.kind(element),
        name=element.get("name", ""),
        name_en=reading.wv(element, "nameEn"),
        performer=reading.wv(element, "performer"),
        deadline=reading.wv(element, "deadline"),
    )
