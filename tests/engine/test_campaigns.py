"""Campaigns: random models all end, random expressions are exact, random text is just refused."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Sequence

import pytest

from app import engine
from app.engine import EngineError, ExpressionError, Severity
from tests.engine.corpus import payloads
from tests.engine.models import BLOCKS, Model
from tests.engine.sums import sentence
from tests.engine.tangles import FACTS, tangle
from tests.engine.test_hostile_expressions import HOSTILE

NOW = dt.datetime(2028, 1, 1, tzinfo=dt.timezone.utc)
MOST_ACTS = 600
LETTERS = (
    "ab甲乙10.()[]{}<>=!+-*/%'\"\\#$@&|^~:;,_ notandifelseinlambda\t\n\u3000\u200b\u202e＝０ａ"
)


def ridden(xml: bytes, facts: Sequence[str], dice: random.Random) -> int:
    """How many acts a case takes to its end: anybody next, any answers, time passing by leaps."""
    compiled = engine.compile_bundle([xml], "main")
    now = NOW
    outcome = engine.start(compiled, _answers(facts, dice), now=now)
    for act in range(MOST_ACTS):
        if outcome.finished:
            return act
        steps = engine.open_steps(compiled, outcome.state)
        if not steps or (outcome.timers and dice.random() < 0.3):
            now += dt.timedelta(hours=dice.choice([1, 2, 30]), seconds=1)
            outcome = engine.refresh(compiled, outcome.state, now=now)
            continue
        now += dt.timedelta(seconds=1)
        step, answers = dice.choice(steps).id, _answers(facts, dice)
        outcome = engine.complete(compiled, outcome.state, step, answers, now=now)
    raise AssertionError(f"not finished after {MOST_ACTS} acts")


def _answers(facts: Sequence[str], dice: random.Random) -> dict[str, bool]:
    return {name: dice.random() < 0.4 for name in facts}


def made_up(dice: random.Random) -> tuple[str, bytes, Sequence[str]]:
    """A model built of blocks, or a tangle."""
    if dice.random() < 0.2:
        model = Model(dice.randrange, BLOCKS)
        return "blocks", model.xml, model.facts
    return "tangle", tangle(dice), FACTS


@pytest.mark.only("sqlite")
@pytest.mark.soak("R15", minutes=20)
def test_whatever_the_gate_accepts_runs_to_its_end(figures, chance, size):
    wanted = size(200, 2_500)
    accepted: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    acts, broken = 0, []
    while accepted.total() < wanted:
        kind, xml, facts = made_up(chance)
        found = engine.check(xml)
        errors = {f.code for f in found if f.severity is Severity.ERROR}
        # Nobody in a tangle changes the facts that a circle of timers waits for.
        errors |= {f.code for f in found if f.code == "polling"}
        if errors:
            refused.update([kind, *errors])
            continue
        accepted[kind] += 1
        try:
            acts += ridden(xml, facts, chance)
        except Exception as error:  # noqa: BLE001 - each is a finding of the campaign
            broken.append((kind, repr(error), xml.decode()))

    print("refused:", dict(refused.most_common()))
    figures("models accepted", accepted.total(), at_least=wanted)
    figures("of them built of blocks", accepted["blocks"], at_least=wanted // 4)
    figures("of them tangles", accepted["tangle"], at_least=wanted // 10)
    figures("models refused", refused["tangle"] + refused["blocks"])
    figures("blocks refused, though sound", refused["blocks"], exactly=0)
    figures("acts, each saved and loaded", acts)
    figures("cases that did not end or broke", len(broken), exactly=0)
    assert broken == []


@pytest.mark.only("sqlite")
@pytest.mark.soak("R15")
def test_random_expressions_agree_with_exact_arithmetic(figures, chance, size):
    wrong, values = [], 0
    count = size(5_000, 20_000)
    for _ in range(count):
        text, names, worth = sentence(chance)
        try:
            found = engine.evaluate(text, names)
        except ExpressionError:
            found = None
        values += found is not None
        if found is not worth:
            wrong.append((text, names, found, worth))

    figures("random expressions", count)
    figures("of them with a value", values, at_least=count // 2)
    figures("that disagree with exact arithmetic", len(wrong), exactly=0)
    assert wrong == []


def rubbish(dice: random.Random) -> str:
    """Letters at random, or something hostile with a few letters changed."""
    if dice.random() < 0.4:
        return "".join(dice.choices(LETTERS, k=dice.randrange(60)))
    text = list(dice.choice(HOSTILE + payloads.ESCAPES))
    for _ in range(1 + dice.randrange(4)):
        place = dice.randrange(len(text) + 1)
        text[place : place + dice.randrange(3)] = dice.choices(LETTERS, k=dice.randrange(3))
    return "".join(text)


@pytest.mark.only("sqlite")
@pytest.mark.soak("S1")
@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
def test_hostile_strings_raise_nothing_but_our_own_error(figures, chance, size):
    count, refused, foreign = size(3_000, 30_000), 0, []
    for _ in range(count):
        text = rubbish(chance)
        try:
            engine.evaluate(text, {"a": 1, "text": "甲", "list": ["high"], "甲": True})
        except EngineError:
            refused += 1
        except Exception as error:  # noqa: BLE001 - each is a finding of the campaign
            foreign.append((text, repr(error)))

    figures("hostile strings", count)
    figures("of them refused", refused, at_least=count // 2)
    figures("that raised anything else", len(foreign), exactly=0)
    assert foreign == []
