"""The address without a path: on to the inbox, or the first page this person may open."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from app.web.frame import first_url
from app.web.policy import require, signed_in

bp = Blueprint("start", __name__)


@bp.get("/")
@require(signed_in)
def index() -> Response | str:
    """Go where this person's work is."""
    first = first_url()
    return redirect(first) if first else render_template("start.html")
