"""Ways through the processes, a step at a time, with their detours: what is counted on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.commands.items import request_extension
from tests import loop, supervision
from tests.people import County
from tests.stories import complete
from tests.supervision import APPROVE

quietly = complete
SIGN = {"decision": "sign"}
BACK = {"decision": "return", "opinion": "请补充"}
REFUSE = {"decision": "refuse", "reason": "不属于本单位职责"}
INSIST = {"decision": "insist", "explanation": "经核实属于"}


def notice(county: County, case_id: int, unit: str) -> None:
    """A notice returned, issued, refused, signed for, answered twice and accepted."""
    drafter, president = (county.post(p) for p in ("drafting_office", "issuing_leader"))
    complete(case_id, "draft_notice", loop.draft(county), by=drafter)
    complete(case_id, "approve_notice", BACK, by=president)
    loop.served_notice(county, case_id)
    complete(case_id, "sign_for", REFUSE, by=county.actor("unit_liaison", unit))
    complete(case_id, "handle_refusal", INSIST, by=drafter)
    complete(case_id, "sign_for", SIGN, by=county.actor("unit_liaison", unit))
    for decision in ("return", "approve"):
        answered = {"decision": decision, "opinion": "请补充"}
        complete(
            case_id, "work_opinion", loop.opinion(county), by=county.actor("unit_handler", unit)
        )
        complete(case_id, "sign_opinion", answered, by=county.actor("unit_leader", unit))
    complete(case_id, "review_opinion", {"decision": "accept"}, by=county.post("opinion_office"))


def meeting(county: County) -> None:
    """A meeting from its preparation to the items it decided."""
    case_id = loop.prepared_meeting(county)
    loop.record_meeting(county, case_id)
    loop.sign_minutes(county, case_id)


def item(county: County, matter: str) -> None:
    """An item with two co-handlers: refused, extended, completed, done again and struck off."""
    office, director = (county.post(p) for p in ("supervising_office", "supervising_director"))
    case_id = supervision.open_item(county, matter=matter, co=["SJG", "CZJ"])
    complete(case_id, "register", supervision.registration(county, case_id), by=office)
    complete(case_id, "approve_dispatch", BACK, by=director)
    supervision.dispatched(county, case_id)
    complete(case_id, "sign_for", REFUSE, by=county.actor("unit_liaison", "ZJJ"))
    complete(case_id, "handle_refusal", INSIST, by=office)
    supervision.signed(county, case_id)
    supervision.co_answered(county, case_id, "SJG", "CZJ")
    extension(county, case_id)
    supervision.completed(county, case_id)
    redo = {"checks": ["facts"], "decision": "redo", "opinion": "成效不明显"}
    complete(case_id, "review_completion", redo, by=office)
    rework = supervision.plan(county)
    complete(case_id, "rework_plan", rework, by=county.actor("unit_leader", "ZJJ"))
    supervision.struck_off(county, case_id)


def extension(county: County, case_id: int) -> None:
    """More time: asked for, signed, granted."""
    asked: Mapping[str, Any] = {
        "reason": "跨部门会商尚未结束",
        "progress": "完成七成",
        "new_date": "2026-08-28",
    }
    handler, leader = (county.actor(r, "ZJJ") for r in ("unit_handler", "unit_leader"))
    child = request_extension(case_id, asked, actor=handler)["case"]
    complete(child, "sign_extension", APPROVE, by=leader)
    granted = {"decision": "grant", "granted_date": "2026-08-28"}
    complete(child, "decide", granted, by=county.post("supervising_director"))


def escalation(county: County, case_id: int) -> None:
    """A unit taken to task over an item: interviewed, and set right."""
    supervision.rectified(county, supervision.interviewed(county, case_id))
