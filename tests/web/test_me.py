"""A person's own page: what is settled there, and the browsers signed out from there."""

from __future__ import annotations

import re

import pytest

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"
NUMBERS = re.compile(r'name="session" value="(\d+)"')


@pytest.fixture
def two(browser, new_browser, somebody):
    """One person in two browsers."""
    somebody("clerk")
    other = new_browser()
    other.sign_in("clerk", headers={"User-Agent": PHONE})
    browser.sign_in("clerk", headers={"User-Agent": WINDOWS})
    return browser, other


def test_the_page_says_where_one_is_signed_in(two):
    browser, _other = two

    page = browser.get("/me/").text

    assert page.index("Chrome（Windows）") < page.index("Chrome（安卓）")
    assert page.count("当前浏览器") == 1
    assert len(NUMBERS.findall(page)) == 1, "the browser one looks with has no button"


def test_one_of_the_browsers_is_signed_out(two, new_browser):
    browser, other = two
    third = new_browser()
    third.sign_in("clerk")
    (third_one, other_one) = NUMBERS.findall(browser.get("/me/").text)
    assert third_one != other_one

    assert browser.post("/me/sessions/end", {"session": other_one}).status_code == 302

    assert (browser.is_signed_in, other.is_signed_in, third.is_signed_in) == (True, False, True)
    assert browser.post("/me/sessions/end", {"session": other_one}).status_code == 302


def test_all_other_browsers_are_signed_out_at_once(two):
    browser, other = two

    browser.post("/me/sessions/end")

    assert (browser.is_signed_in, other.is_signed_in) == (True, False)
    assert NUMBERS.findall(browser.get("/me/").text) == []


def test_a_stranger_signs_nobody_out(two, new_browser, somebody):
    browser, other = two
    (number,) = NUMBERS.findall(browser.get("/me/").text)
    somebody("stranger")
    stranger = new_browser()
    stranger.sign_in("stranger")

    assert stranger.post("/me/sessions/end", {"session": number}).status_code == 404
    assert stranger.post("/me/sessions/end").status_code == 302

    assert (browser.is_signed_in, other.is_signed_in) == (True, True)


def test_a_browser_left_alone_for_too_long_is_no_longer_listed(two, later):
    browser, _other = two
    later(minutes=20)
    browser.get("/me/")
    later(minutes=15)

    assert NUMBERS.findall(browser.get("/me/").text) == []
