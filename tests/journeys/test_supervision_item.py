"""A supervision item from its opening to its strike-off, in both counties (TX-10, TH-11)."""

from __future__ import annotations

import pytest

from app import clock
from app.errors import Invalid, NotAllowed, NotFound
from tests import stories, supervision
from tests.stories import complete, open_nodes, task
from tests.supervision import APPROVE


def test_an_item_runs_from_its_opening_to_its_strike_off(county):
    case_id = supervision.in_hand(county)
    assert open_nodes(case_id) == ["complete_item"]

    supervision.struck_off(county, case_id)

    case = stories.case(case_id)
    assert (case.status, case.outcome, case.stage) == ("closed", "completed", "feedback")
    assert [p.kind for p in stories.papers(case_id)] == [
        county.profile.dispatch_document.key,
        "completion_report",
    ]


def test_the_register_number_follows_the_mechanism(tanghe):
    first, second = (supervision.open_item(tanghe, matter=m) for m in ("事项一", "事项二"))
    for case_id in (first, second):
        complete(
            case_id,
            "register",
            supervision.registration(tanghe, case_id),
            by=tanghe.post("supervising_office"),
        )

    assert [stories.case(c).number for c in (first, second)] == [
        "示平安督〔2026〕1号",
        "示平安督〔2026〕2号",
    ]


def test_the_notice_goes_to_the_lead_with_a_copy_to_every_co_handler(county):
    case_id = supervision.dispatched(county, supervision.open_item(county, co=["SJG", "CZJ"]))

    (paper,) = stories.papers(case_id)
    assert (paper.kind, paper.state) == (county.profile.dispatch_document.key, "issued")
    assert set(stories.deliveries(paper.id)) == {
        (county.unit("ZJJ"), "main"),
        (county.unit("SJG"), "cc"),
        (county.unit("CZJ"), "cc"),
    }
    assert paper.content["co"] == ["县市场监督管理局", "县财政局"]
    assert open_nodes(case_id) == ["co_sign_for", "sign_for"]


def test_an_item_without_co_handlers_waits_for_none(tanghe):
    case_id = supervision.dispatched(tanghe, supervision.open_item(tanghe, co=[]))
    assert open_nodes(case_id) == ["sign_for"]

    supervision.signed(tanghe, case_id)

    assert open_nodes(case_id) == ["complete_item"]


def test_the_clock_starts_at_dispatch_and_runs_by_the_profiles_rule(tanghe):
    case_id = supervision.open_item(tanghe)
    stories.set_clock("2026-08-03 10:00")
    supervision.dispatched(tanghe, case_id)

    case = stories.case(case_id)
    assert case.due_day.isoformat() == case.due_day_first.isoformat() == "2026-09-14"
    supervision.co_answered(tanghe, supervision.signed(tanghe, case_id), "SJG")
    assert clock.local_day(task(case_id, "complete_item").due_at).isoformat() == "2026-09-14"
    assert stories.papers(case_id)[0].content["due_day"] == "2026-09-14"


@pytest.mark.parametrize(
    ("chosen", "due"),
    [
        ({"due_date": "2026-09-30"}, "2026-09-30"),
        ({"due_days": 5}, "2026-08-10"),
        ({"due_days": 5, "due_date": "2026-09-30"}, "2026-09-30"),
    ],
)
def test_the_office_may_choose_the_day(tanghe, chosen, due):
    case_id = supervision.open_item(tanghe)
    stories.set_clock("2026-08-03 10:00")

    supervision.dispatched(tanghe, case_id, **chosen)

    assert stories.case(case_id).due_day.isoformat() == due


def test_registering_may_change_the_parties_and_keeps_what_they_were(tanghe):
    case_id = supervision.dispatched(tanghe, lead="FGW", co=["ZJJ", "RSJ"], copies=["CZJ"])

    (act,) = stories.acts(f"case:{case_id}", "item.registered")
    assert act["data"]["before"]["units"]["lead"] == [tanghe.unit("ZJJ")]
    assert act["data"]["after"]["units"] == {
        "lead": [tanghe.unit("FGW")],
        "co": [tanghe.unit("ZJJ"), tanghe.unit("RSJ")],
        "cc": [tanghe.unit("CZJ")],
    }
    assert task(case_id, "sign_for").unit_id == tanghe.unit("FGW")


