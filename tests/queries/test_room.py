"""How much room a diagram takes, and how days in a row are told together."""

from __future__ import annotations

from datetime import date

import pytest

from app.model import CalendarDay
from app.queries.calendar import CalendarPage
from app.queries.diagram import AROUND, room


@pytest.mark.parametrize(("source", "size"), [
    ('<dc:Bounds x="160" y="80" width="240" height="60" />', (240, 60)),
    ('<omgdc:Bounds height="60" width="240" y="-20.5" x="0"/>', (240, 60)),
    ('<b:Bounds x="0" y="0" width="36" height="36"/><Bounds x="9" y="50" width="50" height="80"/>',
     (59, 130)),
    ('<dc:Bounds x="0" y="0" width="36"/>', (0, 0)),
    ("<definitions/>", (0, 0)),
])  # fmt: skip
def test_the_room_is_what_all_elements_take_together(source, size):
    assert room(source) == (size[0] + AROUND, size[1] + AROUND)


def special(day: str, kind: str = "holiday", note: str = "国庆节") -> CalendarDay:
    return CalendarDay(day=date.fromisoformat(day), kind=kind, note=note, source="示例")


def test_days_in_a_row_for_the_same_reason_are_one_line():
    days = (
        special("2026-09-25", note="中秋节"), special("2026-09-26", note="中秋节"),
        special("2026-09-28"), special("2026-10-01"), special("2026-10-02"),
        special("2026-10-03", kind="makeup"),
    )  # fmt: skip

    spans = CalendarPage(2026, (2026,), days, 0).spans

    assert [(span.first.day, span.last.day, span.note) for span in spans] == [
        (25, 26, "中秋节"), (28, 28, "国庆节"), (1, 2, "国庆节"), (3, 3, "国庆节"),
    ]  # fmt: skip
