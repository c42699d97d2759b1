"""What only one may have: an open matter, a number, each moment's reminder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, func, select, text

from app.actor import Actor
from app.advance import loading
from app.commands import timers
from app.commands.cases import start_item, start_meeting
from app.commands.completion import complete_task
from app.commands.copies import read_paper
from app.db import session
from app.errors import Invalid
from app.model import Case, Document, Event, Setting, Timer
from tests import loop, stories, supervision
from tests.faults.together import acts_of, require_agreement, require_whole, tally, together
from tests.people import County

THREADS = 20
WORKERS = 2
RESOLUTION = {"matter": "两会同议一事", "indicator": "I10", "lead": "ZJJ", "due_days": 30}


def concluded_meeting(county: County) -> int:
    """A meeting with one and the same resolution, whose items are to be opened next."""
    meeting = loop.prepared_meeting(county)
    loop.complete(
        meeting, "minutes", loop.minutes(regrades=[], resolutions=[RESOLUTION]),
        by=county.post("supervising_office"),
    )  # fmt: skip
    loop.sign_minutes(county, meeting)
    return meeting


def test_of_two_meetings_with_the_same_resolution_one_opens_the_item(at_work, busy_county):
    meetings = [concluded_meeting(busy_county) for _ in range(2)]
    tasks = [stories.task(each, "task_list").id for each in meetings]
    office = busy_county.post("supervising_office")

    answers = together(at_work, *(partial(complete_task, task, {}, actor=office) for task in tasks))

    assert tally(answers) == {"done": 1, "Invalid": 1}, answers
    refused = answers.index(next(each for each in answers if isinstance(each, Invalid)))
    assert items_on(RESOLUTION["matter"]) == 1
    assert stories.open_nodes(meetings[refused]) == ["task_list"]
    for each in meetings:
        require_agreement(each)
    require_whole()


def test_an_item_entered_by_several_at_once_is_entered_once(at_work, busy_county):
    office, profile = busy_county.post("supervising_office"), busy_county.profile.key
    enter = partial(start_item, profile, "多人同时立项", "ZJJ", actor=office)

    answers = together(at_work, *[enter] * 8)

    assert tally(answers) == {"done": 1, "Invalid": 7}, answers
    assert items_on("多人同时立项") == 1
    require_whole()


def items_on(matter: str) -> int:
    """How many items there are on a matter."""
    session().rollback()
    return session().scalar(select(func.count()).where(Case.matter == matter)) or 0


def test_no_number_is_given_twice(at_work, busy_county):
    """Cases of two series and papers of one, numbered by twenty threads at a time."""
    office, director = (
        busy_county.post(post) for post in ("supervising_office", "supervising_director")
    )
    items = [supervision.open_item(busy_county, matter=f"编号{n}") for n in range(THREADS)]
    meet = partial(start_meeting, busy_county.profile.key, "编号会议", actor=office)
    register = [
        partial(
            complete_task, stories.task(item, "register").id,
            supervision.registration(busy_county, item), actor=office,
        )
        for item in items
    ]  # fmt: skip
    numbered = together(at_work, *register[: THREADS // 2], *[meet] * (THREADS // 2))
    numbered += together(at_work, *register[THREADS // 2 :], *[meet] * (THREADS // 2))
    dispatch = [
        partial(
            complete_task, stories.task(item, "approve_dispatch").id, supervision.APPROVE,
            actor=director,
        )
        for item in items
    ]  # fmt: skip
    sent = together(at_work, *dispatch)

    assert tally(numbered + sent) == {"done": 3 * THREADS}, numbered + sent
    papers = session().scalars(select(Document.number).where(Document.case_id.in_(items))).all()
    of_items = session().scalars(select(Case.number).where(Case.id.in_(items))).all()
    require_consecutive(papers)
    require_consecutive(of_items)
    print(f"{THREADS} threads: {len(papers)} papers and {len(of_items)} items numbered in order")
    require_whole()


def require_consecutive(numbers: Sequence[str | None]) -> None:
    """No number twice, none left out."""
    counted = sorted(int(str(each).partition("〕")[2].removesuffix("号")) for each in numbers)
    assert len(counted) == THREADS
    assert counted == list(range(counted[0], counted[0] + len(counted)))


def late_items(county: County, count: int = 6) -> list[int]:
    """Items nobody finished, long after everything on them was due."""
    stories.set_clock("2026-07-06 09:00")
    items = [
        supervision.in_hand(county, matter=f"逾期事项{n}", co=["SJG", "CZJ"]) for n in range(count)
    ]
    stories.set_clock("2026-09-30 16:00")
    return items


def firings(app: Flask, items: list[int]) -> Counter[str]:
    """Two workers fire what is due until neither finds anything; each timer exactly once."""
    planned, fired = pending(items), 0
    while True:
        found = together(app, *[partial(timers.fire_due, 20)] * WORKERS)
        assert tally(found) == {"done": WORKERS}, found
        fired += sum(found)
        assert fired <= planned, "the same timers again"
        if not any(found):
            break
    session().rollback()
    rows = (
        session()
        .scalars(
            select(Timer).where(Timer.case_id.in_(items)).execution_options(populate_existing=True)
        )
        .all()
    )
    done = [each for each in rows if each.state == "fired"]
    assert [each.problem for each in rows if each.attempts] == []
    assert fired == len(done)
    acts = [acts_of(each, "timer.fired") for each in items]
    assert sum(acts) == len(done)
    for item in items:
        assert len(stories.children(item, "escalation")) == len(
            {
                each.assignment_id
                for each in done
                if each.case_id == item and each.kind == "escalate"
            }
        )
    return Counter(each.kind for each in done)


def pending(items: list[int]) -> int:
    """How many timers of these items wait for their moment."""
    session().rollback()
    waiting = select(func.count()).where(Timer.case_id.in_(items), Timer.state == "pending")
    return session().scalar(waiting) or 0


def test_two_workers_fire_each_timer_once(committed_db, own_county):
    found = firings(committed_db, late_items(own_county))

    print(f"{WORKERS} workers: {dict(found)}")
    assert found["escalate"] > 0
    assert found["due"] > 0
    require_whole()


def test_the_campaign_notices_a_timer_that_stays_due(committed_db, own_county, monkeypatch):
    fire = timers._fire  # noqa: SLF001 - the fault is planted inside

    def forget(timer_id: int, actor: object) -> bool:
        fired = fire(timer_id, actor)
        session().get_one(Timer, timer_id).state = "pending"
        return fired

    monkeypatch.setattr(timers, "_fire", forget)

    with pytest.raises(AssertionError):
        firings(committed_db, late_items(own_county, count=1))


def lock_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant the fault: nobody waits for a row somebody else is at."""
    monkeypatch.setattr(Select, "with_for_update", lambda self, **_how: self)
    for name in ("_the_case", "_its_case"):  # built once, so the fault goes in anew
        monkeypatch.setattr(loading, name, getattr(loading, name).__wrapped__)


