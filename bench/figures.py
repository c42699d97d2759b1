"""What was measured, as rows of a table: smallest, median, largest, and whether the bar holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

HEADS = ("Figure", "min", "median", "max", "bar", "")


@dataclass(frozen=True)
class Figure:
    """Samples of one quantity; the median is held against the bar, if there is one.

    `better`: whether `most` or `least` is what the bar asks for.
    """

    name: str
    samples: Sequence[float]
    unit: str
    bar: float | None = None
    better: Literal["most", "least"] = "least"
    note: str = ""

    @property
    def value(self) -> float:
        """What is held against the bar."""
        return median(self.samples)

    @property
    def held(self) -> bool:
        """Whether the bar holds; a figure without one always does."""
        if self.bar is None:
            return True
        return self.value <= self.bar if self.better == "least" else self.value >= self.bar

    def cells(self) -> tuple[str, ...]:
        """The row as texts."""
        spread = (min(self.samples), self.value, max(self.samples))
        return (
            f"{self.name} [{self.unit}]" if self.unit else self.name,
            *(written(each) for each in spread),
            "" if self.bar is None else f"{'≤' if self.better == 'least' else '≥'} {self.bar:g}",
            "" if self.bar is None else ("held" if self.held else "NOT HELD"),
        )


@dataclass(frozen=True)
class Table:
    """One part of the bench: its figures, how they were taken, and what could not be."""

    title: str
    how: str
    figures: Sequence[Figure]
    missing: Sequence[str] = ()

    @property
    def held(self) -> bool:
        """Whether every bar of it holds and nothing is missing."""
        return not self.missing and all(each.held for each in self.figures)

    def markdown(self) -> str:
        """The table as it stands in docs/performance.md."""
        rows = [HEADS, ("---", "---:", "---:", "---:", "---:", "---")]
        lines = ["| " + " | ".join(row) + " |" for row in (*rows, *map(Figure.cells, self.figures))]
        notes = [f"- {each.name}: {each.note}" for each in self.figures if each.note]
        gaps = [f"- **NOT MEASURED: {each}**" for each in self.missing]
        parts = [f"### {self.title}", self.how, "\n".join(lines), "\n".join([*notes, *gaps])]
        return "\n\n".join(part for part in parts if part)

    def text(self) -> str:
        """The same for a terminal."""
        rows = [HEADS, *map(Figure.cells, self.figures)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
        lines = [f"\n{self.title}"]
        lines += ["  " + "  ".join(map(_padded, row, widths, range(len(row)))) for row in rows]
        lines += [f"  {each.name}: {each.note}" for each in self.figures if each.note]
        return "\n".join([*lines, *(f"  !!! NOT MEASURED: {each}" for each in self.missing)])


def written(value: float) -> str:
    """A number with as many places as say something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def milliseconds(seconds: Iterable[float]) -> list[float]:
    """Seconds as milliseconds."""
    return [1000 * each for each in seconds]


def percentile(samples: Sequence[float], share: float) -> float:
    """The sample below which that share of all lies."""
    ranked = sorted(samples)
    return ranked[min(int(len(ranked) * share), len(ranked) - 1)]


def _padded(text: str, width: int, column: int) -> str:
    return text.ljust(width) if column in (0, 5) else text.rjust(width)
