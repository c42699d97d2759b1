"""What units do on an item besides its tasks, and who may not (TX-10, TX-12, TH-13b, row 15)."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest

from app.commands.clock import suspend
from app.commands.items import report_progress, report_urgent, request_extension
from app.effects.items import matter_key
from app.errors import Invalid, NotAllowed, NotFound
from tests import stories, supervision
from tests.stories import open_nodes

PROGRESS = {"text": "已完成摸底排查。", "percent": 40}
URGENT = {
    "event": "某小区发生群体性聚集。",
    "occurred_on": "2026-07-06",
    "impact": "涉及八十余户。",
    "actions": "已派员到场处置。",
}
EXTENSION = {
    "reason": "跨部门会商尚未结束",
    "progress": "完成七成",
    "new_date": "2026-09-30",
}


@pytest.fixture
def item(tanghe):
    """An item of the housing bureau, dispatched on 6 July and due on 17 August."""
    return supervision.in_hand(tanghe)


@pytest.fixture
def handler(tanghe):
    return tanghe.actor("unit_handler", "ZJJ")


def test_matters_are_the_same_however_they_are_written():
    ways = ("物业（服务）合同 风险", "物业服务合同风险。", "物业服务合同风险")
    same = {matter_key(7, text, 3) for text in ways}

    assert len(same) == 1
    assert matter_key(7, "物业服务合同风险", 4) not in same
    assert matter_key(8, "物业服务合同风险", 3) not in same
    assert matter_key(None, "物业服务合同风险", 3) not in same


def test_a_second_open_item_on_the_same_matter_needs_a_reason(tanghe, item):
    with pytest.raises(Invalid, match="示平安督〔2026〕1号") as refusal:
        supervision.open_item(tanghe, matter=f" {supervision.MATTER}。 ")
    assert set(refusal.value.fields) == {"override_reason"}
    assert refusal.value.details == {"case": item}

    again = supervision.open_item(tanghe, override_reason="另有新情况")

    assert stories.case(again).override_reason == "另有新情况"
    supervision.open_item(tanghe, lead="FGW")
    supervision.open_item(tanghe, indicator="I02")


def test_registering_cannot_slip_past_the_rule(tanghe, item):
    other = supervision.open_item(tanghe, matter="另一事项")
    answers = supervision.registration(tanghe, other, matter=supervision.MATTER)
    office = tanghe.post("supervising_office")

    with pytest.raises(Invalid) as refusal:
        stories.complete(other, "register", answers, by=office)
    assert set(refusal.value.fields) == {"override_reason"}

    stories.complete(other, "register", answers | {"override_reason": "情况不同"}, by=office)
    assert stories.case(other).override_reason == "情况不同"


def test_a_closed_matter_may_be_taken_up_again(tanghe, item):
    supervision.struck_off(tanghe, item)

    assert supervision.open_item(tanghe) != item


def test_of_two_equally_fast_people_one_opens_the_item(committed_db):
    county = stories.county("tanghe")
    start, outcomes = Barrier(2), []

    def open_one() -> None:
        with committed_db.app_context():
            start.wait()
            try:
                supervision.open_item(county)
                outcomes.append("opened")
            except Invalid as refusal:
                outcomes.append(*refusal.fields)

    threads = [Thread(target=open_one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["opened", "override_reason"]


def test_progress_is_only_added_and_says_whether_it_lags(tanghe, item, handler):
    stories.set_clock("2026-08-03 10:00")

    first = report_progress(item, PROGRESS, actor=handler)
    helper = tanghe.actor("unit_handler", "SJG")
    second = report_progress(item, PROGRESS | {"percent": 65}, actor=helper)

    assert (first["behind"], second["behind"]) == (False, False)
    stories.set_clock("2026-08-12 10:00")
    assert report_progress(item, PROGRESS | {"percent": 50}, actor=handler)["behind"]
    assert [r.percent for r in supervision.reports(item, "progress")] == [40, 65, 50]
    act = stories.acts(f"case:{item}", "progress.reported")[-1]
    assert (act["data"]["before"], act["data"]["after"]) == (65, 50)


@pytest.mark.parametrize(
    "answers",
    [{}, {"text": "进展正常", "percent": 101}, {"percent": 10}, PROGRESS | {"colour": "red"}],
)
def test_progress_takes_only_what_its_form_asks(item, handler, answers):
    with pytest.raises(Invalid):
        report_progress(item, answers, actor=handler)

    assert supervision.reports(item, "progress") == []


def test_progress_is_for_the_units_of_the_item(tanghe, item):
    with pytest.raises(NotAllowed):
        report_progress(item, PROGRESS, actor=tanghe.post("supervising_office"))
    with pytest.raises(NotFound):
        report_progress(item, PROGRESS, actor=tanghe.stranger)
    with pytest.raises(NotFound):
        report_progress(10**6, PROGRESS, actor=tanghe.stranger)


def test_nothing_is_reported_before_dispatch_or_after_the_end(tanghe, handler):
    item = supervision.open_item(tanghe)
    with pytest.raises(Invalid, match="not been dispatched"):
        report_progress(item, PROGRESS, actor=handler)
    supervision.signed(tanghe, supervision.dispatched(tanghe, item))
    supervision.struck_off(tanghe, supervision.co_answered(tanghe, item, "SJG"))

    with pytest.raises(Invalid, match="closed"):
        report_progress(item, PROGRESS, actor=handler)


def test_an_urgent_report_reaches_office_and_convener_at_once(tanghe, handler):
    item = supervision.in_hand(tanghe, special_major=True)

    child = report_urgent(item, URGENT, actor=handler)["case"]

    assert open_nodes(child) == ["acknowledge", "instruct"]
    assert stories.case(child).special_major
    (paper,) = stories.papers(child, "urgent_report")
    assert set(stories.deliveries(paper.id)) == {
        (tanghe.unit("PAB"), "main"),
        (tanghe.unit("ZFW"), "cc_upward"),
    }
    assert "urgent.reported" in stories.kinds(item)


def test_urgent_reports_stay_possible_while_the_clock_stands_still(tanghe, handler):
    item = supervision.in_hand(tanghe, special_major=True)
    suspend(item, {"reason": "等待上级批复"}, actor=tanghe.post("supervising_office"))

    first, second = (report_urgent(item, URGENT, actor=handler)["case"] for _ in range(2))

    assert [c.id for c in stories.children(item, "urgent_report")] == [first, second]


def test_a_mechanism_without_urgent_reports_knows_them_for_special_matters_only(tongxu):
    handler = tongxu.actor("unit_handler", "ZJJ")
    plain = supervision.in_hand(tongxu)
    with pytest.raises(Invalid, match="only for special major matters"):
        report_urgent(plain, URGENT, actor=handler)

    special = supervision.in_hand(tongxu, matter="特殊事项", special_major=True)

    assert report_urgent(special, URGENT, actor=handler)["case"]


def test_a_co_handler_may_report_at_once_too_but_not_the_office(tanghe, item):
    child = report_urgent(item, URGENT, actor=tanghe.actor("co_handler", "SJG"))["case"]

    assert supervision.reports(child)[0].unit_id == tanghe.unit("SJG")
    with pytest.raises(NotAllowed):
        report_urgent(item, URGENT, actor=tanghe.post("convener"))


def test_an_extension_is_asked_for_by_the_lead_one_at_a_time(tanghe, item, handler):
    asked = request_extension(item, EXTENSION, actor=handler)

    assert (asked["late"], open_nodes(asked["case"])) == (False, ["sign_extension"])
    with pytest.raises(Invalid, match="waiting for its decision"):
        request_extension(item, EXTENSION, actor=handler)
    with pytest.raises(NotAllowed, match="Only the lead unit"):
        request_extension(item, EXTENSION, actor=tanghe.actor("unit_handler", "SJG"))


def test_an_application_after_the_date_is_marked_late(item, handler):
    stories.set_clock("2026-08-18 10:00")

    asked = request_extension(item, EXTENSION, actor=handler)

    assert asked["late"]
    (act,) = stories.acts(f"case:{item}", "extension.applied")
    assert (act["data"]["late"], act["data"]["due"]) == (True, "2026-08-17")


def test_the_wanted_day_comes_after_the_present_one(item, handler):
    with pytest.raises(Invalid) as refusal:
        request_extension(item, EXTENSION | {"new_date": "2026-08-17"}, actor=handler)

    assert set(refusal.value.fields) == {"new_date"}
    assert stories.children(item) == []


def test_a_case_without_a_date_of_its_own_is_not_extended(tanghe):
    county = tanghe
    case_id = stories.start_case(
        county, "rectification", by=county.post("supervising_office"), units={"lead": ["ZJJ"]}
    )

    with pytest.raises(Invalid, match="no date of its own"):
        request_extension(case_id, EXTENSION, actor=county.actor("unit_handler", "ZJJ"))


def test_suspended_items_are_not_extended(tanghe, item, handler):
    suspend(item, {"reason": "等待上级批复"}, actor=tanghe.post("supervising_office"))

    with pytest.raises(Invalid, match="suspended"):
        request_extension(item, EXTENSION, actor=handler)
