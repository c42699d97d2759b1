"""Files of indicator readings (CSV and XLSX), read row by row with a finding for every doubt."""

from __future__ import annotations

from collections.abc import Iterator

from app.errors import Invalid
from app.i18n import _
from app.rules.readings.checks import checked, header
from app.rules.readings.files import csv_lines, sniff, within_limits
from app.rules.readings.shape import (
    AREA_LEVELS,
    COLUMNS,
    MOST_BYTES,
    MOST_ROWS,
    Finding,
    ReadingFile,
    ReadingRow,
)
from app.rules.readings.templates import template_csv, template_xlsx
from app.rules.readings.workbooks import SIGNATURE, xlsx_lines

__all__ = [
    "AREA_LEVELS",
    "COLUMNS",
    "MOST_BYTES",
    "MOST_ROWS",
    "Finding",
    "ReadingFile",
    "ReadingRow",
    "read",
    "rows",
    "sniff",
    "template_csv",
    "template_xlsx",
]


def read(data: bytes) -> ReadingFile:
    """Look at the content (never at the name) and start reading; the header is checked at once."""
    within_limits(data)
    comments: list[str] = []
    if data.startswith(SIGNATURE):
        encoding, lines = "xlsx", xlsx_lines(data, comments)
    else:
        encoding = sniff(data)
        lines = csv_lines(data, encoding, comments)
    first = next(lines, None)
    if first is None:
        raise Invalid(_("The file is empty."))
    columns, findings = header(first[1])
    return ReadingFile(encoding, comments, columns, findings, checked(lines, columns))


def rows(data: bytes) -> Iterator[ReadingRow]:
    """The rows alone."""
    return read(data).rows
