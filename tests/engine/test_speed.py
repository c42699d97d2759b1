"""An act costs what is open, not what was: measured in processor time, with room for a busy day."""

from __future__ import annotations

import statistics
import sys
import time

from app import engine
from tests.engine.diagrams import Diagram


def county() -> Diagram:
    """A process of more than 34 nodes: gateways, timers, a sub-process, a repeated task."""
    inside = Diagram().start("b2").user("i1").xor("ix").user("i2").end("e2")
    inside.at("ix", when="again").to("i1")
    diagram = (
        Diagram().start().user("a").xor("x1").user("b").both("s").user("c").user("d").both("j")
    )
    diagram.at("s").sub("part", inside).to("j").at("s").user("m", times=3).to("j")
    diagram.at("j").user("e").xor("x2").user("f").xor("o").user("g").xor("oj").at(
        "o", when="needs_h"
    )
    diagram.user("h").to("oj").at("oj").user("k").xor("x3").user("l").end()
    diagram.at("x1", when="again").to("a").at("x2", when="again").to("b")
    diagram.at("x3", when="again").to("e")
    for node in ("c", "d", "e", "k"):
        diagram.boundary(node, f"t_{node}", after="P10D", interrupts=False)
        diagram.user(f"late_{node}").end(f"end_{node}")
    return diagram


def test_an_act_takes_less_than_two_milliseconds(now):
    assert len(engine.describe(county().xml).nodes) >= 34
    assert {finding.code for finding in engine.check(county().xml)} == {"twice"}
    process = engine.compile_bundle([county().xml], "case")
    costs, sizes = [], []
    for _ in range(15):
        outcome = engine.start(process, {"again": False, "needs_h": True}, now=now)
        while not outcome.finished:
            step = engine.open_steps(process, outcome.state)[0]
            began = time.process_time()
            outcome = engine.complete(process, outcome.state, step.id, {"seen": True}, now=now)
            costs.append(time.process_time() - began)
            sizes.append(len(outcome.state))

    # A coverage tracer at work makes our own lines several times dearer.
    assert statistics.median(costs) < (0.002 if sys.gettrace() is None else 0.02)
    assert max(sizes) < 3000


def test_the_last_of_a_thousand_rounds_costs_no_more_than_the_first(review, now):
    outcome = engine.start(review, {}, now=now)
    costs = []
    for _ in range(1000):
        for _node in ("draft", "check"):
            began = time.process_time()
            step = outcome.opened[0].id
            outcome = engine.complete(review, outcome.state, step, {"again": True}, now=now)
            costs.append(time.process_time() - began)

    assert statistics.median(costs[-200:]) < 2 * statistics.median(costs[:200])
