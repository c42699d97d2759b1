"""The annual evaluation: before and after, bulletin, publication (TH-16b, TH-17a, TX-14a)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.commands.cases import start_round
from app.commands.evaluation import start_evaluation
from app.effects.deductions import deductions_of
from app.effects.evaluation import outcomes_of
from app.errors import Invalid, NotAllowed
from tests import stories
from tests.evaluating import (
    BULLETIN,
    PUBLISH,
    bulletined,
    decided,
    observed,
    outcomes,
    prepared,
    proposed,
    started,
    stated,
)
from tests.stories import complete, open_nodes

HIGH = {"I02": "eased", "I06": "resolved", "I10": "unchanged"}
MEDIUM = {"tanghe": {}, "tongxu": {"I11": "worsened"}}


def test_last_years_risks_are_set_beside_the_closing_round(county):
    """High ones in Tanghe (TH-16b), those at medium as well in Tongxu (TX-14a)."""
    case_id = prepared(county, started(county))

    assert outcomes(county, case_id) == HIGH | MEDIUM[county.profile.key]
    row = next(r for r in outcomes_of(case_id) if r.indicator_id == county.indicators["I06"])
    assert (row.before_value, row.after_value, row.before_level, row.after_level) == (
        Decimal("64.5"),
        Decimal("86.3"),
        "high",
        "low",
    )
    assert row.reason == "风险等级由高到低，数值由64.5到86.3。"


def test_an_indicator_may_be_left_out_with_a_reason(tanghe):
    case_id = prepared(
        tanghe, started(tanghe), excluded=[{"indicator": "I10", "reason": "口径调整"}]
    )

    assert set(outcomes(tanghe, case_id)) == {"I02", "I06"}


def test_a_closing_round_without_the_indicator_is_not_enough(tanghe):
    case_id = started(tanghe)
    start_round(
        "2027H1",
        "half_year",
        date(2027, 1, 1),
        date(2027, 6, 30),
        "tanghe",
        actor=tanghe.post("analysis_office"),
    )

    with pytest.raises(Invalid, match="I02, I06, I10"):
        prepared(tanghe, case_id, closing_round="2027H1")
    with pytest.raises(Invalid, match="must come after"):
        prepared(tanghe, case_id, closing_round="2026H1")


def test_people_may_see_an_outcome_otherwise_and_both_are_kept(tanghe):
    case_id = observed(tanghe, started(tanghe), I10="eased")

    assert outcomes(tanghe, case_id)["I10"] == "eased"
    (act,) = stories.acts(f"case:{case_id}", "outcomes.recorded")
    assert act["data"]["changed"] == [
        {
            "indicator": tanghe.indicators["I10"],
            "before": "unchanged",
            "after": "eased",
            "reason": "现场核实。",
        }
    ]


def test_an_indicator_that_was_not_high_is_not_observed(tanghe):
    case_id = prepared(tanghe, started(tanghe))

    with pytest.raises(Invalid) as refusal:
        complete(
            case_id,
            "observe",
            {
                "observations": [{"indicator": "I03", "outcome": "eased"}],
                "conclusion": "见效。",
            },
            by=tanghe.post("analysis_office"),
        )

    assert set(refusal.value.fields) == {"observations.0.indicator"}


def test_the_bulletin_goes_out_with_what_was_confirmed(county):
    case_id = decided(county, stated(county, proposed(county, started(county))))
    bulletined(county, case_id)

    (bulletin,) = stories.papers(case_id, "assessment_bulletin")
    assert {row["unit"] for row in bulletin.content["deductions"]} == {"县住房和城乡建设局"}
    assert len(bulletin.content["deductions"]) == len(deductions_of(case_id))
    assert set(stories.deliveries(bulletin.id)) == {
        (county.unit("ZJJ"), "main"),
        (county.unit("XZF"), "main"),
    }
    (evaluation,) = stories.papers(case_id, "effect_evaluation")
    looked_at = len(HIGH | MEDIUM[county.profile.key])
    assert (evaluation.state, len(evaluation.content["outcomes"])) == ("issued", looked_at)


def test_only_a_county_that_publishes_is_asked_to(county):
    case_id = decided(county, stated(county, proposed(county, started(county))))

    bulletined(county, case_id)

    publishes = county.profile.publication is not None
    assert open_nodes(case_id) == (["publish"] if publishes else [])
    assert stories.case(case_id).status == ("open" if publishes else "closed")


def test_publication_comes_after_the_checks(tanghe):
    case_id = bulletined(tanghe, decided(tanghe, stated(tanghe, proposed(tanghe, started(tanghe)))))
    office = tanghe.post("supervising_office")
    for missing in ("secrecy_checked", "deidentified"):
        with pytest.raises(Invalid):
            complete(case_id, "publish", PUBLISH | {missing: False}, by=office)

    complete(case_id, "publish", PUBLISH, by=office)

    assert (stories.case(case_id).status, stories.case(case_id).outcome) == ("closed", "published")
    (act,) = stories.acts(f"case:{case_id}", "evaluation.published")
    assert act["data"]["channel"] == "县政府网站"


def test_a_returned_bulletin_is_drafted_again(tanghe):
    case_id = decided(tanghe, stated(tanghe, proposed(tanghe, started(tanghe))))
    complete(case_id, "bulletin", BULLETIN, by=tanghe.post("assessing_office"))

    complete(
        case_id,
        "approve_bulletin",
        {"decision": "return", "opinion": "补充做法"},
        by=tanghe.post("supervising_director"),
    )

    assert open_nodes(case_id) == ["bulletin"]
    bulletined(tanghe, case_id)
    assert [p.state for p in stories.papers(case_id, "assessment_bulletin")] == ["issued"]


def test_an_evaluation_is_started_by_the_offices_that_evaluate(tanghe):
    with pytest.raises(NotAllowed):
        start_evaluation("tanghe", actor=tanghe.actor("unit_head", "ZJJ"))
