"""Chapter: the task list becomes items, each with one lead unit, dispatched with copies."""

from __future__ import annotations

from typing import Any, Final

from app.commands.cases import start_item
from app.demo import verbs
from app.demo.county import unit_name
from app.demo.papers import SIGN, matter
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("From the task list to the items")
PARTIES: Final = {
    "I02": ("ZJJ", ("CZJ", "JGB")),
    "I06": ("RSJ", ("ZGH", "ZJJ")),
    "I10": ("ZJJ", ("SJG",)),
}


def play(play: Play) -> None:
    """One matter, one item; one lead, copies to those who help (TH-11, TH-12)."""
    _list(play)
    _one_lead(play)
    _one_item(play)
    _dispatch(play)
    _sign(play)


def _list(play: Play) -> None:
    play.at("2026-08-07 10:00")
    meeting = play.cases["meeting"]
    play.do(meeting, "task_list", {"items": [], "note": None}, by=play.post("supervising_office"))
    opened = {
        play.see.page(each.case_id).indicator_id: each.case_id
        for each in play.see.children(meeting, "supervision_item")
    }
    lines = play.see.indicators(play.rounds["2026H1"])
    play.cases |= {f"item {code}": opened[lines[code].indicator_id] for code in PARTIES}
    play.check(
        _("Each of the meeting’s three decisions became one item (TH-11)."),
        ("closed", 3, sorted(matter(code) for code in PARTIES)),
        (
            play.see.page(meeting).status,
            len(opened),
            sorted(row.matter for row in play.see.ledger()),
        ),
    )
    play.check(
        _("The task list went to the lead units, with copies to those who help."),
        (
            {"县住房和城乡建设局", "县人力资源和社会保障局"},
            {"县市场监督管理局", "县财政局", "县建筑业管理部门", "县总工会"},
        ),
        (
            set(play.see.sent(meeting, "task_list", "main")),
            set(play.see.sent(meeting, "task_list", "cc")),
        ),
        rule="copy",
    )


def _one_lead(play: Play) -> None:
    office = play.post("supervising_office")
    tried = play.attempt(
        lambda: start_item(play.key, "试立项", "ZJJ", ["ZJJ", "CZJ"], actor=office)
    )
    play.check(
        _("An item whose lead unit also helps itself is refused: there is exactly one lead."),
        ("refused", 3),
        (tried, len(play.see.ledger())),
        rule="lead",
    )


def _one_item(play: Play) -> None:
    office = play.post("supervising_office")
    tried = play.attempt(
        lambda: start_item(play.key, f" {matter('I10')}。", "ZJJ", ["SJG"], "I10", actor=office)
    )
    play.check(
        _("A second open item on the same matter of the same unit is refused (一事一件)."),
        ("refused", 3),
        (tried, len(play.see.ledger())),
    )


def _dispatch(play: Play) -> None:
    days: dict[str, dict[str, Any]] = {
        "I10": {"due_days": 30},
        "I02": {"due_date": play.iso("2026-09-14")},
        "I06": {"due_date": play.iso("2026-10-09"), "special_major": True},
    }
    play.at("2026-08-10 09:00")
    for code in ("I10", "I02", "I06"):
        lead, co = PARTIES[code]
        verbs.dispatch(play, play.cases[f"item {code}"], code, lead, co, **days[code])
    items = {code: play.see.item(play.cases[f"item {code}"]) for code in PARTIES}
    play.check(
        _("Registered in this order, the items carry the numbers 1, 2 and 3."),
        {"I10": "示平安督〔2026〕1号", "I02": "示平安督〔2026〕2号", "I06": "示平安督〔2026〕3号"},
        {code: row.number for code, row in items.items()},
    )
    play.check(
        _("Every item has exactly one lead unit, the rest are co-handlers (TH-12b)."),
        {
            code: (unit_name(lead), tuple(map(unit_name, co)))
            for code, (lead, co) in PARTIES.items()
        },
        {code: (row.lead, row.co) for code, row in items.items()},
        rule="lead",
    )
    play.check(
        _("Each supervision notice went to the lead, with a copy to every co-handler (TH-12b)."),
        {
            code: ([unit_name(lead)], [unit_name(each) for each in co])
            for code, (lead, co) in PARTIES.items()
        },
        {
            code: (
                play.see.sent(play.cases[f"item {code}"], "supervision_notice", "main"),
                play.see.sent(play.cases[f"item {code}"], "supervision_notice", "cc"),
            )
            for code in PARTIES
        },
        rule="copy",
    )


def _sign(play: Play) -> None:
    """Each with a clock of its own; one lead unit refuses, the office insists."""
    play.at("2026-08-11 10:00")
    refused = play.cases["item I02"]
    play.do(
        refused,
        "sign_for",
        {"decision": "refuse", "reason": "部分事项属于财政部门职责。"},
        by=play.person("ZJJ", "unit_liaison"),
    )
    play.check(
        _("A refused receipt goes back to the office with its reason (退签)."),
        (["co_sign_for", "handle_refusal"], "部分事项属于财政部门职责。"),
        (play.see.nodes(refused), _refusal(play, refused)),
    )
    play.do(
        refused,
        "handle_refusal",
        {"decision": "insist", "explanation": "行业监管属住建部门职责，财政部门协办。"},
        by=play.post("supervising_office"),
    )
    _sign_all(play, refused)


def _sign_all(play: Play, refused: int) -> None:
    play.do(refused, "sign_for", SIGN, by=play.person("ZJJ", "unit_liaison"))
    verbs.sign_for(play, refused, "", PARTIES["I02"][1])
    for code in ("I10", "I06"):
        verbs.sign_for(play, play.cases[f"item {code}"], *PARTIES[code])
    play.check(
        _("The office insisted, the lead signed; every unit’s receipt is on the paper."),
        [True] * 3,
        [
            each.signed_at is not None
            for each in play.see.paper(refused, "supervision_notice").copies
        ],
    )
    play.check(
        _("Lead and co-handlers have clocks of their own: here the 13th, there the 24th."),
        ("2026-08-13", "2026-08-24", "2026-08-24"),
        (
            play.see.due(refused, "appoint_handler"),
            play.see.due(refused, "co_opinion", unit_name("CZJ")),
            play.see.due(refused, "co_opinion", unit_name("JGB")),
        ),
        rule="lead",
    )


def _refusal(play: Play, case_id: int) -> str:
    copies = play.see.paper(case_id, "supervision_notice").copies
    return next(each.refused_reason for each in copies if each.role == "main")
