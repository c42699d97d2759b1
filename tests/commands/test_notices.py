"""Notices: to whom they go, what stands in them, who signs, and how the answers come together."""

from __future__ import annotations

import pytest

from app.commands.copies import read_paper
from app.commands.notices import open_notice
from app.db import session
from app.errors import Invalid, NotAllowed, NotFound
from app.model import IndicatorUnit
from tests import loop, stories
from tests.stories import complete

CHOSEN = {
    "scope": "chosen",
    "notices": [
        {"indicator": "I03", "units": ["WLX", "SJG"], "note": "行业规则缺失"},
        {"indicator": "I10"},
    ],
}


def addressees(county, case_id):
    by_unit = {key: code for code, key in county.units.items()}
    by_indicator = {key: code for code, key in county.indicators.items()}
    return [
        (by_indicator[each.indicator_id], by_unit[unit_of(each.id)])
        for each in stories.children(case_id, "risk_notice")
    ]


def unit_of(case_id):
    act = stories.acts(f"case:{case_id}", "case.opened")[0]
    return act["data"]["units"]["addressee"][0]


def plan(county, case_id, answers):
    return complete(case_id, "issue_notices", answers, by=county.post("drafting_office"))


def test_the_first_responsible_unit_gets_the_notice(tanghe):
    opened = loop.round_with_notices(tanghe)

    assert addressees(tanghe, opened["case"]) == [("I02", "ZJJ"), ("I06", "RSJ"), ("I10", "ZJJ")]


def test_chosen_notices_go_to_the_units_named_or_responsible(tanghe):
    opened = loop.reported_round(tanghe)

    plan(tanghe, opened["case"], CHOSEN)

    assert addressees(tanghe, opened["case"]) == [("I03", "WLX"), ("I03", "SJG"), ("I10", "ZJJ")]


def test_no_notice_is_sent_with_a_reason(tanghe):
    opened = loop.reported_round(tanghe)

    plan(tanghe, opened["case"], {"scope": "none", "reason": "本轮另行部署"})

    assert addressees(tanghe, opened["case"]) == []


@pytest.mark.parametrize(
    "answers",
    [
        {"scope": "all"},
        {"scope": "chosen", "notices": [{"indicator": "I10"}]},
    ],
)
def test_an_indicator_nobody_answers_for_is_named(tanghe, answers):
    session().query(IndicatorUnit).filter_by(indicator_id=tanghe.indicators["I10"]).delete()
    session().commit()
    opened = loop.reported_round(tanghe)

    with pytest.raises(Invalid, match="物业服务合同纠纷风险指数"):
        plan(tanghe, opened["case"], answers)


def test_a_notice_is_opened_ad_hoc_but_not_twice(tongxu):
    opened = loop.round_with_notices(tongxu)
    analyst = tongxu.post("analysis_office")
    case_id = open_notice("2026H1", "I03", actor=analyst)["case"]
    assert stories.case(case_id).parent_id == opened["case"]
    assert unit_of(case_id) == tongxu.unit("WLX")

    with pytest.raises(Invalid, match="already"):
        open_notice("2026H1", "I10", actor=analyst)
    second = open_notice("2026H1", "I10", "ZJJ", "再次提示", actor=analyst, again=True)

    assert stories.case(second["case"]).content == "再次提示"
    acts = stories.acts(f"case:{opened['case']}", "notice.opened")
    assert [act["data"]["again"] for act in acts] == [False, True]


def test_an_ad_hoc_notice_needs_somebody_responsible_and_a_round_that_exists(tongxu):
    loop.reported_round(tongxu)
    analyst = tongxu.post("analysis_office")
    session().query(IndicatorUnit).delete()
    session().commit()

    with pytest.raises(Invalid, match="name the addressee"):
        open_notice("2026H1", "I10", actor=analyst)
    with pytest.raises(Invalid, match="I99"):
        open_notice("2026H1", "I99", actor=analyst)
    with pytest.raises(NotFound):
        open_notice("1999H1", "I10", actor=analyst)


def test_only_the_court_opens_notices(tongxu):
    loop.reported_round(tongxu)

    with pytest.raises(NotAllowed):
        open_notice("2026H1", "I10", actor=tongxu.post("supervising_office"))
    with pytest.raises(NotFound):
        open_notice("2026H1", "I10", actor=tongxu.stranger)


def test_a_withdrawn_notice_may_be_sent_again(tanghe):
    opened = loop.round_with_notices(tanghe)
    case_id = loop.served_notice(tanghe, opened["notices"]["I10"])
    complete(
        case_id,
        "sign_for",
        {"decision": "refuse", "reason": "不属于本单位职责"},
        by=tanghe.actor("unit_liaison", "ZJJ"),
    )
    complete(
        case_id,
        "handle_refusal",
        {"decision": "withdraw", "explanation": "确不属于"},
        by=stories.performer(tanghe, case_id, "handle_refusal"),
    )

    again = open_notice("2026H1", "I10", actor=tanghe.post("analysis_office"))

    assert unit_of(again["case"]) == tanghe.unit("ZJJ")


