"""Choosing one's own password: what will not do, what ends with the old one, when it is a must."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.model import Event
from tests.web.conftest import PASSWORD

NEW = "eleven grey herons at dusk"


def change(browser, current=PASSWORD, new=NEW, again=None):
    fields = {"current": current, "new": new, "again": new if again is None else again}
    return browser.post("/account/password", fields)


def test_a_changed_password_ends_every_other_session(browser, new_browser, somebody, site):
    somebody("clerk")
    other = new_browser()
    other.sign_in("clerk")
    browser.sign_in("clerk")
    before = browser.session_cookie

    assert change(browser).status_code == 302

    assert browser.is_signed_in
    assert browser.session_cookie != before
    assert not other.is_signed_in
    assert other.sign_in("clerk").status_code == 422
    assert other.sign_in("clerk", NEW).status_code == 302
    assert "person.password_changed" in site.scalars(select(Event.kind)).all()


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"current": "something else"}, "这不是您现在的密码"),
        ({"new": "short one"}, "至少 12 个字符"),
        ({"new": PASSWORD}, "不能与现在的密码相同"),
        ({"new": "password-clerk-123"}, "常见词"),
        ({"again": "eleven grey herons at dawn"}, "两次输入不一致"),
    ],
)
def test_a_password_that_will_not_do_is_refused_at_its_field(browser, somebody, fields, problem):
    somebody("clerk")
    browser.sign_in("clerk")

    answer = change(browser, **fields)

    assert answer.status_code == 422
    assert problem in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert browser.sign_in("clerk").status_code == 302


def test_a_password_given_by_somebody_else_must_be_changed_first(browser, somebody):
    somebody("clerk", must_change_password=True)
    browser.sign_in("clerk")

    assert browser.get("/sample/page").location == "/account/password"
    part = browser.get("/sample/page", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == "/account/password"
    assert browser.post("/language/en").status_code == 302
    assert "given to you by somebody else" in browser.get("/account/password").text

    change(browser)
    assert browser.get("/sample/page").status_code == 200
