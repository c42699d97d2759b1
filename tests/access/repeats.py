"""Every write as a form somebody fills in: on which page, by whom, with what; to be sent twice."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from app.commands import comments, imports, incidents, moving
from app.db import session
from app.model import Area, Case
from tests import bringing, loop
from tests.access.act import ANALYST, CLERK, DIRECTOR, HELPER, LEAD, LEADER, case, line
from tests.access.acts_of_signers import SENT
from tests.access.cast import actor
from tests.access.repeat import Fields, Repeat, at, file, incident, on_task, operation, started
from tests.access.repeats_of_people import OF_PEOPLE
from tests.access.town import (
    AGAIN,
    BACK,
    ELSEWHERE,
    END,
    END_ALL,
    REOPENED,
    TO_LIAISON,
    URGENT,
    Town,
)


def _task(town: Town) -> int:
    return town.tasks(town.case("drafted notice"))[-1].id


def _indicator(town: Town) -> str:
    return f"/indicators/{town.county.indicators['I10']}"


def _area(_town: Town) -> str:
    found = session().scalars(select(Area.id).where(Area.level == "county")).first()
    return f"/indicators/areas/{found}/own"


def _none_is_ours(town: Town) -> Town:
    for area in session().scalars(select(Area).where(Area.own)):
        area.own = False
    session().commit()
    return town


def _draft(town: Town) -> Fields:
    return loop.draft(town.county)


def _upload(_town: Town) -> Fields:
    content = f"{bringing.HEADER}{bringing.COMMERCIAL},2026Q2,county,示例县,80,,,\n".encode()
    return {"file": (content, "more.csv")}


def _left_out(town: Town) -> Town:
    imports.leave_out(town.batch_id, line(town), actor=actor(town.county, ANALYST))
    return town


def _unknown(town: Town) -> Town:
    """The file that waits has a name nobody knows, and nothing doubtful."""
    analyst = actor(town.county, ANALYST)
    imports.discard(town.batch_id, actor=analyst)
    content = f"{bringing.INVESTORS},2026Q2,county,示例县,80,,,\n"
    return replace(town, batch_id=bringing.previewed(town.round_id, content, analyst)[0])


def _clear(town: Town) -> Town:
    waiting = _unknown(town)
    imports.create_all_unknown(waiting.batch_id, actor=actor(town.county, ANALYST))
    return waiting


def _corrected(town: Town) -> Fields:
    """One of the facts the diagram decides by, turned round; the others as they are."""
    facts = session().get_one(Case, town.case("item").case_id).facts
    yes_or_no = {name: value for name, value in facts.items() if isinstance(value, bool)}
    name, value = next(iter(yes_or_no.items()))
    return {f"fact-{name}": str(not value).lower(), "reason": "更正数据"}


def _said(town: Town) -> Town:
    """Something said just now: it can still be withdrawn."""
    answers = {"text": "说错了。", "people": []}
    made = comments.comment(case(town, "item"), answers, actor=actor(town.county, LEAD))
    return replace(town, shared=replace(town.shared, comment_id=made["comment"]))


def _proposed(town: Town) -> Town:
    incidents.propose_skip(town.incident_id, "不再需要", actor=actor(town.county, CLERK))
    return town


def _to_be_moved(town: Town) -> Town:
    item, clerk = case(town, "item"), actor(town.county, CLERK)
    found = moving.propose_move(item, ELSEWHERE, actor=clerk)["incident"]
    return replace(town, incident_id=found)


HEADS = {"units": "FGW", "posts": "unit_head"}
REPEATS: dict[str, tuple[Repeat, ...]] = {
    **OF_PEOPLE,
    "POST /tasks/<int:assignment_id>/completion": (
        Repeat(
            "suggestion drafter",
            lambda town: f"/tasks/{_task(town)}",
            lambda town: f"/tasks/{_task(town)}/completion",
            _draft,
        ),
    ),
    "POST /cases/<int:case_id>/operations/<name>": (
        operation(LEAD, "item", "progress", {"text": "已完成摸底。", "percent": "40"}),
        operation(HELPER, "item", "urgent", URGENT, adds=True),
        operation(LEAD, "item", "copy", {"what": "case", "units": "FGW"}, adds=True),
        operation(LEAD, "item", "circulate", {"readers": "zjj_unit_leader"}, adds=True),
        operation(CLERK, "item", "circulate_widely", HEADS, adds=True),
        operation(CLERK, "item", "urge", {"text": "请抓紧办理。"}),
        operation(CLERK, "item", "suspend", {"reason": "等待法院裁判结果"}),
        operation(CLERK, "suspended item", "resume", {}),
        operation(CLERK, "moved item", "reassign", BACK),
        operation(LEADER, "item", "withdraw", {"reason": "填写有误"}),
        operation(CLERK, "approved brief", "send_back", AGAIN),
        operation(CLERK, "brief", "revoke", END),
        operation(DIRECTOR, "item", "terminate", END_ALL),
        operation(DIRECTOR, "decided item", "void", END),
        operation(CLERK, "ended item", "reopen", REOPENED),
        operation(CLERK, "item", "move", ELSEWHERE),
    ),
    "POST /tasks/<int:assignment_id>/operations/<name>": (
        on_task("suggestion drafter", "drafted notice", "claim", {}),
        on_task(LEAD, "item", "circulate_first", {"readers": "zjj_unit_leader"}, adds=True),
        on_task(LEAD, "item", "transfer", TO_LIAISON),
        *(on_task(*each) for each in SENT),
    ),
    "POST /deliveries/<int:delivery_id>/read": (
        Repeat("other item's handler", lambda town: f"/cases/{case(town, 'evaluation')}",
               lambda town: f"/deliveries/{town.shared.delivery_id}/read",
               lambda _town: {"opinion": "同意。"}, adds=True),
    ),
    "POST /sendings/<int:sending_id>/recall": (
        Repeat(CLERK, lambda town: f"/cases/{case(town, 'evaluation')}",
               lambda town: f"/sendings/{town.shared.sending_id}/recall", adds=True),
    ),
    "POST /cases/<int:case_id>/comments": (
        Repeat(HELPER, lambda town: f"/cases/{case(town, 'item')}",
               lambda town: f"/cases/{case(town, 'item')}/comments",
               lambda _town: {"text": "已会商。"}, adds=True),
    ),
    "POST /comments/<int:comment_id>/withdrawal": (
        Repeat(LEAD, lambda town: f"/cases/{case(town, 'item')}",
               lambda town: f"/comments/{town.shared.comment_id}/withdrawal", before=_said,
               adds=True),
    ),
    "POST /start/<name>": (
        started(CLERK, "item", {
            "matter": "新事项", "lead": "ZJJ", "source": "meeting", "requirement": "查清底数。",
        }),
        started(CLERK, "meeting", {"title": "专题会议"}),
        started(CLERK, "brief", {"title": "督查专报"}),
        started(CLERK, "evaluation", {"title": "年度评估"}),
    ),
    "POST /rounds/": (
        Repeat(ANALYST, at("/rounds/new"), at("/rounds/"),
               lambda _town: {"code": "2027Q1", "profile": "tanghe"}),
    ),
    "POST /rounds/<int:round_id>/imports": (
        Repeat(ANALYST, lambda town: f"/rounds/{town.round_id}/imports/new",
               lambda town: f"/rounds/{town.round_id}/imports", _upload),
    ),
    "POST /imports/<int:batch_id>/names": (
        file("names", fields={
            "kind-0": "indicator", "name-0": bringing.INVESTORS, "wish-0": "create",
        }, before=_unknown),
    ),
    "POST /imports/<int:batch_id>/unknown": (file("unknown", before=_unknown),),
    "POST /imports/<int:batch_id>/confirmation": (file("confirmation", before=_clear),),
    "POST /imports/<int:batch_id>/discard": (file("discard"),),
    "POST /imports/<int:batch_id>/rows/<int:line>/exclusion": (file("rows/{line}/exclusion"),),
    "POST /imports/<int:batch_id>/rows/<int:line>/inclusion": (
        file("rows/{line}/inclusion", before=_left_out),
    ),
    "POST /incidents/<int:incident_id>/retry": (incident("retry"),),
    "POST /incidents/<int:incident_id>/data": (
        Repeat(DIRECTOR, lambda town: f"/incidents/{town.incident_id}",
               lambda town: f"/incidents/{town.incident_id}/data", _corrected),
    ),
    "POST /incidents/<int:incident_id>/skip-proposal": (
        incident("skip-proposal", {"reason": "不再需要"}),
    ),
    "POST /incidents/<int:incident_id>/skip": (incident("skip", before=_proposed),),
    "POST /incidents/<int:incident_id>/move": (incident("move", before=_to_be_moved),),
    "POST /incidents/<int:incident_id>/stay": (incident("stay", before=_to_be_moved),),
    "POST /indicators/<int:indicator_id>": (
        Repeat(ANALYST, _indicator, _indicator,
               lambda _town: {"name": "物业指数", "direction": "positive", "lead": "ZJJ"}),
    ),
    "POST /indicators/aspects": (
        Repeat(ANALYST, at("/indicators/"), at("/indicators/aspects"),
               lambda _town: {"code": "LIFE", "name": "生活和谐"}),
    ),
    "POST /indicators/areas/<int:area_id>/own": (
        Repeat(ANALYST, at("/indicators/"), _area, before=_none_is_ours),
    ),
    "POST /wordings/<name>": (
        Repeat(DIRECTOR, *(at("/wordings/urged.en"),) * 2, lambda _: {"subject": "1", "body": "1"}),
    ),
    "POST /calendar/day": (
        Repeat("system administrator", at("/calendar/"), at("/calendar/day"),
               lambda _town: {"day": "2026-08-04", "kind": "holiday", "source": "试", "note": ""}),
    ),
    "POST /calendar/year": (
        Repeat(DIRECTOR, at("/calendar/"), at("/calendar/year"), lambda _town: {
            "year": "2027", "days": "2027-01-01,holiday,元旦", "source": "试",
        }),
    ),
}  # fmt: skip
