"""Reading lists (传阅): who is asked, who has read, what waits for them, what is recalled."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.commands import circulations, copies, undoing
from app.commands.leaving import disable_person
from app.db import session
from app.errors import Invalid, NotAllowed, NotFound
from app.model import Delivery, PersonalValue
from app.queries import my_work
from app.queries.cases import case_page
from app.queries.history import history
from tests import stories, supervision

RETURN = {"decision": "return", "opinion": "数据再核"}
SECRET = "请主要负责同志把关"


@pytest.fixture
def item(tanghe):
    return supervision.in_hand(tanghe)


@pytest.fixture
def handler(tanghe):
    return tanghe.actor("unit_handler", "ZJJ")


@pytest.fixture
def leader(tanghe):
    return tanghe.actor("unit_leader", "ZJJ")


@pytest.fixture
def head(tanghe):
    return tanghe.actor("unit_head", "ZJJ")


def asked(*readers, note=""):
    return {"readers": [each.login for each in readers], "note": note}


def delivery(sending, reader):
    rows = select(Delivery).where(
        Delivery.sending_id == sending, Delivery.person_id == reader.person_id
    )
    return session().scalars(rows.execution_options(populate_existing=True)).one()


def read(sending, reader, opinion=""):
    return circulations.read(delivery(sending, reader).id, {"opinion": opinion}, actor=reader)


def circulating(item, unit):
    return stories.case(item).circulating.get(str(unit))


def waiting_for(reader):
    return [row.case_id for row in my_work.copies(reader, unread=True).rows]


def test_colleagues_read_it_and_it_leaves_their_list(tanghe, item, handler, leader, head):
    unit = tanghe.unit("ZJJ")
    sending = circulations.circulate(item, asked(leader, head, note="请阅"), actor=handler)[
        "sending"
    ]
    assert circulating(item, unit) == [0, 2]
    assert waiting_for(leader) == waiting_for(head) == [item]
    assert waiting_for(tanghe.actor("unit_liaison", "ZJJ")) == []

    read(sending, leader, SECRET)
    assert circulating(item, unit) == [1, 2]
    assert (waiting_for(leader), waiting_for(head)) == ([], [item])
    read(sending, head)
    assert circulating(item, unit) is None
    assert [act["person"] for act in stories.acts(f"case:{item}", "circulation.read")] == [
        leader.person_id,
        head.person_id,
    ]


def test_an_opinion_is_kept_and_not_told_to_everybody(tanghe, item, handler, leader):
    sending = circulations.circulate(item, asked(leader), actor=handler)["sending"]
    read(sending, leader, SECRET)

    for viewer in (tanghe.post("supervising_office"), leader):
        assert SECRET not in {line.reason for line in history(viewer, item)}
    assert SECRET not in str(stories.acts(f"case:{item}"))
    assert delivery(sending, leader).opinion == SECRET
    kept = session().scalars(select(PersonalValue.value).where(PersonalValue.name == "opinion"))
    assert kept.all() == [SECRET]


def test_what_is_said_to_the_readers_is_not_told_to_everybody(tanghe, item, handler, leader):
    circulations.circulate(item, asked(leader, note=SECRET), actor=handler)

    lines = history(tanghe.post("supervising_office"), item)
    assert not any(SECRET in line.reason for line in lines)
    assert session().scalars(select(PersonalValue.value)).all().count(SECRET) == 1


def test_only_colleagues_are_asked_and_nobody_twice(tanghe, item, handler, leader, head):
    for reader in (handler, tanghe.stranger, tanghe.actor("sys_admin", "XZF")):
        with pytest.raises(Invalid) as refusal:
            circulations.circulate(item, asked(reader), actor=handler)
        assert "readers" in refusal.value.fields
    circulations.circulate(item, asked(leader), actor=handler)
    with pytest.raises(Invalid):
        circulations.circulate(item, asked(leader), actor=handler)
    circulations.circulate(item, asked(leader, head), actor=handler)

    assert circulating(item, tanghe.unit("ZJJ")) == [0, 2]
    with pytest.raises(NotFound):
        circulations.circulate(item, asked(leader), actor=tanghe.stranger)
    with pytest.raises(NotAllowed):
        circulations.circulate(item, asked(leader), actor=tanghe.actor("business_auditor"))


def test_a_unit_that_got_a_copy_reads_it_together(tanghe, item):
    reader, colleague = (tanghe.actor(post, "FGW") for post in ("unit_liaison", "unit_head"))
    with pytest.raises(NotFound):
        circulations.circulate(item, asked(colleague), actor=reader)
    copies.send(
        item,
        {"what": "case", "units": ["FGW"], "people": [], "note": ""},
        actor=tanghe.post("supervising_office"),
    )
    sending = circulations.circulate(item, asked(colleague), actor=reader)["sending"]
    read(sending, colleague)

    assert circulating(item, tanghe.unit("FGW")) is None


def test_posts_of_several_units_are_asked_by_the_office_alone(tanghe, item, handler):
    wanted = {"units": ["FGW", "RSJ"], "posts": ["unit_leader"], "note": ""}
    asked_one, other = tanghe.actor("unit_leader", "FGW"), tanghe.actor("unit_handler", "FGW")
    with pytest.raises(NotAllowed):
        circulations.circulate_widely(item, wanted, actor=handler)

    office = tanghe.post("supervising_office")
    sending = circulations.circulate_widely(item, wanted, actor=office)["sending"]

    assert case_page(asked_one, item).case_id == item
    with pytest.raises(NotFound):
        case_page(other, item)
    with pytest.raises(NotFound):
        circulations.read(delivery(sending, asked_one).id, {}, actor=other)
    with pytest.raises(NotAllowed):
        circulations.read(delivery(sending, asked_one).id, {}, actor=handler)
    read(sending, asked_one)
    assert case_page(asked_one, item).case_id == item
    nobody = wanted | {"units": ["XW"]}
    with pytest.raises(Invalid):
        circulations.circulate_widely(item, nobody, actor=office)


def test_a_task_waits_until_all_have_read(tanghe, item, handler, leader, head):
    task = stories.task(item, "complete_item")
    sending = circulations.circulate_first(task.id, asked(leader, head), actor=handler)["sending"]

    def complete():
        return stories.complete(item, "complete_item", supervision.COMPLETION, by=handler)

    with pytest.raises(Invalid) as refusal:
        complete()
    assert refusal.value.text.values == {"count": 2}
    read(sending, leader)
    with pytest.raises(Invalid):
        complete()
    copies.recall(sending, actor=handler, delivery_id=delivery(sending, head).id)

    assert circulating(item, tanghe.unit("ZJJ")) is None
    assert complete()["decided"] is True


def test_another_list_or_another_unit_holds_nothing_up(tanghe, item, handler, leader):
    circulations.circulate(item, asked(leader), actor=handler)

    assert stories.complete(item, "complete_item", supervision.COMPLETION, by=handler)["decided"]


def test_a_list_survives_that_the_case_is_sent_back(tanghe, item, handler, leader):
    task = stories.task(item, "complete_item")
    sending = circulations.circulate_first(task.id, asked(leader), actor=handler)["sending"]
    circulations.read(delivery(sending, leader).id, {}, actor=leader)
    stories.complete(item, "complete_item", supervision.COMPLETION, by=handler)
    again = circulations.circulate(item, asked(tanghe.actor("unit_head", "ZJJ")), actor=handler)
    stories.complete(item, "sign_completion", RETURN, by=leader)

    assert circulating(item, tanghe.unit("ZJJ")) == [0, 1]
    assert waiting_for(tanghe.actor("unit_head", "ZJJ")) == [item]
    read(again["sending"], tanghe.actor("unit_head", "ZJJ"))


def test_a_step_still_waits_when_the_case_comes_there_again(tanghe, item, handler, leader):
    stories.complete(item, "complete_item", supervision.COMPLETION, by=handler)
    sign = stories.task(item, "sign_completion")
    head = tanghe.actor("unit_head", "ZJJ")
    sending = circulations.circulate_first(sign.id, asked(head), actor=leader)["sending"]
    with pytest.raises(Invalid):
        stories.complete(item, "sign_completion", RETURN, by=leader)
    undoing.withdraw(item, {"reason": "补充材料"}, actor=handler)
    stories.complete(item, "complete_item", supervision.COMPLETION, by=handler)

    assert stories.task(item, "sign_completion").id != sign.id
    with pytest.raises(Invalid):
        stories.complete(item, "sign_completion", supervision.APPROVE, by=leader)
    read(sending, head)
    assert stories.complete(item, "sign_completion", supervision.APPROVE, by=leader)["decided"]


def test_what_was_recalled_or_read_is_not_read_again(tanghe, item, handler, leader, head):
    sending = circulations.circulate(item, asked(leader, head), actor=handler)["sending"]
    read(sending, leader)
    copies.recall(sending, actor=tanghe.actor("unit_liaison", "ZJJ"))

    for reader in (leader, head):
        with pytest.raises(Invalid):
            read(sending, reader)
    assert waiting_for(head) == []
    (act,) = stories.acts(f"case:{item}", "circulation.recalled")
    assert act["data"]["persons"] == [head.person_id]


def test_nobody_waits_for_a_reader_who_left(tanghe, item, handler, leader, head):
    task = stories.task(item, "complete_item")
    sending = circulations.circulate_first(task.id, asked(leader, head), actor=handler)["sending"]
    read(sending, head)
    disable_person(leader.person_id, actor=tanghe.actor("sys_admin", "XZF"))

    assert circulating(item, tanghe.unit("ZJJ")) is None
    assert delivery(sending, leader).recalled_at is not None
    (act,) = stories.acts(f"case:{item}", "circulation.recalled")
    assert act["data"]["persons"] == [leader.person_id]
    assert stories.complete(item, "complete_item", supervision.COMPLETION, by=handler)["decided"]
