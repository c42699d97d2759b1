"""Chapter: a special major matter is reported at once, past every schedule."""

from __future__ import annotations

from app.commands.items import report_urgent
from app.commands.operations import ON_CASES
from app.demo import consequences
from app.demo.playing import Play
from app.i18n import Text, _
from app.queries.standing import standing

TITLE: Text = _("An urgent report")


def play(play: Play) -> None:
    """Office and convener are alerted in the same act (TH-13b)."""
    item = play.cases["item I06"]
    handler = play.person("RSJ", "unit_handler")
    play.at("2026-08-26 20:30")
    offered = [each.name for each in ON_CASES.offers(handler, standing(handler, item))]
    play.check(
        _("For a special major item the urgent report is always offered to its units."),
        ["progress", "urgent"],
        [name for name in offered if name in ("progress", "urgent")],
    )
    play.act(lambda: report_urgent(item, consequences.urgent(play, "2026-08-26"), actor=handler))
    case_id = play.see.children(item, "urgent_report")[-1].case_id
    play.check(
        _("In the same act it is before the office and before the convener."),
        (["acknowledge", "instruct"], ["县委政法委", "县平安建设领导小组办公室"]),
        (play.see.nodes(case_id), play.see.waits_for(case_id)),
    )
    play.check(
        _("It is due within one working day, whatever the item’s own date."),
        ("2026-08-27", "yellow"),
        (play.see.due(case_id, "instruct"), play.see.light(case_id, "instruct")),
        rule="light",
    )
    _instruct(play, item, case_id)


def _instruct(play: Play, item: int, case_id: int) -> None:
    words = "立即会同公安、住建现场处置，每日报告。"
    play.at("2026-08-26 21:10")
    play.do(
        case_id,
        "instruct",
        consequences.instruction(words, ["RSJ", "ZJJ"]),
        by=play.post("convener"),
    )
    play.at("2026-08-27 08:40")
    play.do(
        case_id,
        "acknowledge",
        {"handling": "follow_up", "opinion": "已列入每日调度。"},
        by=play.post("supervising_office"),
    )
    page = play.see.page(case_id)
    play.check(
        _("The convener’s instruction is on record with post, kind and words."),
        ("closed", [(consequences.LEADER, "act", words)]),
        (page.status, [(e.leader_post, e.kind, e.text) for e in page.instructions]),
    )
    play.check(
        _("The item’s own journal tells of the urgent report."),
        1,
        play.see.did(item).count("urgent.reported"),
    )
