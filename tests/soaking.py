"""Campaigns in two sizes: a sample in `make test`, the whole in `make soak`, with their figures."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

Size = TypeVar("Size")
MINUTES = 10  # a campaign gets in `make soak`, unless its mark says otherwise


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="only the campaigns, in their full size")
    parser.addoption(
        "--alone", choices=("yes", "no"),
        help="of these only those that say how fast it is, beside nothing else; or the others",
    )  # fmt: skip
    parser.addoption("--seed", type=int, default=1, help="what the campaigns' chance starts from")
    parser.addoption("--figures", type=Path, help="the file campaigns add their figures to")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not of this run's size; a campaign in full size may take its minutes."""
    soak = config.getoption("--soak")
    alone = config.getoption("--alone")
    chosen = [item for item in items if takes_part(item, soak=soak, alone=alone)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
    items[:] = chosen
    for item in chosen if soak else ():
        mark = item.get_closest_marker("soak")
        minutes = mark.kwargs.get("minutes", MINUTES) if mark else MINUTES
        item.add_marker(pytest.mark.timeout(60 * minutes), append=False)


def takes_part(item: pytest.Item, *, soak: bool, alone: str | None = None) -> bool:
    """Whether a test belongs to the size of this run."""
    mark = item.get_closest_marker("soak")
    if mark is None or not soak:
        return not soak and not (mark and mark.kwargs.get("only"))
    return alone in (None, "yes" if mark.kwargs.get("alone") else "no")


@dataclass
class Figure:
    """One line of the report: what was measured, and the bar it had to clear."""

    requirement: str
    test: str
    database: str
    seed: int
    what: str
    value: Any
    unit: str
    bar: str
    held: bool
    seconds: float


@dataclass
class Figures:
    """What a campaign measures; a bar that is missed fails the test, after all was measured."""

    requirement: str
    test: str
    database: str
    seed: int
    began: float = field(default_factory=time.monotonic)
    lines: list[Figure] = field(default_factory=list)

    def __call__(self, what: str, value: Any, *, unit: str = "", **bar: Any) -> None:
        """Note a figure; the bar is one of `exactly=`, `at_least=`, `at_most=`, or none."""
        assert len(bar) <= 1, "one bar a figure"
        assert value is not None, what
        kind, limit = next(iter(bar.items()), ("", None))
        sign, held = {
            "": ("", True),
            "exactly": ("= ", value == limit),
            "at_least": ("≥ ", limit is not None and value >= limit),
            "at_most": ("≤ ", limit is not None and value <= limit),
        }[kind]
        shown = f"{sign}{limit}{f' {unit}' if unit else ''}" if kind else ""
        seconds = round(time.monotonic() - self.began, 1)
        line = Figure(self.requirement, self.test, self.database, self.seed, what, value, unit,
                      shown, held, seconds)  # fmt: skip
        self.lines.append(line)
        print(f"{self.requirement} {what}: {value} {unit} {f'({shown})' if shown else ''}")

    def missed(self) -> list[str]:
        """The figures that did not clear their bar."""
        return [
            f"{each.what}: {each.value}, not {each.bar}" for each in self.lines if not each.held
        ]


@pytest.fixture
def size(request: pytest.FixtureRequest) -> Callable[[Size, Size], Size]:
    """How big the campaign is here: `size(40, 500)`."""
    soak = request.config.getoption("--soak")
    return lambda small, large: large if soak else small


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """The campaign's dice: the same seed throws the same."""
    seed = request.config.getoption("--seed")
    print(f"seed {seed}")
    return random.Random(f"{seed} {request.node.originalname}")


@pytest.fixture
def figures(request: pytest.FixtureRequest, server: str) -> Iterator[Figures]:
    """Where a campaign writes what it measured."""
    mark = request.node.get_closest_marker("soak")
    database = "sqlite" if server == "sqlite" else "postgresql"
    seed = request.config.getoption("--seed")
    found = Figures(mark.args[0] if mark else "", request.node.name, database, seed)
    yield found
    file = request.config.getoption("--figures")
    if file:
        with file.open("a") as output:
            output.writelines(f"{json.dumps(asdict(each), default=str)}\n" for each in found.lines)
    assert found.missed() == []
