"""What rounds, imports and indicators say, and that strangers to them learn nothing."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.actor import SYSTEM
from app.commands.cases import start_round
from app.commands.imports import confirm, create_all_unknown, map_unknown
from app.commands.indicators import Details as IndicatorDetails
from app.commands.indicators import add_aspect, keep_indicator, mark_own_area
from app.db import session
from app.errors import Invalid, NotAllowed, NotFound
from app.model import Area, Indicator, Reading
from app.queries import imports, indicators, organisation, rounds
from app.queries.trends import Cell
from tests.bringing import opened, previewed, published, taken_in


def test_strangers_learn_nothing_through_any_query(tanghe, analyst):
    round_id = opened("2022Q3", analyst)
    batch, _counts = previewed(round_id, "I02,2022Q3,county,新野,92,,,\n", analyst)
    stranger, indicator = tanghe.stranger, tanghe.indicators["I02"]

    for question in (
        lambda: rounds.rounds(stranger),
        lambda: rounds.round_line(stranger, round_id),
        lambda: rounds.round_page(stranger, round_id),
        lambda: rounds.round_id_of(stranger, "2022Q3"),
        lambda: imports.batches(stranger, round_id),
        lambda: imports.batch_line(stranger, batch),
        lambda: imports.import_page(stranger, batch),
        lambda: indicators.indicator_system(stranger),
        lambda: indicators.indicator_page(stranger, indicator),
        lambda: organisation.people(stranger),
        lambda: organisation.units(stranger),
        lambda: organisation.person_id_of(stranger, stranger.login),
    ):
        with pytest.raises(NotFound):
            question()


def test_figures_of_several_counties_ask_which_one_is_ours(analyst):
    round_id = opened("2022Q3", analyst)
    rows = "".join(f"I02,2022Q3,county,{name},70,,,\n" for name in ("甲县", "乙县"))
    taken_in(round_id, rows, analyst)
    for area in session().scalars(select(Area)):
        area.own = False
    session().commit()

    page = rounds.round_page(analyst, round_id)

    assert page.indicators == 0
    assert "several counties" in str(page.problem)
    mark_own_area(session().scalar(select(Area.id)), actor=analyst)
    assert rounds.round_page(analyst, round_id).indicators == 1


def test_only_a_county_can_be_ours(analyst):
    round_id = opened("2022Q3", analyst)
    rows = "I02,2022Q3,county,甲县,70,,,\nI02,2022Q3,high_court_mean,全省,80,,,\n"
    batch, _counts = previewed(round_id, rows, analyst)
    create_all_unknown(batch, actor=analyst)
    wish = {"area": {"high_court_mean/全省": {"create": True, "own": True}}}
    map_unknown(batch, wish, actor=analyst)

    with pytest.raises(Invalid, match="Only a county"):
        confirm(batch, actor=analyst)

    map_unknown(batch, {"area": {"high_court_mean/全省": {"create": True}}}, actor=analyst)
    confirm(batch, actor=analyst)
    mean = session().scalar(select(Area.id).where(Area.level == "high_court_mean"))
    with pytest.raises(Invalid, match="Only a county"):
        mark_own_area(mean, actor=analyst)


def test_a_county_chosen_as_ours_takes_the_mark_over(analyst):
    round_id = opened("2022Q3", analyst)
    taken_in(round_id, "I02,2022Q3,county,甲县,70,,,\n", analyst)
    batch, _counts = previewed(round_id, "I02,2022Q3,county,乙县,71,,,\n", analyst)

    map_unknown(batch, {"area": {"county/乙县": {"create": True, "own": True}}}, actor=analyst)
    confirm(batch, actor=analyst)

    assert session().scalars(select(Area.name).where(Area.own)).all() == ["乙县"]


def test_the_strip_shows_the_rounds_up_to_this_one(tanghe, analyst):
    indicator = tanghe.indicators["I02"]
    for code, value in (("2025H1", "80"), ("2025H2", "72"), ("2026H1", "66.8")):
        published(opened(code, analyst), {indicator: (value, None)}, period=code)

    page = rounds.round_page(analyst, rounds.round_id_of(SYSTEM, "2025H2"))

    assert page.periods == ("2025H1", "2025H2")
    [line] = page.aspects[0].lines
    assert line.strip == (
        Cell("2025H1", page.aspects[0].lines[0].strip[0].value, None),
        Cell("2025H2", line.value, None),
    )
    assert line.change == line.value - line.strip[0].value


def test_a_round_with_a_name_of_its_own_is_listed_too(tanghe, analyst):
    start_round("专题一", "quarter", date(2026, 1, 1), date(2026, 3, 31), "tanghe", actor=analyst)

    [line] = rounds.rounds(analyst)

    assert (line.code, line.label) == ("专题一", None)


def test_others_are_told_that_they_may_not_keep_indicators(tanghe):
    reader, stranger = tanghe.actor("court_president"), tanghe.stranger
    indicator = tanghe.indicators["I02"]
    for act in (
        lambda actor: keep_indicator(indicator, IndicatorDetails("甲"), actor=actor),
        lambda actor: add_aspect("JJ", "经济社会", actor=actor),
        lambda actor: mark_own_area(1, actor=actor),
    ):
        with pytest.raises(NotAllowed):
            act(reader)
        with pytest.raises(NotFound):
            act(stranger)
    with pytest.raises(NotFound):
        keep_indicator(4711, IndicatorDetails("甲"), actor=tanghe.actor("court_analyst"))
    assert session().get(Indicator, indicator).name != "甲"
    assert session().scalar(select(Reading.id)) is None
