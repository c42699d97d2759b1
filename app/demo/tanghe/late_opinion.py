"""Chapter: the third opinion is reminded of, late, supplemented and accepted."""

from __future__ import annotations

from app.commands.notices import consolidate
from app.demo import papers, verbs
from app.demo.papers import APPROVE
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("The late opinion")


def play(play: Play) -> None:
    """The ladder works by itself until somebody answers (TH-08b)."""
    case_id = play.cases["notice I06"]
    play.at("2026-08-03 08:00")
    play.check(
        _("On the working day after it was due, the opinion is red."),
        "red",
        play.see.light(case_id, "work_opinion"),
        rule="light",
    )
    play.at("2026-08-03 16:00")
    play.check(
        _("Reminded three and one working days before, due, urged the day after."),
        [
            ("remind", "2026-07-28"),
            ("remind", "2026-07-30"),
            ("due", "2026-08-01"),
            ("urge", "2026-08-03"),
        ],
        play.see.fired(case_id, "work_opinion"),
        rule="timer",
    )
    verbs.answer(play, case_id, "I06", "RSJ")
    play.check(
        _("The journal says that the opinion came after the due date."),
        "red",
        play.see.light(case_id, "work_opinion"),
        rule="light",
    )
    _supplement(play, case_id)
    _consolidate(play)


def _supplement(play: Play, case_id: int) -> None:
    office = play.post("opinion_office")
    play.at("2026-08-04 10:00")
    play.do(
        case_id,
        "review_opinion",
        {"decision": "supplement", "opinion": "请补充欠薪线索台账。"},
        by=office,
    )
    play.do(
        case_id, "work_opinion", papers.opinion(play, "I06"), by=play.person("RSJ", "unit_handler")
    )
    play.do(case_id, "sign_opinion", APPROVE, by=play.person("RSJ", "unit_leader"))
    play.at("2026-08-05 10:00")
    verbs.accept(play, case_id)
    play.check(
        _("The supplemented opinion is a second paper; the first stays."),
        [("issued", "示工意〔2026〕3号"), ("issued", "示工意〔2026〕4号")],
        [(paper.state, paper.number) for paper in play.see.papers(case_id, "work_opinion")],
    )


def _consolidate(play: Play) -> None:
    """One click puts all opinions into one table (汇总表, TH-11)."""
    office = play.post("supervising_office")
    play.act(lambda: consolidate("2026H1", actor=office))
    case_id = play.cases["2026H1"]
    play.check(
        _("All opinions stand in one table, and nobody is missing (TX-08c)."),
        ({"县住房和城乡建设局", "县人力资源和社会保障局"}, []),
        (
            {row["unit"] for row in play.see.table(case_id, "consolidation", "rows")},
            play.see.table(case_id, "consolidation", "missing"),
        ),
    )
