"""A clock that stops loses no time, and dates only move on unless somebody decides (row 15, 16)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import clock
from app.commands.clock import resume, suspend
from app.commands.items import request_extension
from app.commands.timers import fire_due
from app.errors import Invalid, NotAllowed, NotFound, Stale
from tests import databases, stories, supervision
from tests.stories import complete, task

WHY = {"reason": "等待上级政策明确"}


@pytest.fixture
def item(tanghe):
    """An item dispatched on 6 July and due on 17 August."""
    return supervision.in_hand(tanghe)


def due_day(case_id: int) -> str:
    """The day the whole matter is due; the open task always says the same."""
    case = stories.case(case_id)
    assert clock.local_day(task(case_id, "complete_item").due_at) == case.due_day
    return case.due_day.isoformat()


def stand_still(county, case_id: int, start: str, end: str) -> None:
    office = county.post("supervising_office")
    stories.set_clock(start)
    suspend(case_id, WHY, actor=office)
    stories.set_clock(end)
    resume(case_id, {}, actor=office)


def test_the_date_moves_by_the_working_days_that_were_lost(tanghe, item):
    assert due_day(item) == "2026-08-17"

    stand_still(tanghe, item, "2026-07-13 10:00", "2026-07-20 10:00")

    assert due_day(item) == "2026-08-24"
    assert stories.case(item).due_day_first == date(2026, 8, 17)
    (act,) = stories.acts(f"case:{item}", "case.resumed")
    assert (act["data"]["before"], act["data"]["after"]) == ("2026-08-17", "2026-08-24")
    assert [m["unit"] for m in act["data"]["moved"]] == [tanghe.unit("ZJJ")]


def test_a_pause_within_a_day_or_over_a_weekend_loses_nothing(tanghe, item):
    stand_still(tanghe, item, "2026-07-13 09:00", "2026-07-13 17:00")
    stand_still(tanghe, item, "2026-07-18 10:00", "2026-07-20 09:00")

    assert due_day(item) == "2026-08-17"


def test_every_standstill_counts_and_new_tasks_know_of_them(tanghe):
    item = supervision.signed(tanghe, supervision.dispatched(tanghe))
    stand_still(tanghe, item, "2026-07-08 10:00", "2026-07-10 10:00")
    stand_still(tanghe, item, "2026-07-14 10:00", "2026-07-15 10:00")
    supervision.co_answered(tanghe, item, "SJG")

    assert due_day(item) == "2026-08-20"


def test_a_chosen_day_moves_like_a_counted_one(tanghe):
    item = supervision.dispatched(tanghe, due_date="2026-08-17")
    supervision.co_answered(tanghe, supervision.signed(tanghe, item), "SJG")

    stand_still(tanghe, item, "2026-07-13 10:00", "2026-07-20 10:00")

    assert due_day(item) == "2026-08-24"


def test_nothing_is_done_while_the_clock_stands_still(tanghe, item):
    suspend(item, WHY, actor=tanghe.post("supervising_office"))

    with pytest.raises(Stale):
        complete(
            item, "complete_item", supervision.COMPLETION, by=tanghe.actor("unit_handler", "ZJJ")
        )
    stories.set_clock("2026-09-14 10:00")
    assert fire_due() == 0


def test_timers_follow_the_moved_date_and_fire_no_earlier(tanghe, item):
    stand_still(tanghe, item, "2026-07-13 10:00", "2026-07-20 10:00")
    stories.set_clock("2026-08-18 10:00")
    fire_due()
    assert [a["data"]["kind"] for a in stories.acts(f"case:{item}", "timer.fired")] == []

    stories.set_clock("2026-08-25 00:10")
    fire_due()

    assert [a["data"]["kind"] for a in stories.acts(f"case:{item}", "timer.fired")] == [
        "remind",
        "remind",
        "due",
    ]


def test_after_an_extension_the_reminders_come_again_for_the_new_day(tanghe, item):
    stories.set_clock("2026-08-13 09:30")
    fire_due()
    extend(tanghe, item, date(2026, 8, 28))

    stories.set_clock("2026-08-31 00:10")
    fire_due()

    on_item = [
        act["data"]["kind"]
        for act in stories.acts(f"case:{item}", "timer.fired")
        if act["data"]["kind"] in ("remind", "due")
    ]
    assert on_item == ["remind", "remind", "remind", "due"]


@pytest.mark.parametrize(("act", "wording"), [(resume, "suspended"), (suspend, "open")])
def test_only_what_runs_can_stop_and_only_what_stopped_can_run(tanghe, item, act, wording):
    office = tanghe.post("supervising_office")
    if act is suspend:
        suspend(item, WHY, actor=office)

    with pytest.raises(Invalid, match=wording):
        act(item, WHY if act is suspend else {}, actor=office)


def test_stopping_needs_a_reason_and_the_office(tanghe, item):
    with pytest.raises(Invalid):
        suspend(item, {"reason": " "}, actor=tanghe.post("supervising_office"))
    with pytest.raises(NotAllowed):
        suspend(item, WHY, actor=tanghe.actor("unit_leader", "ZJJ"))
    with pytest.raises(NotFound):
        suspend(item, WHY, actor=tanghe.stranger)
    suspend(item, WHY, actor=tanghe.post("supervising_director"))
    with pytest.raises(NotAllowed):
        resume(item, {}, actor=tanghe.actor("unit_leader", "ZJJ"))


MOVES = st.lists(
    st.tuples(st.sampled_from(["stop", "run", "extend"]), st.integers(1, 12)),
    min_size=1,
    max_size=10,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_whatever_happens_the_date_never_comes_nearer(app, moves):
    with databases.rolled_back(app):
        county = stories.county("tanghe")
        item = supervision.in_hand(county)
        moment, days = datetime.fromisoformat("2026-07-07 10:00"), [due_day(item)]
        for move, length in moves:
            moment += timedelta(days=length)
            stories.set_clock(moment.isoformat(sep=" "))
            _make(county, item, move)
            days.append(due_day(item))

    assert days == sorted(days)


def _make(county, item: int, move: str) -> None:
    """One move, if it is allowed just now."""
    office, status = county.post("supervising_office"), stories.case(item).status
    if move == "stop" and status == "open":
        suspend(item, WHY, actor=office)
    elif move == "run" and status == "suspended":
        resume(item, {}, actor=office)
    elif move == "extend" and status == "open":
        present = stories.case(item).due_day
        extend(county, item, max(present, clock.today()) + timedelta(days=7))


def extend(county, item: int, day: date) -> None:
    """An extension from the application to the grant, on the first working day from `day` on."""
    while day.weekday() > 4 or day.isoformat() in stories.HOLIDAYS:
        day += timedelta(days=1)
    try:
        child = request_extension(
            item,
            {"reason": "会商尚未结束", "progress": "七成", "new_date": day.isoformat()},
            actor=county.actor("unit_handler", "ZJJ"),
        )["case"]
    except Invalid:
        return
    complete(child, "sign_extension", supervision.APPROVE, by=county.actor("unit_leader", "ZJJ"))
    grant = {"decision": "grant", "granted_date": day.isoformat()}
    try:
        complete(child, "decide", grant, by=county.post("supervising_director"))
    except Invalid:
        refuse = {"decision": "refuse", "opinion": "超出延期上限"}
        complete(child, "decide", refuse, by=county.post("supervising_director"))
    if "leader_decide" in stories.open_nodes(child):
        complete(child, "leader_decide", grant, by=county.post("convener"))
