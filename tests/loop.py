"""Longer verbs: a round carried to its notices, a notice to its opinion, a meeting to its items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.commands.cases import start_meeting, start_round
from tests import stories
from tests.people import County
from tests.stories import complete

JULY = {
    "I02": ("66.8", "-5.2"),
    "I06": ("64.5", "-5.8"),
    "I10": ("61.7", "-7.2"),
    "I11": ("76.4", "-7.1"),
    "I03": ("91.5", "1.4"),
}
REPORT = {
    "kind": "assessment_report",
    "title": "2026年上半年经济社会运行情况评估报告",
    "summary": "总体平稳，三项指标为高风险。",
    "analyses": [
        {"indicator": "I10", "text": "物业服务合同纠纷收案上升。"},
    ],
    "advice": "由住建部门牵头开展行业治理。",
}
OPINION = {
    "problems": [{"text": "物业服务标准不明"}, {"text": "收费公示不到位"}],
    "gaps": [{"text": "巡查制度缺失"}],
    "weak_links": [{"text": "基层调解力量不足"}],
    "measures": [
        {
            "text": "制定服务标准",
            "owner_person": "物业科科长",
            "owner_dept": "物业科",
            "due": "2026-09-30",
        },
        {
            "text": "开展收费专项检查",
            "owner_person": "执法大队队长",
            "owner_dept": "执法大队",
            "due": "2026-10-31",
        },
    ],
}
APPROVE = {"decision": "approve"}


def open_round(county: County, code: str = "2026H1") -> dict[str, int]:
    """A round with its case: `{"round": id, "case": id}`."""
    return start_round(
        code,
        "half_year",
        date(2026, 1, 1),
        date(2026, 6, 30),
        county.profile.key,
        "2026年上半年评估",
        actor=county.post("analysis_office"),
    )


Values = Mapping[str, tuple[str, str | None]]


def graded_round(county: County, values: Values = JULY) -> dict[str, int]:
    """A round whose readings are in and graded."""
    opened = open_round(county)
    stories.readings(county, opened["round"], values)
    complete(
        opened["case"], "import_readings", {"complete": True}, by=county.post("analysis_office")
    )
    return opened


def reported_round(county: County) -> dict[str, int]:
    """A round whose report was submitted; what remains is to issue the notices."""
    opened = graded_round(county)
    case_id = opened["case"]
    analyst = county.post("analysis_office")
    complete(case_id, "review_grading", {"decision": "ok"}, by=analyst)
    complete(case_id, "draft_report", REPORT, by=analyst)
    complete(case_id, "approve_report", APPROVE, by=county.post("issuing_leader"))
    complete(
        case_id, "submit_report", {"recipients": ["XW", "XZF"], "method": "electronic"}, by=analyst
    )
    return opened


def round_with_notices(county: County) -> dict[str, Any]:
    """The same with a notice per triggering indicator: `notices` maps codes to case ids."""
    opened: dict[str, Any] = dict(reported_round(county))
    complete(opened["case"], "issue_notices", {"scope": "all"}, by=county.post("drafting_office"))
    by_id = {key: code for code, key in county.indicators.items()}
    opened["notices"] = {
        by_id[each.indicator_id or 0]: each.id
        for each in stories.children(opened["case"], "risk_notice")
    }
    return opened


def draft(county: County, **changes: Any) -> dict[str, Any]:
    """What the drafter of a notice answers under this county's mechanism."""
    answers = {
        "notice_kind": county.profile.notice_type.key,
        "subject": "关于物业服务合同纠纷风险的提示",
        "problems": "收案持续上升。",
        "advice": "规范物业服务。",
        "reply_request": "按要求报送工作意见。",
    }
    if answers["notice_kind"] == "judicial_suggestion":
        answers |= {"suggestion_type": "case_type", "reasons": "类案多发。"}
    return answers | changes


def issued_notice(county: County, case_id: int, **changes: Any) -> int:
    """A notice on its way: drafted, approved where needed, numbered."""
    drafter = county.post("drafting_office")
    complete(case_id, "draft_notice", draft(county, **changes), by=drafter)
    if county.profile.notice_approval:
        complete(case_id, "approve_notice", APPROVE, by=county.post("issuing_leader"))
    complete(case_id, "issue_notice", {"checked": True}, by=drafter)
    return case_id


