"""Which language the pages speak, and the switch for it in the header."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Flask, redirect, request
from werkzeug.wrappers import Response

from app.commands.signin import LOCALES, choose_language
from app.errors import NotFound
from app.web import speech, wording
from app.web.policy import maybe_actor, public, require
from app.web.security import safe_next
from app.web.sessions import settings
from app.web.speech import COOKIE

bp = Blueprint("language", __name__)

A_YEAR: Final = 365 * 24 * 3600
TAGS: Final = {"zh_Hans_CN": "zh-Hans-CN", "en": "en"}


def configure(app: Flask) -> None:
    """Give the pages their languages and the filters that speak them."""
    speech.configure(app)
    wording.configure(app)
    app.jinja_env.globals["language_tag"] = tag


def tag() -> str:
    """The language of this page for its `lang` attribute."""
    return TAGS[speech.speech().locale]


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
