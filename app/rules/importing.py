"""What becomes of a row of an imported file: its verdict, its doubts, the digest of them all."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from app.i18n import Text, _
from app.rules.readings import Finding, ReadingRow

NEW: Final = "new"
SAME: Final = "same"
UNKNOWN: Final = "unknown"
CONTRADICTION: Final = "contradiction"
ERROR: Final = "error"
EXCLUDED: Final = "excluded"
VERDICTS: Final = (NEW, SAME, UNKNOWN, CONTRADICTION, ERROR, EXCLUDED)
BLOCKING: Final = (UNKNOWN, CONTRADICTION, ERROR)

DIFFERS: Final = "differs_from_stored"
TWIN: Final = "same_after_mapping"
LATER_FOUND: Final = (DIFFERS, TWIN)
"""Findings that come from comparing with what is stored and mapped, not from the file itself."""

SMALL: Final = 2_000
FIGURES: Final[Mapping[str, Text]] = {
    "value": _("value"),
    "year_before": _("value a year before"),
    "change": _("change"),
    "case_count": _("case count"),
}


@dataclass(frozen=True)
class Figures:
    """The numbers of a reading."""

    value: Decimal | None
    year_before: Decimal | None
    change: Decimal | None
    case_count: int | None


def verdict(row: ReadingRow) -> str:
    """What the file alone says about a row; names and stored readings are looked at afterwards."""
    return _by_severity({finding.severity for finding in row.findings})


def verdict_of(findings: Sequence[Mapping[str, Any]]) -> str:
    """The same from findings as they are kept with a row."""
    return _by_severity({finding["severity"] for finding in findings})


def _by_severity(severities: set[str]) -> str:
    if "error" in severities:
        return ERROR
    return CONTRADICTION if "contradiction" in severities else NEW


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding as it is kept with the row."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "column": finding.column,
        "text": finding.message.as_json(),
    }


def difference(stored: Figures, read: Figures) -> Finding | None:
    """What contradicts a reading taken in before, which is never overwritten, if anything."""
    for name, label in FIGURES.items():
        before, after = getattr(stored, name), getattr(read, name)
        if before != after:
            text = _(
                "The round already holds %(stored)s as %(what)s; the file says %(read)s.",
                what=label,
                stored=_plain(before),
                read=_plain(after),
            )
            return Finding(DIFFERS, "contradiction", name, text)
    return None


def twin(first_line: int) -> Finding:
    """Two names of the file were mapped to the same thing, so two rows speak of one reading."""
    text = _("With the names assigned, line %(line)s is about the same reading.", line=first_line)
    return Finding(TWIN, "contradiction", "indicator", text)


def left_over(verdict: str, number: int, lines: Sequence[int]) -> Text:
    """What still stands in the way of an import, with the lines it is about."""
    words = {
        UNKNOWN: _(
            "%(number)s rows name something unknown: lines %(lines)s.",
            number=number,
            lines=listed(number, lines),
        ),
        CONTRADICTION: _(
            "%(number)s rows contradict themselves or others: lines %(lines)s.",
            number=number,
            lines=listed(number, lines),
        ),
    }
    return words.get(verdict) or _(
        "%(number)s rows cannot be read: lines %(lines)s.",
        number=number,
        lines=listed(number, lines),
    )


def listed(number: int, lines: Sequence[int]) -> str:
    """`3, 5, 8 …`: the first lines, and a sign that there are more."""
    return ", ".join(map(str, lines)) + (" …" if number > len(lines) else "")


def rows_in(content: bytes, encoding: str) -> int:
    """About how many rows a file has (its lines less the header), to show how far reading is."""
    if encoding != "xlsx":
        return max(content.rstrip().count(b"\n"), 1)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        return max(archive.read(min(sheets)).count(b"<row ") - 1, 1) if sheets else 1


def digest(readings: Iterable[Sequence[Any]]) -> str:
    """SHA-256 over the canonical rows of an import (app/model/imported.py), one line each."""
    whole = hashlib.sha256()
    for row in readings:
        line = json.dumps([_plain(cell) for cell in row], ensure_ascii=False)
        whole.update(f"{line}\n".encode())
    return whole.hexdigest()


def _plain(value: Any) -> str:
    """A figure as it is written: 92.94, 755, or - where there is none."""
    if value is None:
        return "-"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
