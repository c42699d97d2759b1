"""Timers fire once, in order, whatever the outage before, and one that fails holds nobody up."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from threading import Barrier, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app import clock
from app.actor import SYSTEM
from app.advance.loading import units_of
from app.commands import stuck, timers
from app.commands.timers import fire_due
from app.db import session
from app.errors import Busy, Stale
from app.i18n import Text
from app.model import Assignment, Timer
from tests import databases, stories, supervision
from tests.stories import open_nodes

LADDER = ["remind", "remind", "due", "urge", "urge", "bulletin", "escalate"]


@pytest.fixture
def item(tanghe):
    """An item of one unit alone, dispatched on 6 July and due on 17 August."""
    return supervision.in_hand(tanghe, co=[])


def fired(case_id: int) -> list[dict]:
    return [act["data"] for act in stories.acts(f"case:{case_id}", "timer.fired")]


def kinds(case_id: int) -> list[str]:
    return [each["kind"] for each in fired(case_id)]


def pending(case_id: int) -> list[Timer]:
    return list(
        session().scalars(
            select(Timer)
            .join(Assignment, Assignment.id == Timer.assignment_id)
            .where(Timer.case_id == case_id, Timer.state == "pending", Assignment.state == "active")
            .order_by(Timer.fire_at)
            .execution_options(populate_existing=True)
        )
    )


def test_each_rung_fires_at_its_moment_and_once(item):
    steps = [
        ("2026-08-12 08:58", []),
        ("2026-08-12 09:01", ["remind"]),
        ("2026-08-14 09:01", ["remind"]),
        ("2026-08-17 23:58", []),
        ("2026-08-18 00:01", ["due"]),
        ("2026-08-18 09:01", ["urge"]),
        ("2026-08-20 09:01", ["urge"]),
        ("2026-08-24 09:01", ["bulletin"]),
        ("2026-08-31 09:01", ["escalate"]),
        ("2026-12-31 09:01", []),
    ]
    for moment, expected in steps:
        stories.set_clock(moment)
        before = len(fired(item))
        fire_due()
        fire_due()
        assert kinds(item)[before:] == expected, moment


def test_after_a_week_down_everything_happens_in_order_and_reminders_are_one(tanghe, item):
    stories.set_clock("2026-09-07 10:00")

    assert fire_due() == len(LADDER)

    done = fired(item)
    assert kinds(item) == LADDER
    assert [each["planned"] for each in done] == sorted(each["planned"] for each in done)
    assert [each["superseded"] for each in done] == [
        True,
        True,
        False,
        True,
        False,
        False,
        False,
    ]
    assert stories.case(item).urge_count == 1
    assert len(stories.papers(item, "reminder_notice")) == 1


def test_an_automatic_reminder_uses_the_agreed_wording(tanghe, item):
    stories.set_clock("2026-08-18 09:01")

    fire_due()

    (paper,) = stories.papers(item, "reminder_notice")
    assert paper.content["text"] == f"{supervision.MATTER}已超期，请尽快办理。"
    assert (paper.issued_by, set(stories.deliveries(paper.id))) == (
        None,
        {(tanghe.unit("ZJJ"), "main")},
    )


def test_the_escalation_is_opened_once_for_the_supervising_office(tanghe, item):
    stories.set_clock("2026-08-24 09:01")
    fire_due()
    stories.set_clock("2026-08-31 09:01")
    fire_due()

    (opened,) = stories.children(item, "escalation")
    assert (opened.opened_by, opened.opened_unit_id) == (None, tanghe.unit("PAB"))
    assert open_nodes(opened.id) == ["verify"]
    assert [each["opened"] for each in fired(item)[-2:]] == [True, False]
    assert [each["escalation"] for each in fired(item)[-2:]] == [opened.id, opened.id]


def test_a_late_co_handler_is_escalated_by_its_own_clock(tanghe):
    item = supervision.signed(tanghe, supervision.dispatched(tanghe))
    stories.complete(
        item, "co_sign_for", {"decision": "sign"}, by=tanghe.actor("unit_liaison", "SJG")
    )
    stories.set_clock("2026-07-28 10:00")

    fire_due()

    (child,) = stories.children(item, "escalation")
    assert units_of(child.id)["lead"] == [tanghe.unit("SJG")]


def test_finished_work_is_left_alone(tanghe, item):
    supervision.struck_off(tanghe, item)
    stories.set_clock("2026-09-07 10:00")

    assert fire_due() == 0


def test_a_failing_timer_is_put_off_and_the_others_go_on(tanghe, item, monkeypatch):
    other = supervision.in_hand(tanghe, matter="另一事项", co=[])
    first = pending(item)[0].id
    monkeypatch.setitem(timers.ACTS, "remind", failing_for(item))
    stories.set_clock("2026-08-12 10:00")

    assert fire_due() == 1

    timer = session().get(Timer, first, populate_existing=True)
    assert (timer.state, timer.attempts, timer.problem) == ("pending", 1, "ValueError: broken")
    assert (kinds(item), kinds(other)) == ([], ["remind"])
    assert fire_due() == 0, "it waits before it is tried again"


def test_the_rungs_after_a_failing_one_wait_for_it(tanghe, item, monkeypatch):
    monkeypatch.setitem(timers.ACTS, "remind", failing_for(item))
    stories.set_clock("2026-08-18 10:00")
    fire_due()

    assert kinds(item) == []

    monkeypatch.undo()
    stories.set_clock("2026-08-18 10:01")
    fire_due()
    assert kinds(item) == LADDER[:4]


def test_after_five_attempts_a_timer_has_failed_and_says_why(tanghe, item, monkeypatch, caplog):
    monkeypatch.setitem(timers.ACTS, "remind", failing_for(item))
    moment = datetime.fromisoformat("2026-08-12 10:00")
    for _attempt in range(stuck.MOST_ATTEMPTS):
        stories.set_clock(moment.isoformat(sep=" "))
        fire_due()
        moment += timedelta(hours=1)

    (act,) = stories.acts(f"case:{item}", "incident.opened")
    assert (act["data"]["about"], act["data"]["attempts"]) == ("timer", 5)
    assert "broken" not in str(act["data"]), "the program's own words are for its log"
    assert caplog.messages.count("A timer failed.") == stuck.MOST_ATTEMPTS
    assert [
        t.state
        for t in session().scalars(
            select(Timer)
            .where(Timer.case_id == item, Timer.problem.is_not(None))
            .execution_options(populate_existing=True)
        )
    ] == ["failed"]
    monkeypatch.undo()
    stories.set_clock("2026-08-18 10:00")
    fire_due()
    assert kinds(item) == ["remind", "due", "urge"], "those after it go on without it"


def failing_for(case_id):
    def act(firing, _actor):
        if firing.timer.case_id == case_id:
            raise ValueError("broken")
        return {}

    return act


def test_a_busy_database_is_no_timers_fault(tanghe, item, monkeypatch):
    def locked(_firing, _actor):
        raise Busy(Text("The database is locked."))

    monkeypatch.setitem(timers.ACTS, "remind", locked)
    stories.set_clock("2026-08-12 10:00")

    assert fire_due() == 0
    assert {(timer.state, timer.attempts) for timer in pending(item)} == {("pending", 0)}


def test_what_is_put_off_must_still_be_waiting(tanghe, item):
    stories.set_clock("2026-08-12 10:00")
    first = pending(item)[0].id
    fire_due()

    timers.put_off(first, LookupError("too late"), actor=SYSTEM)
    timers.put_off(10**6, LookupError("gone"), actor=SYSTEM)

    assert session().get(Timer, first, populate_existing=True).problem is None


def test_what_somebody_else_was_faster_at_is_not_counted(tanghe, item, monkeypatch):
    def beaten(_firing, _actor):
        raise Stale(Text("Somebody else was faster."))

    monkeypatch.setitem(timers.ACTS, "urge", beaten)
    stories.set_clock("2026-08-18 09:01")
    fire_due()
    (timer, *_later) = pending(item)
    assert (timer.kind, timer.state, timer.attempts) == ("urge", "pending", 0)

    monkeypatch.undo()
    stories.set_clock("2026-08-18 09:02")
    fire_due()

    assert kinds(item) == LADDER[:4]


def test_several_workers_fire_each_timer_once(committed_db):
    county = stories.county("tanghe")
    items = [supervision.in_hand(county, matter=f"事项{n}", co=[]) for n in range(3)]
    stories.set_clock("2026-09-07 10:00")
    start, counts = Barrier(3), []

    def work() -> None:
        with committed_db.app_context():
            start.wait()
            counts.append(sum(fire_due() for _ in range(8)))

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(counts) == 3 * len(LADDER)
    assert [kinds(each) for each in items] == [LADDER] * 3
    assert [len(stories.children(each, "escalation")) for each in items] == [1, 1, 1]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(visits=st.lists(st.integers(1, 60 * 24), min_size=1, max_size=12))
def test_whenever_the_worker_runs_timers_fire_once_and_in_order(app, visits):
    with databases.rolled_back(app):
        county = stories.county("tanghe")
        item = supervision.in_hand(county)
        moment = datetime.fromisoformat("2026-08-10 00:00")
        for hours in visits:
            moment += timedelta(hours=hours)
            stories.set_clock(moment.isoformat(sep=" "))
            fire_due()
        done = fired(item)
        present = clock.now()
        left = [timer.fire_at for timer in pending(item)]

    by_assignment = defaultdict(list)
    for each in done:
        by_assignment[each["assignment"]].append((each["planned"], each["step"]))
    assert all(a < b for steps in by_assignment.values() for a, b in pairwise(steps))
    assert len({each["timer"] for each in done}) == len(done)
    assert all(moment > present for moment in left)
