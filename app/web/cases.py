"""The page of one case, its diagram, and the operations its people may do on it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request

from app.queries import diagram
from app.queries.cases import case_page
from app.queries.history import history
from app.web.policy import current_actor, require, signed_in

bp = Blueprint("cases", __name__, url_prefix="/cases")


@bp.get("/<int:case_id>")
@require(signed_in)
def show(case_id: int) -> str:
    """Facts, where it stands, units, deadlines, papers, relatives and the journal in words."""
    viewer = current_actor()
    return render_template(
        "cases/show.html", page=case_page(viewer, case_id), history=history(viewer, case_id),
        marks=diagram.marks(viewer, case_id),
    )


@bp.get("/<int:case_id>/diagram.bpmn")
@require(signed_in)
def diagram_source(case_id: int) -> Response:
    """The diagram the case runs on, for the viewer."""
    source = diagram.source(current_actor(), case_id, request.args.get("process", ""))
    return Response(source, mimetype="application/xml")


@bp.get("/<int:case_id>/marks.json")
@require(signed_in)
def marks(case_id: int) -> Response:
    """Which elements wait and which were passed."""
    found = diagram.marks(current_actor(), case_id)
    return jsonify(open=found.open, passed=found.passed)
