"""Sign in as somebody of a county whose people have no password yet."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import update

from app.actor import Actor
from app.db import session
from app.model import Person
from app.rules import passwords
from tests.web.conftest import PASSWORD, Browser


def visiting(app: Flask, actor: Actor) -> Browser:
    """A browser in which this person is signed in."""
    session().execute(
        update(Person)
        .where(Person.id == actor.person_id)
        .values(password_hash=passwords.hashed(PASSWORD))
    )
    session().commit()
    browser = Browser(app.test_client())
    assert browser.sign_in(actor.login).status_code in (302, 303)
    return browser
