"""Chapter: a clock stands still, a co-handler is waived, two items are finished in time."""

from __future__ import annotations

from app.commands.clock import resume, suspend
from app.commands.items import request_extension
from app.commands.supervising import waive_co
from app.demo import papers, verbs
from app.demo.county import unit_name
from app.demo.papers import APPROVE
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("Units at work")
ANSWERS = (
    ("I02", "JGB", "会同排查转包挂靠。"),
    ("I06", "ZGH", "派驻维权站点六个。"),
    ("I10", "SJG", "联合开展收费公示检查。"),
    ("I11", "ZJJ", "明确物业企业配合义务。"),
)


def play(play: Play) -> None:
    """From the standstill to the strike-off by another person (TX-12)."""
    _stand_still(play)
    _help(play)
    _first(play)
    _no_more_time(play)
    _others(play)


def _stand_still(play: Play) -> None:
    item, office = play.cases["item I11"], play.post("supervising_office")
    play.at("2026-08-13 09:00")
    said = {"reason": "规划用地调整，暂停办理。"}
    play.act(lambda: suspend(item, said, actor=office))
    play.check(
        _("While the clock stands still the item is grey."),
        ("suspended", "grey"),
        (play.see.item(item).status, play.see.item(item).due.light.code),
        rule="light",
    )
    play.at("2026-08-20 09:00")
    play.act(lambda: resume(item, {"note": "调整完成。"}, actor=office))
    play.check(
        _("Five working days stood still, five were added: 24 September instead of the 18th."),
        "2026-09-24",
        play.see.matter_due(item),
        rule="calendar",
    )


def _help(play: Play) -> None:
    play.at("2026-08-20 15:00")
    for code, unit, text in ANSWERS:
        by = play.person(unit, "unit_handler")
        play.do(play.cases[f"item {code}"], "co_opinion", papers.co_opinion(text), by=by)
    item, office = play.cases["item I02"], play.post("supervising_office")
    play.check(
        _("One of two co-handlers is silent; the lead cannot complete yet."),
        (["co_opinion"], [unit_name("CZJ")]),
        (play.see.nodes(item), play.see.waits_for(item)),
        rule="lead",
    )
    play.at("2026-08-26 09:30")
    play.check(
        _("The silent one is red by its own clock; the lead’s date is still far."),
        ("red", "2026-08-24"),
        (
            play.see.light(item, "co_opinion", unit_name("CZJ")),
            play.see.due(item, "co_opinion", unit_name("CZJ")),
        ),
        rule="light",
    )
    said = {"unit": "CZJ", "reason": "另有专题会商，不再等待书面意见。"}
    play.act(lambda: waive_co(item, said, actor=office))
    play.check(
        _("The office goes on without it, for a reason; now the lead may complete."),
        ["complete_item"],
        play.see.nodes(item),
        rule="lead",
    )


def _first(play: Play) -> None:
    item = play.cases["item I10"]
    play.at("2026-09-10 10:00")
    verbs.complete(play, item, "I10", "ZJJ")
    play.at("2026-09-11 10:00")
    verbs.review(play, item, "pass")
    play.at("2026-09-14 10:00")
    verbs.strike_off(play, item)
    row = play.see.item(item)
    play.check(
        _("The property item is finished on time and struck off by the director."),
        ("closed", "green", "2026-09-10", "2026-09-14"),
        (row.status, row.due.light.code, str(row.completed), str(row.struck_off)),
        rule="light",
    )


def _no_more_time(play: Play) -> None:
    """An extension that is refused leaves the date where it was."""
    item = play.cases["item I11"]
    handler = play.person("FGW", "unit_handler")
    play.at("2026-09-16 10:00")
    wanted = {
        "reason": "用地手续尚未办结。",
        "progress": "方案已完成会商。",
        "new_date": play.iso("2026-10-30"),
    }
    case_id = int(play.act(lambda: request_extension(item, wanted, actor=handler))["case"])
    play.do(case_id, "sign_extension", APPROVE, by=play.person("FGW", "unit_leader"))
    refused = {"decision": "refuse", "opinion": "方案已成熟，按期办结。"}
    play.do(case_id, "decide", refused, by=play.post("supervising_director"))
    play.check(
        _("A refused extension leaves the date as it was."),
        ("refused", "2026-09-24", 0),
        (
            play.see.page(case_id).outcome,
            play.see.due(item, "complete_item"),
            play.see.item(item).extended,
        ),
        rule="timer",
    )


def _others(play: Play) -> None:
    play.at("2026-09-17 10:00")
    verbs.complete(play, play.cases["item I06"], "I06", "RSJ")
    verbs.review(play, play.cases["item I06"], "pass")
    verbs.strike_off(play, play.cases["item I06"])