def test_the_lead_cannot_help_itself(tanghe):
    with pytest.raises(Invalid, match="cannot also be a co-handler"):
        supervision.open_item(tanghe, co=["ZJJ"])

    case_id = supervision.open_item(tanghe)
    with pytest.raises(Invalid) as refusal:
        complete(
            case_id,
            "register",
            supervision.registration(tanghe, case_id, co=["ZJJ"]),
            by=tanghe.post("supervising_office"),
        )
    assert set(refusal.value.fields) == {"co"}


def test_a_dispatch_sent_back_is_registered_again_under_the_same_number(tanghe):
    case_id = supervision.open_item(tanghe)
    complete(
        case_id,
        "register",
        supervision.registration(tanghe, case_id),
        by=tanghe.post("supervising_office"),
    )
    number = stories.case(case_id).number
    complete(
        case_id,
        "approve_dispatch",
        {"decision": "return", "opinion": "请明确要求"},
        by=tanghe.post("supervising_director"),
    )
    assert (open_nodes(case_id), stories.papers(case_id)) == (["register"], [])

    supervision.dispatched(tanghe, case_id)

    assert stories.case(case_id).number == number


def test_a_refused_receipt_is_insisted_on_and_then_signed(tanghe):
    case_id = supervision.dispatched(tanghe)
    liaison = tanghe.actor("unit_liaison", "ZJJ")
    complete(case_id, "sign_for", {"decision": "refuse", "reason": "不属于本单位职责"}, by=liaison)
    (paper,) = stories.papers(case_id)
    sent = stories.deliveries(paper.id)[tanghe.unit("ZJJ"), "main"]
    assert (sent.refused_reason, sent.signed_at) == ("不属于本单位职责", None)

    complete(
        case_id,
        "handle_refusal",
        {"decision": "insist", "explanation": "属于法定职责"},
        by=tanghe.post("supervising_office"),
    )
    complete(case_id, "sign_for", {"decision": "sign"}, by=liaison)

    sent = stories.deliveries(paper.id)[tanghe.unit("ZJJ"), "main"]
    assert (sent.refused_reason, sent.signed_by) == ("", liaison.person_id)
    assert "item.upheld" in stories.kinds(case_id)


def test_an_item_taken_back_is_void_and_frees_the_matter_but_not_the_number(tanghe):
    case_id = supervision.dispatched(tanghe)
    complete(
        case_id,
        "sign_for",
        {"decision": "refuse", "reason": "不属于本单位职责"},
        by=tanghe.actor("unit_liaison", "ZJJ"),
    )

    last = complete(
        case_id,
        "handle_refusal",
        {"decision": "withdraw", "explanation": "理由成立"},
        by=tanghe.post("supervising_office"),
    )

    case = stories.case(case_id)
    assert (last["finished"], case.status, case.outcome) == (True, "void", "withdrawn")
    assert [p.state for p in stories.papers(case_id)] == ["void"]
    assert open_nodes(case_id) == []
    again = supervision.dispatched(tanghe)
    assert (case.number, stories.case(again).number) == (
        "示平安督〔2026〕1号",
        "示平安督〔2026〕2号",
    )


def test_strangers_see_nothing_and_colleagues_may_not_act(tanghe):
    case_id = supervision.dispatched(tanghe)

    with pytest.raises(NotFound):
        complete(case_id, "sign_for", {"decision": "sign"}, by=tanghe.stranger)
    with pytest.raises(NotAllowed):
        complete(case_id, "sign_for", {"decision": "sign"}, by=tanghe.actor("unit_head", "ZJJ"))
    with pytest.raises(NotAllowed):
        complete(case_id, "sign_for", {"decision": "sign"}, by=tanghe.post("supervising_office"))


def test_the_dispatch_waits_for_the_director(tanghe):
    case_id = supervision.open_item(tanghe)
    complete(
        case_id,
        "register",
        supervision.registration(tanghe, case_id),
        by=tanghe.post("supervising_office"),
    )

    with pytest.raises(NotAllowed):
        complete(case_id, "approve_dispatch", APPROVE, by=tanghe.post("supervising_office"))
