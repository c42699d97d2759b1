"""What people answer to which task, in more ways than one, so that cases take every turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from app import clock
from tests import loop, stories, supervision
from tests.access.town import EXTENSION, URGENT
from tests.people import County

Answers = Mapping[str, Any]
Ways = tuple[Answers | Callable[[County, int, str], Answers], ...]
BACK: Final = {"decision": "return", "opinion": "请补充办理依据。"}
SIGN: Final = {"decision": "sign"}
REFUSE: Final = {"decision": "refuse", "reason": "不属于本单位职责"}
AGAIN: Final = {"decision": "supplement", "opinion": "请补充证明材料。"}


def in_days(days: int) -> str:
    """That many days from now, as forms write days."""
    return (clock.today() + timedelta(days=days)).isoformat()


def _plan(county: County, _case: int, unit: str) -> Answers:
    made = supervision.plan(county, unit)
    return {**made, "targets": [{**each, "due": in_days(20)} for each in made["targets"]]}


def _opinion(county: County, _case: int, _unit: str) -> Answers:
    said = loop.opinion(county)
    return {**said, "measures": [{**each, "due": in_days(40)} for each in said["measures"]]}


def _extension(_county: County, case_id: int, _unit: str) -> Answers:
    parent = stories.case(stories.case(case_id).parent_id or 0)
    day = max(parent.due_day or clock.today(), clock.today()) + timedelta(days=5)
    return {"decision": "grant", "granted_date": day.isoformat()}


TASKS: Final[Mapping[tuple[str, str], Ways]] = {
    ("supervision_item", "register"): (
        lambda county, case_id, _unit: supervision.registration(county, case_id),
    ),
    ("supervision_item", "approve_dispatch"): (supervision.APPROVE, supervision.APPROVE, BACK),
    ("supervision_item", "sign_for"): (SIGN, SIGN, SIGN, REFUSE),
    ("supervision_item", "handle_refusal"): (
        {"decision": "insist", "explanation": "属于法定职责"},
        {"decision": "insist", "explanation": "属于法定职责"},
        {"decision": "withdraw", "explanation": "另行交办"},
        {"decision": "reassign", "unit": "FGW", "explanation": "职能已划转"},
    ),
    ("supervision_item", "appoint_handler"): (_plan,),
    ("supervision_item", "co_sign_for"): (SIGN,),
    ("supervision_item", "co_opinion"): (supervision.CO_OPINION,),
    ("supervision_item", "complete_item"): (supervision.COMPLETION,),
    ("supervision_item", "sign_completion"): (supervision.APPROVE, supervision.APPROVE, BACK),
    ("supervision_item", "review_completion"): (
        supervision.PASS,
        supervision.PASS,
        {"decision": "redo", "opinion": "请重新办理。"},
        AGAIN,
    ),
    ("supervision_item", "rework_plan"): (_plan,),
    ("supervision_item", "strike_off"): ({"confirmed": True},),
    ("extension_request", "sign_extension"): (supervision.APPROVE, supervision.APPROVE, BACK),
    ("extension_request", "decide"): (
        _extension,
        _extension,
        {"decision": "refuse", "opinion": "理由不充分"},
    ),
    ("extension_request", "leader_decide"): (_extension,),
    ("clock_request", "decide"): (
        {"decision": "grant"},
        {"decision": "refuse", "opinion": "可先行推进"},
    ),
    ("urgent_report", "acknowledge"): ({"handling": "read"}, {"handling": "follow_up"}),
    ("escalation", "verify"): (supervision.verified(), supervision.verified("resolved")),
    ("risk_notice", "draft_notice"): (lambda county, _case, _unit: loop.draft(county),),
    ("risk_notice", "approve_notice"): (supervision.APPROVE, supervision.APPROVE, BACK),
    ("risk_notice", "issue_notice"): ({"checked": True},),
    ("risk_notice", "serve_notice"): ({"method": "electronic"},),
    ("risk_notice", "sign_for"): (SIGN,),
    ("risk_notice", "work_opinion"): (_opinion,),
    ("risk_notice", "sign_opinion"): (supervision.APPROVE, BACK),
    ("risk_notice", "review_opinion"): ({"decision": "accept"}, AGAIN),
    ("joint_meeting", "convene"): (lambda county, _case, _unit: loop.invitation(county),),
    ("joint_meeting", "confirm_meeting"): (supervision.APPROVE, BACK),
}
OPERATIONS: Final[Mapping[str, Ways]] = {
    "progress": (
        {"text": "已完成摸底。", "percent": 40},
        {"text": "正在整治。", "percent": 70},
    ),
    "urgent": (lambda _county, _case, _unit: {**URGENT, "occurred_on": in_days(0)},),
    "extension": (lambda _county, _case, _unit: {**EXTENSION, "new_date": in_days(60)},),
    "urge": ({}, {"unit": "ZJJ", "text": "请抓紧办理。"}),
    "waive": ({"unit": "SJG", "reason": "已书面同意牵头方案"},),
    "reassign": (
        {"part": "lead", "unit": "FGW", "reason": "职能已划转该单位"},
        {"part": "lead", "unit": "ZJJ", "reason": "职能已划转该单位"},
    ),
    "suspend": (
        {"reason": "等待法院裁判结果"},
        lambda _county, _case, _unit: {"reason": "等待上级批复", "resume_on": in_days(9)},
    ),
    "instruct": ({"paper": "case", "leader_post": "召集人", "kind": "read", "entry": "on_behalf"},),
    "coordinate": ({"text": "由牵头单位统一答复"},),
    "ask_clock": ({"reason": "等待法院裁判结果"},),
    "resume": ({},),
    "escalate": ({"reason": "逾期多日未办结"},),
    "withdraw": ({"reason": "填写有误，重新办理"},),
    "send_back": (
        {"task": "previous", "follow": "stepwise", "reason": "请补充办理依据"},
        {"task": "previous", "follow": "straight", "reason": "请补充办理依据"},
        {"task": "initiator", "follow": "straight", "reason": "请补充办理依据"},
    ),
}
"""By the operation's name; what is offered and not listed here is tried with nothing filled in."""


def one_of(ways: Ways, turn: int, county: County, case_id: int, unit: str) -> dict[str, Any]:
    """One way to answer."""
    way = ways[turn % len(ways)]
    return dict(way(county, case_id, unit) if callable(way) else way)
