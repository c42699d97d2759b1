"""Chapter: handlers are named and co-handlers answer the lead."""

from __future__ import annotations

from typing import Final

from app.demo import papers
from app.demo.playing import Play
from app.demo.tanghe.dispatching import PARTIES
from app.i18n import Text, _

TITLE: Text = _("Units at work")
ANSWERS: Final = {
    ("I10", "SJG"): ("联合开展收费公示检查。", ""),
    ("I02", "CZJ"): ("按月通报拨款进度。", ""),
    ("I02", "JGB"): ("会同排查转包挂靠。", ""),
    ("I06", "ZGH"): ("派驻维权站点六个。", ""),
    ("I06", "ZJJ"): ("提供在建项目清单。", "专用账户监管宜由人社部门负责。"),
}


def play(play: Play) -> None:
    """One named handler per lead unit, one answer per co-handler (TH-13a)."""
    _appoint(play)
    _help(play)


def _appoint(play: Play) -> None:
    play.at("2026-08-12 10:00")
    for code, due in (("I10", "2026-09-18"), ("I02", "2026-09-11"), ("I06", "2026-10-08")):
        unit = PARTIES[code][0]
        play.do(
            play.cases[f"item {code}"],
            "appoint_handler",
            papers.plan(play, code, unit, due),
            by=play.person(unit, "unit_leader"),
        )
    play.check(
        _("Each lead unit named one handler of its own (专人负责)."),
        {"I10": "县住建局·经办人", "I02": "县住建局·经办人", "I06": "县人社局·经办人"},
        {code: play.see.page(play.cases[f"item {code}"]).handler for code in PARTIES},
    )
    play.check(
        _("The lead’s completion waits until every co-handler has answered."),
        [["co_opinion"]] * 3,
        [play.see.nodes(play.cases[f"item {code}"]) for code in PARTIES],
        rule="lead",
    )


def _help(play: Play) -> None:
    play.at("2026-08-20 10:00")
    for (code, unit), (text, disagreement) in ANSWERS.items():
        play.do(
            play.cases[f"item {code}"],
            "co_opinion",
            papers.co_opinion(text, disagreement),
            by=play.person(unit, "unit_handler"),
        )
    opinions = [
        (unit, report.details["agrees"])
        for report, unit in play.see.page(play.cases["item I06"]).reports
        if report.kind == "co_opinion"
    ]
    play.check(
        _("A co-handler’s disagreement is kept in so many words."),
        [("县总工会", True), ("县住房和城乡建设局", False)],
        opinions,
    )
    play.check(
        _(
            "Completion is due on each item’s own day; the first on Sunday 20 September, worked in "
            "exchange."
        ),
        {"I10": "2026-09-20", "I02": "2026-09-14", "I06": "2026-10-09"},
        {code: play.see.due(play.cases[f"item {code}"], "complete_item") for code in PARTIES},
        rule="calendar",
    )
