"""Processes made up at random: tasks of several units in a row, side by side, nested, voted on."""

from __future__ import annotations

import random
from pathlib import Path

from app.commands import installation
from tests.engine.diagrams import Diagram
from tests.engine.models import Model

BLOCKS = ("task", "task", "task", "choice", "parallel", "loop", "sub", "call", "ends", "several")
PERFORMERS = (
    "lead/unit_handler", "lead/unit_handler", "lead/unit_leader", "lead/unit_liaison",
    "lead_and_co/unit_liaison", "lead_and_co/unit_handler", "co/unit_handler",
    "supervising_office", "supervising_director", "convener",
)  # fmt: skip
DEADLINES = ("sign_for", "work_opinion", "review")
POLICIES = ("any", "all", "sequential", "vote")
PASSES = ("1", "2", "50%", "60%", "weight 60%")
ABSTAINING = ("not_counted", "against", "for")
FORMS = ("approval", "approval", "acknowledge", "sign_for")


class Process(Model):
    """A made-up process whose tasks say who does them, by when and how they are decided."""

    def __init__(self, key: str, chance: random.Random) -> None:
        self.chance = chance
        self.key = key
        super().__init__(chance.randrange, BLOCKS, size=chance.randint(2, 7))
        self.main.id = key

    def name(self, kind: str) -> str:
        """Elements of different processes have different names: cases tell them apart by these."""
        return f"{self.key}_{super().name(kind)}"

    def sequence(self, diagram: Diagram, depth: int, *, in_loop: bool) -> None:
        """What gateways ask is known from the first task on."""
        if depth == 0:
            diagram.user(self.name("u"), **asks("lead/unit_handler", "approval"))
        super().sequence(diagram, depth, in_loop=in_loop)

    def fact(self) -> str:
        return self.chance.choice(('decision == "approve"', 'decision != "approve"'))

    def ask(self, diagram: Diagram, id_: str) -> None:
        diagram.user(id_, **self.asked())

    def asked(self) -> dict[str, str]:
        """Who does a task, and how."""
        performer = self.chance.choice(PERFORMERS)
        more: dict[str, str] = {}
        if performer.startswith(("lead_and_co", "co/")):
            more["policy"] = self.chance.choice(POLICIES)
        if self.chance.random() < 0.6:
            more["deadline"] = self.chance.choice(DEADLINES)
        if self.chance.random() < 0.3:
            more["ladder"] = "standard"
        if more.get("policy") == "vote":
            return asks(performer, "vote", **more, **self.passed())
        return asks(performer, self.chance.choice(FORMS), **more)

    def passed(self) -> dict[str, str]:
        """When a vote is passed, and how an abstention counts."""
        needed = self.chance.choice(PASSES)
        more = {"weights": "lead=2 co=1"} if needed.startswith("weight") else {}
        return {"pass": needed, "abstain": self.chance.choice(ABSTAINING), **more}


def asks(performer: str, form: str, **more: str) -> dict[str, str]:
    """The attributes of a task."""
    return {"performer": performer, "form": form, **more}


def publish(chance: random.Random, count: int, folder: Path) -> list[str]:
    """Have so many processes published as people publish theirs; returns their keys."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [Process(f"made_up_{n}", chance) for n in range(count)]
    for each in made:
        for diagram in (each.main, *each.called):
            (folder / f"{diagram.id}.bpmn").write_bytes(diagram.xml)
    installation.install(folder)
    return [each.key for each in made]
