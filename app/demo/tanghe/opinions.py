"""Chapter: the units analyse and answer, and it shows who has not."""

from __future__ import annotations

from typing import Final

from app.demo import papers, verbs
from app.demo.playing import Play
from app.i18n import Text, _
from app.queries.collection import Collected, Collection, collection

TITLE: Text = _("Work opinions")
ROUND: Final = "2026H1"


def play(play: Play) -> None:
    """Two in time before the meeting (TH-08); the third is not in yet."""
    play.at("2026-07-20 10:00")
    for code in ("I02", "I10"):
        verbs.answer(play, play.cases[f"notice {code}"], code, "ZJJ")
    play.check(
        _("The opinions went to the Safe-County Office, not to the court (TH-08b)."),
        ["县平安建设领导小组办公室"],
        play.see.sent(play.cases["notice I02"], "work_opinion", "main"),
    )
    play.at("2026-07-21 09:00")
    for code in ("I02", "I10"):
        verbs.accept(play, play.cases[f"notice {code}"])
    page = play.see.page(play.cases["notice I02"])
    play.check(
        _("Every measure has an owner, a department and a day (TH-08a)."),
        [(True, True, True)] * 2,
        [(bool(m.owner_person), bool(m.owner_dept), bool(m.due_on)) for m in page.measures],
    )
    _incomplete(play)
    found = collection(play.see.viewer, play.rounds[ROUND])
    play.check(
        _("The collection shows who has answered and who has not (TX-08c)."),
        {"I02": True, "I06": False, "I10": True},
        {
            code: _row(found, play.cases[f"notice {code}"]).replied_at is not None
            for code in ("I02", "I06", "I10")
        },
    )


def _row(found: Collection, case_id: int) -> Collected:
    return next(each for each in found.rows if each.case_id == case_id)


def _incomplete(play: Play) -> None:
    """An opinion without a day for its measure is sent back by the form itself."""
    case_id = play.cases["notice I06"]
    answers = papers.opinion(play, "I06")
    answers["measures"] = [{**each, "due": None} for each in answers["measures"]]
    tried = play.try_to(case_id, "work_opinion", answers, by=play.person("RSJ", "unit_handler"))
    play.check(
        _("An opinion whose measures have no day is not taken."),
        ("refused", ["work_opinion"]),
        (tried, play.see.nodes(case_id)),
    )
