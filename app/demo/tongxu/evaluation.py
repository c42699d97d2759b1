"""Chapter: the next round shows the effect; deductions in two schemes, no publication."""

from __future__ import annotations

from typing import Any, Final

from app.commands.evaluation import start_evaluation
from app.demo import verbs
from app.demo.consequences import bulletin
from app.demo.county import unit_name
from app.demo.papers import APPROVE
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("The next round and the evaluation")
OUTCOMES: Final = {
    "I01": "unchanged",
    "I02": "eased",
    "I06": "unchanged",
    "I07": "resolved",
    "I10": "resolved",
    "I11": "worsened",
}
LATE, NO_EFFECT = "late_reply", "no_effect"
SCHEMES: Final = ("performance", "safe_county")
PROPOSED: Final = [
    ("示通督〔2026〕1号", "ZJJ", LATE),
    ("示通督〔2026〕2号", "RSJ", NO_EFFECT),
    ("示通督〔2026〕4号", "FGW", NO_EFFECT),
]


def play(play: Play) -> None:
    """综治办 hands over to 审管办, which compares (TX-14a); the general office assesses (TX-13)."""
    _round(play)
    _compare(play)
    _propose(play)
    _decide(play)
    _announce(play)


def _round(play: Play) -> None:
    analyst = play.post("analysis_office")
    play.at("2027-02-01 09:00")
    case_id = verbs.open_round(play, "2026A")
    verbs.bring_in(play, "2026A")
    play.do(case_id, "import_readings", {"complete": True}, by=analyst)
    play.check(
        _("The year’s round is graded by the same table."),
        verbs.levels_of("2026A"),
        play.see.levels(play.rounds["2026A"]),
        rule="grading",
    )
    play.do(case_id, "review_grading", {"decision": "ok"}, by=analyst)


def _compare(play: Play) -> None:
    office, analyst = play.post("supervising_office"), play.post("analysis_office")
    play.at("2027-02-02 09:00")
    done = play.act(lambda: start_evaluation(play.key, "新一轮成效评价", actor=office))
    case_id = play.cases["evaluation"] = int(done["case"])
    play.check(
        _("The governance office hands over to the trial management office (TX-14a)."),
        (["prepare"], [unit_name("FY-SGB")]),
        (play.see.nodes(case_id), play.see.waits_for(case_id)),
    )
    rounds = {"base_round": "2026H1", "closing_round": "2026A", "excluded": []}
    play.do(case_id, "prepare", rounds, by=analyst)
    found = play.see.outcomes(case_id)
    play.check(
        _("Medium and high risks are compared; all four outcomes occur (TX-14a)."),
        OUTCOMES,
        {each.code: each.outcome for each in found},
        rule="grading",
    )
    play.check(
        _("What a meeting lowered is no risk any more and not compared."),
        0,
        [each.code for each in found].count("I13"),
        rule="grading",
    )
    observed = [{"indicator": e.code, "outcome": e.outcome, "note": None} for e in found]
    said = {
        "observations": observed,
        "conclusion": "六项中高风险指标两项化解、一项缓解、两项持平、一项恶化。",
    }
    play.do(case_id, "observe", said, by=analyst)


def _propose(play: Play) -> None:
    case_id = play.cases["evaluation"]
    play.at("2027-02-03 09:00")
    nothing: dict[str, Any] = {"deductions": [], "note": None}
    play.do(case_id, "propose_deductions", nothing, by=play.post("assessing_office"))
    play.check(
        _("Each finding is proposed in both schemes, performance and safe county (TX-13b)."),
        [
            (item, unit_name(u), ground, scheme)
            for item, u, ground in PROPOSED
            for scheme in SCHEMES
        ],
        [(d.item, d.unit, d.ground, d.scheme) for d in play.see.deductions(case_id)],
        rule="deduction",
    )
    play.check(
        _("Nothing is decided: three units state their case first (申辩)."),
        ({"proposed"}, ["state_case"], sorted(unit_name(each) for _i, each, _g in PROPOSED)),
        (
            {d.state for d in play.see.deductions(case_id)},
            play.see.nodes(case_id),
            play.see.waits_for(case_id),
        ),
        rule="deduction",
    )
    for _item, unit, _ground in PROPOSED:
        said: dict[str, Any] = {"position": "accept"}
        if unit == "FGW":
            said = {"position": "object", "text": "用地审批不属本单位职责。"}
        play.do(case_id, "state_case", said, by=play.person(unit, "unit_leader"))


def _decide(play: Play) -> None:
    case_id = play.cases["evaluation"]
    play.at("2027-02-04 09:00")
    decisions = [
        _decision(item, unit, ground, scheme)
        for item, unit, ground in PROPOSED
        for scheme in SCHEMES
    ]
    director = play.post("supervising_director")
    tried = play.try_to(case_id, "confirm_deductions", {"decisions": decisions[:5]}, by=director)
    play.check(
        _("Every deduction is decided on; leaving one out is refused."),
        ("refused", {"proposed"}),
        (tried, {d.state for d in play.see.deductions(case_id)}),
        rule="deduction",
    )
    play.do(case_id, "confirm_deductions", {"decisions": decisions}, by=director)
    play.check(
        _("A person confirmed four and dropped two after hearing the unit."),
        ["confirmed"] * 4 + ["dropped"] * 2,
        [d.state for d in play.see.deductions(case_id)],
        rule="deduction",
    )
    play.check(
        _("Points differ by scheme; where no scale is given there are none."),
        ["1", "2", "", "", "", ""],
        [f"{d.points:f}" if d.points is not None else "" for d in play.see.deductions(case_id)],
        rule="deduction",
    )


def _announce(play: Play) -> None:
    case_id = play.cases["evaluation"]
    paper = bulletin("2026年度绩效与平安建设考核通报", ["FGW"])
    play.do(case_id, "bulletin", paper, by=play.post("assessing_office"))
    play.do(case_id, "approve_bulletin", APPROVE, by=play.post("supervising_director"))
    rows = play.see.table(case_id, "assessment_bulletin", "deductions")
    play.check(
        _("The bulletin holds the four confirmed deductions under both schemes’ names (TX-13a)."),
        [("绩效考核", "1"), ("平安建设考核", "2"), ("绩效考核", None), ("平安建设考核", None)],
        [(row["scheme"], row["points"]) for row in rows],
        rule="deduction",
    )
    page = play.see.page(case_id)
    play.check(
        _("Nothing is published under this mechanism: with the bulletin the loop is closed."),
        ("closed", 0, []),
        (
            page.status,
            [each.node for each in page.tasks].count("publish"),
            play.see.nodes(case_id),
        ),
    )


def _decision(item: str, unit: str, ground: str, scheme: str) -> dict[str, Any]:
    row: dict[str, Any] = {"item": item, "unit": unit, "scheme": scheme, "ground": ground}
    if unit == "FGW":
        return row | {"verdict": "drop", "points": None, "reason": "申辩成立。"}
    if ground == LATE:
        points = "1" if scheme == "performance" else "2"
        return row | {"verdict": "change", "points": points, "reason": "逾期办结，示例分值。"}
    return row | {"verdict": "confirm", "points": None, "reason": None}
