"""Doors to knock at: an application with a few sample routes, people, and their browsers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Blueprint, Flask, render_template
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotImplemented as NotImplementedYet
from werkzeug.test import TestResponse

from app import clock
from app.actor import Actor
from app.db import session
from app.errors import Invalid, NotAllowed, NotFound, Stale
from app.i18n import _
from app.model import ClockOffset, Person, RoleHolding, Unit
from app.rules import passwords
from app.web.policy import public, require, roles, signed_in
from tests import databases
from tests.people import County

PASSWORD = "a lamp beside the river"
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


def samples() -> Blueprint:
    """Routes that answer in every way a page can."""
    bp = Blueprint("sample", __name__, url_prefix="/sample")
    refusals = {
        "missing": NotFound(),
        "forbidden": NotAllowed(_("Only the post this task belongs to may complete it.")),
        "invalid": Invalid(_("Nothing was changed."), fields={"name": _("Choose")}),
        "stale": Stale(_("Somebody else was faster"), details={"by": "x"}),
        "bug": ZeroDivisionError("the case of somebody"),
        "later": NotImplementedYet(),
    }

    @bp.get("/open")
    @require(public)
    def everybody() -> str:
        return "open"

    @bp.get("/page")
    @require(signed_in)
    def page() -> str:
        return render_template("start.html")

    @bp.get("/convener")
    @require(roles("convener"))
    def convener() -> str:
        return "for the convener"

    @bp.route("/refuse/<how>", methods=["GET", "POST"])
    @require(signed_in)
    def refuse(how: str) -> str:
        raise refusals[how]

    return bp


@pytest.fixture(scope="session")
def doors(server: str, worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with the sample routes."""
    folder = tmp_path_factory.mktemp("doors")
    with (
        databases.fresh(server, f"weathervane_{worker}_doors", folder) as address,
        databases.application(address) as app,
    ):
        app.register_blueprint(samples())
        yield app


@pytest.fixture
def site(doors: Flask) -> Iterator[Session]:
    """The database behind the doors; nothing of it is left afterwards."""
    with databases.rolled_back(doors) as session:
        yield session


@dataclass
class Browser:
    """A browser without scripts that answers forms as a person would."""

    client: FlaskClient

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form, with the token every page of ours carries."""
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, **options)

    def token(self) -> str:
        """The token of a page in this browser."""
        found = TOKEN.search(self.client.get("/nowhere").text)
        assert found, "a page without a token"
        return found[1]

    def sign_in(self, login: str, password: str = PASSWORD, **options: Any) -> TestResponse:
        """Fill in the sign-in page and send it."""
        data = {"login": login, "password": password, **options.pop("data", {})}
        return self.post("/signin", data, **options)

    @property
    def is_signed_in(self) -> bool:
        """Whether a page for people opens."""
        return self.get("/account/password").status_code == 200

    @property
    def session_cookie(self) -> str | None:
        """The session id this browser holds."""
        cookie = self.client.get_cookie("wv")
        return cookie.value if cookie else None


@pytest.fixture
def new_browser(doors: Flask, site: Session) -> Callable[[], Browser]:
    """A way to open one more browser."""
    return lambda: Browser(doors.test_client())


@pytest.fixture
def browser(new_browser: Callable[[], Browser]) -> Browser:
    """A browser in which nobody is signed in."""
    return new_browser()


@pytest.fixture
def somebody(site: Session) -> Callable[..., Person]:
    """A way to hire people: `somebody("clerk", role="supervision_clerk")`."""

    def hire(login: str, *, role: str | None = "unit_handler", **attributes: Any) -> Person:
        kept = attributes.pop("password_hash", passwords.hashed(PASSWORD))
        person = Person(login=login, name=f"演示-{login}", password_hash=kept, **attributes)
        site.add(person)
        site.flush()
        if role:
            unit = office(site)
            site.add(RoleHolding(person_id=person.id, unit_id=unit.id, role=role))
        site.commit()
        return person

    return hire


def office(site: Session) -> Unit:
    """The one unit people here work for."""
    found = site.scalar(select(Unit).where(Unit.code == "PAB"))
    if found is None:
        found = Unit(code="PAB", name="县平安办", name_en="Safe-County Office", kind="office")
        site.add(found)
        site.flush()
    return found


@pytest.fixture
def later(site: Session) -> Callable[..., None]:
    """A way to let time pass: `later(minutes=31)`."""

    def move(**span: int) -> None:
        row = site.get(ClockOffset, 1) or ClockOffset(id=1, seconds=0)
        row.seconds += span.get("minutes", 0) * 60 + span.get("hours", 0) * 3600
        site.add(row)
        site.commit()
        assert clock.now()

    return move


@pytest.fixture
def enter(app: Flask, tanghe: County) -> Callable[[Actor], Browser]:
    """Sign in as somebody of the county."""
    hashed = passwords.hashed(PASSWORD)

    def sign_in(actor: Actor) -> Browser:
        session().execute(
            update(Person).where(Person.id == actor.person_id).values(password_hash=hashed)
        )
        session().commit()
        browser = Browser(app.test_client())
        assert browser.sign_in(actor.login).status_code in (302, 303)
        return browser

    return sign_in
