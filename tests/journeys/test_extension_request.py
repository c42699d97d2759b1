"""An extension from its application to its decision (延期, domain row 15)."""

from __future__ import annotations

from datetime import date

import pytest

from app import clock
from app.commands.clock import suspend
from app.commands.items import request_extension
from app.errors import Invalid, NotAllowed
from tests import stories, supervision
from tests.stories import complete, open_nodes, task
from tests.supervision import APPROVE


@pytest.fixture
def item(tanghe):
    """An item dispatched on 6 July and due on 17 August."""
    return supervision.in_hand(tanghe)


def signed(county, item: int, day: str = "2026-08-28") -> int:
    """An application the unit's leader has signed."""
    case_id = request_extension(
        item,
        {"reason": "跨部门会商尚未结束", "progress": "完成七成", "new_date": day},
        actor=county.actor("unit_handler", "ZJJ"),
    )["case"]
    complete(case_id, "sign_extension", APPROVE, by=county.actor("unit_leader", "ZJJ"))
    return case_id


def grant(day: str = "2026-08-28") -> dict[str, str]:
    return {"decision": "grant", "granted_date": day}


def test_a_grant_names_the_day_and_the_first_one_stays(county):
    item = supervision.in_hand(county)
    case_id = signed(county, item)

    last = complete(case_id, "decide", grant(), by=county.post("supervising_director"))

    case = stories.case(item)
    assert (last["finished"], stories.case(case_id).outcome) == (True, "granted")
    assert (case.due_day, case.due_day_first) == (date(2026, 8, 28), date(2026, 8, 17))
    assert case.extension_count == 1
    open_ = task(item, "complete_item")
    assert (clock.local_day(open_.due_at), open_.due_day_first) == (
        date(2026, 8, 28),
        date(2026, 8, 17),
    )
    (act,) = stories.acts(f"case:{item}", "extension.granted")
    assert (act["data"]["before"], act["data"]["after"]) == ("2026-08-17", "2026-08-28")


def test_both_papers_are_sent(tanghe, item):
    case_id = signed(tanghe, item)
    complete(case_id, "decide", grant(), by=tanghe.post("supervising_director"))

    asked, answered = stories.papers(case_id)
    assert (asked.kind, asked.state, answered.kind, answered.state) == (
        "extension_request",
        "issued",
        "extension_reply",
        "issued",
    )
    assert set(stories.deliveries(asked.id)) == {(tanghe.unit("PAB"), "main")}
    assert set(stories.deliveries(answered.id)) == {(tanghe.unit("ZJJ"), "main")}
    assert answered.content["granted_day"] == "2026-08-28"


def test_until_it_is_granted_the_clock_goes_on(tanghe, item):
    signed(tanghe, item)

    assert stories.case(item).due_day == date(2026, 8, 17)


def test_what_is_signed_after_the_date_is_late_however_early_it_was_written(tanghe, item):
    stories.set_clock("2026-08-17 16:00")
    case_id = request_extension(
        item,
        {"reason": "跨部门会商尚未结束", "progress": "完成七成", "new_date": "2026-08-28"},
        actor=tanghe.actor("unit_handler", "ZJJ"),
    )["case"]
    assert not stories.case(case_id).facts["late"]
    stories.set_clock("2026-08-18 09:00")

    complete(case_id, "sign_extension", APPROVE, by=tanghe.actor("unit_leader", "ZJJ"))
    complete(case_id, "decide", grant(), by=tanghe.post("supervising_director"))

    (act,) = stories.acts(f"case:{item}", "extension.granted")
    assert act["data"]["late"]
    assert stories.papers(case_id, "extension_request")[0].content["late"] == "原时限届满后提出"


def test_a_refusal_leaves_the_date_and_frees_the_way_for_another(tanghe, item):
    case_id = signed(tanghe, item)
    complete(
        case_id,
        "decide",
        {"decision": "refuse", "opinion": "理由不充分"},
        by=tanghe.post("supervising_director"),
    )

    case = stories.case(item)
    assert (case.due_day, case.extension_count) == (date(2026, 8, 17), 0)
    assert stories.case(case_id).outcome == "refused"
    assert "extension.refused" in stories.kinds(item)
    signed(tanghe, item)


