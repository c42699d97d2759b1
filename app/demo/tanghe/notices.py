"""Chapter: three risk notices are approved, issued, served and signed for."""

from __future__ import annotations

from typing import Final

from app.commands.copies import read_paper
from app.demo import papers, verbs
from app.demo.papers import APPROVE, SIGN
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("Three risk notices")
ADDRESSEES: Final = {"I02": "ZJJ", "I06": "RSJ", "I10": "ZJJ"}


def play(play: Play) -> None:
    """From the draft to the receipt (TH-07b)."""
    _draft(play)
    _approve(play)
    _issue(play)
    _sign(play)


def _draft(play: Play) -> None:
    play.at("2026-07-08 14:00")
    for code in ADDRESSEES:
        play.do(
            play.cases[f"notice {code}"],
            "draft_notice",
            papers.notice(play, code),
            by=play.post("drafting_office"),
        )
    play.check(
        _("A drafted notice waits for the leader; it cannot be issued before."),
        [["approve_notice"]] * 3,
        [play.see.nodes(play.cases[f"notice {code}"]) for code in ADDRESSEES],
        rule="approval",
    )


def _approve(play: Play) -> None:
    play.at("2026-07-09 10:00")
    first = play.cases["notice I02"]
    leader = play.post("issuing_leader")
    play.do(
        first, "approve_notice", {"decision": "return", "opinion": "请补充收案数据。"}, by=leader
    )
    play.check(
        _("A notice the leader returned waits for its drafter again."),
        (["draft_notice"], ["县人民法院"]),
        (play.see.nodes(first), play.see.waits_for(first)),
        rule="approval",
    )
    play.do(first, "draft_notice", papers.notice(play, "I02"), by=play.post("drafting_office"))
    for code in ADDRESSEES:
        play.do(play.cases[f"notice {code}"], "approve_notice", APPROVE, by=leader)
    play.check(
        _("All three notices are approved, none has a number yet."),
        [("approved", "")] * 3,
        [
            (paper.state, paper.number)
            for code in ADDRESSEES
            for paper in play.see.papers(play.cases[f"notice {code}"], "risk_notice")
        ],
        rule="approval",
    )


def _issue(play: Play) -> None:
    """At half past seven: still the day before in Greenwich, but not in the county."""
    play.at("2026-07-10 07:30")
    for code in ADDRESSEES:
        verbs.issue(play, play.cases[f"notice {code}"], copies=["SJG"] if code == "I10" else [])
    cases = [play.cases[f"notice {code}"] for code in ADDRESSEES]
    play.check(
        _("The notices carry the numbers 1 to 3 of the year."),
        [f"示法风提〔2026〕{n}号" for n in (1, 2, 3)],
        [play.see.paper(each, "risk_notice").line.number for each in cases],
    )
    play.check(
        _("Issued on 10 July, they are to be signed for by the 14th."),
        ["2026-07-14"] * 3,
        [play.see.due(each, "sign_for") for each in cases],
        rule="clock",
    )
    play.check(
        _("The notice goes to its addressee, a copy to the market supervision bureau."),
        (["县住房和城乡建设局"], ["县市场监督管理局"]),
        (
            play.see.sent(cases[2], "risk_notice", "main"),
            play.see.sent(cases[2], "risk_notice", "cc"),
        ),
        rule="copy",
    )
    play.check(
        _("The addressee finds the notice; a stranger is told that there is none."),
        (True, False),
        (
            play.see.may_see(play.person("ZJJ", "unit_liaison"), cases[0]),
            play.see.may_see(play.person("WLX", "unit_handler"), cases[0]),
        ),
    )


def _sign(play: Play) -> None:
    play.at("2026-07-10 15:00")
    for code in ("I02", "I10"):
        play.do(
            play.cases[f"notice {code}"], "sign_for", SIGN, by=play.person("ZJJ", "unit_liaison")
        )
    late = play.cases["notice I06"]
    play.at("2026-07-13 09:00")
    play.check(
        _("One working day before it is due, the unsigned notice is yellow."),
        ("yellow", {"yellow": 1}),
        (play.see.light(late, "sign_for"), play.see.lights(play.person("RSJ", "unit_liaison"))),
        rule="light",
    )
    play.do(late, "sign_for", SIGN, by=play.person("RSJ", "unit_liaison"))
    play.check(
        _("What the liaison signed is gone from its list and in the handler’s."),
        (0, ["分析研判、形成工作意见"]),
        (
            len(play.see.inbox(play.person("RSJ", "unit_liaison"))),
            [row.task for row in play.see.inbox(play.person("RSJ", "unit_handler"))],
        ),
    )
    play.check(
        _("The work opinions are due fifteen working days after issue: on 31 July."),
        ["2026-07-31"] * 3,
        [play.see.due(play.cases[f"notice {code}"], "work_opinion") for code in ADDRESSEES],
        rule="calendar",
    )
    _read(play)


def _read(play: Play) -> None:
    """Whoever got a copy notes that it was read (已阅)."""
    case_id = play.cases["notice I10"]
    paper = play.see.papers(case_id, "risk_notice")[-1]
    reader = play.person("SJG", "unit_liaison")
    play.act(lambda: read_paper(paper.document_id, actor=reader))
    copies = play.see.paper(case_id, "risk_notice").copies
    play.check(
        _("The copy was read by the market supervision bureau."),
        [("县市场监督管理局", True)],
        [(each.unit, each.read_at is not None) for each in copies if each.role == "cc"],
        rule="copy",
    )
