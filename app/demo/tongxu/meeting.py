"""Chapter: a special working meeting, called when it is needed, without a convener."""

from __future__ import annotations

from typing import Any, Final

from app.actor import SYSTEM
from app.commands.cases import start_meeting
from app.commands.meetings import call_due_meetings
from app.demo.papers import APPROVE, texts
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("A special working meeting")
REGRADED: Final = {"I11": ("high", "老旧小区出现群体性苗头。"), "I13": ("low", "案件明显回落。")}
DECISIONS: Final = (
    ("I02", "ZJJ", ["CZJ", "JGB"]),
    ("I06", "RSJ", ["ZGH"]),
    ("I10", "ZJJ", ["SJG"]),
    ("I11", "FGW", ["ZJJ"]),
)


def play(play: Play) -> None:
    """专项工作会议: two levels set anew, four decisions (TX-09)."""
    _call(play)
    _hold(play)
    _sign(play)


def _call(play: Play) -> None:
    office = play.post("supervising_office")
    play.at("2026-08-04 09:00")
    tried = play.attempt(lambda: call_due_meetings(actor=SYSTEM))
    play.check(
        _("No half-year asks for a meeting here; the calendar calls none."),
        ("refused", 0),
        (tried, len(play.see.meetings())),
    )
    done = play.act(lambda: start_meeting(play.key, "中高风险专项工作会议", actor=office))
    case_id = play.cases["meeting"] = int(done["case"])
    half_yearly = _invitation(play) | {"kind": "half_yearly"}
    tried = play.try_to(case_id, "convene", half_yearly, by=office)
    play.check(
        _("A half-yearly joint meeting does not exist under this mechanism."),
        ("refused", ["convene"]),
        (tried, play.see.nodes(case_id)),
    )
    play.do(case_id, "convene", _invitation(play), by=office)
    play.check(
        _("No convener has to confirm: the meeting may be held (TX-09a)."),
        ["minutes"],
        play.see.nodes(case_id),
        rule="approval",
    )


def _hold(play: Play) -> None:
    case_id, office = play.cases["meeting"], play.post("supervising_office")
    play.at("2026-08-06 17:00")
    play.do(case_id, "minutes", _minutes(play), by=office)
    found = play.see.levels(play.rounds["2026H1"])
    play.check(
        _("Before the minutes are signed no level has changed."),
        {"I11": "medium", "I13": "medium"},
        {code: found[code] for code in REGRADED},
        rule="approval",
    )
    play.check(
        _("The head of the court’s own office signs, not a convener of the county."),
        (["sign_minutes_office"], ["县人民法院平安建设暨综合治理办公室"]),
        (play.see.nodes(case_id), play.see.waits_for(case_id)),
        rule="approval",
    )


def _sign(play: Play) -> None:
    case_id = play.cases["meeting"]
    play.at("2026-08-07 09:00")
    play.do(case_id, "sign_minutes_office", APPROVE, by=play.post("supervising_director"))
    lines = play.see.indicators(play.rounds["2026H1"])
    play.check(
        _("Signed, one level rose and one fell; the first ones are kept (TX-09b)."),
        {"I11": ("high", "medium"), "I13": ("low", "medium")},
        {code: (lines[code].level, lines[code].first_level) for code in REGRADED},
        rule="grading",
    )
    play.check(
        _("The minutes carry the special meeting’s own number."),
        "示通专会〔2026〕1号",
        play.see.paper(case_id, "meeting_minutes").line.number,
    )
    play.do(case_id, "task_list", {"items": [], "note": None}, by=play.post("supervising_office"))
    opened = play.see.children(case_id, "supervision_item")
    by_matter = {play.see.page(each.case_id).matter: each.case_id for each in opened}
    play.cases |= {f"item {code}": by_matter[texts()[code]["matter"]] for code, *_r in DECISIONS}
    play.check(
        _("Four decisions became four items, one matter each (TX-10)."),
        (4, {"supervision_item"}),
        (len(opened), {each.kind for each in opened}),
    )


def _invitation(play: Play) -> dict[str, Any]:
    return {
        "kind": "special",
        "title": "中高风险专项工作会议",
        "held_on": play.iso("2026-08-06"),
        "place": "法院三楼会议室",
        "attendees": ["ZJJ", "RSJ", "FGW", "NYJ"],
        "agenda": [{"section": "analysis", "topic": "中高风险指标成因与等级再评估"}],
    }


def _minutes(play: Play) -> dict[str, Any]:
    return {
        "held_on": play.iso("2026-08-06"),
        "attended": ["ZJJ", "RSJ", "FGW"],
        "basics": "三项高风险、四项中风险，四个单位已答复司法建议。",
        "analysis": "充电桩纠纷出现群体性苗头；禁渔期执法到位，非法捕捞风险可下调。",
        "measures": "住建、人社、发改分别牵头，财政、建管、市监、工会协同。",
        "forecast": "预计下半年收案下降一成以上。",
        "regrades": [
            {"indicator": code, "level": level, "reason": reason}
            for code, (level, reason) in REGRADED.items()
        ],
        "resolutions": [
            {
                "matter": texts()[code]["matter"],
                "indicator": code,
                "lead": lead,
                "co": co,
                "due_days": None,
                "due_date": play.iso("2026-09-18"),
                "impact_forecast": "收案下降一成以上",
            }
            for code, lead, co in DECISIONS
        ],
    }
