"""Chapter: a date beyond the known calendar is provisional until the next year is published."""

from __future__ import annotations

from typing import Final

from app.commands.calendar import import_year
from app.commands.cases import start_item
from app.demo import papers, verbs
from app.demo.papers import matter
from app.demo.playing import Play
from app.i18n import Text, _
from app.queries.calendar import calendar_page

TITLE: Text = _("The calendar grows")
SCHEDULE: Final = """# 示例安排，正式安排以国务院办公厅通知为准
2027-01-01,holiday,元旦
2027-02-05,holiday,春节
2027-02-08,holiday,春节
2027-02-09,holiday,春节
2027-02-10,holiday,春节
2027-02-11,holiday,春节
2027-02-14,makeup,春节调休
"""


def play(play: Play) -> None:
    """An item dispatched in November is due in January; then the schedule of the year comes."""
    _dispatch(play)
    _import(play)
    _finish(play)
    _withdraw(play)


def _dispatch(play: Play) -> None:
    play.at("2026-11-24 09:00")
    item = play.cases["item 4"] = _item(play, matter("I11"), "领导批示")
    verbs.sign_for(play, item, "FGW", ["ZJJ"])
    play.do(
        item,
        "appoint_handler",
        papers.plan(play, "I11", "FGW", "2026-12-11"),
        by=play.person("FGW", "unit_leader"),
    )
    play.do(
        item,
        "co_opinion",
        papers.co_opinion("配合踏勘站点。"),
        by=play.person("ZJJ", "unit_handler"),
    )
    due = play.see.task(item, "complete_item").due
    play.check(
        _("Thirty working days from 24 November end in January, beyond the calendar: provisional."),
        ("2027-01-05", True),
        (str(due.day), due.provisional),
        rule="calendar",
    )


def _import(play: Play) -> None:
    director, item = play.post("supervising_director"), play.cases["item 4"]
    play.at("2026-11-25 09:00")
    play.act(lambda: import_year(2027, SCHEDULE, "示例安排", actor=director))
    due = play.see.task(item, "complete_item").due
    play.check(
        _("With the schedule of 2027 the date is found again: New Year does not count."),
        ("2027-01-06", False),
        (str(due.day), due.provisional),
        rule="calendar",
    )
    play.check(
        _("The calendar knows 2027 now, and no open date is provisional any more."),
        (2027, 0),
        (calendar_page(2027).years[-1], calendar_page(2027).provisional),
        rule="calendar",
    )


def _finish(play: Play) -> None:
    item = play.cases["item 4"]
    play.at("2026-12-15 10:00")
    verbs.complete(play, item, "I11", "FGW")
    verbs.review(play, item, "pass")
    play.at("2026-12-16 10:00")
    verbs.strike_off(play, item)


def _withdraw(play: Play) -> None:
    """The unit is not responsible after all: taken back, its number is never used again."""
    play.at("2026-12-17 10:00")
    item = _item(play, "公共充电站点用地保障", "报告建议")
    play.do(
        item,
        "sign_for",
        {"decision": "refuse", "reason": "已纳入县政府专班统一推进。"},
        by=play.person("FGW", "unit_liaison"),
    )
    play.do(
        item,
        "handle_refusal",
        {"decision": "withdraw", "explanation": "情况属实，予以撤回。"},
        by=play.post("supervising_office"),
    )
    row = play.see.item(item)
    play.check(
        _("An item taken back is void; its number 5 stays taken and its paper is withdrawn."),
        ("void", "示平安督〔2026〕5号", "void"),
        (row.status, row.number, play.see.papers(item, "supervision_notice")[-1].state),
    )


def _item(play: Play, matter: str, source: str) -> int:
    """An item registered by hand, about no indicator, dispatched with thirty working days."""
    office = play.post("supervising_office")
    done = play.act(
        lambda: start_item(play.key, matter, "FGW", ["ZJJ"], actor=office, source=source)
    )
    item = int(done["case"])
    verbs.dispatch(
        play,
        item,
        "I11",
        "FGW",
        ["ZJJ"],
        matter=matter,
        indicator=None,
        source="instruction",
        due_days=30,
    )
    return item
