"""Chapter: the half-yearly joint meeting with its four sections and one level set anew."""

from __future__ import annotations

from typing import Any, Final

from app.actor import SYSTEM
from app.commands.meetings import call_due_meetings
from app.demo.papers import APPROVE, texts
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("The joint meeting")
ROUND: Final = "2026H1"
REGRADED: Final = "I11"


def play(play: Play) -> None:
    """Called by the calendar, held under its convener, decided and signed (TH-09, TH-10)."""
    _call(play)
    _hold(play)
    _sign(play)


def _call(play: Play) -> None:
    play.at("2026-07-22 09:00")
    play.act(lambda: call_due_meetings(actor=SYSTEM))
    play.act(lambda: call_due_meetings(actor=SYSTEM))
    meetings = play.see.meetings()
    play.check(
        _("The half-year asks for a meeting: the calendar called it, and only once (TH-09b)."),
        [(True, "2026H1")],
        [(each.held_on is None, each.round) for each in meetings],
    )
    case_id = play.cases["meeting"] = meetings[0].case_id
    play.do(case_id, "convene", _invitation(play), by=play.post("supervising_office"))
    play.check(
        _("The meeting waits for its convener, who holds a post and is no name (TH-09a)."),
        (["confirm_meeting"], ["县委政法委"]),
        (play.see.nodes(case_id), play.see.waits_for(case_id)),
        rule="approval",
    )
    play.at("2026-07-23 10:00")
    play.do(case_id, "confirm_meeting", APPROVE, by=play.post("convener"))
    pack = play.see.table(case_id, "status_pack", "units")
    play.check(
        _("The status pack has a row per unit: notices received, opinions missing (TH-09c)."),
        {"县住房和城乡建设局": (2, 0), "县人力资源和社会保障局": (1, 1)},
        {row["unit"]: (row["notices"], row["opinions_missing"]) for row in pack if row["notices"]},
    )


def _hold(play: Play) -> None:
    play.at("2026-07-24 17:00")
    case_id, office = play.cases["meeting"], play.post("supervising_office")
    without = _minutes(play) | {"forecast": ""}
    tried = play.try_to(case_id, "minutes", without, by=office)
    play.check(
        _("Minutes without the forecast of what decisions will do are not taken (TH-10(4))."),
        ("refused", ["minutes"]),
        (tried, play.see.nodes(case_id)),
    )
    play.do(case_id, "minutes", _minutes(play), by=office)
    play.check(
        _("All four sections stand in the minutes (TH-10)."),
        [section.name for section in play.profile.meeting.agenda],
        [row["heading"] for row in play.see.table(case_id, "meeting_minutes", "sections")],
    )
    play.check(
        _("Before the minutes are signed no level has changed."),
        "medium",
        play.see.levels(play.rounds[ROUND])[REGRADED],
        rule="approval",
    )


def _sign(play: Play) -> None:
    play.at("2026-07-27 10:00")
    case_id = play.cases["meeting"]
    play.do(case_id, "sign_minutes", APPROVE, by=play.post("convener"))
    line = play.see.indicators(play.rounds[ROUND])[REGRADED]
    play.check(
        _("Signed, the meeting’s level counts; the one first given is kept beside it (TX-09b)."),
        ("high", "medium", "meeting"),
        (line.level, line.first_level, line.rule),
        rule="grading",
    )
    play.check(
        _("The minutes are the meeting’s own number and went to everybody who took part."),
        ("联席〔2026〕1号", ["县住房和城乡建设局", "县人力资源和社会保障局", "县发展和改革委员会"]),
        (
            play.see.paper(case_id, "meeting_minutes").line.number,
            play.see.sent(case_id, "meeting_minutes", "main"),
        ),
    )


def _invitation(play: Play) -> dict[str, Any]:
    return {
        "kind": "half_yearly",
        "title": play.see.page(play.cases["meeting"]).title,
        "held_on": play.iso("2026-07-24"),
        "place": "县委三楼会议室",
        "attendees": ["ZJJ", "RSJ", "FGW"],
        "agenda": [
            {"section": "basics", "topic": "通报上半年评估情况", "presenter": "FY-SGB"},
            {"section": "analysis", "topic": "高风险指标成因与等级再评估", "presenter": "FY-SGB"},
            {"section": "measures", "topic": "化解措施与部门分工"},
            {"section": "forecast", "topic": "整治措施实施后的影响预判"},
        ],
    }


def _minutes(play: Play) -> dict[str, Any]:
    return {
        "held_on": play.iso("2026-07-24"),
        "attended": ["ZJJ", "RSJ", "FGW"],
        "basics": "上半年三项指标为高风险：建设工程施工合同、农民工劳动权益、物业服务合同。",
        "analysis": "建设领域资金问题向劳动领域传导；充电桩纠纷已有群体性苗头，风险等级应予上调。",
        "measures": "住建局、人社局分别牵头，财政、建管、市监、工会协同。",
        "forecast": "资金专项排查和专户核查落实后，预计下半年相关收案下降一成以上。",
        "regrades": [
            {"indicator": REGRADED, "level": "high", "reason": "老旧小区出现群体性苗头。"}
        ],
        "resolutions": [
            _decision("I10", "ZJJ", ["SJG"], due_days=30),
            _decision("I02", "ZJJ", ["CZJ", "JGB"], due_date=play.iso("2026-09-14")),
            _decision(
                "I06", "RSJ", ["ZGH", "ZJJ"], due_date=play.iso("2026-10-09"), special_major=True
            ),
        ],
    }


def _decision(code: str, lead: str, co: list[str], **more: Any) -> dict[str, Any]:
    return {
        "matter": texts()[code]["matter"],
        "indicator": code,
        "lead": lead,
        "co": co,
        "impact_forecast": "收案下降一成以上",
        **more,
    }
