"""Chapter: a brief goes up to the convener, who writes an instruction on it."""

from __future__ import annotations

from app.commands.evaluation import start_brief
from app.demo import consequences
from app.demo.county import unit_name
from app.demo.papers import APPROVE
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("A brief to the convener")


def play(play: Play) -> None:
    """督办事项专报 with every open item’s light, submitted and instructed on (TH-14)."""
    office = play.post("supervising_office")
    play.at("2026-10-21 09:00")
    done = play.act(lambda: start_brief(play.key, "10月督办事项专报", actor=office))
    case_id = play.cases["brief"] = int(done["case"])
    play.do(case_id, "draft", consequences.brief("10月督办事项专报"), by=office)
    play.do(case_id, "approve", APPROVE, by=play.post("supervising_director"))
    play.do(case_id, "submit", {"recipients": ["ZFW"], "method": "electronic"}, by=office)
    play.check(
        _("The brief shows each open item with its light of that day: one red, one yellow."),
        {"示平安督〔2026〕2号": "red", "示平安督〔2026〕3号": "yellow"},
        {
            row["number"]: row["light"]
            for row in play.see.table(case_id, "supervision_brief", "items")
        },
        rule="light",
    )
    play.check(
        _("It went up to the convener’s committee, Party Committee and Government (TH-14)."),
        {unit_name("ZFW"), unit_name("XW"), unit_name("XZF")},
        set(play.see.sent(case_id, "supervision_brief", "cc_upward")),
        rule="copy",
    )
    _instruct(play, case_id)


def _instruct(play: Play, case_id: int) -> None:
    words = "请住建局月底前办结，平安办跟踪督办。"
    play.at("2026-10-22 09:00")
    play.do(
        case_id,
        "instruct",
        consequences.instruction(words, ["ZJJ", "PAB"], "on_behalf"),
        by=play.post("convener"),
    )
    page = play.see.page(case_id)
    play.check(
        _("The convener’s instruction closes the brief and stays with it (批示)."),
        ("closed", [("act", words)]),
        (page.status, [(each.kind, each.text) for each in page.instructions]),
    )
    play.check(
        _("That it was entered on the leader’s behalf is kept in the journal."),
        "%(said)s (entered on behalf)",
        play.see.last_words(case_id, "instruction.given"),
    )
