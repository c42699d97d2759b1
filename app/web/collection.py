"""收集: who of a round's addressees has answered, and the answers in one table (TX-08c)."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from app.queries.collection import collection, consolidate
from app.web.policy import current_actor, require, signed_in
from app.web.speech import speech
from app.web.tables import table_file

bp = Blueprint("collection", __name__, url_prefix="/rounds")


@bp.get("/<int:round_id>/collection")
@require(signed_in)
def show(round_id: int) -> str:
    """Every notice of the round and how far its addressee has come."""
    return render_template("collection/show.html", page=collection(current_actor(), round_id))


@bp.get("/<int:round_id>/consolidation.<kind>")
@require(signed_in)
def consolidation(round_id: int, kind: str) -> Response:
    """The 汇总表 as a file: problems and measures with their owners, one row per measure."""
    found = consolidate(current_actor(), round_id)
    heads = found.headings_en if speech().locale == "en" else found.headings
    return table_file(kind, f"consolidation-{round_id}", found.title, [heads, *found.rows])
