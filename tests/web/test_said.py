"""Pages say things as people call them: English names, the next step, what a stream is about."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import update

from app.db import session
from app.model import Unit
from tests import loop, stories, supervision
from tests.web.conftest import Browser
from tests.web.visiting import visiting

HIDDEN = re.compile(r'name="(version|idempotency_key)" value="([^"]*)"')


@pytest.fixture
def item(tanghe) -> int:
    """An item in hand whose lead unit has an English name."""
    session().execute(update(Unit).where(Unit.code == "ZJJ").values(name_en="Housing Bureau"))
    session().commit()
    return supervision.in_hand(tanghe)


def english(browser: Browser, path: str) -> str:
    return browser.get(path, headers={"Accept-Language": "en"}).text


def test_an_english_page_calls_units_by_their_english_names(app, tanghe, item):
    browser = visiting(app, tanghe.post("supervising_office"))

    for path in (f"/cases/{item}", "/ledger/", "/start/item"):
        page = english(browser, path)
        assert "Housing Bureau" in page
        assert "县住房和城乡建设局" not in page.replace("县住房和城乡建设局、", "")
    assert "县住房和城乡建设局" in browser.get(f"/cases/{item}").text


def complete(browser: Browser, item: int, node: str, answers: dict[str, str]) -> str:
    """Send a task's form as its page has it; the page shown afterwards."""
    address = f"/tasks/{stories.task(item, node).id}"
    carried = dict(HIDDEN.findall(browser.get(address).text))
    sent = browser.post(f"{address}/completion", {**carried, **answers})
    assert sent.status_code == 303
    return browser.get(sent.location).text


def test_what_comes_next_is_said_with_whom(app, tanghe, item):
    answers = {**supervision.COMPLETION, "percent": "100"}
    page = complete(
        visiting(app, tanghe.actor("unit_handler", "ZJJ")), item, "complete_item", answers
    )

    assert "“办理并提交办结报告”已办理完成。下一步：单位负责人审签（县住房和城乡建设局）。" in page


def test_the_last_step_ends_the_case_and_points_to_other_work(app, tanghe, item):
    other = supervision.open_item(tanghe, matter="另一事项")
    stories.complete(
        other,
        "register",
        supervision.registration(tanghe, other),
        by=tanghe.post("supervising_office"),
    )
    supervision.completed(tanghe, item)
    stories.complete(
        item, "review_completion", supervision.PASS, by=tanghe.post("supervising_office")
    )
    director = visiting(app, tanghe.post("supervising_director"))

    page = complete(director, item, "strike_off", {"confirmed": "true"})

    assert "全案随之办结" in page
    assert f"/tasks/{stories.task(other, 'approve_dispatch').id}" in page


def test_streams_are_called_after_what_they_are_about(app, tanghe):
    opened = loop.open_round(tanghe)
    browser = visiting(app, tanghe.actor("business_auditor"))

    assert "轮次 2026H1" in browser.get(f"/audit/streams/round:{opened['round']}").text
    assert "Round 2026H1" in english(browser, f"/audit/streams/round:{opened['round']}")


def test_a_units_people_see_no_round_after_the_cases_own(app, tanghe):
    notice = loop.round_with_notices(tanghe)["notices"]["I10"]
    loop.signed_notice(tanghe, notice, "ZJJ")
    later = loop.start_round(
        "2026Q3", "quarter", date(2026, 7, 1), date(2026, 9, 30), "tanghe", "第三季度",
        actor=tanghe.post("analysis_office"),
    )  # fmt: skip
    stories.readings(tanghe, later["round"], {"I10": ("58.2", "-3.5")})

    shown = re.compile(r'class="strip-\w+" title="(\w+)')
    court, unit = tanghe.post("analysis_office"), tanghe.actor("unit_handler", "ZJJ")
    pages = [visiting(app, actor).get(f"/cases/{notice}").text for actor in (court, unit)]

    assert [shown.findall(page) for page in pages] == [["2026H1", "2026Q3"], ["2026H1"]]
