"""Signing in, staying signed in, and being signed out: by oneself, by time, by others."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from app import clock
from app.actor import SYSTEM
from app.commands.signin import choose_language, sign_out
from app.config import Settings
from app.effects.sessions import end_sessions
from app.errors import Invalid, NotFound
from app.model import (
    Event,
    Person,
    PersonalValue,
    RoleHolding,
    Setting,
    SignInFailure,
    WebSession,
)
from app.queries import people
from app.rules import passwords
from tests.web.conftest import PASSWORD, office

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


# --- changing the password


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


# --- who people are


def test_an_actor_holds_the_posts_valid_now_with_own_ones_first(somebody, site):
    absent = somebody("absent", role="unit_leader")
    person = somebody("clerk", role=None)
    now, day = clock.now(), timedelta(days=1)
    unit = office(site)
    site.add_all(
        RoleHolding(person_id=person.id, unit_id=unit.id, **holding)
        for holding in (
            {"role": "unit_leader", "deputy_for_id": absent.id, "valid_until": now + day},
            {"role": "unit_handler", "valid_from": now - day},
            {"role": "unit_head", "valid_until": now - day},
            {"role": "unit_liaison", "valid_from": now + day},
        )
    )
    site.commit()

    actor = people.actor_by_login("clerk")

    assert [(h.role, h.deputy_for) for h in actor.holdings] == [
        ("unit_handler", None),
        ("unit_leader", absent.id),
    ]
    assert actor.holdings[0].unit_name_en == "Safe-County Office"
    assert people.actor_by_id(person.id) == actor


def test_a_session_names_its_actor(browser, somebody):
    somebody("clerk")
    browser.sign_in("clerk")

    found = people.actor_for_session(browser.session_cookie, SETTINGS)

    assert found == people.actor_by_login("clerk")
    assert people.actor_for_session("made up", SETTINGS) is None


def test_nobody_is_found_by_an_unknown_login_or_once_disabled(somebody):
    somebody("gone", active=False)

    for login in ("gone", "never there"):
        with pytest.raises(NotFound):
            people.actor_by_login(login)


def test_a_language_not_offered_is_refused(somebody):
    somebody("clerk")

    with pytest.raises(Invalid):
        choose_language("de", actor=people.actor_by_login("clerk"))


# --- the demonstration's accounts


@pytest.fixture
def demonstration(site, somebody):
    site.add(Setting(key=people.DEMO_PASSWORD, value=json.dumps("the demo password")))
    somebody("clerk", role="supervision_clerk")
    somebody("nobody", role=None)


@pytest.mark.parametrize("env", ["demo", "development"])
@pytest.mark.usefixtures("demonstration")
def test_a_demonstration_lists_its_accounts(env):
    accounts = people.demo_accounts(Settings(env=env))

    assert [(a.login, a.roles, a.password) for a in accounts] == [
        ("clerk", ("supervision_clerk",), "the demo password")
    ]


@pytest.mark.parametrize("env", ["production", "test"])
@pytest.mark.usefixtures("demonstration")
def test_nothing_else_lists_accounts(env):
    assert people.demo_accounts(Settings(env=env)) == ()


def test_a_development_database_without_the_demonstration_lists_none(somebody):
    somebody("clerk")

    assert people.demo_accounts(Settings(env="development")) == ()


@pytest.mark.usefixtures("demonstration")
def test_the_sign_in_page_of_a_demonstration_fills_itself(browser, doors, monkeypatch):
    monkeypatch.setitem(doors.config, "SETTINGS", Settings(env="demo"))

    page = browser.get("/signin?account=clerk").text

    assert 'data-fill="clerk" data-secret="the demo password"' in page
    assert 'value="clerk"' in page
    assert "督办专员" in page


def test_the_system_is_nobody_who_could_sign_in(site):
    assert SYSTEM.person_id is None
    assert site.scalars(select(Person).where(Person.login == SYSTEM.login)).all() == []
