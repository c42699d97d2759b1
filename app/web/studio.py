"""流程: the published processes and decision tables, for reading."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, render_template

from app.errors import NotFound
from app.queries.definitions import definition, definitions
from app.queries.diagram import room
from app.rules.access import COURT, DESIGNERS, SEES_ALL_CASES
from app.web.policy import require, roles

bp = Blueprint("studio", __name__, url_prefix="/studio")
READERS: Final = (*DESIGNERS, *SEES_ALL_CASES, *COURT)


@bp.get("/")
@require(roles(*READERS))
def index() -> str:
    """Every process and decision table in its newest version."""
    return render_template("definitions/index.html", rows=definitions())


@bp.get("/<int:version_id>")
@require(roles(*READERS))
def show(version_id: int) -> str:
    """One diagram."""
    line, text = definition(version_id)
    if line.kind != "bpmn":
        raise NotFound
    return render_template("definitions/show.html", line=line, room=room(text))


@bp.get("/<int:version_id>/source")
@require(roles(*READERS))
def source(version_id: int) -> Response:
    """The file itself, for the viewer and for download."""
    line, text = definition(version_id)
    return Response(
        text,
        mimetype="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{line.key}.{line.kind}"'},
    )
