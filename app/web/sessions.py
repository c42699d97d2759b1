"""The cookie of a signed-in browser: reading it, noting visits, setting and clearing it."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, Request, Response, current_app, g, request
from flask import session as form_session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from app import clock
from app.commands.signin import touch_session
from app.config import Settings
from app.errors import Busy
from app.queries import people
from app.web.policy import policy_of

SAFE: Final = ("GET", "HEAD", "OPTIONS")
POST_COOKIE: Final = "post"
"""Under which post somebody acts who holds several (web/posts.py)."""


def settings() -> Settings:
    """The settings this application was started with."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def cookie_name(given: Settings) -> str:
    """The session cookie's name; browsers tie `__Host-` ones to this host and to HTTPS."""
    return "__Host-wv" if given.cookie_secure else "wv"


class FormSession(SecureCookieSessionInterface):
    """Flask's signed cookie, whatever its age: no web server's clock decides over a form."""

    def __init__(self) -> None:
        """One serializer for all requests: Flask makes two for each."""
        self._serializer: Any = None

    def get_signing_serializer(self, app: Flask) -> Any:
        """What signs the cookie."""
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """What the cookie says, if it is ours; Flask's own way refuses one “from the future”."""
        raw = request.cookies.get(self.get_cookie_name(app))
        serializer = self.get_signing_serializer(app)
        ours, said = serializer.loads_unsafe(raw) if raw and serializer else (False, None)
        return SecureCookieSession(said if ours else None)


def configure(app: Flask, given: Settings) -> None:
    """Protect Flask's own signed cookie too: it carries the CSRF token."""
    app.session_interface = FormSession()
    app.config.update(
        SESSION_COOKIE_NAME=f"{cookie_name(given)}-form",
        SESSION_COOKIE_SECURE=given.cookie_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )


def recognise() -> None:
    """Find out who is asking; a reading visit is noted at most once a minute."""
    g.actor = None
    session_id = request.cookies.get(cookie_name(settings()))
    if not session_id or request.blueprint == "health":  # which answers whatever is away
        return
    found = people.signed_in(session_id, settings())
    if found is None:
        return
    g.whole_actor, g.session_id, g.chosen_locale = found.actor, session_id, found.locale
    g.actor = found.actor.as_holder_of(request.cookies.get(POST_COOKIE, ""))
    g.now = found.now
    g.year, g.trouble = clock.local(found.now).year, found.trouble
    if found.touch and request.method in SAFE and not _unattended():
        _note_visit(session_id)


def _unattended() -> bool:
    """Whether a page asks by itself: somebody who left it open is not kept signed in by that."""
    policy = policy_of(current_app.view_functions.get(request.endpoint or ""))
    return policy is not None and policy.unattended


def _note_visit(session_id: str) -> None:
    try:
        touch_session(session_id, actor=g.actor)
    except Busy:
        current_app.logger.info("visit not noted: the database was busy")


def begin(response: Response, session_id: str) -> Response:
    """Hand the browser its new session, and a new CSRF token with it."""
    form_session.clear()
    response.set_cookie(
        cookie_name(settings()),
        session_id,
        secure=settings().cookie_secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def end(response: Response) -> Response:
    """Take the session away from the browser."""
    form_session.clear()
    response.delete_cookie(
        cookie_name(settings()),
        path="/",
        secure=settings().cookie_secure,
        httponly=True,
        samesite="Lax",
    )
    return response
