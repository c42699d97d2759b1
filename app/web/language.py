"""Which language the pages speak, and the switch for it in the header."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Flask, g, redirect, request
from flask_babel import Babel, get_locale
from werkzeug.wrappers import Response

from app.commands.signin import LOCALES, choose_language
from app.errors import NotFound
from app.web import wording
from app.web.policy import maybe_actor, public, require
from app.web.security import safe_next
from app.web.sessions import settings

bp = Blueprint("language", __name__)

DEFAULT: Final = "zh_Hans_CN"
COOKIE: Final = "language"
A_YEAR: Final = 365 * 24 * 3600
SPOKEN: Final = {"zh": "zh_Hans_CN", "en": "en"}
TAGS: Final = {"zh_Hans_CN": "zh-Hans-CN", "en": "en"}


def configure(app: Flask) -> None:
    """Give the pages their languages and the filters that speak them."""
    Babel(
        app,
        default_locale=DEFAULT,
        default_timezone="Asia/Shanghai",
        locale_selector=choose,
        configure_jinja=True,
    )
    wording.configure(app)
    app.jinja_env.globals["language_tag"] = tag


def choose() -> str:
    """The person's own setting, else the cookie, else what the browser asks for, else Chinese."""
    wishes = (g.get("chosen_locale"), request.cookies.get(COOKIE))
    for wish in wishes:
        if wish in LOCALES:
            return str(wish)
    for language, quality in request.accept_languages:
        spoken = SPOKEN.get(language.replace("_", "-").split("-")[0].lower())
        if spoken and quality > 0:
            return spoken
    return DEFAULT


def tag() -> str:
    """The language of this page for its `lang` attribute."""
    return TAGS[str(get_locale())]


@bp.post("/language/<locale>")
@require(public)
def switch(locale: str) -> Response:
    """Speak another language from now on; a signed-in person finds it again elsewhere."""
    if locale not in LOCALES:
        raise NotFound
    actor = maybe_actor()
    if actor:
        choose_language(locale, actor=actor)
    response = redirect(safe_next(request.form.get("next")) or "/")
    response.set_cookie(
        COOKIE,
        locale,
        max_age=A_YEAR,
        secure=settings().cookie_secure,
        httponly=True,
        samesite="Lax",
    )
    return response
