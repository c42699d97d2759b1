"""A notice from its draft to the accepted work opinion, in both counties."""

from __future__ import annotations

import pytest

from app import clock
from app.errors import NotAllowed, NotFound
from tests import loop, stories
from tests.stories import complete, open_nodes, task


@pytest.fixture
def case_id(county):
    """The notice to the housing bureau about property services."""
    return loop.round_with_notices(county)["notices"]["I10"]


def test_a_notice_runs_from_draft_to_accepted_opinion(county, case_id):
    loop.filed_opinion(county, case_id, "ZJJ")
    office = county.post("opinion_office")
    last = complete(case_id, "review_opinion", {"decision": "accept"}, by=office)

    assert last["finished"]
    case = stories.case(case_id)
    assert (case.status, case.outcome, case.stage) == ("closed", "accepted", "analysis")
    assert [p.kind for p in stories.papers(case_id)] == [
        county.profile.notice_type.key,
        "work_opinion",
    ]


def test_only_tanghe_asks_a_leader_first(tanghe):
    case_id = loop.round_with_notices(tanghe)["notices"]["I10"]
    drafter = tanghe.post("drafting_office")
    complete(case_id, "draft_notice", loop.draft(tanghe), by=drafter)
    assert open_nodes(case_id) == ["approve_notice"]

    complete(
        case_id,
        "approve_notice",
        {"decision": "return", "opinion": "请补充数据"},
        by=tanghe.post("issuing_leader"),
    )
    complete(case_id, "draft_notice", loop.draft(tanghe, problems="收案上升四成。"), by=drafter)
    complete(case_id, "approve_notice", loop.APPROVE, by=tanghe.post("issuing_leader"))

    assert open_nodes(case_id) == ["issue_notice"]
    (paper,) = stories.papers(case_id)
    assert (paper.state, paper.content["problems"]) == ("approved", "收案上升四成。")


def test_tongxu_issues_without_a_leader(tongxu):
    case_id = loop.round_with_notices(tongxu)["notices"]["I11"]

    complete(case_id, "draft_notice", loop.draft(tongxu), by=tongxu.post("drafting_office"))

    assert open_nodes(case_id) == ["issue_notice"]


def test_the_unit_has_until_the_fifteenth_working_day_after_issue(tanghe):
    stories.set_clock("2026-07-10 10:00")
    case_id = loop.round_with_notices(tanghe)["notices"]["I10"]
    loop.served_notice(tanghe, case_id)
    assert clock.local_day(task(case_id, "sign_for").due_at).isoformat() == "2026-07-14"

    stories.set_clock("2026-07-13 10:00")
    complete(case_id, "sign_for", {"decision": "sign"}, by=tanghe.actor("unit_liaison", "ZJJ"))

    assert clock.local_day(task(case_id, "work_opinion").due_at).isoformat() == "2026-07-31"


def test_a_refused_notice_is_insisted_on_and_then_signed(county, case_id):
    loop.served_notice(county, case_id)
    liaison = county.actor("unit_liaison", "ZJJ")
    complete(case_id, "sign_for", {"decision": "refuse", "reason": "不属于本单位职责"}, by=liaison)
    clerk = stories.performer(county, case_id, "handle_refusal")
    complete(case_id, "handle_refusal", {"decision": "insist", "explanation": "职责明确"}, by=clerk)
    complete(case_id, "sign_for", {"decision": "sign"}, by=liaison)

    assert open_nodes(case_id) == ["work_opinion"]
    delivery = stories.deliveries(stories.papers(case_id)[0].id)[county.unit("ZJJ"), "main"]
    assert delivery.signed_by == liaison.person_id
    assert delivery.refused_reason == "不属于本单位职责"


def test_a_withdrawn_notice_is_void_and_keeps_its_number(county, case_id):
    loop.served_notice(county, case_id)
    complete(
        case_id,
        "sign_for",
        {"decision": "refuse", "reason": "不属于本单位职责"},
        by=county.actor("unit_liaison", "ZJJ"),
    )
    number = stories.papers(case_id)[0].number
    complete(
        case_id,
        "handle_refusal",
        {"decision": "withdraw", "explanation": "确不属于"},
        by=stories.performer(county, case_id, "handle_refusal"),
    )

    case, paper = stories.case(case_id), stories.papers(case_id)[0]
    assert (case.status, case.outcome) == ("void", "withdrawn")
    assert (paper.state, paper.number) == ("void", number)


def test_an_incomplete_opinion_comes_back(county, case_id):
    loop.filed_opinion(county, case_id, "ZJJ")
    complete(
        case_id,
        "review_opinion",
        {"decision": "supplement", "opinion": "缺少完成时限"},
        by=county.post("opinion_office"),
    )
    assert open_nodes(case_id) == ["work_opinion"]

    complete(case_id, "work_opinion", loop.opinion(county), by=county.actor("unit_handler", "ZJJ"))
    complete(case_id, "sign_opinion", loop.APPROVE, by=county.actor("unit_leader", "ZJJ"))

    first, second = stories.papers(case_id, "work_opinion")
    assert (first.state, second.state) == ("issued", "issued")
    assert first.number != second.number


def test_a_supplement_has_days_of_its_own_and_a_return_inside_the_unit_wins_none(tanghe):
    stories.set_clock("2026-07-10 10:00")
    case_id = loop.round_with_notices(tanghe)["notices"]["I10"]
    loop.filed_opinion(tanghe, case_id, "ZJJ")
    stories.set_clock("2026-08-03 10:00")
    complete(
        case_id,
        "review_opinion",
        {"decision": "supplement", "opinion": "缺少完成时限"},
        by=tanghe.post("opinion_office"),
    )
    assert clock.local_day(task(case_id, "work_opinion").due_at).isoformat() == "2026-08-10"

    stories.set_clock("2026-08-07 10:00")
    complete(case_id, "work_opinion", loop.opinion(tanghe), by=tanghe.actor("unit_handler", "ZJJ"))
    complete(
        case_id,
        "sign_opinion",
        {"decision": "return", "opinion": "请核实"},
        by=tanghe.actor("unit_leader", "ZJJ"),
    )

    assert clock.local_day(task(case_id, "work_opinion").due_at).isoformat() == "2026-08-10"


def test_the_one_who_may_a_colleague_and_a_stranger(county, case_id):
    loop.signed_notice(county, case_id, "ZJJ")

    with pytest.raises(NotFound):
        complete(case_id, "work_opinion", loop.opinion(county), by=county.stranger)
    with pytest.raises(NotAllowed):
        complete(
            case_id, "work_opinion", loop.opinion(county), by=county.actor("unit_liaison", "ZJJ")
        )
    complete(case_id, "work_opinion", loop.opinion(county), by=county.actor("unit_handler", "ZJJ"))

    assert open_nodes(case_id) == ["sign_opinion"]
