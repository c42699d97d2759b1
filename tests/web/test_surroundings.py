"""Navigation and top bar are kept drawn: never somebody else's, never an earlier page's."""

from __future__ import annotations

import re

import pytest

from app.web import frame as frames

TOKENS = re.compile(r'name="csrf_token" value="([^"]*)"')
META = re.compile(r'name="csrf-token" content="([^"]*)"')
HERE = re.compile(r'name="next" value="([^"]*)"')


@pytest.fixture
def two(new_browser, somebody):
    """Two people, signed in side by side, with the same post."""
    found = []
    for login in ("clerk", "colleague"):
        somebody(login, role="supervision_clerk")
        found.append(new_browser())
        found[-1].sign_in(login)
    return found


def test_every_form_around_a_page_carries_its_own_session_s_token(two):
    pages = [browser.get("/sample/page").text for browser in (*two, *two)]

    own = [META.search(page)[1] for page in pages]
    assert all(set(TOKENS.findall(page)) == {token} for page, token in zip(pages, own, strict=True))
    assert own[0] != own[1]
    assert not any(mark in page for page in pages for mark in (frames.HERE, frames.TOKEN))


def test_each_sees_the_own_name(two):
    first, second = (browser.get("/sample/page").text for browser in two)

    assert "演示-clerk" in first
    assert "演示-colleague" not in first
    assert "演示-colleague" in second


def test_the_way_back_is_the_address_asked_for_and_cannot_break_out(two):
    first, _other = two
    one = first.get("/sample/page?q=1").text
    other = first.get('/sample/page?q="><script>').text

    assert set(HERE.findall(one)) == {"/sample/page?q=1"}
    assert "<script>" not in "".join(HERE.findall(other))
    assert '"><script>' not in other


def test_language_theme_and_what_waits_are_those_of_now(two, monkeypatch):
    first, _other = two
    assert 'lang="en"' in first.get("/sample/page").text
    first.post("/language/en")
    assert 'lang="zh-Hans-CN"' in first.get("/sample/page").text
    first.post("/theme", {"theme": "dark"})
    dark = first.get("/sample/page").text
    assert re.search(r'value="dark"\s+aria-pressed="true"', dark)

    waiting = [3]
    entry = frames.entry(
        "sample.page", frames.ENTRIES[0].label, "inbox", count=lambda _a: waiting[0]
    )
    monkeypatch.setattr(frames, "ENTRIES", (entry,))
    assert '<span class="count">3</span>' in first.get("/sample/page").text
    waiting[0] = 4
    assert '<span class="count">4</span>' in first.get("/sample/page").text


def test_it_is_drawn_once(two):
    first, _other = two
    first.get("/sample/page")
    before = frames.drawn.cache_info()
    for number in range(5):
        first.get(f"/sample/page?page={number}")

    after = frames.drawn.cache_info()
    assert (after.misses, after.hits) == (before.misses, before.hits + 5)
