"""Chapter: February evaluation: before and after, proposed deductions, bulletin, publication."""

from __future__ import annotations

from typing import Any, Final

from app.commands.evaluation import start_evaluation
from app.demo.consequences import bulletin
from app.demo.county import unit_name
from app.demo.papers import APPROVE
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("The evaluation of the year")
OUTCOMES: Final = {
    "I02": ("66.8", "73.6", "eased"),
    "I06": ("64.5", "65.2", "unchanged"),
    "I10": ("61.7", "88.3", "resolved"),
    "I11": ("76.4", "66", "worsened"),
}


def play(play: Play) -> None:
    """From the comparison to what the public reads (TH-16b, TH-17, TH-18)."""
    _compare(play)
    _propose(play)
    _hear(play)
    _decide(play)
    _publish(play)


def _compare(play: Play) -> None:
    analyst = play.post("analysis_office")
    play.at("2027-02-03 09:00")
    done = play.act(lambda: start_evaluation(play.key, "2026年度成效评价", actor=analyst))
    case_id = play.cases["evaluation"] = int(done["case"])
    play.do(
        case_id,
        "prepare",
        {"base_round": "2026H1", "closing_round": "2026A", "excluded": []},
        by=analyst,
    )
    found = play.see.outcomes(case_id)
    play.check(
        _("Every high risk of the year is there, the one a meeting raised as well (TH-16b)."),
        sorted(OUTCOMES),
        [each.code for each in found],
        rule="grading",
    )
    play.check(
        _("All four outcomes occur: resolved, eased, unchanged, worsened."),
        OUTCOMES,
        {each.code: (f"{each.before:f}", f"{each.after:f}", each.outcome) for each in found},
        rule="grading",
    )
    play.check(
        _("Beside each stand the measures taken in between."),
        {"I02": 2, "I06": 2, "I10": 2, "I11": 0},
        {each.code: len([m for m in each.measures if "逐项目" not in m]) for each in found},
    )
    play.do(
        case_id,
        "observe",
        {
            "observations": [
                {"indicator": each.code, "outcome": each.outcome, "note": None} for each in found
            ],
            "conclusion": "四项高风险指标中一项化解、一项缓解、一项持平、一项恶化。",
        },
        by=analyst,
    )


def _propose(play: Play) -> None:
    case_id, office = play.cases["evaluation"], play.post("assessing_office")
    play.at("2027-02-04 09:00")
    play.do(case_id, "propose_deductions", {"deductions": [], "note": None}, by=office)
    play.check(
        _("Two deductions follow from the facts: one late answer, one matter without effect."),
        [
            ("示平安督〔2026〕2号", unit_name("ZJJ"), "late_reply", "safe_county", None),
            ("示平安督〔2026〕3号", unit_name("RSJ"), "no_effect", "safe_county", None),
        ],
        [(d.item, d.unit, d.ground, d.scheme, d.points) for d in play.see.deductions(case_id)],
        rule="deduction",
    )
    play.check(
        _("Nothing is decided yet: both are proposals, and the units are asked first (申辩)."),
        (["proposed"] * 2, ["state_case"], sorted([unit_name("ZJJ"), unit_name("RSJ")])),
        (
            [d.state for d in play.see.deductions(case_id)],
            play.see.nodes(case_id),
            play.see.waits_for(case_id),
        ),
        rule="deduction",
    )


def _hear(play: Play) -> None:
    case_id = play.cases["evaluation"]
    play.at("2027-02-12 09:00")
    play.do(case_id, "state_case", {"position": "accept"}, by=play.person("ZJJ", "unit_leader"))
    play.check(
        _("With one of two units heard, nobody decides yet."),
        (["state_case"], [unit_name("RSJ")]),
        (play.see.nodes(case_id), play.see.waits_for(case_id)),
        rule="deduction",
    )
    play.do(
        case_id,
        "state_case",
        {
            "position": "object",
            "text": "指标受经济形势影响较大，我局已按期完成全部督办任务。",
        },
        by=play.person("RSJ", "unit_leader"),
    )
    play.check(
        _("What each unit said stands with its deduction."),
        ["无异议", "指标受经济形势影响较大，我局已按期完成全部督办任务。"],
        [d.statement for d in play.see.deductions(case_id)],
    )


