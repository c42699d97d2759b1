"""Beginning a case at one of its tasks: from each that is offered it comes to its end."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import engine
from app.engine.case import ways
from tests import going_back
from tests.engine.models import BLOCKS, TABLE, Model

NOW = dt.datetime(2028, 1, 1, tzinfo=dt.timezone.utc)
MOST_ACTS = 80
COUNTS = {"entries": 0, "finished": 0}


def compiled(shape: going_back.Shape) -> engine.Compiled:
    """The process of one of the small shapes."""
    return engine.compile_bundle([shape.diagram.xml], shape.kind)


@pytest.mark.parametrize(
    ("shape", "nodes"),
    [
        (going_back.line(), ["a", "b", "c"]),
        (going_back.fork(), ["a", "d"]),
        (going_back.nested(), ["a", "z"]),
        (going_back.loop(), ["a", "draft", "check", "issue", "file"]),
    ],
    ids=lambda each: getattr(each, "kind", ""),
)
def test_a_task_in_a_branch_is_no_place_to_begin(shape, nodes):
    assert [each.node for each in engine.entries(compiled(shape))] == nodes


def test_anywhere_else_it_is_refused():
    with pytest.raises(engine.EngineError) as refused:
        engine.begin_at(compiled(going_back.fork()), "b", {}, now=NOW)

    assert refused.value.code == "no_entry"


def test_a_timer_attached_to_the_task_runs():
    process = compiled(going_back.timed())

    outcome = engine.begin_at(process, "a", {}, now=NOW)
    (step,) = outcome.opened
    outcome = engine.complete(process, outcome.state, step.id, {}, now=NOW)

    assert [timer.node for timer in outcome.timers] == ["waited"]


def test_facts_are_known_from_the_beginning():
    process = compiled(going_back.choice())

    outcome = engine.begin_at(process, "b", {"decision": "return"}, now=NOW)

    assert engine.facts_ahead(process, outcome.state) == {"decision": "return"}


def ride(seed: int) -> None:
    """From every entry of a random diagram a case goes on until it ends."""
    chance = random.Random(seed)
    model = Model(chance.randrange, BLOCKS)
    process = engine.compile_bundle((model.xml, TABLE), "main")
    facts = {name: chance.random() < 0.5 for name in model.facts}
    for entry in engine.entries(process):
        now, outcome = NOW, engine.begin_at(process, entry.node, facts, now=NOW)
        assert [step.node for step in outcome.opened] == [entry.node]
        COUNTS["entries"] += 1
        for _act in range(MOST_ACTS):
            now += dt.timedelta(hours=2)
            steps = engine.open_steps(process, outcome.state)
            if not steps and not outcome.timers:
                break
            said = {name: chance.random() < 0.5 for name in model.facts}
            outcome = (
                engine.complete(process, outcome.state, chance.choice(steps).id, said, now=now)
                if steps
                else engine.refresh(process, outcome.state, now=now)
            )
        else:
            continue  # a loop that was never left
        assert outcome.finished, f"{entry.node} led nowhere"
        COUNTS["finished"] += 1


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_from_every_entry_of_a_random_diagram_it_ends(seed):
    ride(seed)


def test_most_of_them_end_indeed():
    for seed in range(20):
        ride(seed)

    assert COUNTS["finished"] > COUNTS["entries"] * 0.9 > 20


def test_without_looking_at_the_joins_some_would_wait_for_ever(monkeypatch):
    monkeypatch.setattr(ways, "_left_open", lambda *_args: False)
    monkeypatch.setattr(ways, "entries", ways.entries.__wrapped__)
    process = compiled(going_back.fork())
    outcome = engine.begin_at(process, "b", {}, now=NOW)

    with pytest.raises(engine.EngineError) as stuck:
        engine.complete(process, outcome.state, outcome.opened[0].id, {}, now=NOW)

    assert stuck.value.code == "stuck"
