"""Ending, opening again and moving a case, as the supervising office meets them in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.living import CLERK, DIRECTOR

SHAPES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("who", "about", "name"),
    [
        (DIRECTOR, "late", "terminate"),
        (DIRECTOR, "dispatched", "void"),
        (CLERK, "finished", "reopen"),
        (CLERK, "late", "move"),
    ],
)
def test_each_form_says_what_it_does_and_is_read_aloud(
    living, page, accessible, who, about, name, shape
):
    page.set_viewport_size(SHAPES[shape])
    living.enter(page, who, f"/cases/{living.cases[about]}/operations/{name}")

    expect(page.locator("[name=reason]")).to_be_visible()
    expect(page.locator(".form-acts .btn-primary")).to_be_enabled()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= SHAPES[shape]["width"]
    accessible(page)


def test_one_proposes_a_move_and_another_one_leaves_the_case_where_it_is(
    living, page, other, accessible
):
    case_id = living.cases["late"]
    living.enter(page, CLERK, f"/cases/{case_id}/operations/move")
    page.select_option("[name=task]", "review_completion")
    page.fill("[name=reason]", "办结报告已书面报送，补录流程")
    page.click(".form-acts .btn-primary")
    expect(page.locator(".toast-line")).to_contain_text("另一人")

    page.goto(f"{living.address}/incidents/")
    page.click("text=从当前环节继续办理")
    expect(page.locator("main")).to_contain_text("提出跳转到“办结审核”")
    expect(page.locator("text=同意跳转")).to_have_count(0)
    accessible(page)

    living.enter(other, DIRECTOR, page.url.removeprefix(living.address))
    expect(other.locator("text=同意跳转")).to_be_enabled()
    accessible(other)
    other.click("text=不予同意")
    expect(other.locator(".toast-line")).to_contain_text("维持原环节")
    other.goto(f"{living.address}/cases/{case_id}")
    expect(other.locator("#journal")).to_contain_text("不予跳转到“办结审核”")
