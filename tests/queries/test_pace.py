"""Reported progress that lags the time used up turns the light yellow, wherever it is shown."""

from __future__ import annotations

from app.commands.items import report_progress
from app.queries.case_tasks import tasks_of
from app.queries.inbox import inbox
from app.queries.ledger import ledger
from tests import stories, supervision


def lights(county, item: int) -> set[str]:
    """The light of the item's handling in the ledger, in the inbox and on the case page."""
    handler = county.actor("unit_handler", "ZJJ")
    return {
        next(row.due.light.code for row in ledger(handler) if row.case_id == item),
        next(row.due.light.code for row in inbox(handler).rows if row.case_id == item),
        next(
            row.due.light.code
            for row in tasks_of(handler, stories.case(item))
            if row.node == "complete_item" and row.state == "active"
        ),
    }


def test_lagging_progress_is_yellow_until_it_has_caught_up(tanghe):
    item = supervision.in_hand(tanghe)
    handler = tanghe.actor("unit_handler", "ZJJ")
    stories.set_clock("2026-07-27 09:00")
    assert lights(tanghe, item) == {"green"}

    report_progress(item, {"text": "刚刚完成部署", "percent": 10}, actor=handler)
    assert lights(tanghe, item) == {"yellow"}

    report_progress(item, {"text": "已完成大部分工作", "percent": 60}, actor=handler)
    assert lights(tanghe, item) == {"green"}
