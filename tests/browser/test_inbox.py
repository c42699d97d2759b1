"""The inbox in a real browser: work comes and goes without reloading, and keys walk through it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.living import CLERK, HANDLER, LIAISON

A_WHILE = 16_000  # milliseconds; pages ask every fifteen seconds


def rows(page: Page) -> int:
    return page.locator(".work-row").count()


def test_what_is_handed_on_comes_and_goes_by_itself(living, page, other):
    page.clock.install()
    living.enter(page, LIAISON)
    before = rows(page)
    living.enter(other, HANDLER)
    address = other.locator(".work-link").last.get_attribute("href") or ""
    form = f"{living.address}{address}/operations/transfer"
    other.goto(form)
    other.select_option("[name=person]", LIAISON)
    other.click(".form-acts .btn-primary")
    expect(other.locator(".toast-line")).to_contain_text("已转给您的同事办理")

    page.clock.fast_forward(A_WHILE)
    expect(page.locator(f".work-link[href='{address}']")).to_be_visible()
    expect(page.locator("[data-live-said]")).to_have_text("列表已更新。")
    expect(page.locator(".rail [data-waits]")).to_have_text(str(before + 1))

    page.goto(form)
    page.select_option("[name=person]", HANDLER)
    page.click(".form-acts .btn-primary")


def test_keys_walk_through_the_list_and_tell_themselves(living, page):
    living.enter(page, CLERK)
    links = page.locator(".work-link")
    page.keyboard.press("j")
    expect(links.first).to_be_focused()
    if links.count() > 1:
        page.keyboard.press("j")
        expect(links.nth(1)).to_be_focused()
        page.keyboard.press("k")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()

    address = links.first.get_attribute("href")
    links.first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{living.address}{address}")


def test_filters_stay_in_the_address_and_say_what_they_left(living, page):
    living.enter(page, CLERK)
    page.click(".work-filters summary")
    page.fill(".work-filters [name=text]", "没有这样的事项")
    page.click(".work-filters .btn-primary")

    expect(page.locator(".empty-title")).to_have_text("没有符合条件的事项。")
    assert "text=" in page.url
    page.click(".empty-acts a")
    expect(page.locator(".work-row")).not_to_have_count(0)
