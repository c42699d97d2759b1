"""How the tasks of a process follow each other on paper: what always comes before what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from app.engine.bundle.compiling import Compiled

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
