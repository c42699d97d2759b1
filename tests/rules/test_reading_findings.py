"""What can be wrong with a row of a file of readings, and how figures may be written."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from app.rules.readings import AREA_LEVELS, COLUMNS, rows

HEADER = list(COLUMNS)
GOOD = ["甲指数", "2022Q3", "county", "新野", "92.94", "94.49", "-1.55", "755"]


def as_csv(*lines):
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


def with_change(**changes):
    return as_csv(
        HEADER, [changes.get(name, cell) for name, cell in zip(HEADER, GOOD, strict=True)]
    )


def findings(data):
    return [
        (finding.code, finding.severity, finding.column, str(finding.message))
        for row in rows(data)
        for finding in row.findings
    ]


@pytest.mark.parametrize(
    ("column", "text", "finding"),
    [
        ("indicator", "", ("missing", "error", "indicator", "This is missing.")),
        ("value", "", ("missing", "error", "value", "This is missing.")),
        (
            "value",
            "many",
            (
                "not_a_number",
                "error",
                "value",
                "“many” is not a number with at most 6 decimals.",
            ),
        ),
        (
            "change",
            "1e3",
            ("not_a_number", "error", "change", "“1e3” is not a number with at most 6 decimals."),
        ),
        (
            "value_year_before",
            "1.1234567",
            (
                "not_a_number",
                "error",
                "value_year_before",
                "“1.1234567” is not a number with at most 6 decimals.",
            ),
        ),
        (
            "period",
            "2022Q5",
            (
                "bad_period",
                "error",
                "period",
                "“2022Q5” is not a period; write 2022Q3, 2026H1, 2025A or 2026-07.",
            ),
        ),
        (
            "area_level",
            "village",
            (
                "unknown_area_level",
                "error",
                "area_level",
                "“village” is not an area level; write " + ", ".join(AREA_LEVELS) + ".",
            ),
        ),
        (
            "case_count",
            "7.5",
            ("not_a_count", "error", "case_count", "7.5 is not a number of cases."),
        ),
        (
            "case_count",
            "-7",
            ("not_a_count", "error", "case_count", "-7 is not a number of cases."),
        ),
        (
            "area",
            "x" * 201,
            ("too_long", "error", "area", "This is longer than 200 characters."),
        ),
        (
            "change",
            "-1.5",
            (
                "change_differs",
                "contradiction",
                "change",
                "92.94 − 94.49 = -1.55, but the file says -1.5.",
            ),
        ),
    ],
)
def test_what_is_wrong_with_a_row(column, text, finding):
    assert findings(with_change(**{column: text})) == [finding]


@pytest.mark.parametrize("value", ["-0.01", "100.01"])
def test_values_outside_the_scale_contradict(value):
    found = findings(with_change(value=value, change=""))

    assert found == [
        (
            "out_of_range",
            "contradiction",
            "value",
            f"{value} does not lie between 0 and 100.",
        )
    ]


def test_a_contradiction_leaves_a_row_usable_an_error_does_not():
    assert [row.usable for row in rows(with_change(change="9"))] == [True]
    assert [row.usable for row in rows(with_change(value="?"))] == [False]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("９２.９４", "92.94"),
        (" 92.94 ", "92.94"),
        ("92.940", "92.940"),
        ("+92.94", "92.94"),
    ],
)
def test_ways_of_writing_a_number(text, value):
    [row] = rows(with_change(value=text))

    assert row.value == Decimal(value)
    assert row.findings == ()


@pytest.mark.parametrize("minus", ["-", "−", "－", "–"])
def test_ways_of_writing_less(minus):
    [row] = rows(with_change(change=f"{minus}1.55"))

    assert row.change == Decimal("-1.55")


def test_thousands_may_be_grouped():
    assert [row.case_count for row in rows(with_change(case_count="12,755"))] == [12755]
    assert findings(with_change(case_count="1,75,5"))[0][0] == "not_a_number"


def test_the_second_line_about_the_same_reading_points_to_the_first():
    again = ["甲指数", "2022年第三季度", "县", "新野", "90", "", "", ""]
    other = ["乙指数", *GOOD[1:]]

    assert findings(as_csv(HEADER, GOOD, other, again)) == [
        (
            "duplicate",
            "contradiction",
            "indicator",
            "Line 2 is already about the same reading.",
        )
    ]
