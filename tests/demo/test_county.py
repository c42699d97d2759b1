"""The county as data: whole, marked as synthetic, graded as the dataset says, nobody by name."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.config import ROOT
from app.demo import papers
from app.demo.county import accounts, county, readings_file, round_of
from app.rules import grading, profiles, readings
from app.rules.access import ROLES


def test_every_account_is_called_by_its_unit_and_post():
    units = {each["code"]: each for each in county()["units"]}
    roles = county()["roles"]
    everybody = list(accounts())

    assert len({each.login for each in everybody}) == len(everybody)
    assert {each.role for each in everybody} == ROLES - {"unit_head", "co_handler"}
    for each in everybody:
        assert each.name == f"{units[each.unit]['short']}·{roles[each.role]['name']}"
        assert each.name_en.endswith(roles[each.role]["name_en"])


def test_every_post_of_both_mechanisms_is_filled():
    filled = {(each.unit, each.role) for each in accounts()}
    wanted = {
        (post.unit, post.role)
        for data in profiles.available().values()
        for post in profiles.parse(data).posts.values()
    }

    assert wanted <= filled


def test_every_unit_that_gets_work_has_a_liaison_a_handler_and_a_leader():
    responsible = {unit for each in county()["indicators"] for unit in each["units"]}
    filled = {(each.unit, each.role) for each in accounts()}
    staff = ("unit_liaison", "unit_handler", "unit_leader")
    court = {"FY"}

    assert {(u, r) for u in responsible - court for r in staff} <= filled


def test_what_is_made_up_says_so_and_every_row_has_a_source():
    assert all(each["synthetic"] for each in county()["indicators"])
    assert all(each["source"] for each in (*county()["units"], *county()["indicators"]))
    assert readings_file("2026H1", "2026H1").decode().startswith("# 合成数据")


@pytest.mark.parametrize("code", ["2025A", "2026H1", "2026A"])
def test_a_round_is_a_file_without_doubts(code):
    file = readings.read(readings_file(code, code))
    rows = list(file.rows)

    assert len(rows) == 45
    assert [finding for row in rows for finding in row.findings] == []


@pytest.mark.parametrize("profile", ["tanghe", "tongxu"])
@pytest.mark.parametrize("code", ["2025A", "2026H1", "2026A"])
def test_both_tables_give_the_levels_of_the_dataset(profile, code):
    table = (ROOT / "bpmn" / f"grading_{profile}.dmn").read_bytes()
    round_ = round_of(code)

    found = {
        indicator: grading.grade(
            table,
            value=Decimal(each["value"]),
            change=Decimal(each["value"]) - Decimal(each["year_before"]),
            benchmark_intermediate=Decimal(each["intermediate_mean"]),
            benchmark_high=Decimal(each["high_mean"]),
        ).level
        for indicator, each in round_["readings"].items()
    }

    assert found == round_["levels"]


def test_there_are_words_for_every_indicator_the_chapters_write_about():
    known = {each["code"] for each in county()["indicators"]}

    assert set(papers.texts()) <= known
    for words in papers.texts().values():
        assert words["opinion"]["measures"]