def _decide(play: Play) -> None:
    case_id, director = play.cases["evaluation"], play.post("supervising_director")
    play.at("2027-02-15 09:00")
    tried = play.try_to(case_id, "confirm_deductions", {"decisions": [_late()]}, by=director)
    play.check(
        _("Every deduction is decided on; leaving one out is refused."),
        ("refused", ["proposed"] * 2),
        (tried, [d.state for d in play.see.deductions(case_id)]),
        rule="deduction",
    )
    play.do(case_id, "confirm_deductions", {"decisions": [_late(), _without_effect()]}, by=director)
    play.check(
        _("A person confirmed one with points and dropped the other with a reason."),
        [("confirmed", "2", "平安办·督办负责人"), ("dropped", "", "平安办·督办负责人")],
        [
            (d.state, f"{d.points:f}" if d.points is not None else "", d.decided_by)
            for d in play.see.deductions(case_id)
        ],
        rule="deduction",
    )


def _publish(play: Play) -> None:
    case_id, office = play.cases["evaluation"], play.post("supervising_office")
    play.do(case_id, "bulletin", bulletin("2026年度平安建设考核通报", ["CZJ", "ZGH"]), by=office)
    play.do(case_id, "approve_bulletin", APPROVE, by=play.post("supervising_director"))
    play.check(
        _("The assessment bulletin holds the confirmed deduction only (TH-18b)."),
        [(unit_name("ZJJ"), "示平安督〔2026〕2号", "2")],
        [
            (row["unit"], row["item"], row["points"])
            for row in play.see.table(case_id, "assessment_bulletin", "deductions")
        ],
        rule="deduction",
    )
    play.check(
        _("It went to the units concerned and those named; the evaluation went up (TH-18b)."),
        (
            {unit_name(code) for code in ("ZJJ", "RSJ", "CZJ", "ZGH")},
            [unit_name(code) for code in ("XW", "XZF", "ZFW")],
        ),
        (
            set(play.see.sent(case_id, "assessment_bulletin", "main")),
            play.see.sent(case_id, "effect_evaluation", "cc_upward"),
        ),
        rule="copy",
    )
    _release(play, case_id)


def _release(play: Play, case_id: int) -> None:
    """脱密审查: nothing is published that was not checked (TH-17a)."""
    office = play.post("supervising_office")
    play.at("2027-02-22 09:00")
    answers = {
        "secrecy_checked": True,
        "deidentified": False,
        "channel": "县政府门户网站",
        "published_on": play.iso("2027-02-22"),
        "seminar": "邀请专家学者举行成效研讨会。",
    }
    tried = play.try_to(case_id, "publish", answers, by=office)
    play.check(
        _("What is not de-identified is not published (TH-17a)."),
        ("refused", ["publish"]),
        (tried, play.see.nodes(case_id)),
        rule="approval",
    )
    play.do(case_id, "publish", answers | {"deidentified": True}, by=office)
    page = play.see.page(case_id)
    play.check(
        _("Checked and de-identified, the evaluation is public and the loop of the year closed."),
        ("closed", "published", []),
        (page.status, page.outcome, play.see.nodes(case_id)),
    )


def _late() -> dict[str, Any]:
    return {
        "item": "示平安督〔2026〕2号",
        "unit": "ZJJ",
        "scheme": "safe_county",
        "ground": "late_reply",
        "verdict": "change",
        "points": "2",
        "reason": "逾期三十余个工作日，示例分值。",
    }


def _without_effect() -> dict[str, Any]:
    return {
        "item": "示平安督〔2026〕3号",
        "unit": "RSJ",
        "scheme": "safe_county",
        "ground": "no_effect",
        "verdict": "drop",
        "points": None,
        "reason": "申辩成立，任务均按期完成。",
    }
