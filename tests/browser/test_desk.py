"""A desk by keyboard: rows chosen and signed for together, a task opened beside the list."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.living import CLERK, LIAISON

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
OPEN = "[data-pane]"


@pytest.fixture
def desk(living, page) -> Page:
    page.set_viewport_size(WIDE)
    living.enter(page, CLERK)
    return page


def first_link(page: Page):
    return page.locator(".work-link").first


def test_a_task_opens_beside_the_list_and_back_closes_it(living, desk, accessible):
    address = first_link(desk).get_attribute("href")
    desk.keyboard.press("j")
    expect(first_link(desk)).to_be_focused()
    desk.keyboard.press("Enter")

    expect(desk.locator(f"{OPEN} h1")).to_be_visible()
    expect(desk).to_have_url(living.address + address)
    expect(desk.locator(OPEN)).to_be_focused()
    expect(first_link(desk)).to_have_attribute("aria-current", "true")
    expect(desk.locator(".work-row")).not_to_have_count(0)
    accessible(desk)

    desk.locator(f"{OPEN} .tabs a").nth(1).click()
    expect(desk.locator(f"{OPEN} .tabs a").nth(1)).to_have_attribute("aria-current", "true")
    desk.go_back()
    desk.go_back()
    expect(desk.locator(OPEN)).to_have_count(0)
    expect(desk).to_have_url(f"{living.address}/inbox/")
    desk.go_forward()
    expect(desk.locator(f"{OPEN} h1")).to_be_visible()

    desk.keyboard.press("Escape")
    expect(desk.locator(OPEN)).to_have_count(0)
    expect(first_link(desk)).to_be_focused()


def test_another_row_takes_the_place_of_the_open_one(desk):
    links = desk.locator(".work-link")
    assert links.count() >= 2
    links.first.click()
    expect(links.first).to_have_attribute("aria-current", "true")
    links.nth(1).click()
    expect(links.nth(1)).to_have_attribute("aria-current", "true")
    expect(desk.locator(OPEN)).to_have_count(1)
    desk.reload()
    expect(desk.locator(OPEN)).to_have_count(0)
    expect(desk.locator("main h1")).to_be_visible()


def test_on_a_phone_a_task_is_a_page_of_its_own(living, page):
    page.set_viewport_size(NARROW)
    living.enter(page, CLERK)
    first_link(page).click()

    page.wait_for_url("**/tasks/*")
    expect(page.locator(OPEN)).to_have_count(0)
    expect(page.locator("main h1")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_rows_are_chosen_by_key_and_by_shift_and_told_as_a_number(living, page, size, accessible):
    page.set_viewport_size(size)
    living.enter(page, LIAISON)
    bar = page.locator(".bulk-bar")
    expect(bar).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")

    expect(page.locator(".work-tick input").first).to_be_checked()
    expect(bar).to_be_visible()
    expect(page.locator("[data-count]")).to_have_text("已选 1 项")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("o")
    expect(bar.locator("button").first).to_be_focused()
    page.locator(".work-tick input").first.uncheck()
    expect(bar).to_be_hidden()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_several_are_claimed_at_once_and_each_says_what_became_of_it(
    living, page, size, accessible
):
    page.set_viewport_size(size)
    living.enter(page, CLERK)
    boxes = page.locator(".work-tick input")
    chosen = min(boxes.count(), 3)
    boxes.first.click()
    boxes.nth(chosen - 1).click(modifiers=["Shift"])
    expect(page.locator(".work-tick input:checked")).to_have_count(chosen)
    page.click(".bulk-bar button[value=claim]")
    expect(page.locator(".task-aside li")).to_have_count(chosen)
    accessible(page)
    page.click(".form-acts .btn-primary")

    expect(page.locator("tbody tr")).to_have_count(chosen)
    expect(page.locator("tbody tr").first).to_contain_text("已办妥")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.goto(f"{living.address}/inbox/?whose=me")
    for box in page.locator(".work-tick input").all():
        box.check()
    page.click(".bulk-bar button[value=release]")
    page.click(".form-acts .btn-primary")
    expect(page.locator(".notice")).to_be_visible()


def test_a_view_is_kept_and_stands_above_the_list(living, page):
    living.enter(page, CLERK, "/inbox/?sort=number")
    page.click("summary:has-text('保存为视图')")
    page.fill(".view-form [name=name]", "按编号")
    page.click(".view-form .btn-primary")
    chip = page.locator(".view-chip a", has_text="按编号")
    expect(chip).to_have_attribute("aria-current", "true")
    page.click(".view-chip button")
    expect(page.locator(".view-chip")).to_have_count(0)


def test_the_order_is_chosen_by_its_names(living, page):
    living.enter(page, CLERK)
    page.click(".work-orders a:has-text('时限')")
    assert "sort=due%2Clight" in page.url or "sort=due,light" in page.url
    page.click(".work-orders a:has-text('时限')")
    expect(page.locator(".work-orders a[aria-current]")).to_contain_text("降序")
