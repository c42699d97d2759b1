"""消息: what one was told, and marking it read."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.commands import news as acts
from app.errors import Invalid
from app.i18n import _
from app.queries.news import news
from app.queries.places import BY_MOMENT, Place
from app.rules.telling import KINDS
from app.web.policy import current_actor, require, signed_in

bp = Blueprint("news", __name__, url_prefix="/news")
LONGEST: Final = 18  # digits of a number


@bp.get("/")
@require(signed_in)
def index() -> str:
    """Everything, or what is unread."""
    unread = request.args.get("unread") == "1"
    after = Place.read(request.args.get("after", ""), BY_MOMENT)
    pages = news(current_actor(), only_unread=unread, after=after)
    newest = max((row.id for row in pages.rows), default=0)
    return render_template(
        "news/index.html", pages=pages, unread=unread, newest=newest, kinds=KINDS
    )


@bp.post("/read")
@require(signed_in)
def read() -> Response:
    """Mark as read: all about a case (a page asks by itself), or everything that was shown."""
    case_id, newest = (_number(name) for name in ("case", "newest"))
    if case_id:
        acts.read_case(case_id, actor=current_actor())
        return Response(status=204)
    acts.read_all(newest, actor=current_actor())
    return redirect(url_for("news.index"))


def _number(name: str) -> int:
    said = request.form.get(name, "0")
    if not (said.isascii() and said.isdecimal() and len(said) < LONGEST):
        raise Invalid(_("The form is damaged. Open the page again."))
    return int(said)
