"""When a part can go to another unit, what stays as it was, and who is faster (row 2)."""

from __future__ import annotations

import pytest

from app.commands.asking import add_before, delegate
from app.commands.clock import suspend
from app.commands.handing import claim
from app.commands.items import request_extension
from app.commands.reassigning import reassign
from app.commands.supervising import waive_co
from app.commands.undoing import send_back, withdraw
from app.db import session
from app.errors import Invalid, NotAllowed, Stale
from app.model import Assignment
from app.queries.history import place
from app.queries.inbox import inbox
from tests import stories, supervision
from tests.stories import complete, task

WHY = "职能已划转该单位"
LEAD = {"part": "lead", "unit": "FGW", "reason": WHY}
EXTENSION = {"reason": "跨部门会商尚未结束", "progress": "七成", "new_date": "2026-09-30"}


@pytest.fixture
def item(tanghe):
    """An item of the housing bureau, dispatched on 6 July and due on 17 August."""
    return supervision.in_hand(tanghe)


@pytest.fixture
def office(tanghe):
    return tanghe.post("supervising_office")


def test_a_reported_matter_is_sent_back_before_it_is_re_assigned(tanghe, item, office):
    supervision.completed(tanghe, item)

    with pytest.raises(Invalid, match="nothing left"):
        reassign(item, LEAD, actor=office)


def test_not_before_dispatch_nor_while_it_stands_still_nor_after_the_end(tanghe, office):
    item = supervision.open_item(tanghe)
    with pytest.raises(Invalid, match="not been dispatched"):
        reassign(item, LEAD, actor=office)
    supervision.dispatched(tanghe, item)
    suspend(item, {"reason": "等待上级批复"}, actor=office)

    with pytest.raises(Invalid, match="open"):
        reassign(item, LEAD, actor=office)


def test_an_application_for_more_time_ends_with_the_part_of_who_made_it(tanghe, item, office):
    asked = request_extension(item, EXTENSION, actor=tanghe.actor("unit_handler", "ZJJ"))["case"]
    reassign(item, LEAD, actor=office)

    assert (stories.case(asked).status, stories.open_nodes(asked)) == ("terminated", [])
    (ended,) = stories.acts(f"case:{asked}", "case.terminated")
    assert ended["data"]["reason"] == WHY
    assert request_extension(item, EXTENSION, actor=tanghe.actor("unit_handler", "FGW"))


def test_the_leads_application_waits_on_while_a_co_handler_is_changed(tanghe, office):
    item = supervision.signed(tanghe, supervision.dispatched(tanghe))
    asked = request_extension(item, EXTENSION, actor=tanghe.actor("unit_handler", "ZJJ"))["case"]
    part = f"co:{tanghe.unit('SJG')}"
    reassign(item, {**LEAD, "part": part}, actor=office)

    assert stories.case(asked).status == "open"


def test_whom_the_unit_asked_to_help_is_let_go_and_that_is_written_down(tanghe, item, office):
    held, handler = task(item, "complete_item"), tanghe.actor("unit_handler", "ZJJ")
    head = tanghe.actor("unit_head", "ZJJ")
    asked = {"people": [head.login], "units": ["CZJ"], "reason": "请提出意见"}
    add_before(held.id, asked, actor=handler)
    reassign(item, LEAD, actor=office)

    (gone,) = stories.acts(f"case:{item}", "signers.removed")
    assert gone["data"]["persons"] == [head.person_id]
    assert gone["data"]["units"] == [tanghe.unit("CZJ")]
    assert gone["data"]["reason"] == WHY
    now = task(item, "complete_item")
    assert (now.unit_id, now.state) == (tanghe.unit("FGW"), "active")
    assert [row.assignment_id for row in inbox(tanghe.actor("unit_liaison", "CZJ")).rows] == []
    supervision.struck_off(tanghe, item, "FGW")


def test_a_colleague_who_was_filling_it_in_has_it_no_longer(tanghe, item, office):
    held, handler = task(item, "complete_item"), tanghe.actor("unit_handler", "ZJJ")
    liaison = tanghe.actor("unit_liaison", "ZJJ")
    delegate(held.id, {"person": liaison.login}, actor=handler)
    reassign(item, LEAD, actor=office)

    (taken,) = stories.acts(f"case:{item}", "task.recalled")
    assert taken["data"]["before"] == liaison.person_id
    assert inbox(liaison).rows == ()
    assert task(item, "complete_item").unit_id == tanghe.unit("FGW")


