"""Meetings: called by those who may, prepared with a pack, signed before anything takes effect."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.actor import SYSTEM
from app.commands.cases import start_item, start_meeting
from app.commands.meetings import call_due_meetings, renew_pack
from app.db import session
from app.errors import Invalid, NotAllowed, NotFound
from app.model import Case, Meeting
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


def test_a_mechanism_nobody_works_by_calls_no_meeting(tanghe):
    stories.set_clock("2026-07-01 08:00")

    assert call_due_meetings(actor=SYSTEM)["cases"] == []


def test_the_half_year_calls_its_meeting_once(tanghe):
    stories.set_clock("2026-07-01 08:00")
    loop.open_round(tanghe)
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
        complete(
            case_id,
            "convene",
            loop.invitation(county) | {"kind": kind},
            by=county.post("supervising_office"),
        )

    assert list(refused.value.fields) == ["kind"]


def test_the_agenda_has_every_section_of_the_mechanism_with_its_topics(tanghe):
    loop.prepared_meeting(tanghe)

    assert [(part["key"], part["topics"], part["required"]) for part in meeting().agenda] == [
        ("situation", ["通报评估情况"], True),
        ("regrading", ["物业领域风险"], True),
        ("measures", [], True),
        ("impact", [], True),
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
    (paper,) = stories.papers(case_id, "status_pack")
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

    (row,) = meeting().pack
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


def test_the_office_registers_an_item_by_hand_and_nobody_else(tanghe):
    for person in (tanghe.post("analysis_office"), tanghe.stranger):
        with pytest.raises(NotAllowed):
            start_item("tanghe", "事项", "ZJJ", actor=person)

    case_id = start_item(
        "tanghe",
        "物业治理",
        "ZJJ",
        ["SJG"],
        "I10",
        actor=tanghe.post("supervising_office"),
        content="限期整改",
        source="领导批示",
        special_major=True,
        due_day=date(2026, 9, 1),
    )["case"]

    case = session().get(Case, case_id)
    assert (case.content, case.source, case.special_major) == ("限期整改", "领导批示", True)
    assert (case.indicator_id, case.due_day) == (tanghe.indicators["I10"], date(2026, 9, 1))
    assert "item.entered" in stories.kinds(case_id)
    with pytest.raises(Invalid) as refused:
        start_item("tanghe", " ", "ZJJ", actor=tanghe.post("supervising_office"))
    assert list(refused.value.fields) == ["matter"]
