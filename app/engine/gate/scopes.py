"""A process or sub-process as a graph: its nodes, the flows between them, who can reach whom."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from app.engine import reading
from app.engine.gate.constructs import NODES
from app.engine.reading import Element, bpmn

Place = TypeVar("Place", bound=Hashable)
WAITING = frozenset({"userTask", "intermediateCatchEvent", "callActivity"})


@dataclass(frozen=True)
class Flow:
    """A sequence flow between two nodes of one scope."""

    id: str
    source: str
    target: str
    element: Element


@dataclass(frozen=True)
class Scope:
    """What stands directly in a process or sub-process, supported or not."""

    element: Element
    nodes: Mapping[str, Element]
    flows: tuple[Flow, ...]
    boundaries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def leaving(self) -> dict[str, list[Flow]]:
        """The flows out of each node."""
        found: dict[str, list[Flow]] = {node: [] for node in self.nodes}
        for flow in self.flows:
            found[flow.source].append(flow)
        return found

    @cached_property
    def entering(self) -> dict[str, list[Flow]]:
        """The flows into each node."""
        found: dict[str, list[Flow]] = {node: [] for node in self.nodes}
        for flow in self.flows:
            found[flow.target].append(flow)
        return found

    @cached_property
    def following(self) -> dict[str, list[str]]:
        """The nodes that may come right after each node, through its boundary events too."""
        return {
            node: [flow.target for flow in self.leaving[node]] + list(self.boundaries.get(node, ()))
            for node in self.nodes
        }

    @cached_property
    def kinds(self) -> dict[str, str]:
        """What kind each node is; the walk asks this at every step."""
        return {node: reading.kind(element) for node, element in self.nodes.items()}

    def kind(self, node: str) -> str:
        """What kind of node this is."""
        return self.kinds[node]

    def of_kind(self, *kinds: str) -> list[str]:
        """The nodes of these kinds."""
        return [node for node, kind in self.kinds.items() if kind in kinds]


def scopes(root: Element) -> Iterator[Scope]:
    """Every process and sub-process of a file, the outer ones first."""
    for process in root.findall(bpmn("process")):
        yield _scope(process)
        for inner in process.iter(bpmn("subProcess")):
            yield _scope(inner)


def _scope(element: Element) -> Scope:
    drawn = element.findall(bpmn("sequenceFlow"))
    linked = {flow.get(end) for flow in drawn for end in ("sourceRef", "targetRef")}
    nodes = {
        child.get("id", ""): child
        for child in element
        if isinstance(child.tag, str)
        and reading.namespace(child) == reading.BPMN
        and (reading.kind(child) in NODES or child.get("id", "") in linked)
    }
    flows = tuple(
        Flow(flow.get("id", ""), flow.get("sourceRef", ""), flow.get("targetRef", ""), flow)
        for flow in drawn
        if flow.get("sourceRef") in nodes and flow.get("targetRef") in nodes
    )
    boundaries: dict[str, tuple[str, ...]] = {}
    for node, child in nodes.items():
        host = child.get("attachedToRef")
        if host in nodes and reading.kind(child) == "boundaryEvent":
            boundaries[str(host)] = (*boundaries.get(str(host), ()), node)
    return Scope(element, nodes, flows, boundaries)


def reached(starts: Iterable[Place], following: Mapping[Place, Iterable[Place]]) -> set[Place]:
    """Everything that can be reached from these places, themselves included."""
    found: set[Place] = set()
    waiting = list(starts)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += following.get(node, ())
    return found


def in_circles(nodes: Iterable[str], following: Mapping[str, Iterable[str]]) -> list[str]:
    """The nodes that can be reached from themselves by way of these nodes alone."""
    allowed = set(nodes)
    within = {node: [n for n in following.get(node, ()) if n in allowed] for node in allowed}
    return [node for node in nodes if node in reached(within[node], within)]


def waits(scope: Element) -> bool:
    """Whether nothing gets through a sub-process without a person, a timer or another process."""
    inside = _scope(scope)
    passing = {node: after for node, after in inside.following.items() if not _stops(inside, node)}
    begun = reached(inside.of_kind("startEvent"), passing)
    return not begun.intersection(inside.of_kind("endEvent"))


def _stops(scope: Scope, node: str) -> bool:
    kind = scope.kind(node)
    stops = kind in WAITING or kind not in NODES  # what is refused anyway is not also a circle
    return stops or (kind == "subProcess" and waits(scope.nodes[node]))


def automatic(scope: Scope) -> list[str]:
    """The nodes that are passed without a person, a timer or another process."""
    return [node for node in scope.nodes if not _stops(scope, node)]
