"""Last year's round, evaluated in February, and the first joint meeting of this year."""

from __future__ import annotations

from app.commands.cases import start_meeting
from app.demo import verbs
from app.demo.papers import APPROVE
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("Last year’s round and the first meeting")


def play(play: Play) -> None:
    """Before this year’s half-year begins."""
    _round(play)
    _meeting(play)


def _round(play: Play) -> None:
    analyst = play.post("analysis_office")
    play.at("2026-02-02 09:00")
    case_id = verbs.open_round(play, "2025A")
    play.at("2026-02-06 10:00")
    verbs.bring_in(play, "2025A")
    play.at("2026-02-10 10:00")
    play.do(case_id, "import_readings", {"complete": True}, by=analyst)
    play.do(case_id, "review_grading", {"decision": "ok"}, by=analyst)
    play.at("2026-02-11 10:00")
    verbs.report(play, case_id, ["I10"], ["XW", "XZF", "ZFW"])
    play.do(
        case_id,
        "issue_notices",
        {"scope": "none", "reason": "上年度已发提示，结合半年评估一并跟踪。"},
        by=play.post("drafting_office"),
    )


def _meeting(play: Play) -> None:
    office, convener = play.post("supervising_office"), play.post("convener")
    play.at("2026-02-26 09:00")
    done = play.act(lambda: start_meeting(play.key, "上半年联席会议", actor=office))
    case_id = int(done["case"])
    play.do(
        case_id,
        "convene",
        {
            "kind": "half_yearly",
            "title": "上半年联席会议",
            "held_on": play.iso("2026-03-02"),
            "place": "县委三楼会议室",
            "attendees": ["ZJJ", "RSJ"],
            "agenda": [{"section": "basics", "topic": "通报上年度评估情况"}],
        },
        by=office,
    )
    play.at("2026-02-27 09:00")
    play.do(case_id, "confirm_meeting", APPROVE, by=convener)
    play.at("2026-03-02 17:00")
    minutes = {
        "held_on": play.iso("2026-03-02"),
        "attended": ["ZJJ", "RSJ"],
        "basics": "上年度物业服务合同指标为高风险。",
        "analysis": "成因是服务标准不明、收费公示不到位。",
        "measures": "住建、市监联动整治，纳入半年评估跟踪。",
        "forecast": "预计半年内收案趋稳。",
        "regrades": [],
        "resolutions": [],
    }
    play.do(case_id, "minutes", minutes, by=office)
    play.at("2026-03-03 10:00")
    play.do(case_id, "sign_minutes", APPROVE, by=convener)
    play.do(case_id, "task_list", {"items": [], "note": "本次会议未形成需立项事项。"}, by=office)
