"""Files of indicator readings (CSV and XLSX), read row by row with a finding for every doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.errors import Invalid
from app.i18n import _
from app.rules.readings.checks import NAMES, checked, folded, header
from app.rules.readings.files import csv_lines, sniff, within_limits
from app.rules.readings.shape import (
    AREA_LEVELS,
    COLUMNS,
    LONGEST_CELL,
    MEGABYTE,
    MOST_BYTES,
    MOST_ROWS,
    REQUIRED,
    Cells,
    Finding,
    ReadingFile,
    ReadingRow,
)
from app.rules.readings.templates import template_csv, template_xlsx
from app.rules.readings.workbooks import SIGNATURE, xlsx_lines

__all__ = [
    "AREA_LEVELS",
    "COLUMNS",
    "LONGEST_CELL",
    "MEGABYTE",
    "MOST_BYTES",
    "MOST_ROWS",
    "Cells",
    "Finding",
    "ReadingFile",
    "ReadingRow",
    "Table",
    "folded",
    "header",
    "read",
    "rows",
    "sniff",
    "table",
    "template_csv",
    "template_xlsx",
]


@dataclass(frozen=True)
class Table:
    """A file's lines before anybody asks what they mean; `comments` fill while they are read."""

    encoding: str
    comments: list[str]
    header: list[str]
    lines: Iterator[Cells]


def table(data: bytes, *, most_bytes: int = MOST_BYTES) -> Table:
    """Look at the content (never at the name) and start reading."""
    within_limits(data, most_bytes)
    comments: list[str] = []
    if data.startswith(SIGNATURE):
        encoding, lines = "xlsx", xlsx_lines(data, comments)
    else:
        encoding = sniff(data)
        lines = csv_lines(data, encoding, comments)
    first = next(lines, None)
    if first is None:
        raise Invalid(_("The file is empty."))
    return Table(encoding, comments, first[1], lines)


def read(data: bytes) -> ReadingFile:
    """Start reading readings; the header is checked at once."""
    found = table(data)
    columns, findings = header(found.header, NAMES, REQUIRED)
    rows_ = checked(found.lines, columns)
    return ReadingFile(found.encoding, found.comments, columns, findings, rows_)


def rows(data: bytes) -> Iterator[ReadingRow]:
    """The rows alone."""
    return read(data).rows
