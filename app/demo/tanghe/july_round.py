"""Chapter: the half-year's figures come in, are graded, reported on, and three notices open."""

from __future__ import annotations

from typing import Final

from app.commands import imports
from app.demo import verbs
from app.demo.county import readings_file
from app.demo.playing import Play
from app.i18n import Text, _
from app.queries.imports import batch_line
from app.queries.rounds import round_line

TITLE: Text = _("July: the round of the half-year")
ROUND: Final = "2026H1"
HIGH: Final = ("I02", "I06", "I10")


def play(play: Play) -> None:
    """From the file to the notices (TH-06, TH-07, TH-16a)."""
    play.at("2026-07-01 09:00")
    case_id = verbs.open_round(play, ROUND)
    _bring_in(play)
    _grade(play, case_id)
    _report(play, case_id)
    _open_notices(play, case_id)


def _bring_in(play: Play) -> None:
    play.at("2026-07-03 10:00")
    analyst = play.post("analysis_office")
    good = readings_file(ROUND, ROUND)
    wrong = verbs.upload(
        play, ROUND, good.replace(b",66.8,72.0,-5.2,", b",66.8,72.0,-4.2,"), by=analyst
    )
    play.act(lambda: imports.create_all_unknown(wrong, actor=analyst))
    play.check(
        _("A file whose change is not value minus year before is not taken in."),
        ("refused", "previewed"),
        (play.attempt(lambda: imports.confirm(wrong, actor=analyst)), _state(play, wrong)),
    )
    play.act(lambda: imports.discard(wrong, actor=analyst))
    batch = verbs.bring_in(play, ROUND)
    play.check(
        _("The right file brings fifteen indicators, each with two means: 45 readings."),
        ("confirmed", 45),
        (_state(play, batch), _readings(play)),
    )
    again = play.attempt(
        lambda: imports.upload(play.rounds[ROUND], "again.csv", good, actor=analyst)
    )
    play.check(
        _("The same file once more changes nothing."),
        ("refused", 45),
        (again, _readings(play)),
    )


def _grade(play: Play, case_id: int) -> None:
    play.at("2026-07-06 09:30")
    analyst = play.post("analysis_office")
    play.do(case_id, "import_readings", {"complete": True}, by=analyst)
    found = play.see.levels(play.rounds[ROUND])
    play.check(
        _("The decision table grades all fifteen as the dataset says: 3 high, 4 medium, 8 low."),
        verbs.levels_of(ROUND),
        found,
        rule="grading",
    )
    lines = play.see.indicators(play.rounds[ROUND])
    play.check(
        _("Each level names the rule that fired; property services fell below 70."),
        ("rule_high_value", True),
        (lines["I10"].rule, all(line.rule and line.reason for line in lines.values())),
        rule="grading",
    )
    play.do(case_id, "review_grading", {"decision": "ok"}, by=analyst)


def _report(play: Play, case_id: int) -> None:
    play.at("2026-07-07 15:00")
    verbs.report(play, case_id, HIGH, ["XW", "XZF", "ZFW"])
    paper = play.see.paper(case_id, "assessment_report")
    play.check(
        _("The report is submitted to Party Committee, Government and Political-Legal Committee."),
        ["县委", "县政府", "县委政法委"],
        [each.unit for each in paper.copies],
    )
    play.check(
        _("The court president approved the report before it was submitted."),
        ["document.approved", "document.issued"],
        [kind for kind in play.see.did(case_id) if kind.startswith("document.")],
        rule="approval",
    )


def _open_notices(play: Play, case_id: int) -> None:
    play.at("2026-07-08 09:00")
    notices = verbs.open_notices(play, case_id, {"scope": "all"})
    play.cases |= {f"notice {code}": each for code, each in notices.items()}
    play.check(
        _("Only the three high risks open a notice (TH-07b)."),
        list(HIGH),
        sorted(notices),
        rule="grading",
    )
    play.check(
        _("The round is closed and its notices are its children, in the stage of warning."),
        ("closed", {"warning"}),
        (
            play.see.page(case_id).status,
            {each.stage for each in play.see.children(case_id, "risk_notice")},
        ),
    )


def _state(play: Play, batch_id: int) -> str:
    return batch_line(play.see.viewer, batch_id).state


def _readings(play: Play) -> int:
    return round_line(play.see.viewer, play.rounds[ROUND]).readings
