"""Browsers in which people of the county are signed in."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import update

from app.actor import Actor
from app.db import session
from app.model import Person
from app.rules import passwords
from tests.web.conftest import PASSWORD, Browser

HIDDEN = re.compile(r'name="(version|idempotency_key)" value="([^"]*)"')


def give_passwords() -> None:
    """Let everybody sign in with the same password."""
    session().execute(update(Person).values(password_hash=passwords.hashed(PASSWORD)))
    session().commit()


def signed_in(app: Flask, actor: Actor) -> Browser:
    """A browser this person has signed in with; `give_passwords` comes first."""
    browser = Browser(app.test_client())
    assert browser.sign_in(actor.login).status_code in (302, 303)
    return browser


def hidden_fields(page: str) -> dict[str, str]:
    """What the form on a page carries besides what people fill in."""
    return dict(HIDDEN.findall(page))
