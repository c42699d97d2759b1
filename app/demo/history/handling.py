"""Items at work: the first closed on time, the second overdue, the third on its way."""

from __future__ import annotations

from app.commands.cases import start_item
from app.demo import papers, verbs
from app.demo.papers import matter, texts
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("August and September: items at work")


def play(play: Play) -> None:
    """From the dispatch of the first two to the strike-off of the first."""
    _two_items(play)
    _first_closed(play)
    _third_item(play)


def _two_items(play: Play) -> None:
    play.at("2026-08-03 09:00")
    due = {"due_date": play.iso("2026-09-14")}
    verbs.dispatch(play, play.cases["item I10"], "I10", "ZJJ", ["SJG"], **due)
    verbs.dispatch(play, play.cases["item I02"], "I02", "ZJJ", ["CZJ", "JGB"], **due)
    play.at("2026-08-04 10:00")
    verbs.sign_for(play, play.cases["item I10"], "ZJJ", ["SJG"])
    verbs.sign_for(play, play.cases["item I02"], "ZJJ", ["CZJ", "JGB"])
    play.at("2026-08-05 10:00")
    leader = play.person("ZJJ", "unit_leader")
    for code in ("I10", "I02"):
        plan = papers.plan(play, code, "ZJJ", "2026-09-11")
        play.do(play.cases[f"item {code}"], "appoint_handler", plan, by=leader)
    play.at("2026-08-12 15:00")
    for code, unit, text in (
        ("I10", "SJG", "联合开展收费公示检查。"),
        ("I02", "CZJ", "按月通报政府投资项目拨款进度。"),
        ("I02", "JGB", "会同排查转包挂靠。"),
    ):
        by = play.person(unit, "unit_handler")
        play.do(play.cases[f"item {code}"], "co_opinion", papers.co_opinion(text), by=by)


def _first_closed(play: Play) -> None:
    item = play.cases["item I10"]
    play.at("2026-08-28 16:00")
    verbs.report_progress(play, item, "ZJJ", "服务标准已印发，正在开展收费公示检查。", 60)
    verbs.report_progress(play, play.cases["item I02"], "ZJJ", "正在摸排在建项目。", 15)
    play.at("2026-09-09 10:00")
    verbs.complete(play, item, "I10", "ZJJ")
    play.at("2026-09-10 10:00")
    verbs.review(play, item, "pass")
    play.at("2026-09-11 10:00")
    verbs.strike_off(play, item)


def _third_item(play: Play) -> None:
    """Registered by hand from the unit’s work opinion."""
    office = play.post("supervising_office")
    play.at("2026-09-11 15:00")
    done = play.act(
        lambda: start_item(
            play.key,
            matter("I06"),
            "RSJ",
            ["ZGH", "ZJJ"],
            "I06",
            actor=office,
            source="工作意见汇总",
            content=texts()["I06"]["requirement"],
        )
    )
    item = play.cases["item I06"] = int(done["case"])
    play.at("2026-09-14 09:00")
    due = {"due_date": play.iso("2026-11-20"), "source": "work_opinion"}
    verbs.dispatch(play, item, "I06", "RSJ", ["ZGH", "ZJJ"], **due)
    play.at("2026-09-15 10:00")
    verbs.sign_for(play, item, "RSJ", ["ZGH", "ZJJ"])
    play.at("2026-09-16 10:00")
    plan = papers.plan(play, "I06", "RSJ", "2026-11-13")
    play.do(item, "appoint_handler", plan, by=play.person("RSJ", "unit_leader"))
    play.at("2026-09-22 10:00")
    for unit, text in (("ZGH", "派驻维权站点六个。"), ("ZJJ", "提供在建项目清单。")):
        by = play.person(unit, "unit_handler")
        play.do(item, "co_opinion", papers.co_opinion(text), by=by)
