"""Formal copies (抄送、抄报): to whom, once, which way, read by the unit, recalled while unread."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.commands import copies
from app.db import session
from app.errors import Invalid, NotAllowed, NotFound
from app.model import Delivery
from app.queries import my_work
from app.queries.cases import case_page
from app.queries.history import history
from app.queries.papers import paper
from tests import stories, supervision

CASE = {"what": "case", "units": [], "people": [], "note": ""}


@pytest.fixture
def item(tanghe):
    return supervision.dispatched(tanghe, supervision.open_item(tanghe, co=["SJG"]))


@pytest.fixture
def office(tanghe):
    return tanghe.post("supervising_office")


def sent(item, by, **asked):
    return copies.send(item, CASE | asked, actor=by)["sending"]


def deliveries(sending):
    rows = select(Delivery).where(Delivery.sending_id == sending).order_by(Delivery.id)
    return session().scalars(rows.execution_options(populate_existing=True)).all()


def roles(county, sending):
    return {county.code(each.unit_id): each.role for each in deliveries(sending)}


def test_upward_is_what_stands_above_in_the_tree_of_units(tanghe, item, office):
    up_and_down = sent(item, office, units=["ZFW", "XW", "FGW"])
    from_below = sent(item, tanghe.actor("unit_liaison", "ZJJ"), units=["XZF", "PAB"])

    assert roles(tanghe, up_and_down) == {"ZFW": "cc_upward", "XW": "cc_upward", "FGW": "cc"}
    assert roles(tanghe, from_below) == {"XZF": "cc_upward", "PAB": "cc"}
    (told,) = [
        act for act in stories.acts(f"case:{item}", "copies.sent") if act["unit"] == office.unit_id
    ]
    assert set(told["data"]["upward"]) == {tanghe.unit("ZFW"), tanghe.unit("XW")}


def test_a_copy_lets_a_unit_read_the_case_and_nothing_more(tanghe, item, office):
    handler = tanghe.actor("unit_handler", "FGW")
    with pytest.raises(NotFound):
        case_page(handler, item)

    sent(item, office, units=["FGW"], note="请知悉")

    assert case_page(handler, item).case_id == item
    assert [row.case_id for row in my_work.copies(handler).rows] == [item]
    with pytest.raises(NotAllowed):
        sent(item, handler, units=["CZJ"])
    assert "请知悉" in {line.reason for line in history(handler, item)}


def test_nobody_gets_the_same_thing_twice(tanghe, item, office):
    convener = tanghe.actor("convener")
    first = sent(item, office, units=["FGW"], people=[convener.login])
    again = sent(item, office, units=["FGW", "CZJ"], people=[convener.login])

    assert roles(tanghe, first) == {"FGW": "cc", "ZFW": "cc_upward"}
    assert roles(tanghe, again) == {"CZJ": "cc"}
    with pytest.raises(Invalid) as refusal:
        sent(item, office, units=["FGW"])
    assert "units" in refusal.value.fields


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"units": ["PAB"]},
        {"what": "999999", "units": ["FGW"]},
        {"people": ["fgw_unit_handler"]},
    ],
)
def test_a_copy_goes_to_somebody_else_and_is_of_something(item, office, asked):
    with pytest.raises(Invalid):
        sent(item, office, **asked)


def test_a_paper_is_copied_without_its_case(tanghe, item, office):
    notice = next(each for each in stories.papers(item) if each.state == "issued")
    handler = tanghe.actor("unit_handler", "FGW")
    sending = sent(item, office, what=str(notice.id), units=["FGW"])

    assert paper(handler, notice.id).line.case_open is False
    with pytest.raises(NotFound):
        case_page(handler, item)
    copies.read_paper(notice.id, actor=handler)
    assert stories.acts(f"case:{item}", "document.read")[-1]["unit"] == tanghe.unit("FGW")
    assert [each.read_at is not None for each in deliveries(sending)] == [True]

    with pytest.raises(Invalid):
        sent(item, office, what=str(notice.id), units=["ZJJ"])


def test_the_first_reader_of_a_unit_counts_once(tanghe, item, office):
    sent(item, office, units=["FGW"])
    for post in ("unit_handler", "unit_liaison"):
        copies.read_case(item, actor=tanghe.actor(post, "FGW"))

    (act,) = stories.acts(f"case:{item}", "copy.read")
    assert act["person"] == tanghe.actor("unit_handler", "FGW").person_id
    assert my_work.copies(tanghe.actor("unit_liaison", "FGW")).rows[0].read_at is not None
    with pytest.raises(NotAllowed):
        copies.read_case(item, actor=tanghe.actor("unit_handler", "ZJJ"))


def test_what_nobody_has_read_is_recalled_and_stays_on_record(tanghe, item, office):
    sending = sent(item, office, units=["FGW", "CZJ"])
    reader, other = tanghe.actor("unit_handler", "FGW"), tanghe.actor("unit_handler", "CZJ")
    copies.read_case(item, actor=reader)
    with pytest.raises(NotAllowed):
        copies.recall(sending, actor=tanghe.actor("unit_handler", "ZJJ"))

    copies.recall(sending, actor=office, reason="发错单位")

    assert case_page(reader, item).case_id == item
    with pytest.raises(NotFound):
        case_page(other, item)
    with pytest.raises(NotFound):
        copies.read_case(item, actor=other)
    assert my_work.copies(other).rows == ()
    assert [each.recalled_at is not None for each in deliveries(sending)] == [False, True]
    (act,) = stories.acts(f"case:{item}", "copies.recalled")
    assert act["data"]["units"] == [tanghe.unit("CZJ")]
    with pytest.raises(Invalid):
        copies.recall(sending, actor=office)
    assert roles(tanghe, sent(item, office, units=["CZJ"])) == {"CZJ": "cc"}


def test_one_addressee_alone_is_recalled(tanghe, item, office):
    sending = sent(item, office, units=["FGW", "CZJ"])
    first, _second = deliveries(sending)
    copies.recall(sending, actor=office, delivery_id=first.id)

    assert [each.recalled_at is not None for each in deliveries(sending)] == [True, False]
    with pytest.raises(Invalid):
        copies.recall(sending, actor=office, delivery_id=first.id)


def test_strangers_learn_nothing_of_what_is_sent(tanghe, item, office):
    sending = sent(item, office, units=["FGW"])
    for act in (
        lambda: copies.recall(sending, actor=tanghe.stranger),
        lambda: copies.recall(10**6, actor=office),
        lambda: copies.read_case(item, actor=tanghe.stranger),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_retried_request_sends_once(tanghe, item, office):
    asked = CASE | {"units": ["FGW"]}
    first = copies.send.once("key-1", item, asked, actor=office)
    again = copies.send.once("key-1", item, asked, actor=office)

    assert first == again
    assert len(stories.acts(f"case:{item}", "copies.sent")) == 1
