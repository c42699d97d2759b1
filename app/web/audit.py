"""审计: the journal's streams, one of them in words, and the proof that nothing was altered."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.queries.audit import verify
from app.queries.streams import stream, streams
from app.rules.access import AUDITORS
from app.web.policy import current_actor, require, roles

bp = Blueprint("audit", __name__, url_prefix="/audit")


@bp.get("/")
@require(roles(*AUDITORS))
def index() -> str:
    """The streams, newest first."""
    text = request.args.get("text", "")[:80].strip()
    return render_template(
        "audit/index.html", rows=streams(current_actor(), text=text), text=text, verdict=None
    )


@bp.post("/verification")
@require(roles(*AUDITORS))
def check() -> str:
    """Check every stream now and say where one breaks."""
    return render_template(
        "audit/index.html", rows=streams(current_actor()), text="", verdict=verify()
    )


@bp.get("/streams/<path:name>")
@require(roles(*AUDITORS))
def show(name: str) -> str:
    """One stream in words, with the hash of each row."""
    return render_template("audit/stream.html", name=name, lines=stream(current_actor(), name))
