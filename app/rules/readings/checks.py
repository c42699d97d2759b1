"""From the cells of a line to a reading: names to columns, texts to numbers, and what is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from app.errors import Invalid
from app.i18n import Text, _
from app.rules import periods
from app.rules.readings.shape import (
    AREA_LEVELS,
    COLUMNS,
    LONGEST_CELL,
    MOST_ROWS,
    REQUIRED,
    Cells,
    Finding,
    ReadingRow,
)

NAMES: Final[Mapping[str, str]] = {
    **{name: name for name in COLUMNS},
    **dict.fromkeys(("指标", "指标名称", "指数", "指数名称"), "indicator"),
    **dict.fromkeys(("期间", "时期", "周期", "评估期", "评估期间"), "period"),
    **dict.fromkeys(("地区层级", "区域层级", "层级"), "area_level"),
    **dict.fromkeys(("地区", "区域", "地区名称"), "area"),
    **dict.fromkeys(("数值", "值", "指数值", "得分"), "value"),
    **dict.fromkeys(("上年同期", "上年同期值", "去年同期", "去年同期值"), "value_year_before"),
    **dict.fromkeys(("变化", "同比", "同比变化", "同比增减"), "change"),
    **dict.fromkeys(("案件数", "收案数", "案件量"), "case_count"),
}
LEVELS: Final[Mapping[str, str]] = {
    **{name: name for name in AREA_LEVELS},
    **dict.fromkeys(("县", "本县", "县级"), "county"),
    **dict.fromkeys(("中院均值", "中院辖区均值"), "intermediate_court_mean"),
    **dict.fromkeys(("高院均值", "高院辖区均值"), "high_court_mean"),
}
NUMBER: Final = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{1,6})?", re.ASCII)
GROUPED: Final = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", re.ASCII)
MINUS: Final = str.maketrans({"−": "-", "–": "-"})


def header(
    cells: Sequence[str], names: Mapping[str, str], required: Sequence[str]
) -> tuple[dict[str, int], tuple[Finding, ...]]:
    """Where each column stands; one that is missing refuses the file, an unknown one is named."""
    columns: dict[str, int] = {}
    findings = []
    for place, title in enumerate(cells):
        name = names.get(folded(title))
        if name in columns:
            raise Invalid(_("The column %(name)s occurs twice.", name=title[:LONGEST_CELL]))
        if name is not None:
            columns[name] = place
        elif title:
            text = _("The column “%(name)s” is not known and is left out.", name=title[:40])
            findings.append(Finding("unknown_column", "notice", title[:40], text))
    missing = [name for name in required if name not in columns]
    if missing:
        raise Invalid(
            _("The file lacks the columns %(names)s.", names=", ".join(missing)),
            fields={name: _("This column is missing.") for name in missing},
        )
    return columns, tuple(findings)


def checked(lines: Iterator[Cells], columns: Mapping[str, int]) -> Iterator[ReadingRow]:
    """Every line as a reading; a second line about the same thing points to the first."""
    seen: dict[tuple[str, ...], int] = {}
    for count, (line, cells) in enumerate(lines, start=1):
        if count > MOST_ROWS:
            raise Invalid(
                _("The file has more than %(most)s rows; please send it in parts.", most=MOST_ROWS)
            )
        yield _Line(line, _by_column(cells, columns)).reading(seen)


@dataclass
class _Line:
    """A line being looked at: its texts by column, and what was found so far."""

    number: int
    texts: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)

    def reading(self, seen: dict[tuple[str, ...], int]) -> ReadingRow:
        """The reading, with every finding about it."""
        for column in REQUIRED:
            if not self.texts[column]:
                self._error("missing", column, _("This is missing."))
        row = ReadingRow(
            line=self.number,
            indicator=self._short("indicator"),
            period=self._period(),
            area_level=self._level(),
            area=self._short("area"),
            value=self._points("value"),
            value_year_before=self._points("value_year_before"),
            change=self._decimal("change"),
            case_count=self._count(),
        )
        self._compare(row)
        self._look_for_twin(row, seen)
        return replace(row, findings=tuple(self.findings))

    def _short(self, column: str) -> str:
        text = self.texts[column]
        if len(text) > LONGEST_CELL:
            self._error(
                "too_long", column, _("This is longer than %(most)s characters.", most=LONGEST_CELL)
            )
        return text[:LONGEST_CELL]

    def _period(self) -> str:
        text = self._short("period")
        try:
            return periods.parse(text).code if text else ""
        except Invalid as refusal:
            self._error("bad_period", "period", refusal.text)
            return text

    def _level(self) -> str:
        text = self._short("area_level")
        level = LEVELS.get(folded(text))
        if text and level is None:
            known = ", ".join(AREA_LEVELS)
            text_ = _("“%(text)s” is not an area level; write %(known)s.", text=text, known=known)
            self._error("unknown_area_level", "area_level", text_)
        return level or text

    def _decimal(self, column: str) -> Decimal | None:
        text = self._short(column)
        plain = unicodedata.normalize("NFKC", text).translate(MINUS)
        if GROUPED.fullmatch(plain):
            plain = plain.replace(",", "")
        if NUMBER.fullmatch(plain):
            return Decimal(plain)
        if text:
            self._error(
                "not_a_number",
                column,
                _("“%(text)s” is not a number with at most 6 decimals.", text=text[:40]),
            )
        return None

    def _points(self, column: str) -> Decimal | None:
        value = self._decimal(column)
        if value is not None and not 0 <= value <= 100:
            text = _("%(value)s does not lie between 0 and 100.", value=str(value))
            self._contradiction("out_of_range", column, text)
        return value

    def _count(self) -> int | None:
        value = self._decimal("case_count")
        if value is None:
            return None
        if value < 0 or value != value.to_integral_value():
            self._error(
                "not_a_count",
                "case_count",
                _("%(value)s is not a number of cases.", value=str(value)),
            )
            return None
        return int(value)

    def _compare(self, row: ReadingRow) -> None:
        """The published change has to be what the two published values give."""
        if row.value is None or row.value_year_before is None or row.change is None:
            return
        difference = row.value - row.value_year_before
        if difference != row.change:
            self._contradiction(
                "change_differs",
                "change",
                _(
                    "%(value)s − %(before)s = %(difference)s, but the file says %(change)s.",
                    value=str(row.value),
                    before=str(row.value_year_before),
                    difference=str(difference),
                    change=str(row.change),
                ),
            )

    def _look_for_twin(self, row: ReadingRow, seen: dict[tuple[str, ...], int]) -> None:
        key = (row.indicator, row.period, row.area_level, row.area)
        first = seen.setdefault(key, self.number)
        if first != self.number and all(key):
            text = _("Line %(line)s is already about the same reading.", line=first)
            self._contradiction("duplicate", "indicator", text)

    def _error(self, code: str, column: str, message: Text) -> None:
        self.findings.append(Finding(code, "error", column, message))

    def _contradiction(self, code: str, column: str, message: Text) -> None:
        self.findings.append(Finding(code, "contradiction", column, message))


def _by_column(cells: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    texts = dict.fromkeys(COLUMNS, "")
    texts.update(
        (name, cells[place].strip()) for name, place in columns.items() if place < len(cells)
    )
    return texts


def folded(title: str) -> str:
    """A title or name as it is compared: width, case and spaces do not count."""
    return "_".join(unicodedata.normalize("NFKC", title).lower().split())
