"""收集: who of a round's addressees has answered, and the answers in one table (TX-08c)."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from app.errors import NotFound
from app.queries.collection import collection, consolidate
from app.rules import cells
from app.web.ledger import TYPES
from app.web.policy import current_actor, require, signed_in
from app.web.speech import speech

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
    if kind not in TYPES:
        raise NotFound
    found = consolidate(current_actor(), round_id)
    heads = found.headings_en if speech().locale == "en" else found.headings
    rows = [heads, *found.rows]
    body = cells.csv_bytes(rows) if kind == "csv" else cells.xlsx_bytes(found.title, rows)
    return Response(
        body,
        content_type=TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="consolidation-{round_id}.{kind}"'},
    )
