"""A person's own page: what is settled there, and the browsers signed out from there."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.model import Event, Person
from app.rules.telling import KINDS, Choices

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


def choose(browser, **fields):
    """Send the form with everything as it comes, but for these."""
    said = {"email": "", "daily_at": "08:30", **{f"tell-{kind}": "1" for kind in KINDS}, **fields}
    said = {name: value for name, value in said.items() if value is not None}
    return browser.post("/me/telling", {name.replace("_by_", "-"): v for name, v in said.items()})


def kept(site, login="clerk"):
    return site.scalars(
        select(Person).where(Person.login == login).execution_options(populate_existing=True)
    ).one()


def test_how_one_is_told_is_kept_and_a_changed_address_journalled(browser, somebody, site):
    somebody("clerk")
    browser.sign_in("clerk")

    answer = choose(browser, email=" me@county.example ", mail_by_urged="daily", daily_at="09:15",
                    **{"tell-case": None, "tell-urged": None})  # fmt: skip

    assert answer.status_code == 302
    person = kept(site)
    assert person.email == "me@county.example"
    choices = Choices.read(person.telling)
    assert (choices.by_mail("urged"), choices.by_mail("overdue")) == ("daily", "now")
    assert (choices.wants("case"), choices.wants("urged")) == (False, True)
    assert choices.daily_at == "09:15"
    (row,) = site.scalars(select(Event).where(Event.kind == "person.email_changed"))
    assert "me@county.example" not in row.body, "an address is personal: kept beside the row"
    page = browser.get("/me/").text
    assert 'value="me@county.example"' in page
    choose(browser, email="me@county.example")
    assert len(site.scalars(select(Event).where(Event.kind == row.kind)).all()) == 1


@pytest.mark.parametrize(
    "address",
    ["nobody", "a@b", "a b@county.example", "me@county.example\nBcc: all@county.example",
     "我@county.example", "<me@county.example>", "x" * 200 + "@county.example", "me@", "@x.y"],
)  # fmt: skip
def test_what_is_no_address_is_refused_at_its_field(browser, somebody, site, address):
    somebody("clerk")
    browser.sign_in("clerk")

    answer = choose(browser, email=address)

    assert answer.status_code == 422
    assert "这不是有效的电子邮箱地址" in answer.text
    assert kept(site).email is None


@pytest.mark.parametrize("time", ["", "25:00", "8", "08:30:00", "morning"])
def test_what_is_no_time_is_refused_at_its_field(browser, somebody, site, time):
    somebody("clerk")
    browser.sign_in("clerk")

    assert choose(browser, daily_at=time).status_code == 422
    assert kept(site).telling == {}


def test_a_made_up_wish_changes_nothing(browser, somebody, site):
    somebody("clerk")
    browser.sign_in("clerk")

    assert choose(browser, mail_by_urged="hourly").status_code == 422
    assert kept(site).telling == {}
