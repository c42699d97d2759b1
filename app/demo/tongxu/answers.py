"""Chapter: units answer with adoption and measures; who has not is prompted."""

from __future__ import annotations

from app.commands.notices import consolidate
from app.commands.supervising import urge
from app.demo import papers, verbs
from app.demo.county import unit_name
from app.demo.papers import APPROVE
from app.demo.playing import Play
from app.i18n import Text, _
from app.queries.collection import collection

TITLE: Text = _("Answers and promptings")
ANSWERED = {"I02": "ZJJ", "I06": "RSJ", "I10": "ZJJ", "I11": "FGW"}


def play(play: Play) -> None:
    """TX-08: prompted, answered in a fixed form, collected in one table."""
    _adoption(play)
    _answer(play)
    _review(play)
    _prompt(play)
    _collect(play)


def _adoption(play: Play) -> None:
    case_id = play.cases["notice I11"]
    handler = play.person("FGW", "unit_handler")
    play.at("2026-07-20 10:00")
    silent = papers.opinion(play, "I11") | {"adoption": None}
    tried = play.try_to(case_id, "work_opinion", silent, by=handler)
    play.check(
        _("A judicial suggestion is answered with whether it is adopted."),
        ("refused", ["work_opinion"]),
        (tried, play.see.nodes(case_id)),
    )
    partly = papers.opinion(play, "I11") | {
        "adoption": "partial",
        "adoption_reason": "公共站点用地须另行报批。",
    }
    play.do(case_id, "work_opinion", partly, by=handler)
    play.do(case_id, "sign_opinion", APPROVE, by=play.person("FGW", "unit_leader"))
    blocks = play.see.paper(case_id, "work_opinion").blocks
    play.check(
        _("A partial adoption is said with its reason (部分采纳)."),
        ["部分采纳", "公共站点用地须另行报批。"],
        [b.text for b in blocks if b.section.field in ("adoption", "adoption_reason")],
    )


def _answer(play: Play) -> None:
    for code in ("I02", "I06", "I10"):
        verbs.answer(play, play.cases[f"notice {code}"], code, ANSWERED[code])
    play.check(
        _("The answers go to both court offices, not to the Safe-County Office (TX-08)."),
        [unit_name("FY-SGB"), unit_name("FY-PZB")],
        play.see.sent(play.cases["notice I02"], "work_opinion", "main"),
        rule="copy",
    )
    page = play.see.page(play.cases["notice I06"])
    play.check(
        _("Every measure has an owner, a department and a day (TX-08b)."),
        [(True, True, True)] * 2,
        [(bool(m.owner_person), bool(m.owner_dept), bool(m.due_on)) for m in page.measures],
    )


def _review(play: Play) -> None:
    case_id, office = play.cases["notice I06"], play.post("opinion_office")
    play.at("2026-07-21 10:00")
    for code in ("I02", "I10", "I11"):
        verbs.accept(play, play.cases[f"notice {code}"])
    asked = {"decision": "supplement", "opinion": "请补充欠薪线索台账。"}
    play.do(case_id, "review_opinion", asked, by=office)
    play.check(
        _("An incomplete answer comes back with a clock of its own."),
        (["work_opinion"], "2026-07-28"),
        (play.see.nodes(case_id), play.see.due(case_id, "work_opinion")),
        rule="calendar",
    )
    verbs.answer(play, case_id, "I06", "RSJ")
    verbs.accept(play, case_id)


def _prompt(play: Play) -> None:
    """督促 by the court’s governance office (TX-08a)."""
    case_id, office = play.cases["notice I13"], play.post("supervising_office")
    said = {"unit": None, "text": "请抓紧研判并反馈。"}
    play.at("2026-07-28 15:00")
    play.act(lambda: urge(case_id, said, actor=office))
    tried = play.attempt(lambda: urge(case_id, said, actor=office))
    play.check(
        _("The office prompts a silent unit on paper, but only once a working day (TX-08a)."),
        ("refused", 1, [unit_name("NYJ")]),
        (
            tried,
            play.see.page(case_id).urge_count,
            play.see.sent(case_id, "reminder_notice", "main"),
        ),
        rule="timer",
    )
    play.at("2026-07-30 09:30")
    play.check(
        _("Besides, the system reminded it three and one working days before the date."),
        [("remind", "2026-07-28"), ("remind", "2026-07-30")],
        play.see.fired(case_id, "work_opinion"),
        rule="timer",
    )


def _collect(play: Play) -> None:
    """收集、整理反馈 with one click (TX-08c)."""
    analyst = play.post("analysis_office")
    play.at("2026-08-03 08:30")
    found = collection(play.see.viewer, play.rounds["2026H1"])
    play.check(
        _("The collection shows who has answered, and who is late by now (TX-08c)."),
        (4, {unit_name("NYJ"), unit_name("ZFW"), unit_name("ZJJ")}),
        (found.answered, {row.unit for row in found.rows if row.late}),
    )
    play.check(
        _("On the working day after the date the missing answer is red."),
        "red",
        play.see.light(play.cases["notice I13"], "work_opinion"),
        rule="light",
    )
    play.act(lambda: consolidate("2026H1", actor=analyst))
    round_case = play.cases["2026H1"]
    play.check(
        _("One click puts the answers into one table and names who is missing (汇总表)."),
        (4, 3),
        (
            len({row["notice"] for row in play.see.table(round_case, "consolidation", "rows")}),
            len(play.see.table(round_case, "consolidation", "missing")),
        ),
    )
