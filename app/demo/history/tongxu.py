"""What the court supervises itself under the other mechanism: the fourth item and what waits."""

from __future__ import annotations

from app.commands.cases import start_item, start_meeting
from app.demo import papers, verbs
from app.demo.papers import matter, texts
from app.demo.playing import Play


def dispatch(play: Play) -> None:
    """A medium risk is the court’s matter under this mechanism (TX-07a)."""
    play.at("2026-11-02 09:00")
    item = play.cases["item I11"] = _item(play, "I11", "FGW", ["ZJJ"])
    due = {"due_date": play.iso("2026-11-25"), "source": "report"}
    verbs.dispatch(play, item, "I11", "FGW", ["ZJJ"], **due)


def handle(play: Play) -> None:
    """Signed for, a handler named, the co-handler heard."""
    item = play.cases["item I11"]
    play.at("2026-11-04 09:00")
    verbs.sign_for(play, item, "FGW", ["ZJJ"])
    plan = papers.plan(play, "I11", "FGW", "2026-11-20")
    play.do(item, "appoint_handler", plan, by=play.person("FGW", "unit_leader"))
    play.at("2026-11-09 15:00")
    opinion = papers.co_opinion("明确物业企业配合义务。")
    play.do(item, "co_opinion", opinion, by=play.person("ZJJ", "unit_handler"))


def report(play: Play) -> None:
    """How far it is."""
    play.at("2026-11-12 15:00")
    verbs.report_progress(play, play.cases["item I11"], "FGW", "布局方案完成会商。", 60)


def meet(play: Play) -> None:
    """A special meeting’s minutes wait for a signature, another meeting for its preparation."""
    office = play.post("supervising_office")
    play.at("2026-11-17 14:00")
    done = play.act(lambda: start_meeting(play.key, "充电设施专项工作会议", actor=office))
    case_id, day = int(done["case"]), play.iso("2026-11-17")
    invitation = {
        "kind": "special",
        "title": "充电设施专项工作会议",
        "held_on": day,
        "place": "法院三楼会议室",
        "attendees": ["FGW", "ZJJ"],
        "agenda": [{"section": "measures", "topic": "充电设施建设统筹"}],
    }
    play.do(case_id, "convene", invitation, by=office)
    minutes = {
        "held_on": day,
        "attended": ["FGW", "ZJJ"],
        "basics": "充电桩纠纷处于中风险区间。",
        "analysis": "公共站点布局不均，物业配合义务不明，等级暂不调整。",
        "measures": "发改委牵头编制布局方案，住建局明确物业义务。",
        "forecast": "预计年内纠纷趋稳。",
        "regrades": [],
        "resolutions": [],
    }
    play.do(case_id, "minutes", minutes, by=office)
    play.act(lambda: start_meeting(play.key, "物业领域专项工作会议", actor=office))


def _item(play: Play, code: str, lead: str, co: list[str]) -> int:
    office = play.post("supervising_office")
    done = play.act(
        lambda: start_item(
            play.key,
            matter(code),
            lead,
            co,
            code,
            actor=office,
            source="评估报告",
            content=texts()[code]["requirement"],
        )
    )
    return int(done["case"])
