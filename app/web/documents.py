"""文书: the papers one may see, and each as the sheet it prints to."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.queries.case_tasks import waiting
from app.queries.papers import kinds, paper, papers
from app.queries.sharing import may_send
from app.web.policy import current_actor, require, signed_in

bp = Blueprint("documents", __name__, url_prefix="/documents")


@bp.get("/")
@require(signed_in)
def index() -> str:
    """The newest papers, by kind and words."""
    kind, text = request.args.get("kind", ""), request.args.get("text", "")[:80].strip()
    return render_template(
        "documents/index.html",
        rows=papers(current_actor(), kind=kind, text=text),
        kinds=kinds(),
        kind=kind,
        text=text,
    )


@bp.get("/<int:document_id>")
@require(signed_in)
def show(document_id: int) -> str:
    """One paper as a sheet, with its deliveries."""
    viewer = current_actor()
    page = paper(viewer, document_id)
    return render_template(
        "documents/show.html",
        page=page,
        may_send=page.line.state == "issued"
        and page.line.case_open
        and may_send(viewer, page.line.case_id),
        waiting=() if page.line.issued_at else waiting(viewer, page.line.case_id),
    )