def claim_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have both workers choose what to fire before either of them fires it."""
    mark, both = timers._mark_fired, Barrier(WORKERS, timeout=5)  # noqa: SLF001 - as above

    def wait(*what: Any) -> int:
        with suppress(BrokenBarrierError):  # the other one has found nothing
            both.wait()
        return mark(*what)

    monkeypatch.setattr(timers, "_mark_fired", wait)


@pytest.mark.only("postgresql")
def test_workers_that_do_not_lock_meet_the_second_guard(committed_db, own_county, monkeypatch):
    items = late_items(own_county)
    lock_nothing(monkeypatch)

    firings(committed_db, items)

    twice = select(Event.stream).group_by(Event.stream, Event.seq).having(func.count() > 1)
    assert session().scalars(twice).all() == [], "a journal row has a place of its own"


@pytest.mark.only("postgresql")
def test_the_campaign_notices_workers_that_do_not_lock(committed_db, own_county, monkeypatch):
    items = late_items(own_county)
    lock_nothing(monkeypatch)
    claim_together(monkeypatch)
    session().execute(text("ALTER TABLE event DROP CONSTRAINT uq_event_stream_seq"))
    session().commit()

    with pytest.raises(AssertionError):
        firings(committed_db, items)


def test_of_several_readers_of_a_copy_the_first_one_counts(at_work, busy_county):
    posts = ("unit_handler", "unit_liaison", "unit_leader", "unit_head")
    for turn in range(5):
        item = supervision.dispatched(
            busy_county, supervision.open_item(busy_county, matter=f"同时阅件{turn}")
        )
        (paper,) = stories.papers(item)
        read = [
            partial(read_paper, paper.id, actor=busy_county.actor(post, "SJG")) for post in posts
        ]

        answers = together(at_work, *read)

        assert tally(answers) == {"done": len(posts)}, answers
        assert acts_of(item, "document.read") == 1
        (act,) = stories.acts(f"case:{item}", "document.read")
        delivery = stories.deliveries(paper.id)[busy_county.unit("SJG"), "cc"]
        assert delivery.read_by == act["person"]
    require_whole()


def test_a_timer_whose_rows_clash_holds_up_nobody_elses(committed_db, own_county, monkeypatch):
    poisoned, healthy = late_items(own_county, count=2)
    session().add(Setting(key="once", value="{}"))
    session().commit()
    say = timers.ACTS["remind"]

    def clash(firing: timers.Firing, actor: Actor) -> Mapping[str, Any]:
        if firing.loaded.case.id == poisoned:
            session().add(Setting(key="once", value="{}"))
        return say(firing, actor)

    monkeypatch.setitem(timers.ACTS, "remind", clash)
    timers.fire_due()

    session().rollback()
    planned = select(Timer).where(Timer.case_id == poisoned, Timer.state != "cancelled")
    first = session().scalars(planned.order_by(Timer.fire_at)).first()
    assert (first.state, first.attempts) == ("pending", 0), "a clash is not counted"
    assert "IntegrityError" in first.problem
    assert pending([healthy]) == 0
    require_whole()
