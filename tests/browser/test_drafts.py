"""A form that saves itself while somebody types: said in words, there again, never over another."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def said(page: Page):
    return expect(page.locator("[data-draft-said]"))


def test_what_is_typed_is_kept_and_never_over_what_another_window_kept(forgiving, address):
    page = forgiving
    page.goto(address)
    page.fill("[name=result]", "一边办理一边填写")
    said(page).to_contain_text("暂存")
    second = page.context.new_page()
    second.goto(address)
    expect(second.locator("[name=result]")).to_have_value("一边办理一边填写")
    second.fill("[name=result]", "第二个窗口写的")
    said(second).to_contain_text("暂存")

    page.fill("[name=result]", "第一个窗口接着写")
    said(page).to_contain_text("另一个窗口")
    page.click("[data-keeps]")
    expect(page.locator("[name=result]")).to_have_value("第一个窗口接着写")
    expect(page.locator("#other-title + dl")).to_contain_text("第二个窗口写的")
    page.click("[data-keeps]")
    expect(page.locator(".draft-there")).to_be_visible()
    page.click(".draft-there button")
    expect(page.locator(".draft-there")).to_have_count(0)


def test_whoever_is_signed_out_while_typing_is_told(forgiving, address):
    page = forgiving
    page.goto(address)
    page.context.clear_cookies(name="wv")
    page.fill("[name=result]", "会话已过期")

    said(page).to_contain_text("退出登录")
