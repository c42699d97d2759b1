"""Who people are: the posts valid now, and the accounts a demonstration shows."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.actor import SYSTEM
from app.commands.signin import choose_language
from app.config import Settings
from app.errors import Invalid, NotFound
from app.model import Person, RoleHolding, Setting
from app.queries import people
from tests.web.conftest import office

SETTINGS = Settings(env="test")


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
