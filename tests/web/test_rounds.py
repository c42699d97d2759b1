"""Rounds on their pages: opened, read with levels and reasons, by those who may."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app.commands.imports import confirm, create_all_unknown, upload
from app.commands.staging import stage
from app.db import session
from app.model import Case, Round
from tests import loop, stories
from tests.bringing import (
    PUBLISHED,
    number_of,
)
from tests.web.visiting import visiting

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def browser(app, tanghe, analyst):
    return visiting(app, analyst)


def test_a_round_is_opened_by_its_period_and_mechanism(browser):
    assert "2022Q3" in browser.get("/rounds/new").text

    answer = browser.post("/rounds/", {"code": "2022年第三季度", "profile": "tanghe"})

    assert answer.status_code == 303
    round_ = session().scalars(select(Round)).one()
    assert (round_.code, round_.kind) == ("2022Q3", "quarter")
    assert answer.location == f"/rounds/{round_.id}"
    assert "2022Q3" in browser.get("/rounds/").text


@pytest.mark.parametrize(
    ("code", "profile"), [("soon", "tanghe"), ("2022Q3", "nowhere"), ("2022-07", "tanghe")]
)
def test_a_round_that_cannot_be_opened_says_why_and_keeps_what_was_typed(browser, code, profile):
    answer = browser.post("/rounds/", {"code": code, "profile": profile, "report_title": "报告"})

    assert answer.status_code == 422
    assert 'value="报告"' in answer.text
    assert number_of(Round) == 0


def test_the_round_shows_levels_with_reasons_benchmarks_and_what_they_led_to(app, tanghe):
    case_id = loop.round_with_notices(tanghe)["case"]
    round_id = stories.case(case_id).round_id
    browser = visiting(app, tanghe.actor("court_analyst"))

    shown = browser.get(f"/rounds/{round_id}", headers=ENGLISH).text

    assert "level-high" in shown
    assert "strip-high" in shown
    notice = session().scalars(select(Case).where(Case.kind == "risk_notice")).first()
    assert f"/cases/{notice.id}" in shown


@dataclass(frozen=True)
class Sight:
    """What somebody in a role gets for the round, for a preview and for the upload form."""

    role: str
    unit: str | None
    round: int
    preview: int
    upload: int


SIGHTS = (
    Sight("court_analyst", None, 200, 200, 200),
    Sight("external_analyst", None, 200, 200, 200),
    Sight("supervision_director", "PAB", 200, 200, 404),
    Sight("convener", "ZFW", 200, 200, 404),
    Sight("business_auditor", None, 200, 200, 404),
    Sight("court_president", None, 200, 404, 404),
    Sight("npc_observer", None, 200, 404, 404),
    Sight("unit_handler", "ZJJ", 404, 404, 404),
    Sight("sys_admin", None, 404, 404, 404),
)


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.role)
def test_who_sees_what(app, tanghe, round_id, analyst, sight):
    batch = upload(round_id, "a.csv", PUBLISHED.read_bytes(), actor=analyst)["batch"]
    browser = visiting(app, tanghe.actor(sight.role, sight.unit))

    for address, expected in (
        ("/rounds/", sight.round),
        (f"/rounds/{round_id}", sight.round),
        ("/indicators/", sight.round),
        (f"/imports/{batch}", sight.preview),
        (f"/imports/{batch}/progress", sight.preview),
        (f"/rounds/{round_id}/imports/new", sight.upload),
    ):
        assert browser.get(address).status_code == expected, address
    sent_ = browser.post(f"/imports/{batch}/confirmation").status_code
    assert (sent_ == 404) == (sight.upload == 404)


def test_rounds_that_are_not_there_are_not_found(browser):
    for address in ("/rounds/4711", "/imports/4711", "/rounds/4711/imports/new"):
        assert browser.get(address).status_code == 404


def test_only_confirmed_files_are_shown_to_those_who_do_not_work_on_them(
    app, tanghe, round_id, analyst
):
    browser = visiting(app, tanghe.actor("court_president"))
    batch = upload(round_id, "waiting.csv", PUBLISHED.read_bytes(), actor=analyst)["batch"]
    assert "waiting.csv" not in browser.get(f"/rounds/{round_id}").text

    stage(batch, actor=analyst)
    create_all_unknown(batch, actor=analyst)
    confirm(batch, actor=analyst)

    assert "waiting.csv" in browser.get(f"/rounds/{round_id}").text
