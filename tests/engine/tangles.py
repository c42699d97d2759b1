"""Makes up diagrams without a plan: nodes at random, flows at random, nothing meant to be sound."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.engine.diagrams import Diagram

KINDS = ("user", "user", "user", "xor", "xor", "both", "some", "wait")
FACTS = ("甲", "乙", "丙")


def tangle(dice: random.Random) -> bytes:
    """A few nodes; most flows lead on, some lead back, some tasks have a timer on them."""
    diagram = Diagram("main").start()
    count = 2 + dice.randrange(7)
    kinds = [dice.choice(KINDS) for _ in range(count)]
    add: dict[str, Callable[[str], object]] = {
        "user": diagram.user,
        "xor": diagram.xor,
        "both": diagram.both,
        "some": diagram.some,
        "wait": lambda name: diagram.wait(name, after="PT1H"),
    }
    for number, kind in enumerate(kinds):
        add[kind](f"n{number}")
        if kind == "user" and dice.random() < 0.2:
            _reminder(diagram, number, dice)
    diagram.end()
    for number, kind in enumerate(kinds):
        if kind in {"xor", "both", "some"} or dice.random() < 0.03:
            for _ in range(1 + (dice.random() < 0.3)):
                _way(diagram, number, kind, count, dice)
    return diagram.xml


def _reminder(diagram: Diagram, number: int, dice: random.Random) -> None:
    """A timer on a task: it ends there, or leads on to the end."""
    diagram.boundary(f"n{number}", f"t{number}", after="PT2H", interrupts=dice.random() < 0.5)
    diagram.user(f"l{number}").end(f"x{number}").at(f"n{number}")


def _way(diagram: Diagram, number: int, kind: str, count: int, dice: random.Random) -> None:
    """One more flow out of a node, mostly on, sometimes back or past the end."""
    when = dice.choice(FACTS) if kind in {"xor", "some"} else None
    roll = dice.random()
    if roll < 0.25:
        diagram.at(f"n{number}", when=when).to(f"n{dice.randrange(count)}")
    elif roll < 0.4:
        diagram.at(f"n{number}", when=when).end(f"x{number}_{len(diagram.flows)}")
    else:
        later = dice.randrange(number + 1, count + 1)
        diagram.at(f"n{number}", when=when).to("done" if later == count else f"n{later}")
