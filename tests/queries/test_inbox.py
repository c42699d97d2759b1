"""The inbox is ordered, counted and cut into pages by the database, as the rules would do it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.commands import indexing
from app.commands.clock import resume, suspend
from app.db import session
from app.model import Assignment, Case, RoleHolding
from app.queries.glance import glance
from app.queries.inbox import Wish, inbox
from app.queries.places import Place
from app.queries.sorting import PRESSING
from app.queries.waiting import FAR, LIGHTS, Filters
from app.rules import access
from app.rules.deadlines import fixed
from tests import stories, supervision
from tests.people import deputise

PARTS = 5


@pytest.fixture
def handler(tanghe):
    """Somebody with an item in hand, and more to do until days on both sides of today."""
    item = supervision.in_hand(tanghe)
    for days in (-20, -3, -3, 0, 1, 2, 4, 6, 9, 30):
        due_at = clock.now() + timedelta(days=days, minutes=1)
        given = stories.give(tanghe, item, "ZJJ", due_at=due_at)
        given.due_rule = dict(fixed(clock.local_day(due_at)).rule)
    session().commit()
    return tanghe.actor("unit_handler", "ZJJ")


def test_what_is_pressing_comes_first_and_every_light_is_counted(handler):
    box = inbox(handler)

    ranks = [(LIGHTS.index(row.due.light.code), row.due_at or FAR) for row in box.rows]
    assert ranks == sorted(ranks)
    assert box.counts == {**dict.fromkeys(LIGHTS, 0), **Counter(r.due.light.code for r in box.rows)}
    assert {code for code, count in box.counts.items() if count} == {
        "red",
        "yellow",
        "blue",
        "green",
    }
    assert box.total == len(box.rows) == glance(handler).all == 11
    assert box.after is None


@pytest.mark.parametrize("light", ["", "red", "yellow", "green", "grey"])
def test_the_pages_together_are_the_whole_list(handler, light):
    whole = [row.assignment_id for row in inbox(handler, Wish(light)).rows]
    pages, after = [], None
    for _page in range(20):
        box = inbox(handler, Wish(light, after=after), limit=2)
        pages += [row.assignment_id for row in box.rows]
        after = Place.read(str(box.after), PRESSING.kinds) if box.after else None
        if after is None:
            break

    assert pages == whole
    assert len(pages) == len(set(pages)) == (11 if not light else box.counts[light])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "a.b.c",
        "1.2",
        "1.2.3.4",
        "1.99999999999999999999.1",
        "²",
        "1.2.99999999999999999999",
    ],
)
def test_an_address_that_names_no_place_begins_at_the_top(text):
    assert Place.read(text, PRESSING.kinds) is None


def test_suspended_work_comes_last_and_is_pressing_again_afterwards(tanghe, handler):
    case_id = session().scalars(select(Case.id).where(Case.kind == "supervision_item")).one()
    before = inbox(handler).counts
    office = tanghe.post("supervising_office")
    suspend(case_id, {"reason": "等待法院裁判结果"}, actor=office)
    assert inbox(handler).counts == {**dict.fromkeys(LIGHTS, 0), "grey": 11}

    resume(case_id, {}, actor=office)
    assert inbox(handler).counts == before


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (Filters(), 11),
        (Filters(kind="supervision_item"), 11),
        (Filters(kind="risk_notice"), 0),
        (Filters(stage="supervision"), 11),
        (Filters(stage="warning"), 0),
        (Filters(role="lead"), 11),
        (Filters(role="co"), 0),
        (Filters(whose="unit"), 9),
        (Filters(whose="me"), 2),
        (Filters(whose="deputy"), 0),
        (Filters(receipt=True), 0),
        (Filters(receipt=False), 11),
        (Filters(text="纠纷"), 11),
        (Filters(text="（纠）纷"), 11),
        (Filters(text="%"), 0),
        (Filters(text="没有的词"), 0),
        (Filters(unit_id=-1), 0),
        (Filters(from_unit_id=-1), 0),
    ],
    ids=str,
)
def test_filters_leave_what_they_say_and_lights_count_what_is_left(handler, filters, kept):
    active = select(Assignment).where(Assignment.state == "active")
    named = session().scalars(active.order_by(Assignment.id.desc())).first()
    named.person_id = handler.person_id
    session().commit()
    indexing.catch_up()
    box = inbox(handler, Wish(filters=filters))

    assert (len(box.rows), box.total, sum(box.counts.values())) == (kept, kept, kept)


def test_dates_are_days_of_the_county_both_included(handler):
    whole = inbox(handler).rows
    days = sorted(row.due.day for row in whole if row.due.day)
    first, last = days[2], days[6]
    box = inbox(handler, Wish(filters=Filters(due_from=first, due_until=last)))

    assert sorted(row.due.day for row in box.rows) == [d for d in days if first <= d <= last]


def test_what_is_to_be_signed_for_is_told_apart(tanghe):
    item = supervision.dispatched(tanghe, supervision.open_item(tanghe))
    liaison = tanghe.actor("unit_liaison", "ZJJ")

    assert (glance(liaison).all, glance(liaison).receipts) == (1, 1)
    (row,) = inbox(liaison, Wish(filters=Filters(receipt=True))).rows
    assert (row.case_id, inbox(liaison, Wish(filters=Filters(receipt=False))).total) == (item, 0)


def test_everybody_is_shown_what_they_may_complete_and_nothing_else(tanghe, handler):
    active = select(Assignment).where(Assignment.state == "active").order_by(Assignment.id)
    mine = session().scalars(active).all()
    mine[0].person_id = handler.person_id
    mine[1].person_id = tanghe.actor("unit_leader", "ZJJ").person_id
    session().commit()
    leader = tanghe.actor("unit_leader", "ZJJ")
    everybody = [
        handler,
        leader,
        tanghe.post("supervising_office"),
        tanghe.actor("unit_handler", "SJG"),
    ]
    sjg, kind = tanghe.actor("unit_handler", "SJG"), "supervision_item"
    everybody += [deputise(tanghe, sjg, handler)]
    everybody += [deputise(tanghe, tanghe.actor("unit_liaison", "SJG"), handler, kind)]
    everybody += [deputise(tanghe, tanghe.actor("unit_leader", "SJG"), handler, "risk_notice")]
    everybody += [deputise(tanghe, leader, handler), deputise(tanghe, handler, leader, kind)]

    seen = 0
    for who in everybody:
        right = {
            each.id for each in mine
            if access.completes(
                who, unit_id=each.unit_id, post=each.post, person_id=each.person_id, kind=kind,
            )
        }  # fmt: skip
        assert {row.assignment_id for row in inbox(who).rows} == right
        assert glance(who).all == len(right)
        seen += len(right)
    assert seen >= PARTS


def test_own_the_units_and_deputised_work_are_told_apart(tanghe, handler):
    """Also where the deputy holds the very post they stand in for."""
    first, second, *_rest = session().scalars(
        select(Assignment).where(Assignment.state == "active").order_by(Assignment.id)
    )
    session().add(RoleHolding(person_id=(liaison := tanghe.actor("unit_liaison", "ZJJ")).person_id,
        unit_id=tanghe.unit("ZJJ"), role="unit_handler"))  # fmt: skip
    first.person_id, second.person_id = handler.person_id, liaison.person_id
    session().commit()
    deputy = deputise(tanghe, liaison, handler)

    kept = {
        whose: [row.assignment_id for row in inbox(deputy, Wish(filters=Filters(whose=whose))).rows]
        for whose in ("me", "unit", "deputy")
    }
    assert (kept["me"], kept["deputy"]) == ([second.id], [first.id])
    assert len(kept["unit"]) == inbox(deputy).total - 2 > 0


def test_a_deputy_for_certain_kinds_holds_no_post_otherwise(tanghe, handler):
    deputy = deputise(tanghe, tanghe.stranger, tanghe.post("supervising_office"), "urgent_report")

    assert not access.sees_every_case(deputy)
    assert not access.is_supervising(deputy, tanghe.unit("PAB"))
    assert inbox(deputy).rows == ()
