"""A row of a file beside what there is: new, changed, the same, or refused and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from app.i18n import Text, _
from app.rules.cells import FORMULA_STARTS, UNPRINTABLE
from app.rules.rosters.reading import LINE, Row
from app.rules.rosters.shape import LONGEST_NAME

NEW: Final = "new"
CHANGED: Final = "changed"
SAME: Final = "same"
REFUSED: Final = "refused"
VERDICTS: Final = (NEW, CHANGED, SAME, REFUSED)


@dataclass(frozen=True)
class Change:
    """What a column says now, and what it will say."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be taken in, with the column and the cure."""

    column: str
    text: Text


@dataclass(frozen=True)
class Compared:
    """A row with its verdict; `wants` holds what the columns mean, in codes."""

    line: int
    key: str
    name: str
    verdict: str
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    wants: dict[str, Any]


@dataclass
class Looking:
    """A row while it is looked at."""

    row: Row
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def text(self, column: str) -> str:
        """What the column says; empty where the file has no such column."""
        found: str = self.row.get(column, "")
        return found

    def refuse(self, column: str, text: Text) -> None:
        """Note what is wrong."""
        self.problems.append(Problem(column, text))

    def name(self, column: str, known: str | None, *, needed: bool = False) -> str | None:
        """A name that pages, papers and tables can show; empty keeps what there is."""
        text = self.text(column)
        if needed and not text and not known:
            self.refuse(column, _("This is missing."))
        elif len(text) > LONGEST_NAME:
            most = _("This is longer than %(most)s characters.", most=LONGEST_NAME)
            self.refuse(column, most)
        elif text and text[0] in FORMULA_STARTS:
            formula = _("A name starts with no “%(sign)s”: tables take that for a formula.",
                        sign=text[0])  # fmt: skip
            self.refuse(column, formula)
        elif UNPRINTABLE.search(text) or "\n" in text:
            self.refuse(column, _("This holds characters that cannot be shown; type it anew."))
        return text or known

    def change(self, column: str, before: Any, after: Any) -> None:
        """Note what becomes of a column."""
        if after != before:
            self.changes.append(Change(column, before, after))

    def done(self, key: str, known: bool, wants: dict[str, Any]) -> Compared:
        """With its verdict."""
        if self.problems:
            verdict = REFUSED
        elif not known:
            verdict = NEW
        else:
            verdict = CHANGED if self.changes else SAME
        name = self.text("name") or str(wants.get("name") or "")
        said = (tuple(self.changes), tuple(self.problems))
        return Compared(self.row[LINE], key, name, verdict, *said, wants)


def first_lines(rows: Iterable[Row], column: str) -> dict[str, int]:
    """In which line each key comes first."""
    found: dict[str, int] = {}
    for row in rows:
        found.setdefault(row[column], row[LINE])
    return found
