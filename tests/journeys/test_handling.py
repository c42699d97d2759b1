"""How units handle an item: sign, help, report done, are reviewed, are struck off (TX-12)."""

from __future__ import annotations

import pytest

from app.errors import Invalid, NotAllowed
from tests import stories, supervision
from tests.people import deputise
from tests.stories import complete, open_nodes, task
from tests.supervision import COMPLETION, PASS


def test_the_handler_is_one_of_the_lead_units_own(tanghe):
    case_id = supervision.dispatched(tanghe)
    complete(case_id, "sign_for", {"decision": "sign"}, by=tanghe.actor("unit_liaison", "ZJJ"))
    leader = tanghe.actor("unit_leader", "ZJJ")
    with pytest.raises(Invalid):
        complete(case_id, "appoint_handler", supervision.plan(tanghe, "SJG"), by=leader)

    complete(case_id, "appoint_handler", supervision.plan(tanghe), by=leader)

    handler = tanghe.actor("unit_handler", "ZJJ")
    assert stories.case(case_id).handler_id == handler.person_id
    supervision.co_answered(tanghe, case_id, "SJG")
    assert task(case_id, "complete_item").person_id == handler.person_id


def test_every_co_handler_answers_before_the_lead_can_complete(tanghe):
    case_id = supervision.dispatched(tanghe, supervision.open_item(tanghe, co=["SJG", "CZJ"]))
    supervision.signed(tanghe, case_id)
    for unit in ("SJG", "CZJ"):
        complete(
            case_id, "co_sign_for", {"decision": "sign"}, by=tanghe.actor("unit_liaison", unit)
        )
    complete(case_id, "co_opinion", supervision.CO_OPINION, by=tanghe.actor("unit_handler", "SJG"))
    assert open_nodes(case_id) == ["co_opinion"]

    complete(
        case_id,
        "co_opinion",
        supervision.CO_OPINION | {"agrees": "disagree", "disagreement": "资金来源不明"},
        by=tanghe.actor("unit_handler", "CZJ"),
    )

    assert open_nodes(case_id) == ["complete_item"]
    opinions = supervision.reports(case_id, "co_opinion")
    assert [each.details["agrees"] for each in opinions] == [True, False]


def test_an_objecting_co_handler_is_heard_and_still_answers(tanghe):
    case_id = supervision.dispatched(tanghe)

    complete(
        case_id,
        "co_sign_for",
        {"decision": "object", "reason": "本单位无此职责"},
        by=tanghe.actor("unit_liaison", "SJG"),
    )

    (paper,) = stories.papers(case_id)
    assert stories.deliveries(paper.id)[tanghe.unit("SJG"), "cc"].refused_reason == "本单位无此职责"
    assert "co_opinion" in open_nodes(case_id)


def test_completion_is_supplemented_then_redone_then_accepted(tanghe):
    case_id = supervision.completed(tanghe, supervision.in_hand(tanghe))
    office = tanghe.post("supervising_office")
    complete(
        case_id,
        "review_completion",
        {"decision": "supplement", "opinion": "补充佐证材料"},
        by=office,
    )
    assert open_nodes(case_id) == ["complete_item"]
    supervision.completed(tanghe, case_id)
    complete(case_id, "review_completion", {"decision": "redo", "opinion": "整治不彻底"}, by=office)
    assert open_nodes(case_id) == ["rework_plan"]
    complete(
        case_id, "rework_plan", supervision.plan(tanghe), by=tanghe.actor("unit_leader", "ZJJ")
    )

    supervision.struck_off(tanghe, case_id)

    assert [r.details["decision"] for r in supervision.reports(case_id, "review")] == [
        "supplement",
        "redo",
        "pass",
    ]
    assert [r.percent for r in supervision.reports(case_id, "completion")] == [100, 100, 100]


def test_an_unsigned_completion_goes_back_to_the_handler(tanghe):
    case_id = supervision.in_hand(tanghe)
    complete(case_id, "complete_item", COMPLETION, by=tanghe.actor("unit_handler", "ZJJ"))

    complete(
        case_id,
        "sign_completion",
        {"decision": "return", "opinion": "数据再核"},
        by=tanghe.actor("unit_leader", "ZJJ"),
    )

    assert open_nodes(case_id) == ["complete_item"]
    assert [p.state for p in stories.papers(case_id, "completion_report")] == ["draft"]


def test_the_reviewer_cannot_strike_the_item_off(tanghe):
    case_id = supervision.completed(tanghe, supervision.in_hand(tanghe))
    director = tanghe.post("supervising_director")
    clerk = deputise(tanghe, tanghe.post("supervising_office"), director)
    complete(case_id, "review_completion", PASS, by=clerk)

    with pytest.raises(NotAllowed, match="somebody else has to"):
        complete(case_id, "strike_off", {"confirmed": True}, by=clerk)

    assert stories.case(case_id).status == "open"
    complete(case_id, "strike_off", {"confirmed": True}, by=director)


def test_strike_off_freezes_what_was_handed_in(tanghe):
    case_id = supervision.struck_off(tanghe, supervision.in_hand(tanghe))

    (act,) = stories.acts(f"case:{case_id}", "item.struck_off")
    evidence = act["data"]["evidence"]
    assert [(e["what"], e["kind"]) for e in evidence] == [
        ("document", "supervision_notice"),
        ("document", "completion_report"),
        ("report", "plan"),
        ("report", "co_opinion"),
        ("report", "completion"),
        ("report", "review"),
    ]
    assert {len(e["sha256"]) for e in evidence} == {64}
