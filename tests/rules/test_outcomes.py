"""The four outcomes of an annual evaluation and the deductions that follow (TH-16b, TX-13b)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import UTC
from app.rules.outcomes import (
    LEVELS,
    OUTCOMES,
    Handling,
    Measured,
    Thresholds,
    outcome,
    proposals,
)
from app.rules.profiles import load

THRESHOLDS = Thresholds(eased_points=Decimal(3), worsened_points=Decimal(3))
DUE = datetime(2026, 9, 14, 15, 59, 59, tzinfo=UTC)
NOW = DUE + timedelta(days=60)
VALUES = st.one_of(st.none(), st.decimals(0, 100, places=2))
MEASURED = st.builds(Measured, level=st.sampled_from(LEVELS), value=VALUES)


def measured(level, value):
    return Measured(level, None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("before", "after", "code", "reason"),
    [
        (("high", "61.7"), ("low", "88"), "resolved", "The level fell from high to low."),
        (("medium", "80"), ("low", "85"), "resolved", "The level fell from medium to low."),
        (("high", "66.8"), ("medium", "71"), "eased", "The level fell from high to medium."),
        (
            ("high", "61.7"),
            ("high", "64.7"),
            "eased",
            "The level is the same; the value is 3.0 points better.",
        ),
        (
            ("high", "61.7"),
            ("high", "64.6"),
            "unchanged",
            "The level is the same; the value is 2.9 points better.",
        ),
        (
            ("high", "64.5"),
            ("high", "61.6"),
            "unchanged",
            "The level is the same; the value is 2.9 points worse.",
        ),
        (
            ("high", "64.5"),
            ("high", "61.5"),
            "worsened",
            "The level is the same; the value is 3.0 points worse.",
        ),
        (("medium", "72"), ("high", "71"), "worsened", "The level rose from medium to high."),
        (("low", "99"), ("medium", "99"), "worsened", "The level rose from low to medium."),
        (("low", "90"), ("high", "60"), "worsened", "The level rose from low to high."),
        (("high", "60"), ("high", "60"), "unchanged", "The level and the value are the same."),
        (
            ("high", None),
            ("high", "60"),
            "unchanged",
            "The level is the same; there are no two values to compare.",
        ),
    ],
)
def test_before_and_after(before, after, code, reason):
    found = outcome(measured(*before), measured(*after), THRESHOLDS)

    assert (found.code, str(found.reason)) == (code, reason)


def test_where_lower_is_better_the_points_turn_round():
    before, after = measured("high", "70"), measured("high", "60")

    assert outcome(before, after, THRESHOLDS, direction="negative").code == "eased"
    assert outcome(before, after, THRESHOLDS).code == "worsened"


@given(MEASURED, MEASURED, st.sampled_from(["positive", "negative"]))
def test_every_pair_has_one_outcome(before, after, direction):
    assert outcome(before, after, THRESHOLDS, direction=direction).code in OUTCOMES


@given(MEASURED, MEASURED)
def test_what_is_worse_forwards_is_better_backwards(before, after):
    better = {"resolved", "eased"}

    forwards = outcome(before, after, THRESHOLDS).code
    backwards = outcome(after, before, THRESHOLDS).code

    assert (forwards == "worsened") == (backwards in better)


def handling(role, *, days_late=0, answered=True, unit="ZJJ"):
    answered_at = DUE + timedelta(days=days_late) if answered else None
    return Handling("示平安督〔2026〕2号", unit, role, DUE, answered_at)


def proposed(profile, *handlings, found=None, now=NOW):
    county = load(profile)
    made = proposals(handlings, found, county.deduction_grounds, county.outcomes, now=now)
    return [(each.unit, each.role, each.ground, each.scheme) for each in made]


def test_an_answer_in_time_with_effect_costs_nothing():
    assert proposed("tanghe", handling("lead"), handling("co"), found="resolved") == []


def test_a_late_answer_costs_the_unit_that_was_late():
    assert proposed("tanghe", handling("lead"), handling("co", days_late=1, unit="SJG")) == [
        ("SJG", "co", "late_reply", "safe_county")
    ]


def test_a_missing_answer_counts_once_it_is_due():
    missing = handling("lead", answered=False)

    assert proposed("tanghe", missing, now=DUE) == []
    assert proposed("tanghe", missing, now=NOW) == [("ZJJ", "lead", "late_reply", "safe_county")]


@pytest.mark.parametrize(
    ("found", "costs"),
    [("resolved", 0), ("eased", 0), ("unchanged", 1), ("worsened", 1), (None, 0)],
)
def test_no_effect_is_the_lead_units_matter(found, costs):
    made = proposed("tanghe", handling("lead"), handling("co", unit="SJG"), found=found)

    assert made == [("ZJJ", "lead", "no_effect", "safe_county")] * costs


def test_tongxu_proposes_in_both_schemes():
    assert proposed("tongxu", handling("lead", days_late=3), found="worsened") == [
        ("ZJJ", "lead", "late_reply", "performance"),
        ("ZJJ", "lead", "late_reply", "safe_county"),
        ("ZJJ", "lead", "no_effect", "performance"),
        ("ZJJ", "lead", "no_effect", "safe_county"),
    ]


def test_a_proposal_says_why_and_has_no_points_without_a_scale():
    county = load("tanghe")
    made = proposals(
        [handling("lead", days_late=1), handling("lead", answered=False)],
        "unchanged",
        county.deduction_grounds,
        county.outcomes,
        now=NOW,
    )

    assert [str(each.reason) for each in made] == [
        "The answer came after the due date.",
        "The evaluation found no effect: Unchanged.",
        "The answer was due and is still outstanding.",
        "The evaluation found no effect: Unchanged.",
    ]
    assert {each.points for each in made} == {None}


def test_what_has_no_due_date_is_never_late():
    assert proposed("tanghe", Handling("x", "ZJJ", "lead", None, None)) == []
