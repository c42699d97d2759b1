"""Every way through every shipped process, walked on the engine: each leads on, and to an end."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

import pytest

from app import engine, forms
from tests.drawn import FILES, KEYS, found, tasks
from tests.test_diagrams import GIVEN

NOW = datetime(2026, 7, 6, 1, tzinfo=timezone.utc)
SOURCES = [file.read_bytes() for file in FILES]
Standing = frozenset[tuple[str, frozenset[tuple[str, Any]]]]
FINISHED: Standing = frozenset()


@dataclass
class Ways:
    """Where a process can stand, where it goes from there, and which tasks were met."""

    leads: dict[Standing, set[Standing]] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)


def answers(step: engine.Step) -> Iterator[dict[str, Any]]:
    """Every combination of the facts the step's form can give."""
    asked = [f for f in forms.load(step.extensions["form"]).fields if f.fact]
    offered = [[(f.name, option.value) for option in f.options] for f in asked]
    return (dict(chosen) for chosen in itertools.product(*offered))


def standing(compiled: engine.Compiled, state: bytes) -> Standing:
    """The open steps, each with the facts it sees: all that decides what can happen next."""
    return frozenset(
        (step.node, frozenset(engine.facts_of(compiled, state, step.id).items()))
        for step in engine.open_steps(compiled, state)
    )


def walked(key: str, given: dict[str, bool]) -> Ways:
    """All standings reachable under these given facts."""
    compiled = engine.compile_bundle(SOURCES, key)
    first = engine.start(compiled, given, now=NOW)
    ways, ahead = Ways(), [first.state]
    while ahead:
        state = ahead.pop()
        here = standing(compiled, state)
        if here in ways.leads:
            continue
        ways.leads[here] = set()
        for step in engine.open_steps(compiled, state):
            for facts in answers(step):
                after = engine.complete(compiled, state, step.id, facts, now=NOW)
                ways.passed.update(after.passed)
                there = standing(compiled, after.state)
                assert after.finished == (there == FINISHED), (step.node, facts)
                ways.leads[here].add(there)
                ahead.append(after.state)
    return ways


def settings(key: str) -> list[dict[str, bool]]:
    names = sorted(GIVEN.get(key, ()))
    return [
        dict(zip(names, values, strict=True))
        for values in itertools.product((False, True), repeat=len(names))
    ]


def ends_from(leads: dict[Standing, set[Standing]]) -> set[Standing]:
    """The standings from which the process can still come to an end."""
    good = {FINISHED}
    while more := {s for s, following in leads.items() if following & good} - good:
        good |= more
    return good


CASES = [(key, given) for key in KEYS for given in settings(key)]


@pytest.mark.parametrize(("key", "given"), CASES, ids=str)
def test_from_wherever_it_stands_a_process_can_end(key, given):
    leads = walked(key, given).leads

    assert FINISHED in leads
    assert ends_from(leads) == set(leads)


@pytest.mark.parametrize("key", KEYS)
def test_every_task_and_every_end_is_reached(key):
    passed = set().union(*(walked(key, given).passed for given in settings(key)))
    ends = {end.get("id") for end in found(key, ".//bpmn:endEvent")}

    assert passed >= {task.get("id") for task in tasks(key)} | ends


def test_handing_an_item_back_for_good_closes_what_the_co_handlers_have_open():
    compiled = engine.compile_bundle(SOURCES, "supervision_item")
    state = engine.start(compiled, {"has_co": True}, now=NOW).state
    for node, decision in (
        ("register", None),
        ("approve_dispatch", "approve"),
        ("sign_for", "refuse"),
        ("handle_refusal", "withdraw"),
    ):
        step = next(s for s in engine.open_steps(compiled, state) if s.node == node)
        after = engine.complete(compiled, state, step.id, {"decision": decision}, now=NOW)
        state = after.state

    assert after.finished
    assert len(after.closed) == 1


def test_an_item_waits_for_all_its_handlers():
    compiled = engine.compile_bundle(SOURCES, "supervision_item")
    state = engine.start(compiled, {"has_co": True}, now=NOW).state
    opened = []
    for node in ("register", "approve_dispatch", "sign_for", "appoint_handler", "co_sign_for"):
        step = next(s for s in engine.open_steps(compiled, state) if s.node == node)
        facts = {"decision": {"approve_dispatch": "approve", "sign_for": "sign"}.get(node)}
        state = engine.complete(compiled, state, step.id, facts, now=NOW).state
        opened.append(sorted(s.node for s in engine.open_steps(compiled, state)))

    assert opened == [
        ["approve_dispatch"],
        ["co_sign_for", "sign_for"],
        ["appoint_handler", "co_sign_for"],
        ["co_sign_for"],
        ["co_opinion"],
    ]
