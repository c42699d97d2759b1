"""What programs need before anything else: who is signed in, and what there is to ask for."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from app.web.api.document import document
from app.web.api.telling import SessionOut, told
from app.web.policy import current_actor, require, signed_in
from app.web.security import csrf_token
from app.web.wording import worded

bp = Blueprint("api", __name__, url_prefix="/api")


@bp.get("/session")
@require(signed_in)
def session() -> Response:
    """Who is signed in, the posts they hold, and the token acts bring."""
    actor = current_actor()
    posts = [
        {
            "unit": worded(held, "unit_name"),
            "unit_id": held.unit_id,
            "role": held.role,
            "deputy": held.deputy_for is not None,
        }
        for held in actor.holdings
    ]
    said = {"login": actor.login, "name": worded(actor, "name"), "posts": posts}
    return told(SessionOut(), {**said, "csrf_token": csrf_token()})


@bp.get("/openapi.json")
@require(signed_in)
def openapi() -> Response:
    """Every address with what it takes and gives, as OpenAPI 3.1."""
    return jsonify(document())
