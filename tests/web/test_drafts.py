"""Drafts by the button, by the page that saves by itself, and after signing in again."""

from __future__ import annotations

import re

import pytest

from tests import stories, supervision

JSON = {"Accept": "application/json"}


@pytest.fixture
def handling(tanghe):
    """The address of the task of who handles an item, and who that is."""
    item = supervision.in_hand(tanghe)
    return f"/tasks/{stories.task(item, 'complete_item').id}", tanghe.actor("unit_handler", "ZJJ")


def field(page: str, name: str) -> str:
    return re.search(rf'name="{name}"[^>]*>([^<]*)</textarea>', page)[1]


def test_the_button_saves_and_the_page_shows_it_again(enter, handling):
    address, handler = handling
    browser = enter(handler)
    saved = browser.post(f"{address}/draft", {"result": "大体办结", "draft_seen": "0"})
    page = browser.get(address).text

    assert saved.headers["Location"] == address
    assert field(page, "result") == "大体办结"
    assert 'name="draft_seen" value="1"' in page
    assert "尚未提交" in page or "提交之前" in page

    browser.post(f"{address}/draft/removal", {})
    assert field(browser.get(address).text, "result") == ""


def test_two_windows_get_to_see_both(enter, handling):
    address, handler = handling
    browser = enter(handler)
    browser.post(f"{address}/draft", {"result": "第一个窗口", "draft_seen": "0"})
    clash = browser.post(f"{address}/draft", {"result": "第二个窗口", "draft_seen": "0"})

    assert clash.status_code == 409
    assert field(clash.text, "result") == "第二个窗口"
    assert "第一个窗口" in clash.text
    assert 'name="draft_seen" value="1"' in clash.text
    again = browser.post(f"{address}/draft", {"result": "合并", "draft_seen": "1"})
    assert again.status_code == 303


def test_a_page_that_saves_by_itself_hears_when_it_was(enter, handling):
    address, handler = handling
    browser = enter(handler)
    said = browser.post(f"{address}/draft", {"result": "写到一半", "draft_seen": "0"}, headers=JSON)
    clash = browser.post(f"{address}/draft", {"result": "另一个", "draft_seen": "0"}, headers=JSON)
    long = browser.post(f"{address}/draft", {"result": "长" * 210_000}, headers=JSON)

    assert (said.status_code, said.json["version"]) == (200, 1)
    assert re.search(r"\d\d:\d\d", said.json["said"])
    assert (clash.status_code, clash.json["version"]) == (409, 1)
    assert long.status_code in (413, 422)


def test_a_refused_form_loses_nothing_and_the_draft_stays(enter, handling):
    address, handler = handling
    browser = enter(handler)
    browser.post(f"{address}/draft", {"result": "草稿里的话", "draft_seen": "0"})
    refused = browser.post(f"{address}/completion", {"result": "刚写的话", "version": "1"})

    assert refused.status_code == 422
    assert field(refused.text, "result") == "刚写的话"
    assert field(browser.get(address).text, "result") == "草稿里的话"


def test_whoever_was_signed_out_comes_back_to_the_draft(enter, handling):
    address, handler = handling
    browser = enter(handler)
    browser.post(f"{address}/draft", {"result": "草稿里的话", "draft_seen": "0"})
    browser.client.delete_cookie("wv")
    late = {"result": "又写了几句", "draft_seen": "1"}
    there = f"http://localhost{address}"
    sent_away = browser.post(f"{address}/completion", late, headers={"Referer": there})
    elsewhere = {"Referer": f"https://example.org{address}"}
    from_elsewhere = browser.post(f"{address}/completion", late, headers=elsewhere)

    assert sent_away.headers["Location"].endswith(f"next={address}")
    assert "next" not in from_elsewhere.headers["Location"]
    assert browser.post(f"{address}/draft", late, headers=JSON).status_code == 401
    assert field(enter(handler).get(address).text, "result") == "草稿里的话"
