"""Verbs of supervision: an item opened, dispatched, handled; a unit taken to task."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app import journal
from app.advance.loading import units_of
from app.commands.supervising import escalate
from app.db import session, transaction
from app.effects import items
from app.model import AssessmentRecord, Report
from tests import stories
from tests.people import County
from tests.stories import complete

MATTER = "物业服务合同纠纷风险化解"
APPROVE = {"decision": "approve"}
COMPLETION = {
    "result": "物业服务合同纠纷明显减少。",
    "measures_taken": "制定标准，专项检查。",
    "evidence": "出台服务标准一项，检查小区三十个。",
    "percent": 100,
}
CO_OPINION = {"opinion": "同意牵头方案。", "actions": "配合开展价格检查。", "agrees": "agree"}
PASS = {"checks": ["facts", "solved", "evidence", "format"], "decision": "pass"}


def open_item(county: County, **changes: Any) -> int:
    """An item about property services: the housing bureau leads, the market bureau helps."""
    office = county.post("supervising_office")
    details = {
        "matter": MATTER,
        "lead": "ZJJ",
        "co": ["SJG"],
        "indicator": "I10",
        "source": "会议议定",
    } | changes
    indicator = details.pop("indicator")
    with transaction():
        loaded = items.open_item(
            actor=office,
            profile_id=county.profile_id,
            lead=county.unit(details.pop("lead")),
            co=[county.unit(code) for code in details.pop("co")],
            indicator_id=county.indicators[indicator] if indicator else None,
            **details,
        )
        journal.flush()
    return loaded.case.id


def registration(county: County, case_id: int, **changes: Any) -> dict[str, Any]:
    """What the office answers when it registers the item as it was opened."""
    case = stories.case(case_id)
    codes = {key: code for code, key in county.units.items()}
    units = units_of(case_id)
    by_id = {key: code for code, key in county.indicators.items()}
    return {
        "matter": case.matter,
        "source": "meeting",
        "requirement": "查清底数，分类化解。",
        "indicator": by_id.get(case.indicator_id or 0),
        "lead": codes[units["lead"][0]],
        "co": [codes[unit] for unit in units.get("co", [])],
    } | changes


def dispatched(county: County, case_id: int | None = None, **changes: Any) -> int:
    """An item on its way to the units."""
    case_id = case_id or open_item(county)
    complete(
        case_id,
        "register",
        registration(county, case_id, **changes),
        by=county.post("supervising_office"),
    )
    complete(case_id, "approve_dispatch", APPROVE, by=county.post("supervising_director"))
    return case_id


def plan(county: County, unit: str = "ZJJ") -> dict[str, Any]:
    """How the lead unit divides the work."""
    return {
        "handler": county.actor("unit_handler", unit).login,
        "department": "物业科",
        "targets": [{"text": "摸清底数", "owner_dept": "物业科", "due": "2026-08-31"}],
    }


def signed(county: County, case_id: int, unit: str = "ZJJ") -> int:
    """The lead unit has signed and named its handler."""
    complete(case_id, "sign_for", {"decision": "sign"}, by=county.actor("unit_liaison", unit))
    complete(case_id, "appoint_handler", plan(county, unit), by=county.actor("unit_leader", unit))
    return case_id


def co_answered(county: County, case_id: int, *units: str) -> int:
    """Every co-handler has signed and given its opinion."""
    for unit in units:
        complete(
            case_id, "co_sign_for", {"decision": "sign"}, by=county.actor("unit_liaison", unit)
        )
    for unit in units:
        complete(case_id, "co_opinion", CO_OPINION, by=county.actor("unit_handler", unit))
    return case_id


def in_hand(county: County, **changes: Any) -> int:
    """An item the lead unit works on; its co-handlers have answered."""
    case_id = dispatched(county, open_item(county, **changes))
    lead = str(changes.get("lead", "ZJJ"))
    signed(county, case_id, lead)
    return co_answered(county, case_id, *changes.get("co", ["SJG"]))


def completed(county: County, case_id: int, unit: str = "ZJJ") -> int:
    """The lead unit has reported the matter done, with its leader's signature."""
    complete(case_id, "complete_item", COMPLETION, by=county.actor("unit_handler", unit))
    complete(case_id, "sign_completion", APPROVE, by=county.actor("unit_leader", unit))
    return case_id


def struck_off(county: County, case_id: int, unit: str = "ZJJ") -> int:
    """An item from in hand to the end."""
    completed(county, case_id, unit)
    complete(case_id, "review_completion", PASS, by=county.post("supervising_office"))
    complete(case_id, "strike_off", {"confirmed": True}, by=county.post("supervising_director"))
    return case_id


def reports(case_id: int, kind: str | None = None) -> list[Report]:
    """What was reported on a case, oldest first."""
    rows = select(Report).where(Report.case_id == case_id).order_by(Report.id)
    return list(session().scalars(rows.where(Report.kind == kind) if kind else rows))


