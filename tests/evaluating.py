"""Verbs of the annual evaluation: started, prepared, observed, argued, decided, announced."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.commands.cases import start_round
from app.commands.evaluation import start_evaluation
from app.effects.deductions import deductions_of
from app.effects.evaluation import outcomes_of
from tests import loop, stories, supervision
from tests.people import County
from tests.stories import complete
from tests.supervision import APPROVE

AFTER = {
    "I02": ("71.0", None),
    "I06": ("86.3", None),
    "I10": ("61.9", None),
    "I11": ("68.0", None),
    "I03": ("91.0", None),
}
PREPARE = {"base_round": "2026H1", "closing_round": "2026A", "excluded": []}
BULLETIN = {
    "title": "关于2026年度考核情况的通报",
    "basis": "管理办法第十八条",
    "summary": "总体完成。",
    "practice": "分类化解。",
    "problems": "个别事项逾期。",
    "requirements": "举一反三。",
    "recipients": ["XZF"],
}
PUBLISH = {
    "secrecy_checked": True,
    "deidentified": True,
    "channel": "县政府网站",
    "published_on": "2027-02-26",
    "seminar": "邀请专家学者座谈。",
}


def started(county: County) -> int:
    """An evaluation in February: one item struck off in time, one still open and late."""
    loop.graded_round(county)
    supervision.struck_off(county, supervision.in_hand(county))
    supervision.in_hand(county, matter="建设工程施工合同纠纷风险化解", indicator="I02", co=["CZJ"])
    stories.set_clock("2027-02-01 09:00")
    close_year(county)
    return begun(county)


def close_year(county: County) -> None:
    """The closing round of 2026 is read and graded."""
    analyst = county.post("analysis_office")
    opened = start_round(
        "2026A", "annual", date(2026, 1, 1), date(2026, 12, 31), county.profile.key, actor=analyst
    )
    stories.readings(county, opened["round"], AFTER, period="2026A")
    complete(opened["case"], "import_readings", {"complete": True}, by=analyst)


def begun(county: County) -> int:
    """An evaluation just started."""
    return int(start_evaluation(county.profile.key, actor=county.post("assessing_office"))["case"])


def prepared(county: County, case_id: int, **changes: Any) -> int:
    """The rounds are chosen and set side by side."""
    complete(case_id, "prepare", PREPARE | changes, by=county.post("analysis_office"))
    return case_id


def observed(county: County, case_id: int, **changed: str) -> int:
    """Everything seen as computed, but for what is `changed`."""
    codes = {key: code for code, key in county.indicators.items()}
    rows = [
        {
            "indicator": codes[row.indicator_id],
            "note": "现场核实。",
            "outcome": changed.get(codes[row.indicator_id], row.outcome),
        }
        for row in outcomes_of(prepared(county, case_id))
    ]
    complete(
        case_id,
        "observe",
        {"observations": rows, "conclusion": "化解措施总体见效。"},
        by=county.post("analysis_office"),
    )
    return case_id


def proposed(county: County, case_id: int, *rows: dict[str, Any], **changed: str) -> int:
    """The same with deductions proposed, and those somebody adds."""
    observed(county, case_id, **changed)
    complete(
        case_id,
        "propose_deductions",
        {"deductions": list(rows)},
        by=county.post("assessing_office"),
    )
    return case_id


def stated(county: County, case_id: int, **words: str) -> int:
    """Every unit concerned has stated its case, or said that it accepts."""
    codes = {key: code for code, key in county.units.items()}
    for unit in sorted({codes[each.unit_id] for each in deductions_of(case_id)}):
        answer = (
            {"position": "object", "text": words[unit]} if unit in words else {"position": "accept"}
        )
        complete(case_id, "state_case", answer, by=county.actor("unit_leader", unit))
    return case_id


def decisions(county: County, case_id: int, **changes: Any) -> dict[str, Any]:
    """Confirm every proposed deduction, with changes to all of them."""
    codes = {key: code for code, key in county.units.items()}
    return {
        "decisions": [
            {
                "item": stories.case(each.item_case_id).number,
                "unit": codes[each.unit_id],
                "scheme": each.scheme,
                "ground": each.ground,
                "verdict": "confirm",
                **changes,
            }
            for each in deductions_of(case_id)
        ]
    }


def decided(county: County, case_id: int, **changes: Any) -> int:
    """Every deduction is decided on."""
    complete(
        case_id,
        "confirm_deductions",
        decisions(county, case_id, **changes),
        by=county.post("supervising_director"),
    )
    return case_id


def bulletined(county: County, case_id: int) -> int:
    """The bulletin is drafted, approved and out."""
    complete(case_id, "bulletin", BULLETIN, by=county.post("assessing_office"))
    complete(case_id, "approve_bulletin", APPROVE, by=county.post("supervising_director"))
    return case_id


def outcomes(county: County, case_id: int) -> dict[str, str]:
    """The outcome of each indicator by its code."""
    codes = {key: code for code, key in county.indicators.items()}
    return {codes[row.indicator_id]: row.outcome for row in outcomes_of(case_id)}


def against(county: County, case_id: int) -> set[tuple[str, str, str, str]]:
    """What is proposed: the item's first words, unit, ground and scheme."""
    codes = {key: code for code, key in county.units.items()}
    return {
        (stories.case(d.item_case_id).matter[:2], codes[d.unit_id], d.ground, d.scheme)
        for d in deductions_of(case_id)
    }
