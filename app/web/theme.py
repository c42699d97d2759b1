"""The switch between light and dark; the cookie lets the server paint the right one at once."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from app.errors import NotFound
from app.web.frame import THEMES
from app.web.policy import public, require
from app.web.security import safe_next
from app.web.sessions import settings

bp = Blueprint("theme", __name__)

A_YEAR: Final = 365 * 24 * 3600


@bp.post("/theme")
@require(public)
def switch() -> Response:
    """Paint the pages light, dark, or as the system does."""
    theme = request.form.get("theme", "")
    if theme not in THEMES:
        raise NotFound
    painted = request.headers.get("X-Painted")  # a script did it at once; nothing to go on to
    onwards = safe_next(request.form.get("next")) or "/"
    response = Response(status=204) if painted else redirect(onwards)
    response.set_cookie(
        "theme",
        theme,
        max_age=A_YEAR,
        secure=settings().cookie_secure,
        httponly=True,
        samesite="Lax",
    )
    return response
