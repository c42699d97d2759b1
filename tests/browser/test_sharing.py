"""Copies, reading lists and the thread in a real browser: opened is read, named with the keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.living import CLERK, HANDLER, LEADER, Living

COPIED, ASKED = "stj_unit_handler", "fgw_unit_leader"
PHONE = {"width": 390, "height": 844}
TAB = ".tabs a[href='/inbox/copies'] .count"


def case(living: Living, name: str = "pressing") -> str:
    return f"/cases/{living.cases[name]}"


def test_a_copy_is_read_by_opening_it_and_leaves_the_list(living, page):
    living.enter(page, COPIED, "/inbox/copies")
    expect(page.locator(TAB)).to_have_text("1")
    page.locator(".data-table a").first.click()
    expect(page.locator("form[data-opened]")).to_be_attached()
    expect(page.locator("form[data-opened] button")).to_be_hidden()

    page.goto(living.address + "/inbox/copies")
    expect(page.locator(TAB)).to_have_text("0")
    expect(page.locator(".empty-title")).to_have_text("没有待阅内容。")


def test_a_reader_marks_a_list_with_an_opinion_on_a_phone(living, page, other, accessible):
    page.set_viewport_size(PHONE)
    living.enter(page, ASKED, case(living))
    accessible(page)
    page.fill("#f-opinion", "拟同意，请抓紧办理。")
    page.locator(".asked .btn-primary").click()
    expect(page.locator(".toast-line")).to_contain_text("已标记为已阅")

    living.enter(other, CLERK, case(living) + "#sharing")
    expect(other.locator("#sharing .addressees blockquote")).to_have_text("拟同意，请抓紧办理。")
    accessible(other)


@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, PHONE], ids=["wide", "phone"])
def test_somebody_is_named_with_the_keys_in_a_comment(living, page, accessible, size):
    page.set_viewport_size(size)
    living.enter(page, HANDLER, case(living) + "#thread")
    text = page.locator("#thread textarea")
    text.press_sequentially(f"请@{CLERK[:5]}")
    offered = page.locator(".mentions [role=option]")
    expect(offered.first).to_have_attribute("aria-selected", "true")
    accessible(page)
    page.keyboard.press("Enter")
    expect(text).to_have_value(f"请@{CLERK} ")
    expect(page.locator(".mentions")).to_be_hidden()
    text.press_sequentially("核对。")
    page.locator("#thread .form-acts .btn-primary").click()

    expect(page.locator(".thread > li").last).to_contain_text("核对。")
    expect(page.locator(".thread > li").last.locator(".thread-to")).to_contain_text("提醒：")
    page.locator(".thread > li").last.get_by_role("button", name="撤回").click()
    expect(page.locator(".thread > li").last).to_contain_text("发言人已撤回")


def test_a_task_waits_for_its_readers_and_says_so(living, page, other):
    living.enter(page, HANDLER, case(living, "circulated"))
    page.locator(".head-acts a.btn-primary").click()
    page.wait_for_url("**/tasks/*")
    task = page.url
    page.goto(f"{task}/operations/circulate_first")
    page.check(f"input[value={LEADER}]")
    page.click(".form-acts .btn-primary")
    expect(page.get_by_role("button", name="提交")).to_be_disabled()
    expect(page.locator("#still-read")).to_contain_text("还有 1 人未阅")
    page.goto(living.address + "/inbox/")
    expect(page.locator(".work-row", has_text="传阅中 0/1")).to_have_count(1)

    living.enter(other, LEADER, case(living, "circulated"))
    other.locator(".asked .btn-primary").click()
    page.goto(task)
    expect(page.get_by_role("button", name="提交")).to_be_enabled()


def shown(page: Page) -> list[str]:
    return page.locator(".thread > li .prose").all_inner_texts()


def test_without_scripts_people_are_named_by_choosing_them(living, chromium):
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    living.enter(page, HANDLER, case(living) + "#thread")
    page.fill("#thread textarea", "不用脚本也能说。")
    page.locator("#thread summary").click()
    page.check(f"#thread input[value={CLERK}]")
    page.locator("#thread .form-acts .btn-primary").click()

    expect(page.locator("#thread .thread")).to_contain_text("不用脚本也能说。")
    assert "不用脚本也能说。" in shown(page)
    context.close()
