"""Signing in, staying signed in, and being signed out: by oneself, by time, by others."""

from __future__ import annotations

import json
from datetime import timedelta

from argon2 import PasswordHasher
from sqlalchemy import select

from app import clock
from app.commands.signin import sign_out
from app.config import Settings
from app.effects.sessions import end_sessions
from app.model import (
    Event,
    PersonalValue,
    SignInFailure,
    WebSession,
)
from app.queries import people
from app.rules import passwords
from tests.web.conftest import PASSWORD

SETTINGS = Settings(env="test")


def test_the_right_password_opens_a_session_and_goes_on_to_the_page_asked_for(browser, somebody):
    somebody("clerk")

    answer = browser.sign_in("clerk", data={"next": "/sample/page?tab=2"})

    assert (answer.status_code, answer.location) == (302, "/sample/page?tab=2")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("wv="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert browser.is_signed_in


def test_the_database_keeps_only_a_hash_of_the_session_id(browser, somebody, site):
    somebody("clerk")
    browser.sign_in("clerk")

    kept = site.scalars(select(WebSession.id_hash)).one()

    assert len(browser.session_cookie) >= 43  # 256 bits in base64
    assert kept == passwords.session_hash(browser.session_cookie)


def test_every_sign_in_gets_a_new_id_and_a_new_form_token(browser, somebody):
    somebody("clerk")
    browser.client.set_cookie("wv", "chosen-by-an-attacker")
    before = browser.token()
    browser.sign_in("clerk")
    first = browser.session_cookie
    browser.sign_in("clerk")

    assert len({"chosen-by-an-attacker", first, browser.session_cookie}) == 3
    assert browser.token() != before


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(browser, somebody):
    somebody("clerk")

    wrong = browser.sign_in("clerk", "not this one at all")
    unknown = browser.sign_in("nobody", "not this one at all")

    assert wrong.status_code == unknown.status_code == 422
    assert "账号或密码不对" in wrong.text
    assert "账号或密码不对" in unknown.text
    assert not browser.is_signed_in


def test_an_account_without_a_password_or_not_active_opens_to_nobody(browser, somebody):
    somebody("fresh", password_hash="")
    somebody("gone", active=False)

    assert browser.sign_in("fresh", "").status_code == 422
    assert browser.sign_in("gone").status_code == 422


def test_five_wrong_passwords_lock_the_account_for_ten_minutes(browser, somebody, later):
    somebody("clerk")
    answers = [browser.sign_in("clerk", "wrong wrong wrong").status_code for _ in range(5)]

    assert answers == [422, 422, 422, 422, 429]
    assert browser.sign_in("clerk").status_code == 429  # the right one comes too late

    later(minutes=9)
    assert browser.sign_in("clerk").status_code == 429

    later(minutes=2)
    assert browser.sign_in("clerk").status_code == 302


def test_an_unknown_account_locks_just_the_same(browser):
    answers = [browser.sign_in("nobody", "wrong").status_code for _ in range(6)]

    assert answers == [422, 422, 422, 422, 429, 429]


def test_the_lock_holds_for_one_address_and_the_right_password_clears_the_count(
    browser, somebody, site
):
    somebody("clerk")
    for _ in range(5):
        browser.sign_in("clerk", "wrong")
    elsewhere = {"environ_base": {"REMOTE_ADDR": "10.0.0.7"}}

    browser.sign_in("clerk", "wrong", **elsewhere)
    assert browser.sign_in("clerk", **elsewhere).status_code == 302
    assert set(site.scalars(select(SignInFailure.address))) == {"127.0.0.1"}


def test_a_lock_is_journalled_once_with_login_and_address_kept_aside(browser, somebody, site):
    person = somebody("clerk")
    for _ in range(7):
        browser.sign_in("clerk", "wrong wrong")

    event = site.scalars(select(Event).where(Event.kind == "person.locked")).one()

    assert event.stream == "organisation"
    assert json.loads(event.body)["data"] == {"person": person.id}
    assert "127.0.0.1" not in event.body
    assert set(site.scalars(select(PersonalValue.value))) == {"clerk", "127.0.0.1"}


def test_half_an_hour_without_a_click_ends_the_session(browser, somebody, later):
    somebody("clerk")
    browser.sign_in("clerk")

    later(minutes=31)

    answer = browser.get("/sample/page?tab=2")
    assert answer.location == "/signin?next=/sample/page?tab%3D2"


def test_clicks_keep_a_session_alive_until_twelve_hours_are_over(browser, somebody, later):
    somebody("clerk")
    browser.sign_in("clerk")

    for _ in range(35):
        later(minutes=20)
        assert browser.is_signed_in

    later(minutes=25)
    assert not browser.is_signed_in


def test_a_visit_is_noted_once_a_minute_and_never_while_writing(browser, somebody, site, later):
    somebody("clerk")
    browser.sign_in("clerk")

    def noted():
        site.expire_all()
        return site.scalars(select(WebSession.seen_at)).one()

    opened = noted()
    browser.get("/sample/page")
    assert noted() == opened
    later(minutes=2)
    browser.client.post("/sample/refuse/stale")
    assert noted() == opened
    browser.get("/sample/page")
    assert noted() >= opened + timedelta(minutes=2)


def test_signing_out_ends_the_session_on_the_server(browser, new_browser, somebody):
    somebody("clerk")
    browser.sign_in("clerk")
    thief = new_browser()
    thief.client.set_cookie("wv", browser.session_cookie)
    assert thief.is_signed_in

    assert browser.post("/signout").location == "/signin"

    assert browser.session_cookie is None
    assert not thief.is_signed_in


def test_nobody_ends_or_keeps_alive_the_session_of_somebody_else(browser, somebody):
    somebody("clerk")
    somebody("other")
    browser.sign_in("clerk")

    sign_out(browser.session_cookie, actor=people.actor_by_login("other"))

    assert browser.is_signed_in


def test_a_disabled_person_is_out_at_once(browser, somebody, site):
    person = somebody("clerk")
    browser.sign_in("clerk")

    person.active = False
    site.commit()

    assert not browser.is_signed_in


def test_whoever_changes_a_persons_posts_ends_their_sessions(browser, somebody, site):
    person = somebody("clerk")
    browser.sign_in("clerk")

    end_sessions(person.id, at=clock.now())
    site.commit()

    assert not browser.is_signed_in


def test_a_signed_in_person_is_sent_on_from_the_sign_in_page(browser, somebody):
    somebody("clerk")
    browser.sign_in("clerk")

    assert browser.get("/signin?next=/sample/page").location == "/sample/page"


def test_a_hash_of_older_costs_is_renewed_on_signing_in(browser, somebody, site):
    dear = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    person = somebody("clerk", password_hash=dear)

    browser.sign_in("clerk")
    site.expire_all()

    assert person.password_hash != dear
    assert passwords.matches(person.password_hash, PASSWORD)