CALL = {
    "held_on": "2026-08-27",
    "place": "县委政法委会议室",
    "interviewer_post": "县委政法委书记",
    "interviewee_post": "主要负责人",
    "matters": "督办事项逾期未办结。",
}
TALK = {
    "held_on": "2026-08-24",
    "place": "县委政法委会议室",
    "problems": "重视不够，推进迟缓。",
    "requirements": "限期完成整改。",
    "commitments": "诚恳接受，立即整改。",
    "rectification_due": "2026-09-14",
}
SIGNED = {"confirmed": True, "signatory_post": "主要负责人"}


def verified(decision: str = "continue", method: str = "notice") -> dict[str, Any]:
    """What the office found when it looked into an overdue item."""
    return {"method": method, "findings": "尚未形成办理结果。", "decision": decision}


def proposal(
    measure: str = "interview", ground: str | None = "duty_not_performed"
) -> dict[str, Any]:
    """A measure proposed on a ground with evidence."""
    answers: dict[str, Any] = {
        "measure": measure,
        "evidence": "催办两次，逾期五个工作日仍未办结。",
    }
    return answers | ({"ground": ground} if ground else {})


def escalation(county: County, item: int) -> int:
    """The escalation of an item, opened by hand on 24 August."""
    stories.set_clock("2026-08-24 10:00")
    office = county.post("supervising_office")
    return int(escalate(item, {"reason": "逾期未办结"}, actor=office)["case"])


def bulletined(county: County, case_id: int) -> int:
    """An escalation that has gone as far as the bulletin."""
    office = county.post("supervising_office")
    complete(case_id, "verify", verified(), by=office)
    complete(
        case_id,
        "bulletin",
        {
            "title": "关于督办事项办理情况的通报",
            "basis": "督查督办工作要求",
            "summary": "一件事项逾期。",
            "problems": "推进迟缓。",
            "requirements": "限期办结。",
            "recipients": ["XZF"],
        },
        by=office,
    )
    return case_id


def proposed(
    county: County, item: int, measure: str = "interview", ground: str | None = "duty_not_performed"
) -> int:
    """An escalation with a measure proposed."""
    case_id = bulletined(county, escalation(county, item))
    complete(case_id, "propose", proposal(measure, ground), by=county.post("supervising_director"))
    return case_id


def approved(
    county: County, item: int, measure: str = "interview", ground: str | None = "duty_not_performed"
) -> int:
    """An escalation whose measure the convener approved."""
    case_id = proposed(county, item, measure, ground)
    complete(case_id, "approve_measure", APPROVE, by=county.post("convener"))
    return case_id


def interviewed(county: County, item: int, unit: str = "ZJJ") -> int:
    """A unit interviewed, its record signed, its rectification ordered."""
    case_id, office = approved(county, item), county.post("supervising_office")
    complete(case_id, "notify", CALL, by=office)
    complete(case_id, "hold", TALK, by=office)
    complete(case_id, "sign_record", SIGNED, by=county.actor("unit_leader", unit))
    return case_id


LISTING = {
    "problems": "整治任务未落实。",
    "requirements": "限期整改到位。",
    "listed_until": "2026-10-23",
}
DELISTING = {
    "result": "整改任务全部完成。",
    "measures_taken": "专班推进，逐项销号。",
    "evidence": "附整改台账和现场核查记录。",
}
PLAN = {
    "causes": "责任落实不到位。",
    "goal": "全面完成整改任务。",
    "measures": [
        {
            "text": "成立专班",
            "owner_person": "分管领导",
            "owner_dept": "物业科",
            "due": "2026-09-04",
        },
    ],
}
DONE = {
    "result": "问题全部整改。",
    "evidence": "附整改前后对比材料。",
    "measures_done": [{"text": "成立专班", "state": "done", "note": "已印发文件"}],
}


def listed(county: County, item: int) -> int:
    """A unit whose matter was put on the list."""
    case_id = approved(county, item, "listed_supervision", "not_implemented")
    complete(case_id, "list", LISTING, by=county.post("supervising_office"))
    return case_id


def rectified(county: County, escalation_id: int, unit: str = "ZJJ") -> int:
    """The rectification ordered by a measure, reported and accepted."""
    child = stories.children(escalation_id, "rectification")[0].id
    complete(child, "plan", PLAN, by=county.actor("unit_leader", unit))
    complete(child, "report", DONE, by=county.actor("unit_handler", unit))
    complete(child, "review", {"decision": "pass"}, by=county.post("supervising_office"))
    return child


def record_of(county: County, unit: str) -> list[str]:
    """What stands in a unit's assessment record, oldest first."""
    return list(
        session().scalars(
            select(AssessmentRecord.kind)
            .where(AssessmentRecord.unit_id == county.unit(unit))
            .order_by(AssessmentRecord.id)
        )
    )
