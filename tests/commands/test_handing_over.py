"""What else passes on when somebody leaves: what they typed, are to read, and followed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.commands import circulations, drafts, handing
from app.commands.following import follow
from app.commands.leaving import disable_person, hand_over
from app.db import session
from app.effects import handover
from app.errors import NotAllowed
from app.model import Assignment, Delivery, Draft, Follow, Ticket
from app.queries.history import history
from app.queries.people import actor_by_login
from tests import stories, supervision

TYPED = [("result", "已完成七成")]


@pytest.fixture
def liaison(tanghe):
    return tanghe.actor("unit_liaison", "SJG")


@pytest.fixture
def head(tanghe):
    return tanghe.actor("unit_head", "SJG")


@pytest.fixture
def item(tanghe):
    return supervision.in_hand(tanghe, matter="另一个事项", lead="SJG", co=["RSJ"])


def to(tanghe, group, heir):
    return {f"to_{tanghe.unit('SJG')}_{group}": heir.login}


def circulated(item, by, *readers):
    asked = {"readers": [each.login for each in readers], "note": "请阅"}
    return circulations.circulate(item, asked, actor=by)["sending"]


def unread(sending):
    rows = select(Delivery.person_id).where(
        Delivery.sending_id == sending, Delivery.read_at.is_(None), Delivery.recalled_at.is_(None)
    )
    return session().scalars(rows.order_by(Delivery.id)).all()


def followers(case_id):
    return set(session().scalars(select(Follow.person_id).where(Follow.case_id == case_id)))


def test_the_successor_goes_on_from_what_was_typed(tanghe, system, handler, liaison, item):
    task = stories.task(item, "complete_item").id
    drafts.save_draft(task, TYPED, actor=handler, seen=0)

    disable_person(handler.person_id, to(tanghe, "unit_handler", liaison), actor=system)

    rows = select(Draft.person_id).where(Draft.assignment_id == task)
    assert session().scalars(rows).all() == [liaison.person_id]


def test_a_second_look_does_not_pass_to_who_did_the_first(tanghe, system, handler, liaison, item):
    ticket = session().get_one(Ticket, stories.task(item, "complete_item").ticket_id)
    ticket.not_by = "sign_for"  # which the liaison completed
    session().commit()

    done = disable_person(handler.person_id, to(tanghe, "unit_handler", liaison), actor=system)

    assert done == {"handed": {}, "left": 1}
    assert stories.task(item, "complete_item").person_id is None


def test_the_successor_reads_what_was_to_be_read(tanghe, system, handler, liaison, head, item):
    sending = circulated(item, handler, head, tanghe.actor("unit_leader", "SJG"))
    assert handover.groups(head.person_id) == {(tanghe.unit("SJG"), "reader"): 1}

    done = disable_person(head.person_id, to(tanghe, "reader", liaison), actor=system)

    assert done == {"handed": {f"to_{tanghe.unit('SJG')}_reader": 1}, "left": 0}
    assert liaison.person_id in unread(sending)
    assert head.person_id not in unread(sending)
    assert stories.case(item).circulating == {str(tanghe.unit("SJG")): [0, 2]}
    assert "unit_liaison" in str(list(history(liaison, item))[-1].text)
    one = select(Delivery.id).where(Delivery.person_id == liaison.person_id)
    circulations.read(session().scalars(one).one(), {"opinion": "已阅"}, actor=liaison)
    assert stories.case(item).circulating == {str(tanghe.unit("SJG")): [1, 2]}


def test_who_is_asked_already_is_not_asked_twice(tanghe, system, handler, liaison, head, item):
    sending = circulated(item, handler, head, liaison)

    disable_person(head.person_id, to(tanghe, "reader", liaison), actor=system)

    assert unread(sending) == [liaison.person_id]
    assert stories.case(item).circulating == {str(tanghe.unit("SJG")): [0, 1]}


def test_nobody_waits_for_what_nobody_was_named_for(tanghe, system, handler, head, item):
    sending = circulated(item, handler, head)

    assert disable_person(head.person_id, actor=system) == {"handed": {}, "left": 0}

    assert unread(sending) == []


def test_a_leader_hands_over_what_a_colleague_is_to_read(tanghe, handler, liaison, head, item):
    sending = circulated(item, handler, liaison)

    hand_over(liaison.person_id, to(tanghe, "reader", handler), actor=head)

    assert unread(sending) == [handler.person_id]


def test_who_takes_a_case_over_follows_it_as_the_leaver_did(tanghe, system, handler, liaison, item):
    other = supervision.in_hand(tanghe, matter="第三个事项", lead="SJG", co=["RSJ"])
    follow(item, actor=handler)

    disable_person(handler.person_id, to(tanghe, "unit_handler", liaison), actor=system)

    assert followers(item) == {handler.person_id, liaison.person_id}
    assert followers(other) == set()


def test_an_account_closed_in_this_moment_takes_no_task(tanghe, system, handler):
    item = supervision.dispatched(tanghe, supervision.open_item(tanghe))
    for unit, node in (("ZJJ", "sign_for"), ("SJG", "co_sign_for")):
        by = tanghe.actor("unit_liaison", unit)
        stories.complete(item, node, {"decision": "sign"}, by=by)
    task = stories.task(item, "co_opinion").id
    before = actor_by_login(handler.login)  # as a request knows them that began earlier
    disable_person(handler.person_id, actor=system)

    with pytest.raises(NotAllowed, match="taken from this account"):
        handing.claim(task, {}, actor=before)

    assert session().get_one(Assignment, task, populate_existing=True).person_id is None
