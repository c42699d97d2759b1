"""What one act costs in the engine: load, step, save; also for the bench."""

from __future__ import annotations

import datetime as dt
import time

from app import engine
from tests.engine.diagrams import Diagram

NOW = dt.datetime(2028, 1, 1, tzinfo=dt.timezone.utc)


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


def shares(rounds: int = 0, cases: int = 15) -> tuple[list[float], int]:
    """Processor seconds of every act of so many cases, each after so many rounds of rework.

    The rework goes through the whole middle: a parallel split, a sub-process, a repeated task.
    Also gives the size of the largest state.
    """
    process = engine.compile_bundle([county().xml], "case")
    costs: list[float] = []
    largest = 0
    for _case in range(cases):
        outcome = engine.start(process, {"again": False, "needs_h": True}, now=NOW)
        left = rounds
        while not outcome.finished:
            step = engine.open_steps(process, outcome.state)[0]
            back = left > 0 and step.node == "e"
            left -= back
            facts = {"seen": True, "again": back}
            began = time.thread_time()
            outcome = engine.complete(process, outcome.state, step.id, facts, now=NOW)
            spent = time.thread_time() - began
            if not left and not back:
                costs.append(spent)
            largest = max(largest, len(outcome.state))
    return costs, largest
