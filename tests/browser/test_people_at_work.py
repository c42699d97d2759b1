"""A clerk's way, a supervisor's and an auditor's in a real browser, and one without a mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.living import AUDITOR, CLERK, HANDLER, LEADER, task_link

RESULT = "物业服务合同纠纷收案同比下降两成，收费公示全部到位。"
COMPLETION = {
    "result": "校园周边消费纠纷明显减少。",
    "measures_taken": "开学前后开展联合检查。",
    "evidence": "附检查清单和照片各一份。",
    "percent": "100",
}
MOST_TABS = 60


def test_a_clerk_corrects_an_error_and_hands_the_work_on(living, context):
    page = context.new_page()  # a refused form answers 422, which the browser's console mentions
    living.enter(page, HANDLER)
    expect(page.locator("h1")).to_have_text("待办")
    address = task_link(page, living.cases["pressing"], living)
    page.click(f".work-link[href='{address}']")
    page.fill("[name=result]", RESULT)
    page.click(".form-acts .btn-primary")

    problem = page.locator("#f-evidence-problem")
    expect(problem).to_be_visible()
    expect(page.locator("[name=evidence]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=result]")).to_have_value(RESULT)

    page.fill("[name=measures_taken]", "制定服务标准，开展专项检查。")
    page.fill("[name=evidence]", "附检查记录三十份，照片六十张。")
    page.fill("[name=percent]", "100")
    page.click(".form-acts .btn-primary")

    expect(page.locator(".toast-line")).to_contain_text("下一步")
    page.goto(f"{living.address}/inbox/")
    assert task_link(page, living.cases["pressing"], living) == ""
    page.context.clear_cookies()
    living.enter(page, LEADER)
    assert task_link(page, living.cases["pressing"], living) != ""


def test_a_supervisor_finds_what_is_late_and_urges(living, page):
    living.enter(page, CLERK, "/ledger/")
    page.select_option("[name=light]", "red")
    page.click(".filters button")
    expect(page).to_have_url(re.compile("light=red"))
    rows = page.locator(".ledger tbody tr")
    expect(rows).not_to_have_count(0)
    expect(rows.filter(has_not_text="超期")).to_have_count(0)

    page.click(f".ledger a[href='/cases/{living.cases['late']}']")
    expect(page.locator("[data-diagram-url]")).to_have_attribute("data-diagram-state", "shown")
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    late = page.locator("[data-element-id=complete_item].djs-element")
    expect(late).to_have_class(re.compile("wv-late"))

    page.click(".head-acts .btn-primary")
    expect(page.locator("h1")).to_contain_text("催办")
    page.fill("[name=text]", "请于本周内报送办理结果。")
    page.click(".form-acts .btn-primary")

    expect(page.locator(".toast-line")).to_contain_text("已向有关单位催办")
    page.click(".tabs a[href='#journal']")
    expect(page.locator("#journal")).to_contain_text("请于本周内报送办理结果。")
    expect(page.locator("#journal")).to_be_visible()
    expect(page.locator("#overview")).to_be_hidden()


def test_an_auditor_verifies_everything_and_reads_a_stream(living, page):
    living.enter(page, AUDITOR, "/audit/")
    page.click("text=全部核验")
    expect(page.locator(".notice-success")).to_contain_text("核验通过，没有改动")

    page.goto(f"{living.address}/audit/streams/case:{living.cases['finished']}")
    table = page.locator(".data-table")
    expect(table).to_contain_text("完成了“主办签收”")
    hashes = page.locator(".fingerprint").evaluate_all("all => all.map(each => each.title)")
    assert len(set(hashes)) == len(hashes) > 10


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until that element has the focus."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"{selector} is out of the keyboard's reach")


def test_a_task_is_done_without_a_mouse(living, page):
    living.enter(page, HANDLER)
    address = task_link(page, living.cases["keyboard"], living)
    tab_to(page, f".work-link[href='{address}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
    for name, words in COMPLETION.items():
        tab_to(page, f"[name={name}]")
        page.keyboard.type(words)
    tab_to(page, ".form-acts .btn-primary")
    page.keyboard.press("Enter")

    expect(page.locator(".toast-line")).to_contain_text("已办理完成")
    expect(page).to_have_url(re.compile(rf"/cases/{living.cases['keyboard']}\b"))
