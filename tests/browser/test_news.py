"""The bell in a real browser: it counts what is new, and opening the case reads it."""

from __future__ import annotations

from playwright.sync_api import expect

BELL = "[data-news]"
ONE, ANOTHER = "sjg_unit_handler", "sjg_unit_leader"  # whose news no other test reads


def test_opening_what_one_was_told_of_reads_it_and_the_rest_is_read_at_once(living, page):
    living.enter(page, ONE)
    bell = page.locator(BELL)
    expect(bell).to_be_visible()
    before = int(bell.text_content() or "0")
    assert before > 0

    page.click(".tool-news")
    expect(page.locator("h1")).to_have_text("消息")
    expect(page.locator(".news-unread")).to_have_count(before)
    with page.expect_response("**/news/read") as read:
        page.locator(".news-unread a").first.click()
    assert read.value.status == 204

    page.goto(f"{living.address}/news/")
    assert page.locator(".news-unread").count() < before
    page.click(".head-acts button")
    expect(page.locator(".news-unread")).to_have_count(0)
    expect(bell).to_be_hidden()


def test_without_scripts_the_bell_still_leads_to_the_list(living, chromium):
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    living.enter(page, ANOTHER)

    page.click(".tool-news")
    expect(page.locator("h1")).to_have_text("消息")
    context.close()
