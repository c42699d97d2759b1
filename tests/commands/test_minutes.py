"""Minutes: whole, signed before anything takes effect, and each decision one item."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.commands.cases import start_item
from app.db import session
from app.effects import levels
from app.errors import Invalid
from app.model import Grading, Meeting, Resolution
from tests import loop, stories
from tests.stories import complete


def meeting():
    return session().scalars(select(Meeting).execution_options(populate_existing=True)).one()


@pytest.fixture
def minuted(tanghe):
    """A meeting after a round with notices; its minutes wait for the convener."""
    opened = loop.round_with_notices(tanghe)
    case_id = loop.prepared_meeting(tanghe)
    loop.record_meeting(tanghe, case_id)
    return opened | {"meeting": case_id}


@pytest.mark.parametrize("part", ["basics", "analysis", "measures", "forecast"])
def test_no_section_stays_empty(tanghe, part):
    case_id = loop.prepared_meeting(tanghe)

    with pytest.raises(Invalid) as refused:
        loop.record_meeting(tanghe, case_id, **{part: "  "})

    assert list(refused.value.fields) == [part]


def test_tongxu_asks_for_no_forecast(tongxu):
    case_id = loop.prepared_meeting(tongxu)

    loop.record_meeting(tongxu, case_id, forecast=None, regrades=[], resolutions=[])

    assert list(meeting().sections) == ["basics", "analysis", "measures"]


@pytest.mark.parametrize(
    ("regrades", "field"),
    [
        ([{"indicator": "I10", "level": "high", "reason": "原等级"}], "regrades.0.level"),
        (
            [
                {"indicator": "I11", "level": "high", "reason": "一"},
                {"indicator": "I11", "level": "low", "reason": "二"},
            ],
            "regrades.1.indicator",
        ),
    ],
)
def test_a_new_level_must_be_new_and_named_once(tanghe, regrades, field):
    loop.round_with_notices(tanghe)
    case_id = loop.prepared_meeting(tanghe)

    with pytest.raises(Invalid) as refused:
        loop.record_meeting(tanghe, case_id, regrades=regrades)

    assert list(refused.value.fields) == [field]


def test_an_indicator_nobody_graded_cannot_be_graded_again(tanghe):
    case_id = loop.prepared_meeting(tanghe)

    with pytest.raises(Invalid) as refused:
        loop.record_meeting(tanghe, case_id)

    assert list(refused.value.fields) == ["regrades.0.indicator"]


def test_the_lead_unit_of_a_resolution_does_not_help_itself(tanghe):
    loop.round_with_notices(tanghe)
    case_id = loop.prepared_meeting(tanghe)
    first = loop.minutes()["resolutions"][0]

    with pytest.raises(Invalid) as refused:
        loop.record_meeting(tanghe, case_id, resolutions=[first, first | {"co": ["ZJJ"]}])

    assert list(refused.value.fields) == ["resolutions.1.co"]


def test_levels_change_when_the_minutes_are_signed_and_the_old_ones_stay(tanghe, minuted):
    key = tanghe.indicators["I11"]
    before = levels.current_gradings(minuted["round"])[key]
    assert before.level == "medium"

    loop.sign_minutes(tanghe, minuted["meeting"])

    after = levels.current_gradings(minuted["round"])[key]
    assert (after.level, after.rule, after.reason) == ("high", "meeting", "群体性苗头")
    assert (after.replaces_id, after.meeting_case_id) == (before.id, minuted["meeting"])
    assert session().get(Grading, before.id).level == "medium"
    (act,) = stories.acts(f"round:{minuted['round']}", "indicator.regraded")
    assert (act["data"]["before"], act["data"]["after"], act["case"]) == (
        "medium",
        "high",
        minuted["meeting"],
    )


def test_without_a_round_the_latest_one_that_graded_the_indicator_is_meant(tanghe):
    case_id = loop.prepared_meeting(tanghe)
    opened = loop.graded_round(tanghe)

    loop.record_meeting(tanghe, case_id, resolutions=[{"matter": "行业治理", "lead": "ZJJ"}])
    loop.sign_minutes(tanghe, case_id)

    assert session().scalars(select(Resolution)).one().due_day is None
    assert levels.current_gradings(opened["round"])[tanghe.indicators["I11"]].rule == "meeting"


def test_the_minutes_go_to_those_present_and_to_those_with_something_to_do(tanghe, minuted):
    loop.sign_minutes(tanghe, minuted["meeting"])

    (paper,) = stories.papers(minuted["meeting"], "meeting_minutes")
    assert paper.number == stories.case(minuted["meeting"]).number
    assert [part["heading"] for part in paper.content["sections"]] == [
        section.name for section in tanghe.profile.meeting.agenda
    ]
    assert paper.content["regrades"][0]["before"] == "medium"
    assert sorted(stories.deliveries(paper.id)) == sorted(
        [(tanghe.unit(code), "main") for code in ("ZJJ", "RSJ")]
        + [(tanghe.unit(code), "cc") for code in ("SJG", "ZGH")]
    )
    assert meeting().signed_at is not None


def test_each_resolution_becomes_one_item_and_the_list_goes_to_its_units(tanghe, minuted):
    loop.sign_minutes(tanghe, minuted["meeting"])
    complete(minuted["meeting"], "task_list", {}, by=tanghe.post("supervising_office"))

    first, second = stories.children(minuted["meeting"], "supervision_item")
    assert (first.due_day, first.indicator_id) == (date(2026, 9, 14), tanghe.indicators["I10"])
    assert second.due_day == date(2026, 9, 4)
    assert first.source == "2026年上半年会议（联席〔2026〕1号）"
    assert first.round_id == minuted["round"]
    (paper,) = stories.papers(minuted["meeting"], "task_list")
    assert [(row["lead"], row["co"]) for row in paper.content["items"]] == [
        ("县住房和城乡建设局", "县市场监督管理局"),
        ("县人力资源和社会保障局", "县总工会、县住房和城乡建设局"),
    ]
    assert (tanghe.unit("ZGH"), "cc") in stories.deliveries(paper.id)


def test_rows_of_the_list_may_be_added_and_left_out(tanghe, minuted):
    loop.sign_minutes(tanghe, minuted["meeting"])
    rows = [
        {"matter": "物业服务合同纠纷治理", "indicator": "I10", "lead": "ZJJ"},
        {"matter": "充电桩建设统筹", "lead": "FGW", "due_days": 20, "requirement": "统筹推进"},
    ]

    complete(minuted["meeting"], "task_list", {"items": rows}, by=tanghe.post("supervising_office"))

    items = stories.children(minuted["meeting"], "supervision_item")
    assert [each.matter for each in items] == ["物业服务合同纠纷治理", "充电桩建设统筹"]
    decided = session().scalars(select(Resolution).order_by(Resolution.position)).all()
    assert [each.item_case_id for each in decided] == [items[0].id, None]


def test_a_second_open_item_on_the_same_matter_is_refused_at_its_row(tanghe, minuted):
    clerk = tanghe.post("supervising_office")
    start_item("tanghe", "农民工工资支付保障", "RSJ", indicator="I06", actor=clerk)
    loop.sign_minutes(tanghe, minuted["meeting"])
    with pytest.raises(Invalid) as refused:
        complete(minuted["meeting"], "task_list", {}, by=clerk)
    assert list(refused.value.fields) == ["items.1.override_reason"]
    assert stories.children(minuted["meeting"], "supervision_item") == []

    row = {
        "matter": "农民工工资支付保障",
        "indicator": "I06",
        "lead": "RSJ",
        "override_reason": "另案办理春节专项",
    }
    complete(minuted["meeting"], "task_list", {"items": [row]}, by=clerk)

    (item,) = stories.children(minuted["meeting"], "supervision_item")
    assert item.override_reason == "另案办理春节专项"


def test_a_meeting_without_decisions_says_why_nothing_is_registered(tanghe):
    loop.round_with_notices(tanghe)
    case_id = loop.prepared_meeting(tanghe)
    loop.record_meeting(tanghe, case_id, resolutions=[], regrades=[])
    loop.sign_minutes(tanghe, case_id)
    clerk = tanghe.post("supervising_office")
    with pytest.raises(Invalid) as refused:
        complete(case_id, "task_list", {}, by=clerk)
    assert list(refused.value.fields) == ["note"]

    complete(case_id, "task_list", {"note": "本次会议仅通报情况"}, by=clerk)

    assert stories.case(case_id).status == "closed"
    assert stories.papers(case_id, "task_list") == []
