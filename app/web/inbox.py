"""待办: what waits for me and my units."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.queries.inbox import LIGHTS, inbox
from app.web.policy import current_actor, require, signed_in

bp = Blueprint("inbox", __name__, url_prefix="/inbox")


@bp.get("/")
@require(signed_in)
def index() -> str:
    """The tasks I may complete now, filtered by light."""
    light = request.args.get("light")
    light = light if light in LIGHTS else None
    box = inbox(current_actor(), light=light)
    return render_template("inbox/index.html", box=box, chosen=light)
