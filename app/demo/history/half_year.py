"""The half-year: figures, report, three notices answered, the joint meeting with a re-grading."""

from __future__ import annotations

from typing import Any

from app.commands.cases import start_meeting
from app.demo import verbs
from app.demo.papers import APPROVE, SIGN, matter
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("The half-year: notices and meeting")
ADDRESSEES = {"I02": "ZJJ", "I06": "RSJ", "I10": "ZJJ"}
REGRADED = "I13"


def play(play: Play) -> None:
    """July, as the dataset has it."""
    _round(play)
    _notices(play)
    _opinions(play)
    _meeting(play)


def _round(play: Play) -> None:
    analyst = play.post("analysis_office")
    play.at("2026-07-01 09:00")
    case_id = verbs.open_round(play, "2026H1")
    play.at("2026-07-03 10:00")
    verbs.bring_in(play, "2026H1")
    play.at("2026-07-06 09:30")
    play.do(case_id, "import_readings", {"complete": True}, by=analyst)
    play.do(case_id, "review_grading", {"decision": "ok"}, by=analyst)
    play.at("2026-07-07 15:00")
    verbs.report(play, case_id, list(ADDRESSEES), ["XW", "XZF", "ZFW"])


def _notices(play: Play) -> None:
    play.at("2026-07-08 09:00")
    notices = verbs.open_notices(play, play.cases["2026H1"], {"scope": "all"})
    play.cases |= {f"notice {code}": each for code, each in notices.items()}
    for code in ADDRESSEES:
        verbs.draft_and_approve(play, notices[code], code)
    play.at("2026-07-10 09:00")
    for code in ADDRESSEES:
        verbs.issue(play, notices[code], copies=["SJG"] if code == "I10" else [])
    play.at("2026-07-13 10:00")
    for code, unit in ADDRESSEES.items():
        play.do(notices[code], "sign_for", SIGN, by=play.person(unit, "unit_liaison"))


def _opinions(play: Play) -> None:
    for day, code in (("2026-07-16", "I10"), ("2026-07-20", "I02"), ("2026-07-21", "I06")):
        play.at(f"{day} 15:00")
        verbs.answer(play, play.cases[f"notice {code}"], code, ADDRESSEES[code])
    play.at("2026-07-22 09:00")
    for code in ADDRESSEES:
        verbs.accept(play, play.cases[f"notice {code}"])


def _meeting(play: Play) -> None:
    office, convener = play.post("supervising_office"), play.post("convener")
    play.at("2026-07-22 14:00")
    done = play.act(lambda: start_meeting(play.key, "下半年联席会议", actor=office))
    case_id = play.cases["meeting"] = int(done["case"])
    play.do(case_id, "convene", _invitation(play), by=office)
    play.at("2026-07-23 09:00")
    play.do(case_id, "confirm_meeting", APPROVE, by=convener)
    play.at("2026-07-24 17:00")
    play.do(case_id, "minutes", _minutes(play), by=office)
    play.at("2026-07-27 10:00")
    play.do(case_id, "sign_minutes", APPROVE, by=convener)
    play.at("2026-07-29 10:00")
    play.do(case_id, "task_list", {"items": [], "note": None}, by=office)
    opened = play.see.children(case_id, "supervision_item")
    by_matter = {play.see.page(each.case_id).matter: each.case_id for each in opened}
    play.cases |= {f"item {code}": by_matter[matter(code)] for code in ("I10", "I02")}


def _invitation(play: Play) -> dict[str, Any]:
    return {
        "kind": "half_yearly",
        "title": "下半年联席会议",
        "held_on": play.iso("2026-07-24"),
        "place": "县委三楼会议室",
        "attendees": ["ZJJ", "RSJ", "NYJ"],
        "agenda": [
            {"section": "basics", "topic": "高风险领域基本情况", "presenter": "FY-SGB"},
            {"section": "analysis", "topic": "问题分析意见和风险等级再评估"},
            {"section": "measures", "topic": "化解措施梳理与跨部门统筹"},
            {"section": "forecast", "topic": "决策实施后影响预判"},
        ],
    }


def _minutes(play: Play) -> dict[str, Any]:
    decided = [
        ("I10", "ZJJ", ["SJG"]),
        ("I02", "ZJJ", ["CZJ", "JGB"]),
    ]
    return {
        "held_on": play.iso("2026-07-24"),
        "attended": ["ZJJ", "RSJ", "NYJ"],
        "basics": "三项指标为高风险：建设工程施工合同、农民工劳动权益、物业服务合同。",
        "analysis": "建设领域资金问题向劳动领域传导；禁渔期执法到位，非法捕捞风险等级可以下调。",
        "measures": "住建局牵头建设工程与物业领域，人社局牵头农民工权益领域。",
        "forecast": "资金专项排查落实后，预计下半年相关收案下降一成以上。",
        "regrades": [
            {"indicator": REGRADED, "level": "low", "reason": "禁渔期执法到位，案件明显回落。"}
        ],
        "resolutions": [
            {
                "matter": matter(code),
                "indicator": code,
                "lead": lead,
                "co": co,
                "due_date": play.iso("2026-09-14"),
                "impact_forecast": "收案下降一成以上",
            }
            for code, lead, co in decided
        ],
    }