def test_the_notice_shows_figures_level_reason_and_what_to_answer(tanghe):
    case_id = loop.issued_notice(tanghe, loop.round_with_notices(tanghe)["notices"]["I10"])

    (paper,) = stories.papers(case_id)

    assert (paper.kind, paper.number) == ("risk_notice", "示法风提〔2026〕1号")
    (row,) = paper.content["indicators"]
    assert (row["value"], row["change"], row["level"]) == ("61.7", "-7.2", "high")
    assert row["reason"] == "指数低于70，定为高风险。"
    assert paper.content["reply_to"] == "县平安建设领导小组办公室"
    assert paper.content["reply_within"] == "自印发之日起15个工作日内"


def test_tongxus_suggestion_says_why_and_is_copied_upward(tongxu):
    case_id = loop.issued_notice(tongxu, loop.round_with_notices(tongxu)["notices"]["I11"])

    (paper,) = stories.papers(case_id)

    assert (paper.kind, paper.number) == ("judicial_suggestion", "示通法建〔2026〕1号")
    assert (paper.content["type"], paper.content["reasons"]) == ("类案", "类案多发。")
    assert sorted(stories.deliveries(paper.id)) == sorted(
        [
            (tongxu.unit("FGW"), "main"),
            (tongxu.unit("PAB"), "cc_upward"),
        ]
    )


def test_tanghe_may_suggest_besides_and_tongxu_knows_no_risk_notice(tanghe):
    case_id = loop.round_with_notices(tanghe)["notices"]["I10"]
    suggestion = loop.draft(
        tanghe,
        notice_kind="judicial_suggestion",
        suggestion_type="governance",
        reasons="类案多发。",
    )

    loop.issued_notice(tanghe, case_id, **suggestion)

    (paper,) = stories.papers(case_id)
    assert (paper.kind, paper.content["type"]) == ("judicial_suggestion", "综合治理")


def test_tongxu_sends_no_risk_notice_letters(tongxu):
    case_id = loop.round_with_notices(tongxu)["notices"]["I10"]

    with pytest.raises(Invalid) as refused:
        complete(
            case_id,
            "draft_notice",
            loop.draft(tongxu, notice_kind="risk_notice"),
            by=tongxu.post("drafting_office"),
        )

    assert "notice_kind" in refused.value.fields


def test_where_approval_is_the_rule_nothing_is_issued_without_it(tanghe):
    opened = loop.reported_round(tanghe)
    drafter = tanghe.post("drafting_office")
    case_id = stories.start_case(
        tanghe,
        "risk_notice",
        by=drafter,
        units={"addressee": ["ZJJ"]},
        facts={"needs_approval": False},
        round_id=opened["round"],
        indicator_id=tanghe.indicators["I10"],
    )
    complete(case_id, "draft_notice", loop.draft(tanghe), by=drafter)

    with pytest.raises(Invalid, match="has not approved"):
        complete(case_id, "issue_notice", {"checked": True}, by=drafter)


def test_delivery_is_stamped_when_served_and_signed_when_signed(tanghe):
    case_id = loop.round_with_notices(tanghe)["notices"]["I10"]
    loop.issued_notice(tanghe, case_id)
    key = (tanghe.unit("ZJJ"), "main")
    (paper,) = stories.papers(case_id)
    assert stories.deliveries(paper.id)[key].delivered_at is None

    complete(
        case_id,
        "serve_notice",
        {"method": "post", "receipt": "回证1号"},
        by=tanghe.post("drafting_office"),
    )
    served = stories.deliveries(paper.id)[key]
    assert (served.delivered_at is not None, served.method, served.signed_at) == (
        True,
        "post",
        None,
    )

    complete(case_id, "sign_for", {"decision": "sign"}, by=tanghe.actor("unit_liaison", "ZJJ"))
    signed = stories.deliveries(paper.id)[key]
    assert signed.signed_by == tanghe.actor("unit_liaison", "ZJJ").person_id
    assert [k for k in stories.kinds(case_id) if k.startswith("document.")] == [
        "document.approved",
        "document.issued",
        "document.delivered",
        "document.signed_for",
    ]


def test_a_copy_is_read_once_by_the_unit_that_got_it(tongxu):
    case_id = loop.round_with_notices(tongxu)["notices"]["I10"]
    loop.issued_notice(tongxu, case_id)
    (paper,) = stories.papers(case_id)
    clerk = tongxu.actor("supervision_clerk", "PAB")
    with pytest.raises(NotAllowed):
        read_paper(paper.id, actor=clerk)

    complete(case_id, "serve_notice", {"method": "electronic"}, by=tongxu.post("drafting_office"))
    for _ in range(2):
        read_paper(paper.id, actor=clerk)

    copy = stories.deliveries(paper.id)[tongxu.unit("PAB"), "cc_upward"]
    assert copy.read_by == clerk.person_id
    assert len(stories.acts(f"case:{case_id}", "document.read")) == 1
    with pytest.raises(NotFound):
        read_paper(paper.id, actor=tongxu.stranger)
    with pytest.raises(NotFound):
        read_paper(10**6, actor=clerk)
