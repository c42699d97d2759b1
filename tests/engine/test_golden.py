"""Golden histories (R11): cases saved by earlier code load, show the same and run on to the end."""

from __future__ import annotations

import base64
import datetime as dt
import json

import pytest

from app import engine
from app.engine import EngineError
from app.engine.case.packing import unpacked
from app.engine.case.state import HEADER
from app.engine.gate import constructs
from app.engine.reading import bpmn, kind, parse
from tests.engine.golden.record import CASES, HERE

RECORDED = {each["name"]: each for each in map(json.loads, CASES.read_text().splitlines())}
CAUSES = {
    "timerEventDefinition",
    "terminateEventDefinition",
    "errorEventDefinition",
    "escalationEventDefinition",
}
every_case = pytest.mark.parametrize("name", RECORDED)


def brought_back(case: dict) -> tuple[engine.Compiled, bytes]:
    files = [(HERE / name).read_bytes() for name in case["files"]]
    compiled = engine.compile_bundle(files, case["process"])
    return compiled, base64.b64decode(case["state"])


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def played(case: dict):
    """The outcomes of the recorded acts, one after the other."""
    compiled, state = brought_back(case)
    for act in case["acts"]:
        now = moment(act["at"])
        if "node" in act:
            open_now = engine.open_steps(compiled, state)
            step = [each.id for each in open_now if each.node == act["node"]][act["nth"]]
            outcome = engine.complete(compiled, state, step, unpacked(act["facts"]), now=now)
        else:
            outcome = engine.refresh(compiled, state, now=now)
        state = outcome.state
        yield act, outcome, engine.open_steps(compiled, state)


@pytest.mark.only("sqlite")
@pytest.mark.soak("R11")
def test_all_of_them_come_back(figures):
    acts = sum(1 for case in RECORDED.values() for _act in played(case))

    figures("recorded cases", len(RECORDED), at_least=50)
    figures("acts done again", acts)
    figures(
        "formats among them", len({base64.b64decode(c["state"])[:17] for c in RECORDED.values()})
    )


@every_case
def test_it_shows_the_same_open_tasks_facts_and_timers(name):
    case = RECORDED[name]
    compiled, state = brought_back(case)

    steps = engine.open_steps(compiled, state)
    assert [[step.id, step.node] for step in steps] == [each[:2] for each in case["open"]]
    for id_, _node, facts in case["open"]:
        assert engine.facts_of(compiled, state, id_) == unpacked(facts)
    timers = engine.refresh(compiled, state, now=moment(case["at"])).timers
    assert sorted([each.node, each.due_at.isoformat()] for each in timers) == case["timers"]


@every_case
def test_it_runs_on_to_its_end_as_it_did(name):
    case = RECORDED[name]
    finished = False
    for act, outcome, steps in played(case):
        assert sorted(step.node for step in steps) == act["then"]
        assert not finished
        finished = outcome.finished

    assert finished


@every_case
def test_another_version_of_it_is_refused_and_never_changed_over(name):
    compiled, state = brought_back(RECORDED[name])
    assert state.startswith(HEADER)
    for other in (b"WVES 0 spiff-1.5\n", b"WVES 1 spiff-1.4\n", b"WVES 2 spiff-1.5\n", b""):
        with pytest.raises(EngineError) as refused:
            engine.open_steps(compiled, other + state[len(HEADER) :])
        assert refused.value.code == "state_format"


def test_together_they_use_every_construct():
    used: set[str] = set()
    for case in RECORDED.values():
        elements = {
            element.get("id"): element
            for name in case["files"]
            for element in parse((HERE / name).read_bytes()).iter()
        }
        met = {node for _id, node, _facts in case["open"]}
        met |= {node for _act, outcome, _steps in played(case) for node in outcome.passed}
        for node in met:
            used |= _constructs(elements[node])

    wanted = constructs.NODES | CAUSES | {"in parallel", "in sequence", "interrupts", "reminds"}
    assert wanted <= used, wanted - used


def _constructs(element) -> set[str]:
    found = {kind(element), *(kind(child) for child in element)}
    for loop in element.iter(bpmn("multiInstanceLoopCharacteristics")):
        found.add("in sequence" if loop.get("isSequential") == "true" else "in parallel")
    if kind(element) == "boundaryEvent" and element.find(bpmn("timerEventDefinition")) is not None:
        found.add("interrupts" if element.get("cancelActivity") == "true" else "reminds")
    return found
