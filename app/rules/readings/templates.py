"""The empty tables people can download and fill in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from app.rules.cells import csv_bytes, xlsx_bytes
from app.rules.readings.shape import COLUMNS

CHINESE: Final = (
    "指标",
    "期间",
    "地区层级",
    "地区",
    "数值",
    "上年同期值",
    "同比变化",
    "案件数",
)
COMMENT_ZH: Final = (
    "# 填写说明：以“#”开头的行是来源说明，不导入。期间写作 2022Q3、2026H1、2025A 或 2026-07；"
    "地区层级为 县、中院均值 或 高院均值；数值在 0 到 100 之间；后三列可空。请替换示例行。"
)
COMMENT_EN: Final = (
    "# How to fill this in: lines starting with # say where figures come from and are not imported."
    " Periods are written 2022Q3, 2026H1, 2025A or 2026-07; area_level is county,"
    " intermediate_court_mean or high_court_mean; values lie between 0 and 100; the last three"
    " columns may stay empty. Please replace the example row."
)
EXAMPLE_ZH: Final = (
    "示例指数",
    "2026H1",
    "县",
    "示例县",
    Decimal("92.94"),
    Decimal("94.49"),
    Decimal("-1.55"),
    755,
)
EXAMPLE_EN: Final = ("Example index", "2026H1", "county", "Example County", *EXAMPLE_ZH[4:])


def template_csv(*, chinese: bool = True) -> bytes:
    """The table to fill in as CSV: how to, header, one example."""
    comment, header, example = _parts(chinese=chinese)
    return csv_bytes([comment, header, example])


def template_xlsx(*, chinese: bool = True) -> bytes:
    """The same as an Excel file, the header first so that it stays in sight."""
    comment, header, example = _parts(chinese=chinese)
    title = "指标数据" if chinese else "readings"
    rows = [header, example, comment]
    return xlsx_bytes(title, rows, widths=[36, 12, 24, 16, 10, 18, 12, 12])


def _parts(*, chinese: bool) -> tuple[tuple[Any, ...], ...]:
    if chinese:
        return (COMMENT_ZH,), CHINESE, EXAMPLE_ZH
    return (COMMENT_EN,), COLUMNS, EXAMPLE_EN
