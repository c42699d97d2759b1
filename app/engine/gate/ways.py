"""Walks a diagram the way cases would and finds joins that some way leaves waiting for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import combinations

from app.engine.gate.constructs import finding
from app.engine.gate.scopes import Flow, Scope, automatic, reached
from app.engine.reading import bpmn
from app.engine.results import Finding, Severity
from app.i18n import _

MOST_WORK = 20_000
MOST_BRANCHES = 4

_WAITS_FOREVER = _("“%(name)s” can wait for ever: on some ways not every branch comes to it.")
_TWICE = _("“%(name)s” can be open twice at the same moment.")
_TWICE_JOINED = _(
    "“%(name)s” can be open twice at the same moment, and a gateway after it waits for branches:"
    " it cannot tell the two rounds apart."
)
_NEVER_ENDS = _("Once “%(name)s” is open the case never ends, whatever anybody decides.")
_TOO_MANY = _("“%(name)s” has too many ways to try them all.")

# Where tokens stand: nodes that wait for somebody, flows that have arrived at a join, and
# boundary events that have fired while what they sit on goes on.
Marking = frozenset[str]


class _TooMany(Exception):
    """There are more ways than are tried."""


@dataclass
class _Walk:
    """One exploration: what was found on the way, and what it has cost so far."""

    scope: Scope
    passing: frozenset[str]
    stuck: set[str] = field(default_factory=set)
    twice: set[str] = field(default_factory=set)
    endless: set[str] = field(default_factory=set)
    work: int = 0

    def costs(self, work: int) -> None:
        """Count what is done, and stop before a file holds the gate up."""
        self.work += work
        if self.work > MOST_WORK:
            raise _TooMany


def wrong(scope: Scope) -> Iterator[Finding]:
    """Joins that may wait for ever, and tasks that may be open twice (which is only listed)."""
    starts = scope.of_kind("startEvent")
    walk = _Walk(scope, frozenset(automatic(scope)))
    complete = _explore(walk, starts[0]) if starts else True
    for node in sorted(walk.stuck):
        yield finding(scope.nodes[node], "waits_forever", _WAITS_FOREVER)
    for node in sorted(walk.endless):
        yield finding(scope.nodes[node], "never_ends", _NEVER_ENDS)
    for node in sorted(walk.twice):
        yield _said_of_twice(scope, node)
    if not complete:
        yield replace(finding(scope.element, "ways", _TOO_MANY), severity=Severity.NOTICE)


def _said_of_twice(scope: Scope, node: str) -> Finding:
    """Two at once are only mentioned, unless they come to a join, which cannot tell them apart."""
    counting = scope.of_kind("parallelGateway", "inclusiveGateway")
    joins = {join for join in counting if len(scope.entering[join]) > 1}
    beyond = reached([node], scope.following)
    if joins & beyond:
        return finding(scope.nodes[node], "twice_joined", _TWICE_JOINED)
    return replace(finding(scope.nodes[node], "twice", _TWICE), severity=Severity.NOTICE)


def _explore(walk: _Walk, start: str) -> bool:
    """Try every way; false if there were too many."""
    after: dict[Marking, list[Marking]] = {}
    with suppress(_TooMany):
        waiting = list(_settled(walk, frozenset(), walk.scope.leaving[start]))
        while waiting:
            marking = waiting.pop()
            if marking not in after:
                after[marking] = list(_after(walk, marking))
                waiting += after[marking]
        walk.endless = _endless(walk.scope, after)
        return True
    return False


def _endless(scope: Scope, after: dict[Marking, list[Marking]]) -> set[str]:
    """The nodes that are open where no way leads to a moment at which nobody has anything to do."""
    before: dict[Marking, list[Marking]] = {marking: [] for marking in after}
    for marking, following in after.items():
        for each in following:
            before[each].append(marking)
    ending = reached([marking for marking in after if not marking & scope.nodes.keys()], before)
    return {token for marking in after.keys() - ending for token in marking & scope.nodes.keys()}


def _after(walk: _Walk, marking: Marking) -> Iterator[Marking]:
    """What may come next: somebody finishes, or a boundary event fires."""
    active = [token for token in marking if token in walk.scope.nodes]
    if not active:
        walk.stuck.update(_joins(walk.scope, marking))
    for node in active:
        yield from _settled(walk, _without(walk, marking, node), walk.scope.leaving[node])
        for boundary in walk.scope.boundaries.get(node, ()):
            if _fired(boundary) not in marking:
                yield from _interrupted(walk, marking, node, boundary)


def _interrupted(walk: _Walk, marking: Marking, node: str, boundary: str) -> Iterator[Marking]:
    """A boundary event fires: its host is broken off, or goes on and the event is used up."""
    interrupts = walk.scope.nodes[boundary].get("cancelActivity", "true") == "true"
    rest = _without(walk, marking, node) if interrupts else marking | {_fired(boundary)}
    return _settled(walk, rest, walk.scope.leaving[boundary])


def _without(walk: _Walk, marking: Marking, node: str) -> Marking:
    """The marking once a node is done, its boundary events with it."""
    return marking - {node} - {_fired(each) for each in walk.scope.boundaries.get(node, ())}


def _fired(boundary: str) -> str:
    """The mark of a boundary event that has fired; no id holds a space."""
    return f"fired {boundary}"


def _joins(scope: Scope, marking: Marking) -> set[str]:
    """The joins at which flows have arrived."""
    return {flow.target for flow in scope.flows if flow.id in marking}


def _settled(walk: _Walk, marking: Marking, flows: list[Flow]) -> Iterator[Marking]:
    """The markings after these flows are taken and nothing moves by itself any more."""
    todo = [(marking, tuple(flows))]
    seen: set[tuple[Marking, tuple[str, ...]]] = set()
    while todo:
        now, moving = todo.pop()
        key = (now, tuple(sorted(flow.id for flow in moving)))
        if key in seen:
            continue
        seen.add(key)
        walk.costs(1)
        if moving:
            todo += _taken(walk, now, moving[0], moving[1:])
            continue
        fired = _inclusive_join(walk, now)
        if fired is None:
            yield now
        else:
            rest = now - {flow.id for flow in walk.scope.entering[fired]}
            todo += [(rest, out) for out in _some(walk.scope.leaving[fired])]


Move = tuple[Marking, tuple[Flow, ...]]


def _taken(walk: _Walk, marking: Marking, flow: Flow, rest: tuple[Flow, ...]) -> list[Move]:
    """One flow taken to its target: every way it may go on from there."""
    scope, node = walk.scope, flow.target
    kind, leaving = scope.kind(node), scope.leaving[node]
    if kind == "endEvent":
        return _ended(scope, marking, node, rest)
    if node not in walk.passing:
        if node in marking:
            walk.twice.add(node)
        return [(marking | {node}, rest)]
    if kind == "exclusiveGateway":
        return [(marking, (*rest, way)) for way in leaving]
    if kind == "inclusiveGateway" and len(scope.entering[node]) == 1:
        return [(marking, (*rest, *ways)) for ways in _some(leaving)]
    if kind in {"parallelGateway", "inclusiveGateway"}:
        arrived = marking | {flow.id}
        needed = {each.id for each in scope.entering[node]}
        if kind == "inclusiveGateway" or not needed <= arrived:
            return [(arrived, rest)]
        marking = arrived - needed
    return [(marking, (*rest, *leaving))]


def _ended(scope: Scope, marking: Marking, node: str, rest: tuple[Flow, ...]) -> list[Move]:
    """An end takes one token, a terminating or failing end takes all."""
    causes = ("terminateEventDefinition", "errorEventDefinition")
    stops = any(scope.nodes[node].find(bpmn(cause)) is not None for cause in causes)
    return [(frozenset(), ())] if stops else [(marking, rest)]


def _some(flows: list[Flow]) -> list[tuple[Flow, ...]]:
    """The sets of ways an inclusive gateway may take; with many ways, one or all of them."""
    sizes = range(1, len(flows) + 1) if len(flows) <= MOST_BRANCHES else (1, len(flows))
    return [ways for size in sizes for ways in combinations(flows, size)] or [()]


def _inclusive_join(walk: _Walk, marking: Marking) -> str | None:
    """An inclusive join at which something has arrived and to which nothing else can come."""
    scope = walk.scope
    for node in scope.of_kind("inclusiveGateway"):
        arrived = {flow.id for flow in scope.entering[node]} & marking
        if len(scope.entering[node]) < 2 or not arrived:
            continue
        walk.costs(1 + len(scope.flows) // 8)
        others = [token for token in marking - arrived if token in scope.nodes]
        others += _joins(scope, marking - arrived)
        without = {name: () if name == node else to for name, to in scope.following.items()}
        if node not in reached(others, without):
            return node
    return None
