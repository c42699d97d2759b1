"""Chapter: the half-year is graded by the other table; medium risks open suggestions as well."""

from __future__ import annotations

from typing import Final

from app.demo import verbs
from app.demo.playing import Play
from app.i18n import Text, _
from app.queries.rounds import round_line

TITLE: Text = _("July: the round of the half-year")
ROUND: Final = "2026H1"
TRIGGERED: Final = ("I01", "I02", "I06", "I07", "I10", "I11", "I13")


def play(play: Play) -> None:
    """From the file to seven suggestions (TX-06, TX-07a)."""
    play.at("2026-07-01 09:00")
    case_id = verbs.open_round(play, ROUND)
    play.at("2026-07-03 10:00")
    verbs.bring_in(play, ROUND)
    _grade(play, case_id)
    play.at("2026-07-07 15:00")
    verbs.report(play, case_id, ["I02", "I06", "I10"], ["XW", "XZF", "ZFW"])
    play.check(
        _("The report goes to Party Committee, Government and Political-Legal Committee (TX-06c)."),
        ["县委", "县政府", "县委政法委"],
        play.see.sent(case_id, "assessment_report", "main"),
    )
    _open(play, case_id)


def _grade(play: Play, case_id: int) -> None:
    analyst = play.post("analysis_office")
    play.at("2026-07-06 09:30")
    play.do(case_id, "import_readings", {"complete": True}, by=analyst)
    line = round_line(play.see.viewer, play.rounds[ROUND])
    play.check(
        _("The figures of fifteen indicators with two means each are in the round: 45 readings."),
        (45, "通许机制"),
        (line.readings, line.mechanism),
    )
    play.check(
        _("This county’s own table grades them: 3 high, 4 medium, 8 low."),
        verbs.levels_of(ROUND),
        play.see.levels(play.rounds[ROUND]),
        rule="grading",
    )
    lines = play.see.indicators(play.rounds[ROUND])
    play.check(
        _("Each level names its rule, medium ones too."),
        {"I02": "rule_high_value", "I11": "rule_medium_value", "I03": "rule_low_value"},
        {code: lines[code].rule for code in ("I02", "I11", "I03")},
        rule="grading",
    )
    play.do(case_id, "review_grading", {"decision": "ok"}, by=analyst)


def _open(play: Play, case_id: int) -> None:
    play.at("2026-07-08 09:00")
    notices = verbs.open_notices(play, case_id, {"scope": "all"})
    play.cases |= {f"notice {code}": each for code, each in notices.items()}
    play.check(
        _("Medium and high risks alike open a suggestion: seven (TX-07a)."),
        list(TRIGGERED),
        sorted(notices),
        rule="grading",
    )
