"""Listed supervision from the listing to the delisting (挂牌、摘牌, TH-15b, TX-14b)."""

from __future__ import annotations

from datetime import date

import pytest

from app import clock
from app.errors import Invalid, NotAllowed
from tests import stories, supervision
from tests.stories import complete, open_nodes, task
from tests.supervision import APPROVE, DELISTING


@pytest.fixture
def case_id(county):
    """An item listed on 24 August until 23 October."""
    return supervision.listed(county, supervision.in_hand(county))


def applied(county, case_id: int) -> None:
    complete(case_id, "apply_delisting", DELISTING, by=county.actor("unit_leader", "ZJJ"))
    complete(
        case_id, "review_delisting", {"decision": "pass"}, by=county.post("supervising_director")
    )


def test_the_listing_names_ground_and_period_and_orders_rectification(county, case_id):
    (paper,) = stories.papers(case_id, "listing_notice")
    assert (paper.content["listed_from"], paper.content["listed_until"]) == (
        "2026-08-24",
        "2026-10-23",
    )
    assert paper.content["grounds"].startswith("平安建设工作落实不到位")
    open_ = task(case_id, "apply_delisting")
    assert (clock.local_day(open_.due_at), stories.case(case_id).due_day) == (
        date(2026, 10, 23),
        date(2026, 10, 23),
    )
    (child,) = stories.children(case_id, "rectification")
    assert child.due_day == date(2026, 10, 23)


def test_after_the_rectification_it_comes_off_the_list(county, case_id):
    supervision.rectified(county, case_id)
    applied(county, case_id)

    complete(case_id, "decide_delisting", APPROVE, by=county.post("convener"))

    assert open_nodes(case_id) == ["record"]
    (paper,) = stories.papers(case_id, "delisting_decision")
    assert (paper.state, set(stories.deliveries(paper.id))) == (
        "issued",
        {(county.unit("ZJJ"), "main")},
    )
    assert supervision.record_of(county, "ZJJ") == ["listing", "rectification", "delisting"]
    last = complete(
        case_id,
        "record",
        {"text": "已摘牌。", "basis": "管理办法第十五条"},
        by=county.post("supervising_office"),
    )
    assert last["finished"]


def test_it_does_not_come_off_before_the_rectification_is_accepted(tanghe):
    case_id = supervision.listed(tanghe, supervision.in_hand(tanghe))
    applied(tanghe, case_id)

    with pytest.raises(Invalid, match="rectification"):
        complete(case_id, "decide_delisting", APPROVE, by=tanghe.post("convener"))

    assert open_nodes(case_id) == ["decide_delisting"]
    assert stories.papers(case_id, "delisting_decision") == []


def test_a_review_or_the_convener_may_keep_it_listed(tanghe):
    case_id = supervision.listed(tanghe, supervision.in_hand(tanghe))
    complete(case_id, "apply_delisting", DELISTING, by=tanghe.actor("unit_leader", "ZJJ"))
    complete(
        case_id,
        "review_delisting",
        {"decision": "continue", "opinion": "成效尚不稳固"},
        by=tanghe.post("supervising_director"),
    )
    assert open_nodes(case_id) == ["apply_delisting"]
    applied(tanghe, case_id)

    complete(
        case_id,
        "decide_delisting",
        {"decision": "return", "opinion": "再观察一月"},
        by=tanghe.post("convener"),
    )

    assert open_nodes(case_id) == ["apply_delisting"]
    assert [r.kind for r in supervision.reports(case_id)] == ["delisting", "delisting"]


def test_only_the_convener_takes_it_off(tanghe):
    case_id = supervision.listed(tanghe, supervision.in_hand(tanghe))
    supervision.rectified(tanghe, case_id)
    applied(tanghe, case_id)

    with pytest.raises(NotAllowed):
        complete(case_id, "decide_delisting", APPROVE, by=tanghe.post("supervising_director"))
