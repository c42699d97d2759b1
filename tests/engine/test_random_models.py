"""Random diagrams: saving, forgetting and loading at every step changes nothing."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import engine
from app.engine import Severity
from tests.engine.models import BLOCKS, TABLE, Model
from tests.engine.untouched import NeverSaved, StockEngine, in_order

NOW = dt.datetime(2028, 1, 1, tzinfo=dt.timezone.utc)
MOST_ACTS = 60

# The stock engine's parallel join miscounts in loops (see test_defects), so not both at once.
WITHOUT_LOOPS = tuple(block for block in BLOCKS if block != "loop")
TIMED = ("interrupting", "reminding", "wait")
WITHOUT_JOINS = tuple(block for block in BLOCKS if block not in {"parallel", "inclusive", "ends"})


class Ride:
    """One random case, ridden through our engine and beside it through another.

    `acts` keeps what was done, so that it can be done again: the step and its node, the facts,
    the moment and what opened; without a step it is time that passed.
    """

    def __init__(self, seed: int, blocks: tuple[str, ...], other, *, steady: bool) -> None:
        self.random = random.Random(seed)
        self.model = Model(self.random.randrange, blocks)
        files = (self.model.xml, *((TABLE,) if "asks" in blocks else ()))
        self.process = engine.compile_bundle(files, "main")
        self.now = NOW
        # Facts that never change: what the stock engine's joins do to changing ones is its own.
        self.steady = self._facts(1.0) if steady else None
        facts = self._facts(1.0)
        self.outcome = engine.start(self.process, facts, now=self.now)
        self.acts: list[tuple[str, dict[str, bool], dt.datetime, tuple[engine.Step, ...]]] = []
        self.other = other and other(*files, facts=facts, now=self.now)

    def _facts(self, share: float) -> dict[str, bool]:
        if getattr(self, "steady", None) is not None:
            return dict(self.steady)
        names = [name for name in self.model.facts if self.random.random() < share]
        return {name: self.random.random() < 0.4 for name in names}

    def steps(self):
        return engine.open_steps(self.process, self.outcome.state)

    def act(self) -> None:
        """Some person completes a step, or time passes and timers fire."""
        steps = self.steps()
        if not steps or (self.outcome.timers and self.random.random() < 0.3):
            self.now += dt.timedelta(hours=2, seconds=1)
            self.outcome = engine.refresh(self.process, self.outcome.state, now=self.now)
            self.acts.append(("", {}, self.now, self.outcome.opened))
            if self.other:
                self.other.refresh(self.now)
            return
        step = self.random.choice(steps)
        nth = [each.id for each in steps if each.node == step.node].index(step.id)
        facts = self._facts(0.3)
        self.now += dt.timedelta(seconds=1)
        self.outcome = engine.complete(
            self.process, self.outcome.state, step.id, facts, now=self.now
        )
        self.acts.append((step.id, facts, self.now, self.outcome.opened))
        if self.other:
            self.other.complete(step.node, nth, facts, self.now)

    def seen(self):
        return sorted(step.node for step in self.steps()), self.outcome.finished

    def facts(self):
        found = [
            engine.facts_of(self.process, self.outcome.state, step.id) for step in self.steps()
        ]
        return in_order(found)


seeds = st.integers(0, 2**32)


@settings(max_examples=150)
@given(seeds)
def test_nothing_is_different_from_a_case_that_was_never_saved(seed):
    ride = Ride(seed, (*BLOCKS, "asks"), NeverSaved, steady=False)
    for _ in range(MOST_ACTS):
        assert ride.seen() == ride.other.seen()
        assert ride.facts() == ride.other.facts()
        if ride.outcome.finished:
            break
        ride.act()


@pytest.mark.parametrize("blocks", [WITHOUT_LOOPS, WITHOUT_JOINS], ids=["joins", "loops"])
@settings(max_examples=60)
@given(seed=seeds)
def test_nothing_is_different_from_the_engine_as_it_comes(seed, blocks):
    ride = Ride(seed, blocks, StockEngine, steady=True)
    for _ in range(MOST_ACTS):
        assert ride.seen() == ride.other.seen()
        if ride.outcome.finished:
            break
        ride.act()


@settings(max_examples=150)
@given(seed=seeds)
def test_what_the_gate_accepts_runs_to_its_end(seed):
    ride = Ride(seed, BLOCKS, None, steady=False)
    findings = engine.check(ride.model.xml)
    assert [each for each in findings if each.severity is Severity.ERROR] == []

    before = {step.id for step in ride.outcome.opened}
    for _ in range(400):
        if ride.outcome.finished:
            break
        ride.act()
        after = {step.id for step in ride.steps()}
        opened = {step.id for step in ride.outcome.opened}
        gone = before - after
        assert opened == after - before
        assert set(ride.outcome.closed) <= gone
        assert len(gone - set(ride.outcome.closed)) <= 1
        before = after
    else:
        pytest.fail("the case never ended")


@settings(max_examples=60)
@given(seed=seeds)
def test_acts_that_are_run_again_open_the_same_steps_under_the_same_ids(seed):
    ride = Ride(seed, tuple(b for b in BLOCKS if b not in TIMED), None, steady=False)
    begun = ride.outcome
    for _ in range(30):
        if not ride.outcome.finished:
            ride.act()

    again = begun
    for step, facts, moment, opened in ride.acts:
        again = engine.complete(ride.process, again.state, step, facts, now=moment, known=opened)
        assert [(s.id, s.node) for s in again.opened] == [(s.id, s.node) for s in opened]

    assert again.finished == ride.outcome.finished
    assert {s.id for s in engine.open_steps(ride.process, again.state)} == {
        s.id for s in ride.steps()
    }
