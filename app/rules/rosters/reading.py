"""From a file to rows of texts by column."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.errors import Invalid
from app.i18n import Text, _
from app.rules import readings
from app.rules.readings import LONGEST_CELL, Cells
from app.rules.rosters.shape import COLUMNS, MOST_BYTES, MOST_ROWS, titles

Row = Mapping[str, Any]
"""`line`, and the text of each column the file has."""
LINE: Final = "line"


@dataclass(frozen=True)
class RosterFile:
    """What a file holds, and what was left out of it."""

    encoding: str
    rows: tuple[Row, ...]
    notices: tuple[Text, ...]


def read(what: str, data: bytes) -> RosterFile:
    """Read a whole file of units or people; refused when it is too large or no such table."""
    table = readings.table(data, most_bytes=MOST_BYTES)
    required = [column.name for column in COLUMNS[what] if column.required]
    places, findings = readings.header(table.header, titles(what), required)
    codes = {column.name for column in COLUMNS[what] if column.code}
    rows = tuple(_rows(table.lines, places, codes))
    if not rows:
        raise Invalid(_("The file has a header but no rows."))
    return RosterFile(table.encoding, rows, tuple(finding.message for finding in findings))


def _rows(lines: Iterator[Cells], places: Mapping[str, int], codes: set[str]) -> Iterator[Row]:
    for count, (line, cells) in enumerate(lines, start=1):
        if count > MOST_ROWS:
            raise Invalid(
                _("The file has more than %(most)s rows; please send it in parts.", most=MOST_ROWS)
            )
        yield {LINE: line, **{n: _text(cells, at, n in codes) for n, at in places.items()}}


def _text(cells: Sequence[str], place: int, code: bool) -> str:
    """A cell's text, cut where it is too long by one, so that this is still seen."""
    text = cells[place].strip() if place < len(cells) else ""
    return (unicodedata.normalize("NFKC", text) if code else text)[: LONGEST_CELL + 1]
