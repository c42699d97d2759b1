"""CSV files as lines of cells: encodings told apart, `#` lines set aside, one line at a time."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Final

from app.errors import Invalid
from app.i18n import _
from app.rules.readings.shape import MEGABYTE, MOST_BYTES, Cells

SEPARATORS: Final = ",\t;"
OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
WIDE_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def within_limits(data: bytes, most_bytes: int = MOST_BYTES) -> None:
    """Refuse what is too large, empty, or nothing we read."""
    if len(data) > most_bytes:
        raise Invalid(
            _(
                "The file is larger than %(most)s MB; please send it in parts.",
                most=most_bytes // MEGABYTE,
            )
        )
    if not data.strip():
        raise Invalid(_("The file is empty."))
    if data.startswith(OLD_EXCEL):
        raise Invalid(_("This is an old or protected Excel file; save it as .xlsx or CSV."))


def sniff(data: bytes) -> str:
    """The encoding of a text file: UTF-8 (with or without a byte-order mark) or GB18030."""
    for encoding in _candidates(data):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Invalid(_("The file is not readable text; save it as CSV in UTF-8 or GB18030, or .xlsx."))


def _candidates(data: bytes) -> tuple[str, ...]:
    if data.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if data.startswith(WIDE_MARKS) or b"\x00" in data:
        return ()
    return ("utf-8", "gb18030")


def csv_lines(data: bytes, encoding: str, comments: list[str]) -> Iterator[Cells]:
    """The lines of a CSV file that are not empty; `#` lines are put into `comments`."""
    lines = _Lines(data, encoding, comments)
    reader = csv.reader(lines, delimiter=lines.separator, strict=True)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Invalid(
                _(
                    "Line %(line)s cannot be read as CSV (%(why)s); look for a lone quote.",
                    line=lines.number,
                    why=str(error),
                )
            ) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield lines.number, [cell.strip() for cell in cells]


class _Lines:
    """The physical lines of a file, counted, without its comments."""

    def __init__(self, data: bytes, encoding: str, comments: list[str]) -> None:
        self.number = 0
        self._comments = comments
        self._text = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")
        self.separator = self._likely_separator()

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        for line in self._text:
            self.number += 1
            if not line.lstrip(" \"'").startswith("#"):
                return line
            self._comments.append(line.strip(" \t\r\n\"'#,;"))
        raise StopIteration

    def _likely_separator(self) -> str:
        """The separator the header uses most."""
        header = next((line for line in self._text if not line.lstrip(" \"'").startswith("#")), "")
        self._text.seek(0)
        return max(SEPARATORS, key=header.count)
