"""What programs need before anything else: who is signed in, and what there is to ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify

from app.i18n import _
from app.web.api.document import document
from app.web.api.doors import bp, reads
from app.web.api.telling import SessionOut
from app.web.policy import current_actor, require, signed_in
from app.web.security import csrf_token
from app.web.wording import worded


@reads("/session", _("Who is signed in"), SessionOut)
def session() -> Mapping[str, Any]:
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
    return {**said, "csrf_token": csrf_token()}


@bp.get("/openapi.json")
@require(signed_in)
def openapi() -> Response:
    """Every address with what it takes and gives, as OpenAPI 3.1."""
    return jsonify(document())
