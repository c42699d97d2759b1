"""Meetings: called by those who may, prepared with a pack, signed before anything takes effect."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.actor import SYSTEM
from app.commands.cases import start_item, start_meeting
from app.commands.meetings import call_due_meetings, renew_pack
from app.db import session
from app.effects import levels
from app.errors import Invalid, NotAllowed, NotFound
from app.model import Case, Grading, Meeting, Resolution
from tests import loop, stories
from tests.stories import complete


def meeting():
    return session().scalars(
        select(Meeting).execution_options(populate_existing=True)
    ).one()


def record(county, case_id, **changes):
    return complete(case_id, "minutes", loop.minutes(**changes),
                    by=county.post("supervising_office"))


@pytest.fixture
def minuted(tanghe):
    """A meeting after a round with notices; its minutes wait for the convener."""
    opened = loop.round_with_notices(tanghe)
    case_id = loop.prepared_meeting(tanghe)
    record(tanghe, case_id)
    return opened | {"meeting": case_id}


def test_the_office_or_the_convener_calls_a_meeting(tanghe):
    for person in (tanghe.post("analysis_office"), tanghe.stranger):
        with pytest.raises(NotAllowed):
            start_meeting("tanghe", "会议", actor=person)

    case_id = start_meeting("tanghe", "会议", actor=tanghe.post("convener"))["case"]

    case = stories.case(case_id)
    assert (case.number, case.round_id) == ("联席〔2026〕1号", None)
    assert stories.kinds(case_id) == ["case.opened", "meeting.called"]


def test_a_meeting_is_about_the_latest_graded_round_or_the_one_named(tanghe):
    opened = loop.graded_round(tanghe)
    clerk = tanghe.post("supervising_office")

    found = [
        stories.case(start_meeting("tanghe", "会议", code, actor=clerk)["case"]).round_id
        for code in (None, "2026H1")
    ]

    assert found == [opened["round"]] * 2
    with pytest.raises(Invalid, match="1999"):
        start_meeting("tanghe", "会议", "1999", actor=clerk)
    with pytest.raises(Invalid) as refused:
        start_meeting("tanghe", "  ", actor=clerk)
    assert list(refused.value.fields) == ["title"]


def test_the_half_year_calls_its_meeting_once(tanghe):
    stories.set_clock("2026-07-01 08:00")
    first = call_due_meetings(actor=SYSTEM)["cases"]
    stories.set_clock("2026-12-01 08:00")
    assert call_due_meetings(actor=SYSTEM)["cases"] == []
    stories.set_clock("2027-01-04 08:00")
    second = call_due_meetings(actor=tanghe.post("supervising_office"))["cases"]

    titles = [stories.case(key).title for key in first + second]
    assert [title[:8] for title in titles] == ["2026年下半年", "2027年上半年"]
    assert stories.task(first[0], "convene").unit_id == tanghe.unit("PAB")


def test_a_meeting_somebody_called_already_is_enough_for_the_half_year(tanghe):
    loop.called_meeting(tanghe)

    assert call_due_meetings(actor=SYSTEM)["cases"] == []


def test_an_ad_hoc_county_has_no_meetings_by_calendar(tongxu):
    assert call_due_meetings(actor=SYSTEM)["cases"] == []
    with pytest.raises(NotAllowed):
        call_due_meetings(actor=tongxu.stranger)


@pytest.mark.parametrize(("key", "kind"), [("tanghe", "special"), ("tongxu", "half_yearly")])
def test_the_kind_of_meeting_is_the_mechanisms(key, kind, database):
    county = stories.county(key)
    case_id = loop.called_meeting(county)

    with pytest.raises(Invalid) as refused:
        complete(case_id, "convene", loop.invitation(county) | {"kind": kind},
                 by=county.post("supervising_office"))

    assert list(refused.value.fields) == ["kind"]


def test_the_agenda_has_every_section_of_the_mechanism_with_its_topics(tanghe):
    loop.prepared_meeting(tanghe)

    assert [(part["key"], part["topics"], part["required"]) for part in meeting().agenda] == [
        ("situation", ["通报评估情况"], True), ("regrading", ["物业领域风险"], True),
        ("measures", [], True), ("impact", [], True),
    ]


def test_the_pack_counts_notices_opinions_and_items_of_every_unit_concerned(tanghe):
    stories.set_clock("2026-07-10 10:00")
    opened = loop.round_with_notices(tanghe)
    loop.filed_opinion(tanghe, opened["notices"]["I10"], "ZJJ")
    loop.signed_notice(tanghe, opened["notices"]["I02"], "ZJJ")
    clerk = tanghe.post("supervising_office")
    start_item("tanghe", "旧区改造遗留问题", "SJG", ["ZJJ"], actor=clerk)
    case_id = loop.called_meeting(tanghe)

    complete(case_id, "convene", loop.invitation(tanghe, ["RSJ"]), by=clerk)

    figures = ("notices", "opinions", "opinions_missing", "open", "overdue", "closed")
    assert {row["unit"]: [row[name] for name in figures] for row in meeting().pack} == {
        "县人力资源和社会保障局": [0, 0, 0, 0, 0, 0],
        "县住房和城乡建设局": [2, 1, 1, 1, 0, 0],
        "县市场监督管理局": [0, 0, 0, 1, 0, 0],
    }
    paper, = stories.papers(case_id, "status_pack")
    assert [row["unit"] for row in paper.content["units"]] == [r["unit"] for r in meeting().pack]


def test_the_pack_knows_late_and_closed_items(tanghe):
    clerk = tanghe.post("supervising_office")
    keys = [
        start_item("tanghe", matter, "ZJJ", actor=clerk)["case"] for matter in ("一", "二", "三")
    ]
    late = stories.case(keys[0])
    handed = stories.give(tanghe, late.id, "ZJJ", due_at=stories.set_clock("2026-07-06 10:00"))
    assert handed.state == "active"
    stories.case(keys[1]).status = "closed"
    stories.case(keys[2]).status = "void"
    session().commit()
    stories.set_clock("2026-07-07 10:00")

    case_id = loop.called_meeting(tanghe)
    complete(case_id, "convene", loop.invitation(tanghe, ["ZJJ"]), by=clerk)

    row, = meeting().pack
    assert (row["open"], row["overdue"], row["closed"]) == (1, 1, 1)


def test_the_pack_is_renewed_until_the_minutes_are_signed(tanghe, minuted):
    clerk, case_id = tanghe.post("supervising_office"), minuted["meeting"]
    loop.issued_notice(tanghe, minuted["notices"]["I10"])
    before = {row["unit"]: row["notices"] for row in meeting().pack}

    renew_pack(case_id, actor=clerk)

    after = {row["unit"]: row["notices"] for row in meeting().pack}
    assert (before["县住房和城乡建设局"], after["县住房和城乡建设局"]) == (0, 1)
    with pytest.raises(NotAllowed):
        renew_pack(case_id, actor=tanghe.actor("unit_handler", "ZJJ"))
    with pytest.raises(NotFound):
        renew_pack(case_id, actor=tanghe.stranger)
    loop.sign_minutes(tanghe, case_id)
    with pytest.raises(Invalid, match="signed"):
        renew_pack(case_id, actor=clerk)


def test_there_is_no_pack_before_the_meeting_is_prepared(tanghe):
    case_id = loop.called_meeting(tanghe)

    with pytest.raises(Invalid, match="not been prepared"):
        renew_pack(case_id, actor=tanghe.post("supervising_office"))


def test_attending_units_see_the_meeting_and_others_do_not(tanghe):
    case_id = loop.prepared_meeting(tanghe)
    handler = tanghe.actor("unit_handler", "ZJJ")

    with pytest.raises(NotAllowed):
        complete(case_id, "minutes", loop.minutes(), by=handler)
    with pytest.raises(NotFound):
        complete(case_id, "minutes", loop.minutes(), by=tanghe.stranger)


@pytest.mark.parametrize("part", ["basics", "analysis", "measures", "forecast"])
def test_no_section_stays_empty(tanghe, part):
    case_id = loop.prepared_meeting(tanghe)

    with pytest.raises(Invalid) as refused:
        record(tanghe, case_id, **{part: "  "})

    assert list(refused.value.fields) == [part]


def test_tongxu_asks_for_no_forecast(tongxu):
    case_id = loop.prepared_meeting(tongxu)

    record(tongxu, case_id, forecast=None, regrades=[], resolutions=[])

    assert list(meeting().sections) == ["basics", "analysis", "measures"]


@pytest.mark.parametrize(("regrades", "field"), [
    ([{"indicator": "I10", "level": "high", "reason": "原等级"}], "regrades.0.level"),
    ([{"indicator": "I11", "level": "high", "reason": "一"},
      {"indicator": "I11", "level": "low", "reason": "二"}], "regrades.1.indicator"),
])
def test_a_new_level_must_be_new_and_named_once(tanghe, regrades, field):
    loop.round_with_notices(tanghe)
    case_id = loop.prepared_meeting(tanghe)

    with pytest.raises(Invalid) as refused:
        record(tanghe, case_id, regrades=regrades)

    assert list(refused.value.fields) == [field]


def test_an_indicator_nobody_graded_cannot_be_graded_again(tanghe):
    case_id = loop.prepared_meeting(tanghe)

    with pytest.raises(Invalid) as refused:
        record(tanghe, case_id)

    assert list(refused.value.fields) == ["regrades.0.indicator"]


def test_the_lead_unit_of_a_resolution_does_not_help_itself(tanghe):
    loop.round_with_notices(tanghe)
    case_id = loop.prepared_meeting(tanghe)
    first = loop.minutes()["resolutions"][0]

    with pytest.raises(Invalid) as refused:
        record(tanghe, case_id, resolutions=[first, first | {"co": ["ZJJ"]}])

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
    act, = stories.acts(f"round:{minuted['round']}", "indicator.regraded")
    assert (act["data"]["before"], act["data"]["after"], act["case"]) == (
        "medium", "high", minuted["meeting"],
    )


def test_without_a_round_the_latest_one_that_graded_the_indicator_is_meant(tanghe):
    case_id = loop.prepared_meeting(tanghe)
    opened = loop.graded_round(tanghe)

    record(tanghe, case_id, resolutions=[{"matter": "行业治理", "lead": "ZJJ"}])
    loop.sign_minutes(tanghe, case_id)

    assert session().scalars(select(Resolution)).one().due_day is None
    assert levels.current_gradings(opened["round"])[tanghe.indicators["I11"]].rule == "meeting"


def test_the_minutes_go_to_those_present_and_to_those_with_something_to_do(tanghe, minuted):
    loop.sign_minutes(tanghe, minuted["meeting"])

    paper, = stories.papers(minuted["meeting"], "meeting_minutes")
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
    paper, = stories.papers(minuted["meeting"], "task_list")
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

    complete(minuted["meeting"], "task_list", {"items": rows},
             by=tanghe.post("supervising_office"))

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

    row = {"matter": "农民工工资支付保障", "indicator": "I06", "lead": "RSJ",
           "override_reason": "另案办理春节专项"}
    complete(minuted["meeting"], "task_list", {"items": [row]}, by=clerk)

    item, = stories.children(minuted["meeting"], "supervision_item")
    assert item.override_reason == "另案办理春节专项"


def test_a_meeting_without_decisions_says_why_nothing_is_registered(tanghe):
    loop.round_with_notices(tanghe)
    case_id = loop.prepared_meeting(tanghe)
    record(tanghe, case_id, resolutions=[], regrades=[])
    loop.sign_minutes(tanghe, case_id)
    clerk = tanghe.post("supervising_office")
    with pytest.raises(Invalid) as refused:
        complete(case_id, "task_list", {}, by=clerk)
    assert list(refused.value.fields) == ["note"]

    complete(case_id, "task_list", {"note": "本次会议仅通报情况"}, by=clerk)

    assert stories.case(case_id).status == "closed"
    assert stories.papers(case_id, "task_list") == []


def test_the_office_registers_an_item_by_hand_and_nobody_else(tanghe):
    for person in (tanghe.post("analysis_office"), tanghe.stranger):
        with pytest.raises(NotAllowed):
            start_item("tanghe", "事项", "ZJJ", actor=person)

    case_id = start_item(
        "tanghe", "物业治理", "ZJJ", ["SJG"], "I10", actor=tanghe.post("supervising_office"),
        content="限期整改", source="领导批示", special_major=True, due_day=date(2026, 9, 1),
    )["case"]

    case = session().get(Case, case_id)
    assert (case.content, case.source, case.special_major) == ("限期整改", "领导批示", True)
    assert (case.indicator_id, case.due_day) == (tanghe.indicators["I10"], date(2026, 9, 1))
    assert "item.entered" in stories.kinds(case_id)
    with pytest.raises(Invalid) as refused:
        start_item("tanghe", " ", "ZJJ", actor=tanghe.post("supervising_office"))
    assert list(refused.value.fields) == ["matter"]