def served_notice(county: County, case_id: int) -> int:
    """A notice the addressee has before it."""
    issued_notice(county, case_id)
    complete(case_id, "serve_notice", {"method": "electronic"}, by=county.post("drafting_office"))
    return case_id


def signed_notice(county: County, case_id: int, unit: str) -> int:
    """A notice the unit has signed for."""
    served_notice(county, case_id)
    complete(case_id, "sign_for", {"decision": "sign"}, by=county.actor("unit_liaison", unit))
    return case_id


def opinion(county: County, **changes: Any) -> dict[str, Any]:
    """What a unit answers: with whether it adopts the suggestion, where it is one."""
    adopts = county.profile.notice_type.key == "judicial_suggestion"
    return OPINION | ({"adoption": "adopt"} if adopts else {}) | changes


def filed_opinion(county: County, case_id: int, unit: str, **changes: Any) -> int:
    """A notice answered with an opinion its leader signed; it waits for review."""
    signed_notice(county, case_id, unit)
    complete(
        case_id, "work_opinion", opinion(county, **changes), by=county.actor("unit_handler", unit)
    )
    complete(case_id, "sign_opinion", APPROVE, by=county.actor("unit_leader", unit))
    return case_id


def called_meeting(county: County) -> int:
    """A meeting's case; what comes first is to prepare it."""
    return start_meeting(
        county.profile.key, "风险化解会议", actor=county.post("supervising_office")
    )["case"]


def invitation(county: County, attendees: Sequence[str] = ("ZJJ", "RSJ")) -> dict[str, Any]:
    """What the office answers when it prepares a meeting."""
    return {
        "kind": "half_yearly" if county.profile.meeting.half_yearly else "special",
        "title": "2026年上半年会议",
        "held_on": "2026-07-24",
        "place": "三楼会议室",
        "attendees": list(attendees),
        "agenda": [
            {"section": "basics", "topic": "通报评估情况"},
            {"section": "analysis", "topic": "物业领域风险"},
        ],
    }


def minutes(**changes: Any) -> dict[str, Any]:
    """What the office answers after the meeting."""
    return {
        "held_on": "2026-07-24",
        "attended": ["ZJJ", "RSJ"],
        "basics": "三项高风险。",
        "analysis": "成因是行业监管不足。",
        "measures": "住建牵头。",
        "forecast": "预计收案下降一成。",
        "regrades": [{"indicator": "I11", "level": "high", "reason": "群体性苗头"}],
        "resolutions": [
            {
                "matter": "物业服务合同纠纷治理",
                "indicator": "I10",
                "lead": "ZJJ",
                "co": ["SJG"],
                "due_date": "2026-09-14",
                "impact_forecast": "收案下降一成",
            },
            {
                "matter": "农民工工资支付保障",
                "indicator": "I06",
                "lead": "RSJ",
                "co": ["ZGH", "ZJJ"],
                "due_days": 30,
                "special_major": True,
            },
        ],
    } | changes


def prepared_meeting(county: County) -> int:
    """A meeting that may be held: confirmed by the convener where the mechanism wants it."""
    case_id = called_meeting(county)
    complete(case_id, "convene", invitation(county), by=county.post("supervising_office"))
    if county.profile.meeting.convener_required:
        complete(case_id, "confirm_meeting", APPROVE, by=county.post("convener"))
    return case_id


def record_meeting(county: County, case_id: int, **changes: Any) -> None:
    """The office writes the minutes."""
    complete(case_id, "minutes", minutes(**changes), by=county.post("supervising_office"))


def sign_minutes(county: County, case_id: int, answers: Mapping[str, Any] = APPROVE) -> None:
    """The convener signs, or the head of the office where the mechanism has no convener."""
    if county.profile.meeting.convener_required:
        complete(case_id, "sign_minutes", answers, by=county.post("convener"))
    else:
        complete(case_id, "sign_minutes_office", answers, by=county.post("supervising_director"))
