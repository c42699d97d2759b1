"""会议: the meetings that coordinate, and calling one."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.commands.starts import started_by
from app.queries.meetings import meetings
from app.web.policy import current_actor, require, signed_in

bp = Blueprint("meetings", __name__, url_prefix="/meetings")


@bp.get("/")
@require(signed_in)
def index() -> str:
    """Every meeting one may see."""
    viewer = current_actor()
    return render_template(
        "meetings/index.html", rows=meetings(viewer), starts=started_by(viewer, "meetings")
    )
