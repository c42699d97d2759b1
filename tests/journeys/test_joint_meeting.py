"""The meeting from its preparation to the items it leads to, in both counties."""

from __future__ import annotations

from sqlalchemy import select

from app.db import session
from app.model import Grading, Meeting, Resolution
from app.queries import audit
from tests import loop, stories
from tests.stories import complete, open_nodes


def test_a_meeting_runs_from_preparation_to_items(county):
    loop.round_with_notices(county)
    case_id = loop.prepared_meeting(county)
    clerk = county.post("supervising_office")
    assert open_nodes(case_id) == ["minutes"]

    complete(case_id, "minutes", loop.minutes(), by=clerk)
    loop.sign_minutes(county, case_id)
    last = complete(case_id, "task_list", {}, by=clerk)

    assert last["finished"]
    items = stories.children(case_id, "supervision_item")
    assert [each.matter for each in items] == ["物业服务合同纠纷治理", "农民工工资支付保障"]
    assert [each.special_major for each in items] == [False, True]
    decided = session().scalars(select(Resolution).order_by(Resolution.position)).all()
    assert [each.item_case_id for each in decided] == [each.id for each in items]
    assert [p.kind for p in stories.papers(case_id)] == [
        "status_pack",
        "meeting_minutes",
        "task_list",
    ]


def test_the_journal_vouches_for_everything_the_loop_wrote(county):
    opened = loop.round_with_notices(county)
    loop.filed_opinion(county, opened["notices"]["I10"], "ZJJ")
    case_id = loop.prepared_meeting(county)
    loop.record_meeting(county, case_id)
    loop.sign_minutes(county, case_id)
    complete(case_id, "task_list", {}, by=county.post("supervising_office"))

    verdict = audit.verify()

    written = ("case:", "round:")
    assert [each for each in verdict.breaks if each.stream.startswith(written)] == []
    assert verdict.rows > 30


def test_only_tanghe_needs_its_convener(tanghe):
    case_id = loop.called_meeting(tanghe)
    complete(case_id, "convene", loop.invitation(tanghe), by=tanghe.post("supervising_office"))
    assert open_nodes(case_id) == ["confirm_meeting"]

    complete(
        case_id,
        "confirm_meeting",
        {"decision": "return", "opinion": "请增加参会单位"},
        by=tanghe.post("convener"),
    )
    complete(
        case_id,
        "convene",
        loop.invitation(tanghe, ["ZJJ", "RSJ", "CZJ"]),
        by=tanghe.post("supervising_office"),
    )
    complete(case_id, "confirm_meeting", loop.APPROVE, by=tanghe.post("convener"))

    assert open_nodes(case_id) == ["minutes"]
    meeting = session().scalars(select(Meeting)).one()
    assert meeting.kind == "half_yearly"
    assert [row["unit"] for row in meeting.pack][-1] == "县财政局"


def test_tongxu_meets_ad_hoc_and_signs_in_the_office(tongxu):
    loop.round_with_notices(tongxu)
    case_id = loop.called_meeting(tongxu)
    complete(case_id, "convene", loop.invitation(tongxu), by=tongxu.post("supervising_office"))
    complete(case_id, "minutes", loop.minutes(), by=tongxu.post("supervising_office"))

    assert open_nodes(case_id) == ["sign_minutes_office"]
    assert session().scalars(select(Meeting)).one().kind == "special"


def test_returned_minutes_change_no_level_and_open_no_item(county):
    loop.round_with_notices(county)
    case_id = loop.prepared_meeting(county)
    clerk = county.post("supervising_office")
    complete(case_id, "minutes", loop.minutes(), by=clerk)
    graded = session().scalars(select(Grading)).all()

    loop.sign_minutes(county, case_id, {"decision": "return", "opinion": "请核对"})
    complete(case_id, "minutes", loop.minutes(resolutions=[], regrades=[]), by=clerk)

    assert open_nodes(case_id) == [
        "sign_minutes" if county.profile.meeting.convener_required else "sign_minutes_office"
    ]
    assert session().scalars(select(Grading)).all() == graded
    assert session().scalars(select(Resolution)).all() == []
    assert stories.children(case_id) == []
