"""S3: what the gate lets through holds nobody up: an act ends in time, or is refused and undone."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from app import engine
from app.engine import EngineError, limits
from app.engine.case import state
from tests.engine.corpus.heavy import DRAWN
from tests.engine.diagrams import Diagram

NOW = dt.datetime(2028, 1, 1, tzinfo=dt.timezone.utc)
FIFTY = (
    '<multiInstanceLoopCharacteristics isSequential="false"><loopCardinality>50'
    "</loopCardinality></multiInstanceLoopCharacteristics>"
)


def greedy() -> Diagram:
    """Fifty sub-processes, each with a dozen gateways before its first person."""
    inside = Diagram().start("b2")
    for number in range(12):
        inside.xor(f"g{number}")
    return Diagram("main").start().user("a").sub("s", inside.user("w").end("e2"), times=50).end()


def asking() -> Diagram:
    """A gateway with hundreds of conditions that look through long lists."""
    diagram = Diagram("main").start().user("a").xor("g").end()
    for _ in range(990):
        diagram.at("g", when=" or ".join(["b in l"] * 20)).to("done")
    return diagram


def wide() -> Diagram:
    diagram = Diagram("main").start().user("a").both("s").user("u").both("j").end()
    for number in range(240):
        diagram.at("s").user(f"u{number}").to("j")
    return diagram


def multiplying() -> list[bytes]:
    """Processes that call the next one fifty times over: each file alone is sound."""
    files = [Diagram("p3").start().user("u").end().xml]
    for number in (2, 1, 0):
        called = f"p{number + 1}"
        diagram = Diagram("main" if number == 0 else f"p{number}").start()
        diagram.node("callActivity", f"c{number}", FIFTY, calledElement=called)
        files.append(diagram.end().xml)
    return files


LONG = {"l": ["x" * 1_900] * 200, "b": "x" * 1_899 + "y"}
GREEDY: dict[str, tuple[list[bytes], dict]] = {
    "automatic steps": ([greedy().xml], {}),
    "conditions": ([asking().xml], LONG),
    "branches": ([wide().xml], {f"f{number}": "x" * 1_900 for number in range(190)}),
    "calls": (multiplying(), {}),
    **{name: ([DRAWN[name].xml], {"a": True}) for name in ("choices", "mesh", "nested")},
}


def ridden(files: list[bytes], facts: dict, acts: int) -> tuple[float, str]:
    """The longest act of a case, and what stopped it."""
    compiled = engine.compile_bundle(files, "main")
    longest, began, now = 0.0, time.thread_time(), NOW
    try:
        outcome = engine.start(compiled, facts, now=now)
        for _ in range(acts):
            longest = max(longest, time.thread_time() - began)
            began = time.thread_time()
            steps = engine.open_steps(compiled, outcome.state)
            if not steps:
                break
            outcome = engine.complete(compiled, outcome.state, steps[-1].id, {}, now=now)
    except EngineError as error:
        return max(longest, time.thread_time() - began), error.code
    return longest, ""


@pytest.mark.only("sqlite")
@pytest.mark.soak("S3")
def test_no_accepted_model_holds_a_worker(figures, size):
    longest, codes = 0.0, {}
    for name, (files, facts) in GREEDY.items():
        for file in files:
            assert all(found.severity != "error" for found in engine.check(file)), name
        seconds, codes[name] = ridden(files, facts, size(5, 60))
        longest = max(longest, seconds)

    figures("greedy models the gate accepts", len(GREEDY), at_least=7)
    figures("of them stopped by a limit", sum(code == "limit" for code in codes.values()))
    figures("longest act", round(longest, 2), unit="s", at_most=5)
    assert codes["automatic steps"] == codes["calls"] == "limit"
    assert set(codes.values()) <= {"", "limit"}


def test_time_runs_inside_a_step_too(monkeypatch):
    compiled = engine.compile_bundle([asking().xml], "main")
    begun = engine.start(compiled, LONG, now=NOW)
    monkeypatch.setattr(limits, "LONGEST_SECONDS", 0.01)
    began = time.thread_time()

    with pytest.raises(EngineError) as refused:
        engine.complete(compiled, begun.state, begun.opened[0].id, {}, now=NOW)

    assert refused.value.code == "limit"
    assert time.thread_time() - began < 0.5


def test_what_was_stopped_changed_nothing_and_others_go_on(monkeypatch, line):
    compiled = engine.compile_bundle([greedy().xml], "main")
    begun = engine.start(compiled, {}, now=NOW)
    for _ in range(2):
        with pytest.raises(EngineError):
            engine.complete(compiled, begun.state, begun.opened[0].id, {}, now=NOW)

    assert [step.node for step in engine.open_steps(compiled, begun.state)] == ["a"]
    other = engine.start(line, {}, now=NOW)
    assert engine.complete(line, other.state, other.opened[0].id, {}, now=NOW).opened


def test_a_case_that_could_not_be_loaded_again_is_not_saved(monkeypatch, line):
    monkeypatch.setattr(state, "LARGEST", 100)

    with pytest.raises(EngineError) as refused:
        engine.start(line, {}, now=NOW)
    assert refused.value.code == "too_large"
