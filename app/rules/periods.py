"""The periods readings are about: quarters, half-years, years and months."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.errors import Invalid
from app.i18n import Text, _

NUMERALS: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}
PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "quarter": re.compile(r"(20\d\d)(?:-?Q([1-4])|年第?([一二三四1-4])季度?)", re.ASCII),
    "half_year": re.compile(r"(20\d\d)(?:-?H([12])|年([上下])半年)", re.ASCII),
    "annual": re.compile(r"(20\d\d)(?:A|年|年度|年全年)?", re.ASCII),
    "month": re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2])|年(0?[1-9]|1[0-2])月)", re.ASCII),
}
MONTHS: Final[Mapping[str, int]] = {"quarter": 3, "half_year": 6, "annual": 12, "month": 1}
CODES: Final[Mapping[str, Callable[[int, int], str]]] = {
    "quarter": "{}Q{}".format,
    "half_year": "{}H{}".format,
    "annual": "{}A".format,
    "month": "{}-{:02}".format,
}
LABELS: Final[Mapping[str, Text]] = {
    "quarter": _("quarter %(n)s of %(year)s"),
    "annual": _("the year %(year)s"),
    "month": _("month %(n)s of %(year)s"),
}
HALVES: Final = (_("the first half of %(year)s"), _("the second half of %(year)s"))


@dataclass(frozen=True, order=True)
class Period:
    """A span of whole months: the `n`-th quarter, half-year, year or month of a year."""

    year: int
    n: int
    kind: str

    @property
    def code(self) -> str:
        """How it is written everywhere: 2022Q3, 2026H1, 2025A, 2026-07."""
        return CODES[self.kind](self.year, self.n)

    @property
    def label(self) -> Text:
        """How people say it."""
        text = HALVES[self.n - 1] if self.kind == "half_year" else LABELS[self.kind]
        return Text(text.msgid, {"year": str(self.year), "n": self.n})

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, (self.n - 1) * MONTHS[self.kind] + 1, 1)

    @property
    def end(self) -> date:
        """Its last day."""
        months = self.year * 12 + self.n * MONTHS[self.kind]
        return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)

    @property
    def year_before(self) -> Period:
        """The same period of the year before."""
        return Period(self.year - 1, self.n, self.kind)


def parse(text: str) -> Period:
    """Read `2022Q3`, `2026H1`, `2025A` (or `2025`), `2026-07`, or the same in Chinese words."""
    plain = "".join(unicodedata.normalize("NFKC", text).upper().split())
    for kind, pattern in PATTERNS.items():
        match = pattern.fullmatch(plain)
        if match:
            year, *rest = (group for group in match.groups() if group)
            return Period(int(year), _number(rest[0]) if rest else 1, kind)
    raise Invalid(
        _("“%(text)s” is not a period; write 2022Q3, 2026H1, 2025A or 2026-07.", text=text[:40])
    )


def _number(numeral: str) -> int:
    return NUMERALS.get(numeral) or int(numeral)
