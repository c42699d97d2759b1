"""搜索: one box over the cases and papers one may see."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.queries.search import search
from app.web.policy import current_actor, require, signed_in

bp = Blueprint("search", __name__, url_prefix="/search")


@bp.get("/")
@require(signed_in)
def index() -> str:
    """What fits the words."""
    text = request.args.get("q", "")[:80].strip()
    return render_template("search/index.html", text=text, found=search(current_actor(), text))
