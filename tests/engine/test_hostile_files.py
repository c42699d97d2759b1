"""Whatever the file: the gate answers, quickly, and running it raises only our own error."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app import engine
from app.engine import EngineError, Finding
from tests.engine.decisions import table
from tests.engine.diagrams import HEAD, Diagram
from tests.engine.models import Model

NOW = dt.datetime(2028, 1, 1, tzinfo=dt.timezone.utc)
LEVELS = [(["< 70"], ["'high'"]), ([">= 70", "-"], ["'low'"])]
TEXTS = ["", " ", "x", "1", "PT1H", "R/PT0S", "a.b", "\u202e", "＝", "__import__('os')", "9" * 99]
KINDS = ["task", "scriptTask", "subProcess", "endEvent", "parallelGateway", "process", "unheardOf"]


def mutilated(xml: bytes, seed: int) -> bytes:
    """The file after a few blows: things dropped, doubled, moved, renamed, emptied."""
    dice = random.Random(seed)
    root = etree.fromstring(xml)
    for _ in range(1 + dice.randrange(4)):
        elements = list(root.iter(etree.Element))
        victim, other = dice.choice(elements), dice.choice(elements)
        blow = dice.choice([_drop, _double, _move, _rename, _attribute, _swap, _empty])
        blow(victim, other, dice)
    return etree.tostring(root)


def _drop(victim, _other, _dice):
    if victim.getparent() is not None:
        victim.getparent().remove(victim)


def _double(victim, other, _dice):
    other.append(etree.fromstring(etree.tostring(victim)))


def _move(victim, other, _dice):
    with contextlib.suppress(ValueError):
        other.append(victim)


def _rename(victim, _other, dice):
    victim.tag = etree.QName(victim).text.rpartition("}")[0] + "}" + dice.choice(KINDS)


def _attribute(victim, _other, dice):
    if victim.attrib:
        name = dice.choice(sorted(victim.attrib))
        victim.attrib.pop(name)
        if dice.random() < 0.7:
            with contextlib.suppress(ValueError):
                victim.set(name, dice.choice(TEXTS))


def _swap(victim, other, _dice):
    for name in set(victim.attrib) & set(other.attrib):
        victim.set(name, other.get(name))


def _empty(victim, _other, dice):
    victim.text = dice.choice(["", "x", "a ==", "P1Y"])


def run(xml: bytes) -> None:
    """Start it and complete a few steps; our own error may stop that at any point."""
    with contextlib.suppress(EngineError):
        compiled = engine.compile_bundle([xml, table(["v"], ["o"], LEVELS[:1])], "main")
        outcome = engine.start(compiled, {}, now=NOW)
        for _ in range(5):
            for step in engine.open_steps(compiled, outcome.state)[:1]:
                outcome = engine.complete(compiled, outcome.state, step.id, {}, now=NOW)
            outcome = engine.refresh(compiled, outcome.state, now=NOW)


@settings(max_examples=200)
@given(st.integers(0, 2**32))
def test_a_mutilated_diagram_never_raises_anything_but_our_own(seed):
    model = Model(random.Random(seed).randrange, size=4)
    xml = mutilated(model.xml, seed)

    findings = engine.check(xml, {"note"})
    assert all(isinstance(finding, Finding) and str(finding.message) for finding in findings)
    with contextlib.suppress(EngineError):
        engine.describe(xml)
    run(xml)


@settings(max_examples=100)
@given(st.integers(0, 2**32))
def test_a_mutilated_table_never_raises_anything_but_our_own(seed):
    xml = mutilated(table(["v", "w"], ["o"], LEVELS), seed)

    assert all(isinstance(finding, Finding) for finding in engine.check(xml))
    with contextlib.suppress(EngineError):
        engine.decide(xml, {"v": 1, "w": 2})


@settings(max_examples=100)
@given(st.binary(max_size=200), st.integers(0, 2000))
def test_bytes_in_the_wrong_place_never_raise_anything_but_our_own(rubbish, place):
    xml = Diagram("main").start().user("a").end().xml
    broken = xml[:place] + rubbish + xml[place:]

    assert isinstance(engine.check(broken), list)
    run(broken)


def test_deep_nesting_is_answered_in_a_second():
    inside = "".join(f'<subProcess id="s{n}">' for n in range(240)) + "</subProcess>" * 240
    xml = f'{HEAD}<process id="main"><startEvent id="b"/>{inside}</process></definitions>'.encode()
    began = time.thread_time()

    assert {finding.code for finding in engine.check(xml)} == {"too_deep"}
    assert time.thread_time() - began < 1


def test_nobody_is_held_up_by_what_is_accepted(now):
    """The widest choice of ways the gate lets through is still an act of moments."""
    diagram = Diagram("main").start().user("a")
    for number in range(20):
        diagram.both(f"s{number}").xor(f"g{number}").both(f"j{number}")
        diagram.at(f"s{number}").to(f"j{number}").at(f"j{number}")
    diagram.end()
    assert [finding.code for finding in engine.check(diagram.xml)] == []
    compiled = engine.compile_bundle([diagram.xml], "main")
    begun = engine.start(compiled, {}, now=now)
    began = time.thread_time()

    assert engine.complete(compiled, begun.state, begun.opened[0].id, {}, now=now).finished
    assert time.thread_time() - began < 2
