"""Indicators on their pages: listed, kept by the court's analyst, with the units that answer."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.db import session
from app.model import Area, Aspect, Indicator, IndicatorUnit
from tests import stories
from tests.bringing import CONSTRUCTION, opened, taken_in
from tests.web.visiting import visiting


@pytest.fixture
def browser(app, tanghe, analyst):
    return visiting(app, analyst)


@pytest.fixture
def indicator(tanghe):
    return tanghe.indicators["I02"]


FIELDS = {
    "name": "工程纠纷指数", "name_en": "Construction", "aspect": "JJ", "domain": "经济发展运行",
    "direction": "negative", "active": "true", "lead": "JGB", "units": ["ZJJ", "JGB"],
}  # fmt: skip


def test_the_list_names_who_answers_for_what(browser):
    shown = browser.get("/indicators/").text

    assert CONSTRUCTION in shown
    assert "县住房和城乡建设局、县建筑业管理部门、县财政局" in shown


def test_an_indicator_is_changed_with_its_units_the_lead_first(browser, indicator, tanghe):
    browser.post("/indicators/aspects", {"code": "JJ", "name": "经济社会", "name_en": "Economy"})

    assert browser.post(f"/indicators/{indicator}", FIELDS).status_code == 303

    kept = session().get(Indicator, indicator)
    assert (kept.name, kept.direction, kept.active) == ("工程纠纷指数", "negative", True)
    assert kept.aspect_id == session().scalars(select(Aspect.id)).one()
    units = (
        session()
        .scalars(
            select(IndicatorUnit.unit_id)
            .where(IndicatorUnit.indicator_id == indicator)
            .order_by(IndicatorUnit.position)
        )
        .all()
    )
    assert units == [tanghe.unit("JGB"), tanghe.unit("ZJJ")]
    [act] = stories.acts("settings", "indicator.changed")
    assert act["data"]["before"]["name"] == CONSTRUCTION
    assert act["data"]["after"]["units"] == units
    assert "工程纠纷指数" in browser.get(f"/indicators/{indicator}").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "农民工劳动权益纠纷风险指数"},
        {"direction": "up"},
        {"aspect": "none"},
        {"lead": "NONE"},
        {"name": "长" * 201},
    ],
)
def test_what_is_not_right_is_said_and_nothing_changes(browser, indicator, wrong):
    answer = browser.post(f"/indicators/{indicator}", {**FIELDS, "aspect": "", **wrong})

    assert answer.status_code == 422
    assert session().get(Indicator, indicator).name == CONSTRUCTION


def test_an_aspect_needs_a_name_and_a_code_of_its_own(browser):
    assert browser.post("/indicators/aspects", {"code": "JJ", "name": "经济"}).status_code == 303

    assert browser.post("/indicators/aspects", {"code": "JJ", "name": "经济"}).status_code == 422
    assert browser.post("/indicators/aspects", {"code": "WD", "name": ""}).status_code == 422
    assert session().scalars(select(Aspect.code)).all() == ["JJ"]


def test_an_indicators_page_shows_its_figures_and_where_it_went(browser, indicator, analyst):
    for code, value in (("2025H2", "72"), ("2026H1", "66.8")):
        taken_in(
            opened(code, analyst), f"{CONSTRUCTION},{code},county,示例县,{value},,,\n", analyst
        )

    shown = browser.get(f"/indicators/{indicator}").text

    assert "66.8" in shown
    assert shown.index("2026H1</a>") < shown.index("2025H2</a>")
    assert 'class="strip"' in shown


def test_another_county_can_be_marked_as_ours(browser, analyst):
    round_id = opened("2026H1", analyst)
    rows = "".join(f"I02,2026H1,county,{name},70,,,\n" for name in ("甲县", "乙县"))
    taken_in(round_id, rows, analyst)
    first, second = session().scalars(select(Area).order_by(Area.id)).all()
    assert (first.own, second.own) == (True, False)

    browser.post(f"/indicators/areas/{second.id}/own")

    session().expire_all()
    assert (first.own, second.own) == (False, True)
    assert browser.post("/indicators/areas/4711/own").status_code == 404


def test_readers_look_and_do_not_touch(app, tanghe, indicator):
    reader = visiting(app, tanghe.actor("court_president"))

    assert 'name="direction"' not in reader.get(f"/indicators/{indicator}").text
    assert reader.post(f"/indicators/{indicator}", FIELDS).status_code == 404
    assert reader.get("/indicators/4711").status_code == 404
    stranger = visiting(app, tanghe.stranger)
    assert stranger.get("/indicators/").status_code == 404
