"""The post somebody acts under: one of those they hold, or all at once, as the cookie says.

It only ever narrows what the person may do anyway, so the cookie needs no signature.
"""

from __future__ import annotations

from typing import Final

from flask import Blueprint, g, redirect, request
from werkzeug.wrappers import Response

from app.actor import Actor, Holding
from app.errors import NotFound
from app.web.policy import require, signed_in
from app.web.security import safe_next
from app.web.sessions import POST_COOKIE, settings

bp = Blueprint("posts", __name__)

A_YEAR: Final = 365 * 24 * 3600


def held() -> tuple[Holding, ...]:
    """Every post of the person of this request, whichever they act under."""
    everything: Actor | None = g.get("whole_actor")
    return everything.holdings if everything else ()


@bp.post("/post")
@require(signed_in)
def switch() -> Response:
    """Act under one post from now on; under all of them with none named."""
    key = request.form.get("post", "")
    if key and key not in {post.key for post in held()}:
        raise NotFound
    response = redirect(safe_next(request.form.get("next")) or "/")
    response.set_cookie(
        POST_COOKIE,
        key,
        max_age=A_YEAR if key else 0,
        secure=settings().cookie_secure,
        httponly=True,
        samesite="Lax",
    )
    return response
