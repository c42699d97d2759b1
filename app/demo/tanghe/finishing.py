"""Chapter: progress is reported; the first item is completed, reviewed and struck off."""

from __future__ import annotations

from app.demo import verbs
from app.demo.county import unit_name
from app.demo.playing import Play
from app.demo.tanghe.dispatching import PARTIES
from app.i18n import Text, _

TITLE: Text = _("The first item is finished")


def play(play: Play) -> None:
    """From progress to the strike-off by another person than the reviewer."""
    _progress(play)
    _complete(play)
    _strike_off(play)


def _progress(play: Play) -> None:
    play.at("2026-09-04 16:00")
    for code, text, percent in (
        ("I10", "服务标准已印发，正在开展收费公示检查。", 70),
        ("I02", "正在摸排在建项目。", 10),
        ("I06", "专户核查过半。", 55),
    ):
        verbs.report_progress(play, play.cases[f"item {code}"], PARTIES[code][0], text, percent)
    play.check(
        _("The ledger shows the progress each unit reported."),
        {"I10": 70, "I02": 10, "I06": 55},
        {code: play.see.item(play.cases[f"item {code}"]).progress for code in PARTIES},
    )
    said = play.see.last_words(play.cases["item I02"], "progress.reported")
    play.check(
        _("Progress that lags behind the time used is marked so (序时进度)."),
        "reported progress: %(percent)s %%, behind schedule",
        said,
        rule="light",
    )


def _complete(play: Play) -> None:
    case_id = play.cases["item I10"]
    play.at("2026-09-10 10:00")
    verbs.complete(play, case_id, "I10", "ZJJ")
    play.at("2026-09-11 10:00")
    verbs.review(play, case_id, "supplement", "请补充检查记录。")
    play.check(
        _("Sent back to be supplemented, the matter waits for the unit under its old date."),
        (["complete_item"], "2026-09-20"),
        (play.see.nodes(case_id), play.see.due(case_id, "complete_item")),
    )
    play.at("2026-09-15 10:00")
    verbs.complete(play, case_id, "I10", "ZJJ")
    play.at("2026-09-16 10:00")
    verbs.review(play, case_id, "pass")


def _strike_off(play: Play) -> None:
    """The clerk reviewed; even as the director’s deputy the clerk does not strike off."""
    case_id = play.cases["item I10"]
    clerk, director = play.post("supervising_office"), play.post("supervising_director")
    deputyship = verbs.stand_in(play, clerk, director)
    tried = play.try_to(
        case_id, "strike_off", {"confirmed": True}, by=play.post("supervising_office")
    )
    play.check(
        _("Whoever reviewed a completion cannot strike the item off, not even as a deputy."),
        ("refused", ["strike_off"]),
        (tried, play.see.nodes(case_id)),
        rule="approval",
    )
    verbs.stand_back(play, deputyship)
    play.at("2026-09-17 10:00")
    verbs.strike_off(play, case_id)
    row = play.see.item(case_id)
    play.check(
        _("Item 1 is struck off, finished on time, its evidence fixed."),
        ("closed", "green", "2026-09-15", "2026-09-17"),
        (row.status, row.due.light.code, str(row.completed), str(row.struck_off)),
        rule="light",
    )
    play.check(
        _("The lead unit’s completion report went to the office on paper."),
        [unit_name("PAB")],
        play.see.sent(case_id, "completion_report", "main"),
    )
