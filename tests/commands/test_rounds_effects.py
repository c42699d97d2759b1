"""Rounds: opened by those who may, graded by the county's table, reported to whom it names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.commands.cases import start_round
from app.db import session
from app.effects import levels
from app.errors import Invalid, NotAllowed, NotFound
from app.model import Area, DefinitionVersion, Grading, ImportBatch, Indicator, Reading, Round
from tests import loop, stories
from tests.stories import complete

HALF = ("2026H1", "half_year", date(2026, 1, 1), date(2026, 6, 30), "tanghe")


def levels_by_code(county, round_id):
    by_id = {key: code for code, key in county.indicators.items()}
    return {by_id[k]: each.level for k, each in levels.current_gradings(round_id).items()}


def grade(county, case_id):
    return complete(
        case_id, "import_readings", {"complete": True}, by=county.post("analysis_office")
    )


def test_an_analyst_opens_a_round_and_others_do_not(tanghe):
    for person in (tanghe.post("drafting_office"), tanghe.stranger):
        with pytest.raises(NotAllowed):
            start_round(*HALF, actor=person)

    opened = start_round(*HALF, actor=tanghe.post("analysis_office"))

    (act,) = stories.acts(f"round:{opened['round']}")
    assert (act["kind"], act["case"], act["data"]["round"]) == (
        "round.opened",
        opened["case"],
        "2026H1",
    )
    assert stories.case(opened["case"]).number == "示评估〔2026〕1号"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({0: " "}, "code"),
        ({1: "decade"}, "kind"),
        ({3: date(2025, 1, 1)}, "ends_on"),
    ],
)
def test_a_round_must_make_sense(tanghe, change, field):
    values = [change.get(place, value) for place, value in enumerate(HALF)]

    with pytest.raises(Invalid) as refused:
        start_round(*values, actor=tanghe.post("analysis_office"))

    assert list(refused.value.fields) == [field]


def test_a_round_is_opened_once_and_only_under_a_mechanism_that_exists(tanghe):
    loop.open_round(tanghe)

    with pytest.raises(Invalid, match="already"):
        loop.open_round(tanghe)
    with pytest.raises(NotFound):
        start_round(*HALF[:4], "nowhere", actor=tanghe.post("analysis_office"))


def test_nothing_is_graded_before_an_import_is_confirmed(tanghe):
    opened = loop.open_round(tanghe)
    with pytest.raises(Invalid, match="Nothing has been imported"):
        grade(tanghe, opened["case"])

    stories.readings(tanghe, opened["round"], {"I10": ("61.7", None)})
    batch = session().scalars(select(ImportBatch)).one()
    batch.state = "previewed"
    session().commit()

    with pytest.raises(Invalid, match="Nothing has been imported"):
        grade(tanghe, opened["case"])
    assert session().scalars(select(Grading)).all() == []


def test_a_case_without_a_round_has_nothing_to_grade(tanghe):
    case_id = stories.start_case(tanghe, "assessment_round", by=tanghe.post("analysis_office"))

    with pytest.raises(Invalid, match="no assessment round"):
        grade(tanghe, case_id)


def test_every_own_reading_gets_its_level_with_the_rule_and_its_words(tanghe):
    opened = loop.graded_round(tanghe)

    assert levels_by_code(tanghe, opened["round"]) == {
        "I02": "high",
        "I06": "high",
        "I10": "high",
        "I11": "medium",
        "I03": "low",
    }
    grading = levels.current_gradings(opened["round"])[tanghe.indicators["I10"]]
    assert (grading.rule, grading.reason) == ("rule_high_value", "指数低于70，定为高风险。")
    table = session().get(DefinitionVersion, grading.definition_id)
    assert table.key == "grading_tanghe"
    assert grading.by == tanghe.post("analysis_office").person_id


def test_the_journal_of_the_round_holds_all_levels(tanghe):
    opened = loop.graded_round(tanghe)

    act = stories.acts(f"round:{opened['round']}", "round.graded")[0]

    assert act["case"] == opened["case"]
    assert sorted(each["level"] for each in act["data"]["levels"]) == [
        "high",
        "high",
        "high",
        "low",
        "medium",
    ]
    assert act["data"]["again"] is False


def test_a_missing_change_is_found_from_the_year_before_or_the_round_before(tanghe):
    start_round(
        "2025A",
        "annual",
        date(2025, 1, 1),
        date(2025, 12, 31),
        "tanghe",
        actor=tanghe.post("analysis_office"),
    )
    earlier = session().scalars(select(Round)).one()
    stories.readings(tanghe, earlier.id, {"I10": ("80", None)}, period="2025")
    opened = loop.open_round(tanghe)

    stories.readings(tanghe, opened["round"], {"I10": ("73", None), "I02": ("73", None)})
    second = (
        session()
        .scalars(select(Reading).where(Reading.indicator_id == tanghe.indicators["I02"]))
        .one()
    )
    second.year_before = Decimal(75)
    session().commit()
    grade(tanghe, opened["case"])

    assert levels_by_code(tanghe, opened["round"]) == {"I10": "high", "I02": "medium"}
    rows = levels.indicator_rows(session().get(Round, opened["round"]))
    assert [(row["value"], row["change"]) for row in rows] == [("73", "-2"), ("73", "-7")]


def test_the_means_of_the_courts_above_count(tanghe):
    opened = loop.open_round(tanghe)
    stories.readings(tanghe, opened["round"], {"I10": ("85", None), "I02": ("85", None)})
    stories.readings(
        tanghe, opened["round"], {"I10": ("96", None)}, area=("intermediate_court_mean", "中院均值")
    )
    stories.readings(
        tanghe, opened["round"], {"I10": ("97", None)}, area=("high_court_mean", "高院均值")
    )

    grade(tanghe, opened["case"])

    assert levels_by_code(tanghe, opened["round"]) == {"I10": "medium", "I02": "low"}
    row = levels.indicator_rows(session().get(Round, opened["round"]), [tanghe.indicators["I10"]])
    assert (row[0]["intermediate_mean"], row[0]["high_mean"]) == ("96", "97")


def test_where_less_is_better_the_figures_are_turned_round(tanghe):
    opened = loop.open_round(tanghe)
    session().get(Indicator, tanghe.indicators["I10"]).direction = "negative"
    stories.readings(tanghe, opened["round"], {"I10": ("38.3", "7.2"), "I02": ("38.3", None)})

    grade(tanghe, opened["case"])

    assert levels_by_code(tanghe, opened["round"]) == {"I10": "high", "I02": "high"}
    stories.readings(tanghe, opened["round"], {"I06": ("10", None)})
    session().get(Indicator, tanghe.indicators["I06"]).direction = "negative"
    session().commit()
    complete(
        opened["case"],
        "review_grading",
        {"decision": "reimport", "opinion": "补充"},
        by=tanghe.post("analysis_office"),
    )
    grade(tanghe, opened["case"])
    assert levels_by_code(tanghe, opened["round"])["I06"] == "low"


def test_the_area_marked_as_ours_is_graded_and_two_counties_are_not_guessed(tanghe):
    opened = loop.open_round(tanghe)
    stories.readings(tanghe, opened["round"], {"I10": ("61.7", None)})
    stories.readings(tanghe, opened["round"], {"I10": ("90", None)}, area=("county", "邻县"))
    with pytest.raises(Invalid, match="Mark the one that is ours"):
        grade(tanghe, opened["case"])

    session().scalars(select(Area).where(Area.name == "邻县")).one().own = True
    session().commit()
    grade(tanghe, opened["case"])

    assert levels_by_code(tanghe, opened["round"]) == {"I10": "low"}


def test_figures_of_other_areas_alone_are_not_enough(tanghe):
    opened = loop.open_round(tanghe)
    stories.readings(
        tanghe, opened["round"], {"I10": ("90", None)}, area=("high_court_mean", "高院均值")
    )

    with pytest.raises(Invalid, match="our own area"):
        grade(tanghe, opened["case"])


def test_the_rounds_own_period_comes_before_a_later_one(tanghe):
    opened = loop.open_round(tanghe)
    stories.readings(tanghe, opened["round"], {"I10": ("61.7", None)})
    stories.readings(tanghe, opened["round"], {"I10": ("90", None)}, period="2026Q3")

    grade(tanghe, opened["case"])

    assert levels_by_code(tanghe, opened["round"]) == {"I10": "high"}


def test_a_reading_no_rule_covers_is_named(tanghe):
    table = (
        session()
        .scalars(select(DefinitionVersion).where(DefinitionVersion.key == "grading_tanghe"))
        .one()
    )
    table.source = table.source.replace("&gt;= 85", "&gt;= 99")
    session().commit()
    opened = loop.open_round(tanghe)
    stories.readings(tanghe, opened["round"], {"I03": ("91.5", None)})

    with pytest.raises(Invalid, match=r"货运代理行业纠纷风险指数.* cannot be graded"):
        grade(tanghe, opened["case"])


def test_a_county_without_its_table_is_told_which_one_is_missing(tanghe):
    opened = loop.open_round(tanghe)
    stories.readings(tanghe, opened["round"], loop.JULY)
    session().query(DefinitionVersion).filter_by(key="grading_tanghe").delete()
    session().commit()

    with pytest.raises(Invalid, match="grading_tanghe"):
        grade(tanghe, opened["case"])
