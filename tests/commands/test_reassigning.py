"""A unit's part in an item goes to another unit (改派), and that one signs for it (rows 1, 2)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app import clock
from app.commands.reassigning import reassign, sign_part
from app.commands.timers import fire_due
from app.db import session
from app.errors import Invalid, NotAllowed, NotFound
from app.model import Assignment
from app.queries.standing import standing
from app.rules import supervising as rules
from tests import stories, supervision
from tests.stories import complete, open_nodes, task

WHY = "职能已划转该单位"
LEAD = {"part": "lead", "unit": "FGW", "reason": WHY}


@pytest.fixture
def item(tanghe):
    """An item of the housing bureau, dispatched on 6 July and due on 17 August."""
    return supervision.in_hand(tanghe)


@pytest.fixture
def office(tanghe):
    return tanghe.post("supervising_office")


def co(county, unit: str = "SJG", to: str = "CZJ") -> dict[str, str]:
    return {"part": f"co:{county.unit(unit)}", "unit": to, "reason": WHY}


def parts(case_id: int) -> list[tuple[str, str]]:
    """Whose parts there were of every task: state, and where it moved."""
    rows = session().scalars(
        select(Assignment)
        .where(Assignment.case_id == case_id)
        .order_by(Assignment.id)
        .execution_options(populate_existing=True)
    )
    return [(row.unit_id, row.role, row.state, row.moved_to) for row in rows]


def test_the_lead_units_task_is_the_other_units(tanghe, item, office):
    stories.set_clock("2026-07-20 10:00")

    reassign(item, LEAD, actor=office)

    now = task(item, "complete_item")
    old, new = tanghe.unit("ZJJ"), tanghe.unit("FGW")
    assert (now.unit_id, now.person_id, now.post) == (new, None, "unit_handler")
    assert now.owner_id == tanghe.actor("unit_handler", "ZJJ").person_id
    assert (old, "lead", "cancelled", new) in parts(item)
    assert {p for p in parts(item) if p[0] == old} == {
        (old, "lead", "done", new),
        (old, "lead", "cancelled", new),
    }
    case = stories.case(item)
    assert (case.handler_id, case.number) == (None, "示平安督〔2026〕1号")
    complete(item, "complete_item", supervision.COMPLETION, by=tanghe.actor("unit_handler", "FGW"))
    assert task(item, "sign_completion").unit_id == new


def test_the_other_units_clock_counts_from_then_and_the_first_day_stays(tanghe, item, office):
    stories.set_clock("2026-07-20 10:00")

    reassign(item, LEAD, actor=office)

    case, now = stories.case(item), task(item, "complete_item")
    assert (case.due_day, case.due_day_first) == (date(2026, 8, 31), date(2026, 8, 17))
    assert clock.local_day(now.due_at) == now.due_day_first == date(2026, 8, 31)
    (act,) = stories.acts(f"case:{item}", "item.reassigned")
    assert (act["data"]["was"]["due_day"], act["data"]["due_day"]) == ("2026-08-17", "2026-08-31")
    stories.set_clock("2026-08-18 10:00")
    fire_due()
    assert "assignment.urged" not in stories.kinds(item)
    stories.set_clock("2026-09-01 10:00")
    fire_due()
    assert stories.case(item).urge_count == 1


def test_the_office_may_name_the_day(tanghe, item, office):
    reassign(item, LEAD | {"new_date": "2026-09-30"}, actor=office)

    assert stories.case(item).due_day == date(2026, 9, 30)
    assert clock.local_day(task(item, "complete_item").due_at) == date(2026, 9, 30)


def test_a_day_that_was_decided_before_stays(tanghe, office):
    item = supervision.dispatched(tanghe, due_date="2026-09-30")
    stories.set_clock("2026-07-20 10:00")

    reassign(item, LEAD, actor=office)

    assert stories.case(item).due_day == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"unit": "ZJJ"}, "unit"),
        ({"unit": "SJG"}, "unit"),
        ({"unit": "XZF-NONE"}, "unit"),
        ({"part": "co:999999"}, "part"),
        ({"new_date": "2026-08-29"}, "new_date"),
        ({"unit": ""}, "unit"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(item, office, changes, field):
    before = parts(item)

    with pytest.raises(Invalid) as refusal:
        reassign(item, LEAD | changes, actor=office)

    assert set(refusal.value.fields) == {field}
    assert parts(item) == before
    assert "item.reassigned" not in stories.kinds(item)


def test_only_the_supervising_office_re_assigns(tanghe, item):
    for who in (tanghe.actor("unit_head", "ZJJ"), tanghe.post("convener")):
        with pytest.raises(NotAllowed):
            reassign(item, LEAD, actor=who)
    with pytest.raises(NotFound):
        reassign(item, LEAD, actor=tanghe.stranger)
    reassign(item, LEAD, actor=tanghe.post("supervising_director"))


def test_the_paper_goes_to_the_new_unit_with_copies_to_the_others(tanghe, item, office):
    reassign(item, LEAD, actor=office)

    (paper,) = stories.papers(item, "reassignment_notice")
    assert set(stories.deliveries(paper.id)) == {
        (tanghe.unit("FGW"), "main"),
        (tanghe.unit("ZJJ"), "cc"),
        (tanghe.unit("SJG"), "cc"),
    }
    content = paper.content
    assert (content["unit"], content["former"], content["part"], content["reason"]) == (
        "县发展和改革委员会",
        "县住房和城乡建设局",
        "主办",
        WHY,
    )


def test_the_unit_that_takes_over_signs_for_it_once(tanghe, item, office):
    reassign(item, LEAD, actor=office)
    liaison = tanghe.actor("unit_liaison", "FGW")
    with pytest.raises(NotAllowed):
        sign_part(item, {}, actor=tanghe.actor("unit_liaison", "ZJJ"))

    sign_part(item, {}, actor=liaison)

    (paper,) = stories.papers(item, "reassignment_notice")
    assert stories.deliveries(paper.id)[tanghe.unit("FGW"), "main"].signed_by == liaison.person_id
    with pytest.raises(NotAllowed):
        sign_part(item, {}, actor=liaison)


def test_a_unit_whose_part_went_on_to_another_has_nothing_to_sign_for(tanghe, item, office):
    reassign(item, LEAD, actor=office)
    leader = tanghe.actor("unit_leader", "FGW")
    assert rules.may_sign_part(leader, standing(office, item))

    reassign(item, LEAD | {"unit": "RSJ"}, actor=office)

    assert not rules.may_sign_part(leader, standing(office, item))
    assert rules.may_sign_part(tanghe.actor("unit_leader", "RSJ"), standing(office, item))


def test_a_unit_that_gets_its_part_again_signs_once_for_the_last_notice(tanghe, item, office):
    leader = tanghe.actor("unit_leader", "FGW")
    for unit in ("FGW", "ZJJ", "FGW"):
        reassign(item, LEAD | {"unit": unit}, actor=office)

    sign_part(item, {}, actor=leader)

    signed = [
        stories.deliveries(paper.id)[tanghe.unit(unit), "main"].signed_by
        for paper, unit in zip(
            stories.papers(item, "reassignment_notice"), ("FGW", "ZJJ", "FGW"), strict=True
        )
    ]
    assert signed == [None, None, leader.person_id]
    assert not rules.may_sign_part(leader, standing(office, item))
    with pytest.raises(NotAllowed):
        sign_part(item, {}, actor=leader)


def test_before_it_is_signed_for_the_new_unit_signs_in_its_task(tanghe, office):
    item = supervision.dispatched(tanghe)
    stories.set_clock("2026-07-08 10:00")
    reassign(item, LEAD, actor=office)
    assert task(item, "sign_for").unit_id == tanghe.unit("FGW")
    assert clock.local_day(task(item, "sign_for").due_at) == date(2026, 7, 10)

    supervision.signed(tanghe, item, "FGW")

    (paper,) = stories.papers(item, "reassignment_notice")
    assert stories.deliveries(paper.id)[tanghe.unit("FGW"), "main"].signed_at
    first = stories.papers(item, "supervision_notice")[0]
    assert stories.deliveries(first.id)[tanghe.unit("ZJJ"), "main"].signed_at is None
    with pytest.raises(NotAllowed):
        sign_part(item, {}, actor=tanghe.actor("unit_liaison", "FGW"))


def test_a_co_handlers_part_moves_alone_with_its_own_clock(tanghe, office):
    item = supervision.signed(tanghe, supervision.dispatched(tanghe))
    stories.set_clock("2026-07-13 10:00")

    reassign(item, co(tanghe), actor=office)

    assert task(item, "co_sign_for").unit_id == tanghe.unit("CZJ")
    assert stories.case(item).due_day == date(2026, 8, 17)
    supervision.co_answered(tanghe, item, "CZJ")
    assert open_nodes(item) == ["complete_item"]
    (opinion,) = supervision.reports(item, "co_opinion")
    assert opinion.unit_id == tanghe.unit("CZJ")


def test_a_new_co_handlers_later_tasks_count_from_when_it_came(tanghe, office):
    item = supervision.signed(tanghe, supervision.dispatched(tanghe))
    stories.set_clock("2026-07-17 10:00")
    reassign(item, co(tanghe), actor=office)

    complete(item, "co_sign_for", {"decision": "sign"}, by=tanghe.actor("unit_liaison", "CZJ"))

    assert clock.local_day(task(item, "co_opinion").due_at) == date(2026, 7, 31)


def test_a_co_handler_that_has_answered_has_nothing_to_move(tanghe, item, office):
    with pytest.raises(Invalid, match="nothing left") as refusal:
        reassign(item, co(tanghe), actor=office)

    assert set(refusal.value.fields) == {"part"}


def test_what_waits_for_the_co_handlers_goes_to_the_new_lead(tanghe, office):
    item = supervision.signed(tanghe, supervision.dispatched(tanghe))
    assert open_nodes(item) == ["co_sign_for"]

    reassign(item, LEAD, actor=office)
    supervision.co_answered(tanghe, item, "SJG")

    assert task(item, "complete_item").unit_id == tanghe.unit("FGW")
