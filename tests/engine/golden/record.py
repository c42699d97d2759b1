"""Records cases in the middle of their lives: `python -m tests.engine.golden.record` (see below).

Old recordings must stay readable, so a release adds recordings and never replaces any. As long as
nothing is released, a change of the state's format is made good by recording anew.
"""

from __future__ import annotations

import ast
import base64
import datetime as dt
import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from app import engine
from app.engine.case.packing import packed
from app.engine.reading import BPMN, bpmn, parse
from tests.engine.golden.small import small

HERE = Path(__file__).parent
CASES = HERE / "cases.jsonl"
SHIPPED = HERE.parents[2] / "bpmn"
NOW = dt.datetime(2028, 1, 1, tzinfo=dt.timezone.utc)
MOST_ACTS = 40
TRIES = 200

Facts = dict[str, Any]


class Ride:
    """A case that is carried through by chance, and what was seen on the way."""

    def __init__(self, compiled: engine.Compiled, choices: Mapping[str, Sequence[Any]], dice):
        self.compiled, self.choices, self.dice = compiled, choices, dice
        self.now = NOW
        self.outcome = engine.start(compiled, self.facts(), now=NOW)
        self.acts: list[dict[str, Any]] = []
        self.seen = [self.moment()]

    def facts(self) -> Facts:
        return {name: self.dice.choice(values) for name, values in self.choices.items()}

    def moment(self) -> dict[str, Any]:
        """What must be the same when the state is loaded again."""
        steps = engine.open_steps(self.compiled, self.outcome.state)
        saved = self.outcome.state
        known = [packed(engine.facts_of(self.compiled, saved, step.id)) for step in steps]
        return {
            "at": self.now.isoformat(),
            "state": base64.b64encode(saved).decode(),
            "open": [[step.id, step.node, facts] for step, facts in zip(steps, known, strict=True)],
            "timers": sorted([each.node, each.due_at.isoformat()] for each in self.outcome.timers),
        }  # fmt: skip

    def act(self) -> None:
        """Somebody completes a step, or time passes."""
        steps = engine.open_steps(self.compiled, self.outcome.state)
        wait = not steps or (self.outcome.timers and self.dice.random() < 0.5)
        self.now += dt.timedelta(hours=30 if wait else 0, seconds=1)
        done: dict[str, Any] = {"at": self.now.isoformat()}
        if wait:
            self.outcome = engine.refresh(self.compiled, self.outcome.state, now=self.now)
        else:
            step, facts = self.dice.choice(steps), self.facts()
            nth = [each.id for each in steps if each.node == step.node].index(step.id)
            done |= {"node": step.node, "nth": nth, "facts": packed(facts)}
            self.outcome = engine.complete(
                self.compiled, self.outcome.state, step.id, facts, now=self.now
            )
        steps = engine.open_steps(self.compiled, self.outcome.state)
        done["then"] = sorted(step.node for step in steps)
        self.acts.append(done)
        self.seen.append(self.moment())


def recorded(name: str, process: str, files: list[bytes], seed: int) -> dict[str, Any]:
    """One case: its first moment or a later one, and every act from there to its end."""
    compiled = engine.compile_bundle(files, process)
    choices = _choices(files)
    for attempt in range(TRIES):
        dice = random.Random(f"{name} {seed} {attempt}")
        ride = Ride(compiled, choices, dice)
        while not ride.outcome.finished and len(ride.acts) < MOST_ACTS:
            ride.act()
        if ride.outcome.finished and ride.acts:
            place = dice.randrange(len(ride.acts)) if seed else 0
            return {
                "name": f"{name} {seed}",
                "process": process,
                "files": [_kept(file) for file in files],
                **ride.seen[place],
                "acts": ride.acts[place:],
            }
    raise RuntimeError(f"{name} does not end")


def _choices(files: list[bytes]) -> dict[str, list[Any]]:
    """The facts the conditions ask for, each with the values it is compared with."""
    found: dict[str, list[Any]] = {"amount": [3, Decimal("12.5")], "day": [dt.date(2028, 1, 2)]}
    for file in files:
        root = parse(file)
        for condition in root.iter(bpmn("conditionExpression")):
            tree = ast.parse((condition.text or "").strip(), mode="eval")
            for name, values in _compared(tree):
                found.setdefault(name, []).extend(values)
    found.pop("level", None)
    return {name: list(dict.fromkeys(values)) for name, values in sorted(found.items())}


def _compared(tree: ast.AST) -> Iterator[tuple[str, list[Any]]]:
    compared: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Name):
            compared.add(id(node.left))
            constants = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
            other = [0, 1] if all(isinstance(value, int) for value in constants) else ["other"]
            yield node.left.id, [*constants, *other]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and id(node) not in compared:
            yield node.id, [True, False]


def _kept(file: bytes) -> str:
    """Keep a file under a name made of its content."""
    name = f"{hashlib.sha256(file).hexdigest()[:16]}.xml"
    (HERE / name).write_bytes(file)
    return name


def undrawn(path: Path) -> bytes:
    """A shipped diagram without its drawing and notes, which the engine does not read."""
    root = parse(path.read_bytes())
    for element in list(root):
        if not str(element.tag).startswith(f"{{{BPMN}}}"):
            root.remove(element)
    for element in list(root.iter(bpmn("documentation"), bpmn("incoming"), bpmn("outgoing"))):
        element.getparent().remove(element)
    return etree.tostring(root, encoding="utf-8")


def everything() -> Iterator[dict[str, Any]]:
    """Every case that is recorded."""
    for name, (diagram, more) in small().items():
        for seed in range(4):
            yield recorded(name, "case", [diagram.xml, *more], seed)
    shipped = {path.stem: undrawn(path) for path in sorted(SHIPPED.glob("*.bpmn"))}
    for name, file in shipped.items():
        called = [shipped[each] for each in engine.describe(file).calls]
        for seed in range(2):
            yield recorded(name, name, [file, *called], seed)


def main() -> None:
    """Write all recordings anew."""
    for old in HERE.glob("*.xml"):
        old.unlink()
    lines = [json.dumps(each, ensure_ascii=False) for each in everything()]
    CASES.write_text("\n".join(lines) + "\n")
    print(f"{len(lines)} cases recorded in {CASES.name}")


if __name__ == "__main__":
    main()
