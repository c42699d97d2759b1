"""Periods: one code for each, however it is written."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.rules.periods import MONTHS, Period, parse

PERIODS = st.sampled_from(sorted(MONTHS)).flatmap(
    lambda kind: st.builds(
        Period,
        year=st.integers(2000, 2099),
        n=st.integers(1, 12 // MONTHS[kind]),
        kind=st.just(kind),
    )
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2022Q3", "2022Q3"),
        ("2022q3", "2022Q3"),
        (" 2022-Q3 ", "2022Q3"),
        ("２０２２Q３", "2022Q3"),
        ("2022年第三季度", "2022Q3"),
        ("2022年3季度", "2022Q3"),
        ("2026H1", "2026H1"),
        ("2026年上半年", "2026H1"),
        ("2026年下半年", "2026H2"),
        ("2025A", "2025A"),
        ("2025", "2025A"),
        ("2025年", "2025A"),
        ("2025年度", "2025A"),
        ("2026-07", "2026-07"),
        ("2026年7月", "2026-07"),
        ("2026年12月", "2026-12"),
    ],
)
def test_ways_of_writing_a_period(text, code):
    assert parse(text).code == code


@pytest.mark.parametrize(
    "text",
    ["", "Q3", "2022Q5", "2022Q0", "2026H3", "2026-13", "2026-7", "26H1", "1999A", "2026年一月"],
)
def test_anything_else_is_refused_with_the_way_to_write_it(text):
    with pytest.raises(Invalid, match="write 2022Q3, 2026H1, 2025A or 2026-07"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2022Q3", date(2022, 7, 1), date(2022, 9, 30), "quarter 3 of 2022"),
        ("2026H1", date(2026, 1, 1), date(2026, 6, 30), "the first half of 2026"),
        ("2025A", date(2025, 1, 1), date(2025, 12, 31), "the year 2025"),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), "month 12 of 2026"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month 2 of 2024"),
    ],
)
def test_its_days_and_its_words(text, start, end, label):
    period = parse(text)

    assert (period.start, period.end, str(period.label)) == (start, end, label)


@given(PERIODS)
def test_every_code_is_read_back(period):
    assert parse(period.code) == period


@given(PERIODS)
def test_a_period_is_whole_months_and_the_year_before_lies_a_year_before(period):
    assert period.start.day == (period.end + timedelta(days=1)).day == 1
    assert period.year_before.start == period.start.replace(year=period.year - 1)
