"""Everybody at once on the same matter and its children: units, office, leaders and timers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from threading import Event
from typing import Any

import pytest
from flask import Flask

from app.advance import Loaded
from app.commands import calendar, clock, items, supervising, timers
from app.commands.completion import complete_task
from app.effects import branches, dates
from tests import stories, supervision
from tests.faults.together import require_agreement, require_whole, tally, together
from tests.people import County

REFUSALS = {"done", "Invalid", "Stale", "NotAllowed"}
ITEMS = 4
PROGRESS = {"text": "已完成摸底。", "percent": 40}
URGENT = {
    "event": "群体性信访苗头", "occurred_on": "2026-09-10", "impact": "涉及三百户",
    "actions": "现场接访",
}  # fmt: skip
EXTENSION = {
    "reason": "涉及部门多", "progress": "完成八成", "new_date": "2026-09-21",
}  # fmt: skip
GRANT = {"decision": "grant", "granted_date": "2026-09-21"}
Act = Callable[[], Any]


def on_the_item(county: County, item: int) -> Iterator[Act]:
    """What lead, co-handler and office may want to do in the same moment."""
    handler, helper = (county.actor("unit_handler", unit) for unit in ("ZJJ", "SJG"))
    office = county.post("supervising_office")
    yield partial(items.report_progress, item, PROGRESS, actor=handler)
    yield partial(items.report_progress, item, PROGRESS | {"percent": 50}, actor=helper)
    yield partial(items.report_urgent, item, URGENT, actor=handler)
    yield partial(items.request_extension, item, EXTENSION, actor=handler)
    yield partial(supervising.urge, item, {}, actor=office)
    yield partial(supervising.escalate, item, {"reason": "逾期多日未办结"}, actor=office)
    yield timers.fire_due
    yield from tasks(county, item, {"complete_item": supervision.COMPLETION})


def on_item_and_children(county: County, item: int) -> Iterator[Act]:
    """What waits in the item and in the cases it led to, while the office stops the clock."""
    office = county.post("supervising_office")
    yield partial(clock.suspend, item, {"reason": "等待法院裁判结果"}, actor=office)
    yield partial(clock.resume, item, {}, actor=office)
    yield from tasks(county, item, {
        "complete_item": supervision.COMPLETION, "sign_completion": supervision.APPROVE,
    })  # fmt: skip
    for child in stories.children(item):
        yield from tasks(county, child.id, {
            "sign_extension": supervision.APPROVE,
            "decide": GRANT,
            "acknowledge": {"handling": "read"},
            "instruct": {"leader_post": "召集人", "kind": "read", "entry": "self"},
            "verify": supervision.verified(),
        })  # fmt: skip
    yield from (timers.fire_due, timers.fire_due)


def tasks(county: County, case_id: int, answers: Mapping[str, Mapping[str, Any]]) -> list[Act]:
    """The open tasks of a case, to be done by whoever may."""
    return [
        partial(
            complete_task, stories.task(case_id, node).id, answers[node],
            actor=stories.performer(county, case_id, node),
        )
        for node in stories.open_nodes(case_id) if node in answers
    ]  # fmt: skip


def storm(app: Flask, acts: list[Act]) -> Counter[str]:
    """All of it at once: whatever is refused is refused in words, and nothing waits for ever."""
    found = tally(together(app, *acts))
    assert set(found) <= REFUSALS, found
    return found


def test_a_storm_on_one_matter_breaks_nothing(at_work, busy_county):
    total: Counter[str] = Counter()
    stories.set_clock("2026-07-06 09:00")
    matters = [supervision.in_hand(busy_county, matter=f"风口事项{n}") for n in range(ITEMS)]
    stories.set_clock("2026-08-24 10:00")
    for item in matters:
        total += storm(at_work, list(on_the_item(busy_county, item)))
        for _wave in range(2):
            total += storm(at_work, list(on_item_and_children(busy_county, item)))

    for item in matters:
        for case_id in (item, *(child.id for child in stories.children(item))):
            require_agreement(case_id)
    print(f"a storm on {ITEMS} matters: {dict(total)}")
    assert total["done"] > 10 * ITEMS
    require_whole()


@pytest.mark.only("postgresql")
def test_a_change_of_the_calendar_locks_children_before_their_parents(
    at_work, busy_county, monkeypatch
):
    """As every act does; the other way round the two would wait for each other."""
    stories.set_clock("2026-07-06 09:00")
    item = supervision.in_hand(busy_county, matter="改日历时批延期", co=[])
    handler, keeper = (
        busy_county.actor("unit_handler", "ZJJ"),
        busy_county.post("supervising_director"),
    )
    child = items.request_extension(item, EXTENSION, actor=handler)["case"]
    leader = busy_county.actor("unit_leader", "ZJJ")
    supervision.complete(child, "sign_extension", supervision.APPROVE, by=leader)
    task = stories.task(child, "decide").id
    parent_is_locked = Event()
    parent_of, find_again = branches.parent_of, dates.find_again

    def locked(loaded: Loaded) -> Any:
        moved = find_again(loaded)
        if loaded.case.id == item:
            parent_is_locked.set()
        return moved

    def parent_later(loaded: Loaded) -> Loaded | None:
        parent_is_locked.wait(timeout=1)
        return parent_of(loaded)

    monkeypatch.setattr(dates, "find_again", locked)
    monkeypatch.setattr(branches, "parent_of", parent_later)
    found = together(
        at_work,
        partial(complete_task, task, GRANT, actor=keeper),
        partial(calendar.change_day, date(2026, 7, 8), "holiday", "", "试", actor=keeper),
    )

    assert tally(found) == {"done": 2}, found
    require_agreement(child)
    require_whole()
