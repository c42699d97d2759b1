"""Random lives of small cases: done, taken back, sent back; and what must hold after each act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from app import clock, engine
from app.advance import reference
from app.commands import undoing
from app.commands.completion import complete_task
from app.db import dialect, session
from app.errors import Invalid, NotAllowed, Stale
from app.queries.standing import standing
from tests import going_back, stories
from tests.people import County

WHY = "请补充后重新办理"
REFUSED = (Invalid, NotAllowed, Stale)
COUNTS: Counter[str] = Counter()
ACTS = ("complete", "complete", "complete", "withdraw", "withdraw", "send_back")
pick = st.integers(0, 10**6)


Counted = tuple[int, str, Mapping[str, Any]]
"""An act that counts: its task, the node, and the facts it brought."""


@dataclass(frozen=True)
class Return:
    """A return that goes straight back: from which task, what came between, what stood open."""

    from_task: tuple[int, str]
    between: tuple[Counted, ...]
    stood: Mapping[int, str]


class Life(RuleBasedStateMachine):
    """One case: what counts of what was done in it is also kept here, and run from the start."""

    county: County
    lived: list[int]
    shapes = going_back.SHAPES

    @initialize(which=pick)
    def begin(self, which: int) -> None:
        """Open a case."""
        COUNTS["cases"] += 1
        self.shape = self.shapes[which % len(self.shapes)]()
        self.case = going_back.opened(self.county, self.shape.kind)
        self.lived.append(self.case)
        self.counting: list[Counted] = []
        self.returns: dict[int, Return] = {}
        self.due = going_back.clocks(self.case)

    @precondition(lambda self: not self.running())
    @rule(which=pick)
    def another(self, which: int) -> None:
        """The case is closed: the next one."""
        self.begin(which)

    def running(self) -> bool:
        """Whether there is anything left to do."""
        return stories.case(self.case).status == "open"

    @precondition(running)
    @rule(what=st.sampled_from(ACTS), which=pick, other=pick)
    def act(self, what: str, which: int, other: int) -> None:
        """Somebody does something; one rule, so that cases go on more often than back."""
        getattr(self, f"_{what}")(which, other)

    def _complete(self, which: int, other: int) -> None:
        """Somebody does a task."""
        good = other % 2 == 0
        ticket, part = self._one(going_back.parts(self.case, "active"), which)
        answers = going_back.answers_to(ticket.form, good=good)
        done = complete_task(part.id, answers, actor=going_back.doer(self.county, part))
        COUNTS["completed"] += 1
        if done["decided"]:
            facts = {"decision": answers["decision"]} if "decision" in answers else {}
            self.counting.append((ticket.id, ticket.node, facts))
            self._go_straight(ticket.id)

    def _go_straight(self, ticket: int) -> None:
        """After a task sent back so, all that came between counts, if it leads there again."""
        back = self.returns.get(ticket)
        if back is None:
            return
        ahead = self._run([*self.counting, *back.between])
        task, node = back.from_task
        if ahead is None or node not in ahead:
            COUNTS["led elsewhere"] += 1
            return
        COUNTS["went straight back"] += 1
        self.counting += back.between
        assert going_back.waiting(self.case).get(node) == task, "not the same task again"
        assert {each for each, _node, _facts in back.between} <= going_back.done(self.case)
        assert back.stood.items() <= self._stand().items(), "open work does not stand as it did"

    def _withdraw(self, which: int, _other: int) -> None:
        """Somebody who did something lately takes back what they did last."""
        done = going_back.parts(self.case, "done")[-4:]
        if not done:
            return
        actor = going_back.doer(self.county, self._one(done, which)[1])
        before, waiting = going_back.done(self.case), going_back.waiting(self.case)
        try:
            answer = undoing.withdraw(self.case, {}, actor=actor)
        except REFUSED as refusal:
            COUNTS[f"withdrawal refused: {type(refusal).__name__}"] += 1
            return
        COUNTS["withdrawn"] += 1
        gone = before - going_back.done(self.case)
        own = {id_ for id_, node, _facts in self.counting if node == answer["task"] and id_ in gone}
        assert len(own) == bool(gone), "another submission than one's own was taken back"
        along = {
            id_ for each in own & self.returns.keys() for id_, *_ in self.returns[each].between
        }
        assert gone <= own | along, "more than one's own submission was taken back"
        self._forget(gone, waiting)

    def _send_back(self, which: int, where: int) -> None:
        """Somebody sends the case back from their task."""
        ticket, part = self._one(going_back.parts(self.case, "active"), which)
        actor = going_back.doer(self.county, part)
        before, waiting = going_back.done(self.case), going_back.waiting(self.case)
        ways = [way for way in standing(actor, self.case).back_to if way.startswith(f"{part.id}:")]
        task = ways[where % len(ways)] if ways else "previous"
        follow = ("stepwise", "straight")[where // 7 % 2]
        said = {"task": task, "follow": follow, "reason": WHY}
        stood = self._stand()
        try:
            node = undoing.send_back(self.case, said, actor=actor)["task"]
        except REFUSED as refusal:
            COUNTS[f"return refused: {type(refusal).__name__}"] += 1
            return
        COUNTS["returned"] += 1
        gone = before - going_back.done(self.case)
        assert gone
        for id_, each, _facts in self.counting:
            beside = frozenset((each, ticket.node)) in self.shape.beside
            assert not (id_ in gone and beside), f"{each} was another branch's"
        target = going_back.waiting(self.case)[node]
        self.returns.pop(target, None)
        if follow == "straight":
            COUNTS["to go straight back"] += 1
            between = [act for act in self.counting if act[0] in gone - {target}]
            left = stood.items() - self._stand().items()
            self.returns[target] = Return((ticket.id, ticket.node), tuple(between), dict(left))
        self._forget(gone, waiting)

    def _stand(self) -> dict[int, str]:
        """Every open part of a task, and whether its turn has come."""
        return {a.id: a.state for _t, a in going_back.parts(self.case, "active", "waiting")}

    def _run(self, acts: Sequence[Counted]) -> Counter[str] | None:
        """What a fresh case has open after just these acts; none where one has nothing to do."""
        case = stories.case(self.case)
        process = reference.compiled(case.bundle)
        fresh = engine.start(process, case.facts, now=clock.now())
        for _ticket, node, facts in acts:
            steps = (each for each in engine.open_steps(process, fresh.state) if each.node == node)
            step = next(steps, None)
            if step is None:
                return None
            fresh = engine.complete(process, fresh.state, step.id, facts, now=clock.now())
        return Counter(step.node for step in engine.open_steps(process, fresh.state))

    def _one(self, found: list[Any], which: int) -> Any:
        return found[which % len(found)]

    def _forget(self, gone: set[int], before: Mapping[str, int]) -> None:
        """What was taken back counts no longer; what waited before and after is the same task."""
        self.counting = [act for act in self.counting if act[0] not in gone]
        now = going_back.waiting(self.case)
        moved = [node for node in before.keys() & now.keys() if before[node] != now[node]]
        assert moved == [], "a task that stayed open is another one now"

    @invariant()
    def sound(self) -> None:
        """Engine, tickets and assignments agree, and no date has moved back."""
        if not hasattr(self, "case"):
            return
        going_back.require_sound(self.case)
        due = going_back.clocks(self.case)
        assert all(due[id_] >= self.due[id_] for id_ in self.due), "a due date moved back"
        self.due = due

    @invariant()
    def the_same_as_if_only_what_counts_had_been_done(self) -> None:
        """What is open is what a fresh case has open after just these acts, in this order."""
        if not hasattr(self, "case"):
            return
        assert self._run(self.counting) == going_back.open_nodes(self.case)


def live(county: County, examples: int, steps: int, **more: Any) -> None:
    """Let so many cases live; what is found is not made smaller, each case being dear.

    In the end the journal vouches for every state of every case.
    """
    COUNTS.clear()
    lived: list[int] = []
    run_state_machine_as_test(
        type("LifeHere", (Life,), {"county": county, "lived": lived, **more}),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=(Phase.generate,),
        ),
    )
    going_back.require_vouched(*lived)


@pytest.fixture
def county(county: County) -> County:
    """The same, in one transaction that may stand idle."""
    if dialect() == "postgresql":
        session().execute(text("SET idle_in_transaction_session_timeout = 0"))
    return county


def test_whatever_is_taken_back_the_rest_stands(county):
    live(county, examples=10, steps=20)

    print(dict(COUNTS))
    assert COUNTS["withdrawn"] + COUNTS["returned"] > 3


@pytest.mark.soak("R13", only=True, minutes=45)
def test_whatever_is_taken_back_the_rest_stands_many_times_over(county, figures):
    live(county, examples=150, steps=30)

    for what, count in sorted(COUNTS.items()):
        figures(f"cases that go back: {what}", count)