def test_a_long_extension_is_the_leaders_to_grant(tanghe, item):
    case_id = signed(tanghe, item, "2026-09-21")
    complete(case_id, "decide", grant("2026-09-21"), by=tanghe.post("supervising_director"))
    assert open_nodes(case_id) == ["leader_decide"]
    assert stories.case(item).due_day == date(2026, 8, 17)

    complete(case_id, "leader_decide", grant("2026-09-18"), by=tanghe.post("convener"))

    assert stories.case(item).due_day == date(2026, 9, 18)


def test_the_leader_may_refuse_what_the_office_endorsed(tanghe, item):
    case_id = signed(tanghe, item, "2026-09-21")
    complete(case_id, "decide", grant("2026-09-21"), by=tanghe.post("supervising_director"))

    complete(
        case_id,
        "leader_decide",
        {"decision": "refuse", "opinion": "应抓紧办理"},
        by=tanghe.post("convener"),
    )

    assert (stories.case(case_id).outcome, stories.case(item).due_day) == (
        "refused",
        date(2026, 8, 17),
    )


def test_a_second_extension_is_the_leaders_too(tanghe, item):
    complete(
        signed(tanghe, item, "2026-08-21"),
        "decide",
        grant("2026-08-21"),
        by=tanghe.post("supervising_director"),
    )

    again = signed(tanghe, item, "2026-08-28")
    complete(again, "decide", grant("2026-08-28"), by=tanghe.post("supervising_director"))

    assert open_nodes(again) == ["leader_decide"]


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2026-08-17", "after the present one"),
        ("2026-08-29", "not a working day"),
        ("2026-09-30", "30 working days at most"),
    ],
)
def test_the_granted_day_has_to_make_sense(tanghe, item, day, says):
    case_id = signed(tanghe, item)

    with pytest.raises(Invalid, match=says) as refusal:
        complete(case_id, "decide", grant(day), by=tanghe.post("supervising_director"))

    assert set(refusal.value.fields) == {"granted_date"}
    assert stories.case(item).due_day == date(2026, 8, 17)


def test_an_item_that_is_done_can_only_be_refused_more_time(tanghe, item):
    case_id = signed(tanghe, item)
    supervision.struck_off(tanghe, item)
    director = tanghe.post("supervising_director")
    with pytest.raises(Invalid, match="closed already"):
        complete(case_id, "decide", grant(), by=director)

    complete(case_id, "decide", {"decision": "refuse", "opinion": "事项已办结"}, by=director)

    assert stories.case(case_id).status == "closed"


def test_a_suspended_item_is_resumed_before_its_date_is_moved(tanghe, item):
    case_id = signed(tanghe, item)
    suspend(item, {"reason": "等待上级批复"}, actor=tanghe.post("supervising_office"))

    with pytest.raises(Invalid, match="resume it"):
        complete(case_id, "decide", grant(), by=tanghe.post("supervising_director"))


def test_an_unsigned_application_goes_back_to_whoever_wrote_it(tanghe, item):
    handler = tanghe.actor("unit_handler", "ZJJ")
    case_id = request_extension(
        item,
        {"reason": "跨部门会商尚未结束", "progress": "七成", "new_date": "2026-08-28"},
        actor=handler,
    )["case"]
    complete(
        case_id,
        "sign_extension",
        {"decision": "return", "opinion": "理由写实"},
        by=tanghe.actor("unit_leader", "ZJJ"),
    )

    complete(
        case_id,
        "apply",
        {"reason": "联合验收排期在后", "progress": "八成", "new_date": "2026-08-24"},
        by=handler,
    )

    (asked,) = stories.papers(case_id)
    assert (asked.state, asked.content["wanted_day"]) == ("draft", "2026-08-24")


def test_the_clerk_does_not_decide(tanghe, item):
    with pytest.raises(NotAllowed):
        complete(signed(tanghe, item), "decide", grant(), by=tanghe.post("supervising_office"))
