"""What a page costs and how it settles: weight, layout, language, theme, paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.living import CLERK, HANDLER

HEAVIEST = 300_000
MOST_SHIFT = 0.02
A4 = {"width": 690, "height": 1000}  # the width between the margins
NARROW = {"width": 390, "height": 844}
LOADED = """() => [...performance.getEntriesByType('navigation'),
  ...performance.getEntriesByType('resource')].map(each => [each.name, each.transferSize])"""
SHIFTS = """() => new Promise(tell => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(each => { sum += each.value; }))
    .observe({ type: 'layout-shift', buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => tell(sum)));
})"""


def test_the_inbox_is_light_and_brings_no_viewer(living, page):
    living.enter(page, CLERK)
    loaded = dict(page.evaluate(LOADED))

    assert sum(loaded.values()) <= HEAVIEST
    assert any("app-" in name for name in loaded)
    assert [name for name in loaded if "diagram" in name] == []


@pytest.mark.parametrize("size", [None, NARROW], ids=["wide", "narrow"])
def test_nothing_moves_while_a_page_settles(living, page, size):
    if size:
        page.set_viewport_size(size)
    living.enter(page, CLERK)
    assert page.evaluate(SHIFTS) < MOST_SHIFT

    page.goto(f"{living.address}/cases/{living.cases['late']}")
    page.wait_for_selector("[data-diagram-state=shown]")
    assert page.evaluate(SHIFTS) < MOST_SHIFT


def language(page: Page) -> str:
    return str(page.locator("html").get_attribute("lang"))


def test_the_language_changes_and_comes_back(living, page):
    living.enter(page, HANDLER)
    expect(page.locator("h1")).to_have_text("待办")
    page.click("button[lang=en]")
    expect(page.locator("h1")).to_have_text("Tasks")
    assert language(page) == "en"

    page.goto(f"{living.address}/ledger/")
    expect(page.locator("h1")).to_have_text("Ledger of supervision items")
    page.goto(f"{living.address}/inbox/")
    expect(page.locator("h1")).to_have_text("Tasks")
    page.click("button[lang=zh-Hans-CN]")
    expect(page.locator("h1")).to_have_text("待办")
    assert language(page) == "zh-Hans-CN"


def test_the_theme_is_painted_and_remembered_by_the_server(living, page):
    page.emulate_media(color_scheme="dark")
    living.enter(page, HANDLER)
    page.click("[data-theme-form] >> xpath=..")
    with page.expect_response("**/theme"):
        page.click("button[value=light]")

    answer = page.request.get(f"{living.address}/inbox/").text()
    assert 'data-bs-theme="light"' in answer


def test_a_case_prints_every_part_on_paper(living, page):
    living.enter(page, CLERK, f"/cases/{living.cases['finished']}")
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size(A4)

    expect(page.locator("#steps th").first).to_be_visible()
    ink = page.locator("h1").evaluate("each => getComputedStyle(each).color")
    assert float(ink.removeprefix("oklch(").split()[0]) < 0.5, f"{ink} is no ink for white paper"
    for part in ("overview", "steps", "papers", "journal"):
        expect(page.locator(f"#{part}")).to_be_visible()
    for frame in (".rail", ".top", ".tabs", ".head-acts"):
        expect(page.locator(frame).first).to_be_hidden()
