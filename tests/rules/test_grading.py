"""Grading by decision table: the demonstration county's levels, and a reason for each."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.rules.grading import grade
from app.rules.outcomes import LEVELS
from app.rules.profiles import load

ROOT = Path(__file__).parents[2]
TABLES = {
    key: (ROOT / "bpmn" / f"{load(key).grading.decision}.dmn").read_bytes()
    for key in ("tanghe", "tongxu")
}
KEYS = pytest.mark.parametrize("key", sorted(TABLES))
POINTS = st.decimals(0, 100, places=2)
CHANGES = st.one_of(st.none(), st.decimals(-40, 40, places=2))
MEANS = st.one_of(st.none(), POINTS)

# domain.md section 7: value, change against the year before, level; both demonstration rounds
DEMO = """
I01 79.4 . medium   I01 81.2  1.8 medium   I02 72.0 . medium   I02 66.8 -5.2 high
I03 90.1 . low      I03 91.5  1.4 low      I04 84.0 . medium   I04 85.6  1.6 low
I05 86.2 . low      I05 87.0  0.8 low      I06 70.3 . medium   I06 64.5 -5.8 high
I07 80.0 . medium   I07 82.1  2.1 medium   I08 86.7 . low      I08 88.4  1.7 low
I09 87.3 . low      I09 88.0  0.7 low      I10 68.9 . high     I10 61.7 -7.2 high
I11 83.5 . medium   I11 76.4 -7.1 medium   I12 88.8 . low      I12 86.9 -1.9 low
I13 82.2 . medium   I13 84.1  1.9 medium   I14 91.0 . low      I14 92.3  1.3 low
I15 93.4 . low      I15 94.0  0.6 low
"""
WORDS = DEMO.split()
ROWS = [tuple(WORDS[at : at + 4]) for at in range(0, len(WORDS), 4)]


def graded(key, value, change=None, intermediate=None, high=None):
    def number(text):
        return None if text in (None, ".") else Decimal(text)

    return grade(
        TABLES[key],
        value=Decimal(value),
        change=number(change),
        benchmark_intermediate=number(intermediate),
        benchmark_high=number(high),
    )


@KEYS
@pytest.mark.parametrize(("indicator", "value", "change", "level"), ROWS)
def test_the_demonstration_rounds(key, indicator, value, change, level):
    assert graded(key, value, change).level == level


def test_both_demonstration_rounds_are_all_here():
    assert len(ROWS) == 30


@KEYS
@pytest.mark.parametrize(
    ("value", "level"),
    [
        ("0", "high"),
        ("69.99", "high"),
        ("70", "medium"),
        ("84.99", "medium"),
        ("85", "low"),
        ("100", "low"),
    ],
)
def test_thresholds(key, value, level):
    assert graded(key, value).level == level


@pytest.mark.parametrize(
    ("key", "value", "change", "intermediate", "high", "rule"),
    [
        ("tanghe", "74.99", "-5", None, None, "rule_high_fall"),
        ("tanghe", "74.99", "-4.99", None, None, "rule_medium_value"),
        ("tanghe", "75", "-30", None, None, "rule_medium_value"),
        ("tanghe", "88", "-8", None, None, "rule_medium_fall"),
        ("tanghe", "88", "-7.99", None, None, "rule_low_value"),
        ("tanghe", "86", None, "96", None, "rule_medium_benchmark"),
        ("tanghe", "86", None, "95.99", "100", "rule_low_value"),
        ("tongxu", "74.99", "-30", "100", None, "rule_medium_value"),
        ("tongxu", "74.99", None, None, "94.99", "rule_high_benchmark"),
        ("tongxu", "88", "-8", None, None, "rule_medium_fall"),
        ("tongxu", "86", None, "100", "96", "rule_medium_benchmark"),
        ("tongxu", "86", None, "100", "95.99", "rule_low_value"),
    ],
)
def test_change_and_benchmarks_sharpen_the_level(key, value, change, intermediate, high, rule):
    assert graded(key, value, change, intermediate, high).rule == rule


@KEYS
def test_published_figures_of_a_real_county_are_low_risk(key):
    assert graded(key, "92.94", "-1.55", "92.47", "93.54").level == "low"
    assert graded(key, "100", "2.37", "94.96", "95.36").level == "low"


def test_the_reason_is_said_in_both_languages():
    found = graded("tanghe", "61.7", "-7.2")

    assert (found.reason, found.reason_en) == (
        "指数低于70，定为高风险。",
        "The value is below 70: high risk.",
    )


@KEYS
@given(POINTS, CHANGES, MEANS, MEANS)
def test_every_reading_gets_a_level(key, value, change, intermediate, high):
    found = grade(
        TABLES[key],
        value=value,
        change=change,
        benchmark_intermediate=intermediate,
        benchmark_high=high,
    )

    assert found.level in LEVELS
    assert found.reason
    assert found.reason_en


@KEYS
@given(POINTS, POINTS, CHANGES)
def test_a_better_value_is_never_a_higher_risk(key, one, other, change):
    worse, better = sorted((one, other))

    risk = [LEVELS.index(grade(TABLES[key], value=v, change=change).level) for v in (worse, better)]

    assert risk[0] >= risk[1]


def test_a_table_that_gives_no_level_is_refused():
    table = TABLES["tanghe"].replace(b'<text>"high"</text>', '<text>"红"</text>'.encode())

    with pytest.raises(Invalid, match="gave no risk level but “红”"):
        grade(table, value=Decimal(60))


def test_a_table_without_a_fitting_rule_is_refused():
    table = TABLES["tanghe"].replace(b"<text>&lt; 70</text>", b"<text>&lt; 0</text>")

    with pytest.raises(Invalid, match="No rule"):
        grade(table, value=Decimal(60))
