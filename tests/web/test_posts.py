"""Several posts: one chosen narrows what is shown and done, and never gives more."""

from __future__ import annotations

import pytest

from tests import loop, stories
from tests.people import County, deputise
from tests.stories import task


@pytest.fixture
def twofold(tanghe: County, enter):
    """The president, who also stands in for the drafting judge; and a notice each of them has."""
    first, second, *_others = loop.round_with_notices(tanghe)["notices"].values()
    drafting, president = tanghe.post("drafting_office"), tanghe.post("issuing_leader")
    stories.complete(first, "draft_notice", loop.draft(tanghe), by=drafting)
    both = deputise(tanghe, president, drafting)
    mine, his = task(first, "approve_notice").id, task(second, "draft_notice").id
    return enter(both), {post.role: post.key for post in both.holdings}, mine, his


def shown(browser) -> str:
    return browser.get("/inbox/").text


def test_all_posts_are_shown_until_one_is_chosen(twofold):
    browser, keys, mine, his = twofold
    assert all(f"/tasks/{each}" in shown(browser) for each in (mine, his))
    assert all(f'value="{key}" aria-pressed="false"' in shown(browser) for key in keys.values())

    browser.post("/post", {"post": keys["court_president"]})
    page = shown(browser)
    assert f"/tasks/{mine}" in page
    assert f"/tasks/{his}" not in page
    assert f'value="{keys["court_president"]}" aria-pressed="true"' in page
    assert browser.get(f"/tasks/{mine}").status_code == 200

    browser.post("/post", {"post": ""})
    assert all(f"/tasks/{each}" in shown(browser) for each in (mine, his))


def test_a_post_one_does_not_hold_is_none(twofold):
    browser, keys, mine, his = twofold
    foreign = next(iter(keys.values())).replace("-", "9-", 1)

    assert browser.post("/post", {"post": foreign}).status_code == 404
    browser.client.set_cookie("post", foreign)
    assert all(f"/tasks/{each}" in shown(browser) for each in (mine, his))


def test_whoever_holds_one_post_has_nothing_to_choose(tanghe, enter):
    page = shown(enter(tanghe.post("issuing_leader")))

    assert 'action="/post"' not in page
