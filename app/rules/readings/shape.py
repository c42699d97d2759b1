"""What reading a file of indicator readings gives: rows, and what is wrong with each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from app.i18n import Text

MEGABYTE: Final = 1_000_000
MOST_BYTES: Final = 20 * MEGABYTE
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 40
LONGEST_CELL: Final = 200

COLUMNS: Final = (
    "indicator",
    "period",
    "area_level",
    "area",
    "value",
    "value_year_before",
    "change",
    "case_count",
)
REQUIRED: Final = COLUMNS[:5]
AREA_LEVELS: Final = ("county", "intermediate_court_mean", "high_court_mean")

Cells = tuple[int, list[str]]
"""The number of a line and the texts of its cells."""


@dataclass(frozen=True)
class Finding:
    """Something about a row: an error cannot be taken in, a contradiction needs a decision."""

    code: str
    severity: str
    column: str
    message: Text


@dataclass(frozen=True)
class ReadingRow:
    """One line of the file; what could not be read is None and named among the findings."""

    line: int
    indicator: str
    period: str
    area_level: str
    area: str
    value: Decimal | None
    value_year_before: Decimal | None
    change: Decimal | None
    case_count: int | None
    findings: tuple[Finding, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether it can be taken in at all."""
        return not any(finding.severity == "error" for finding in self.findings)


@dataclass
class ReadingFile:
    """A file being read; `comments` holds its `#` lines as far as it has been read.

    `rows` can be gone through once.
    """

    encoding: str
    comments: list[str]
    columns: Mapping[str, int]
    findings: tuple[Finding, ...]
    rows: Iterator[ReadingRow] = field(repr=False)