def test_one_matter_is_open_once_for_the_new_lead_too(tanghe, item, office):
    supervision.dispatched(tanghe, supervision.open_item(tanghe, lead="FGW"))

    with pytest.raises(Invalid) as refusal:
        reassign(item, LEAD, actor=office)
    assert set(refusal.value.fields) == {"override_reason"}
    assert stories.case(item).handler_id is not None

    reassign(item, LEAD | {"override_reason": "两件分别考核"}, actor=office)
    assert stories.case(item).override_reason == "两件分别考核"


def test_the_matter_is_free_again_for_the_unit_before(tanghe, item, office):
    reassign(item, LEAD, actor=office)

    assert supervision.open_item(tanghe) != item


def test_it_may_go_back_and_forth(tanghe, item, office):
    reassign(item, LEAD, actor=office)
    reassign(item, LEAD | {"unit": "ZJJ"}, actor=office)

    assert task(item, "complete_item").unit_id == tanghe.unit("ZJJ")
    supervision.struck_off(tanghe, item)
    assert len(stories.papers(item, "reassignment_notice")) == 2


def test_what_the_unit_before_did_is_not_taken_back(tanghe, item, office):
    reassign(item, LEAD, actor=office)
    with pytest.raises(NotAllowed):
        withdraw(item, {"reason": "还想再改一改"}, actor=tanghe.actor("unit_leader", "ZJJ"))
    with pytest.raises((Invalid, NotAllowed)):
        send_back(
            item,
            {"task": "previous", "reason": "请重新部署"},
            actor=tanghe.actor("unit_handler", "FGW"),
        )

    assert task(item, "complete_item").unit_id == tanghe.unit("FGW")


def test_whoever_was_faster_is_heard_of(tanghe, item, office):
    seen = place(f"case:{item}")
    reassign(item, LEAD, actor=office)

    with pytest.raises(Stale):
        reassign(item, LEAD | {"unit": "CZJ"}, actor=office, seen=seen)


def test_the_unit_that_answered_first_keeps_it(tanghe, item, office):
    seen = place(f"case:{item}")
    complete(item, "complete_item", supervision.COMPLETION, by=tanghe.actor("unit_handler", "ZJJ"))

    with pytest.raises(Stale):
        reassign(item, LEAD, actor=office, seen=seen)


def test_the_unit_before_still_knows_of_it_but_can_do_nothing(tanghe, item, office):
    held = task(item, "complete_item")
    reassign(item, LEAD, actor=office)
    handler = tanghe.actor("unit_handler", "ZJJ")

    with pytest.raises(Stale):
        claim(held.id, {}, actor=handler)
    with pytest.raises(NotAllowed):
        request_extension(item, EXTENSION, actor=handler)


def test_a_twice_posted_form_does_it_once(item, office):
    first = reassign.once("key-1", item, LEAD, actor=office)

    assert reassign.once("key-1", item, LEAD, actor=office) == first
    assert stories.kinds(item).count("item.reassigned") == 1


def test_who_had_helped_the_unit_before_takes_nothing_back_for_it(tanghe, item, office):
    handler, helper = (tanghe.actor(post, "ZJJ") for post in ("unit_handler", "unit_liaison"))
    mine = task(item, "complete_item")
    delegate(mine.id, {"person": helper.login, "reason": "请代为填报"}, actor=handler)
    complete(item, "complete_item", supervision.COMPLETION, by=helper)
    reassign(item, LEAD, actor=office)

    with pytest.raises(Invalid, match="gone on"):
        withdraw(item, {"reason": "填报有误，需要修改"}, actor=helper)
    assert task(item, "complete_item").unit_id == tanghe.unit("FGW")
    assert task_state(mine.id) == "cancelled"


def test_who_had_helped_a_unit_that_was_waived_takes_nothing_back_for_it(tanghe, office):
    item = supervision.dispatched(tanghe, supervision.open_item(tanghe, co=["SJG", "CZJ"]))
    for unit in ("SJG", "CZJ"):
        signing = tanghe.actor("unit_liaison", unit)
        complete(item, "co_sign_for", {"decision": "sign"}, by=signing)
    handler, helper = (tanghe.actor(post, "SJG") for post in ("unit_handler", "unit_liaison"))
    mine = task(item, "co_opinion", tanghe.unit("SJG"))
    delegate(mine.id, {"person": helper.login, "reason": "请代为填报"}, actor=handler)
    complete(item, "co_opinion", supervision.CO_OPINION, by=helper)
    waive_co(item, {"unit": "SJG", "reason": "该单位无需答复"}, actor=office)

    with pytest.raises(Invalid, match="gone on"):
        withdraw(item, {"reason": "填报有误，需要修改"}, actor=helper)
    assert task_state(mine.id) == "cancelled"


def task_state(assignment_id: int) -> str:
    return session().get_one(Assignment, assignment_id, populate_existing=True).state
