"""Chapter: February, the figures of the whole year come in: the after to July's before."""

from __future__ import annotations

from typing import Final

from app.demo import verbs
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("February: the round of the year")
ROUND: Final = "2026A"


def play(play: Play) -> None:
    """The same indicators once more, synthetic so that all four outcomes occur (TH-16b)."""
    analyst = play.post("analysis_office")
    play.at("2027-02-01 09:00")
    case_id = verbs.open_round(play, ROUND)
    verbs.bring_in(play, ROUND)
    play.do(case_id, "import_readings", {"complete": True}, by=analyst)
    play.check(
        _("The year’s round is graded by the same table."),
        verbs.levels_of(ROUND),
        play.see.levels(play.rounds[ROUND]),
        rule="grading",
    )
    lines = play.see.indicators(play.rounds[ROUND])
    play.check(
        _("Each change is the year’s value minus the year before, as the file says."),
        {"I02": "1.6", "I10": "19.4", "I11": "-17.5"},
        {code: format(lines[code].change or 0, "f") for code in ("I02", "I10", "I11")},
        rule="grading",
    )
    play.do(case_id, "review_grading", {"decision": "ok"}, by=analyst)
    verbs.report(play, case_id, ["I02", "I06", "I10", "I11"], ["XW", "XZF", "ZFW"])
    play.at("2027-02-02 09:00")
    play.do(
        case_id,
        "issue_notices",
        {"scope": "none", "reason": "结合年度成效评价一并提出。"},
        by=play.post("drafting_office"),
    )
    play.check(
        _("What July graded stands unchanged beside it."),
        verbs.levels_of("2026H1") | {"I11": "high"},
        play.see.levels(play.rounds["2026H1"]),
        rule="grading",
    )
