"""How the tasks of a process follow each other on paper: what always comes before what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit

from app.engine.bundle.compiling import Compiled
from app.engine.bundle.specs import ParallelGateway


@dataclass(frozen=True, slots=True)
class Entry:
    """A task a case can begin at, and the name of the spec to begin with."""

    node: str
    name: str
    name_en: str
    begin: str


Spec = Any  # SpiffWorkflow's task; the library carries no types
Place = tuple[str, str]  # a process or sub-process of the bundle, and a task in it


@lru_cache(maxsize=1000)
def always_before(compiled: Compiled, earlier: str, later: str) -> bool:
    """Whether every way from the start to the later node passes the earlier one."""
    begin = (compiled.spec.name, compiled.spec.start.name)
    return later not in _met(compiled, [begin], without=earlier)


@lru_cache(maxsize=1000)
def leads_back(compiled: Compiled, node: str, to: str) -> bool:
    """Whether the diagram draws a way from a node to an earlier one that asks nobody between."""
    specs = _specs(compiled)
    begins = [
        place
        for (name, spec) in specs.items()
        for each in spec.task_specs.values()
        if each.bpmn_id == node
        for place in _after(specs, (name, each.name))
    ]
    return to in _met(compiled, begins, asking_nobody=True)


@lru_cache(maxsize=1000)
def entries(compiled: Compiled) -> tuple[Entry, ...]:
    """The tasks a case can begin at with nothing else going on, in the order they are written.

    Those of the process itself (not of its sub-processes), done once, from which every parallel
    join ahead gets all its branches: a join that waits for a branch nobody is on waits for ever.
    """
    specs = compiled.spec.task_specs
    repeated = {getattr(spec, "task_spec", None) for spec in specs.values()}
    tasks = [spec for spec in specs.values() if spec.manual and not hasattr(spec, "task_spec")]
    found = (_entry(spec) for spec in tasks if spec.inputs and spec.name not in repeated)
    return tuple(each for each in found if not _left_open(specs, each.begin))


def _entry(spec: Spec) -> Entry:
    """Where the task begins: with the events attached to it, if there are any."""
    first = spec.inputs[0]
    begin = first.name if isinstance(first, BoundaryEventSplit) else spec.name
    name_en = dict(spec.extensions).get("nameEn", "")
    return Entry(spec.bpmn_id, spec.bpmn_name or spec.bpmn_id, name_en, begin)


def _left_open(specs: Mapping[str, Spec], begin: str) -> bool:
    """Whether a parallel join ahead would never get one of its branches."""
    for name in _ahead(specs, begin):
        if isinstance(specs[name], ParallelGateway):
            branches = {each.name for each in specs[name].inputs}
            if not branches <= _ahead(specs, begin, without=name):
                return True
    return False


def _ahead(specs: Mapping[str, Spec], begin: str, without: str = "") -> set[str]:
    """The names of all one comes to from there, itself included, never past one of them."""
    seen: set[str] = set()
    todo = [begin]
    while todo:
        name = todo.pop()
        if name not in seen and name != without:
            seen.add(name)
            todo += [each.name for each in specs[name].outputs]
    return seen


def _met(
    compiled: Compiled, begins: list[Place], *, without: str = "", asking_nobody: bool = False
) -> set[str]:
    """The nodes one comes to from there: not past one of them, or not past anybody's task."""
    specs = _specs(compiled)
    seen: set[Place] = set()
    nodes: set[str] = set()
    todo = list(begins)
    while todo:
        place = todo.pop()
        spec = specs[place[0]].task_specs[place[1]]
        if place in seen or (without and spec.bpmn_id == without):
            continue
        seen.add(place)
        nodes.add(spec.bpmn_id or "")
        if not (asking_nobody and spec.manual):
            todo += _after(specs, place)
    return nodes


def _specs(compiled: Compiled) -> Mapping[str, Any]:
    return {compiled.spec.name: compiled.spec, **compiled.subprocesses}


def _after(specs: Mapping[str, Any], place: Place) -> Iterator[Place]:
    """Where a case may be next: inside a sub-process, in an instance, past an end, or just on."""
    name, spec = place[0], specs[place[0]].task_specs[place[1]]
    inside = specs.get(getattr(spec, "spec", ""))
    if inside is not None:
        yield inside.name, inside.start.name
    instance = getattr(spec, "task_spec", None)
    if isinstance(instance, str):
        yield name, instance
    if spec.name == "End":
        for outer_name, outer in specs.items():
            for around in outer.task_specs.values():
                if getattr(around, "spec", "") == name:
                    yield from _past(specs, (outer_name, around.name))
    elif inside is None:
        yield from _past(specs, place)


def _past(specs: Mapping[str, Any], place: Place) -> Iterator[Place]:
    """The tasks after this one; after an instance of a repeated task, what follows them all."""
    name, spec = place[0], specs[place[0]].task_specs[place[1]]
    for after in spec.outputs:
        yield name, after.name
    for repeated in specs[name].task_specs.values():
        if getattr(repeated, "task_spec", None) == spec.name:
            yield from _past(specs, (name, repeated.name))
