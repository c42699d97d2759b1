"""管理·导入: files of units and people, from the empty table through the preview to the posts."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.commands.command import Command
from app.commands.rosters import confirm, decline_posts, discard, grant_posts, upload
from app.errors import Invalid, NotFound, Refusal, Stale
from app.i18n import _
from app.queries import rosters as queries
from app.rules import access, rosters
from app.web.faster import shown
from app.web.frame import toast
from app.web.imports import chosen_file
from app.web.policy import current_actor, require, roles
from app.web.posted import idempotency_key, version
from app.web.speech import speech
from app.web.tables import TYPES

bp = Blueprint("rosters", __name__, url_prefix="/people/imports")
READERS = roles(*access.ADMINISTRATORS)
KEEPERS = roles("sys_admin")
GRANTERS = roles("sec_admin")
FURTHEST: Final = 1_000


@bp.get("/")
@require(READERS)
def index() -> str:
    """The files so far, and the form for the next one."""
    return _index()


@bp.post("/")
@require(KEEPERS)
def create() -> Response | tuple[str, int]:
    """Take a file in, to be looked at."""
    try:
        name, content = chosen_file()
        what = request.form.get("what", "")
        taken = upload.once(idempotency_key(), what, name, content, actor=current_actor())
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(_index, refusal))
    if taken["waiting"]:
        toast(_("This very file waits for its decision already."), "info")
    return redirect(url_for("rosters.show", roster_id=taken["roster"]), 303)


@bp.get("/<what>-template.<kind>")
@require(READERS)
def template(what: str, kind: str) -> Response:
    """The empty table to fill in, in the language of the page."""
    if kind not in TYPES or what not in rosters.COLUMNS:
        raise NotFound
    return Response(
        rosters.template(what, kind, chinese=speech().locale != "en"),
        content_type=TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{what}.{kind}"'},
    )


@bp.get("/<int:roster_id>")
@require(READERS)
def show(roster_id: int) -> str:
    """The file beside what there is, or what became of it."""
    return _page(roster_id)


@bp.post("/<int:roster_id>/confirmation")
@require(KEEPERS)
def confirmation(roster_id: int) -> Response | tuple[str, int]:
    """Take in everything, or nothing."""
    answer, done = _decide(roster_id, confirm)
    if done is not None:
        text = _("%(new)s added, %(changed)s changed.", new=done["new"], changed=done["changed"])
        toast(text)
    return answer


@bp.post("/<int:roster_id>/discard")
@require(KEEPERS)
def drop(roster_id: int) -> Response | tuple[str, int]:
    """Drop the file."""
    answer, _done = _decide(roster_id, discard)
    return answer


@bp.post("/<int:roster_id>/posts")
@require(GRANTERS)
def posts(roster_id: int) -> Response | tuple[str, int]:
    """Grant the posts the file proposed."""
    answer, done = _decide(roster_id, grant_posts)
    if done is not None:
        toast(_("%(number)s posts are granted.", number=done["granted"]))
    return answer


@bp.post("/<int:roster_id>/posts/refusal")
@require(GRANTERS)
def refuse_posts(roster_id: int) -> Response | tuple[str, int]:
    """Grant none of them."""
    answer, _done = _decide(roster_id, decline_posts)
    return answer


def _decide(
    roster_id: int, act: Command[..., Any]
) -> tuple[Response | tuple[str, int], dict[str, int] | None]:
    """Do it and come back to the file; what was done, unless it was refused."""
    try:
        done = act.once(idempotency_key(), roster_id, actor=current_actor(), seen=version())
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(_page, roster_id, refusal)), None
    return redirect(url_for("rosters.show", roster_id=roster_id), 303), done


def _index(refusal: Refusal | None = None) -> str:
    viewer = current_actor()
    return render_template(
        "rosters/index.html",
        rows=queries.rosters(viewer),
        keeps=KEEPERS.admits(viewer),
        what=request.values.get("what", "people"),
        refusal=refusal,
        limits={"rows": rosters.MOST_ROWS, "megabytes": rosters.MOST_BYTES // 1_000_000},
    )


def _page(roster_id: int, refusal: Refusal | None = None) -> str:
    args = request.args
    number = args.get("page", "")
    page = queries.roster_page(
        current_actor(),
        roster_id,
        verdict=args.get("verdict", ""),
        number=min(int(number), FURTHEST) if number.isdecimal() and len(number) < 5 else 1,
    )
    return render_template(
        "rosters/show.html",
        page=page,
        refusal=refusal,
        verdicts=rosters.VERDICTS,
        labels={column.name: column.label for column in rosters.COLUMNS[page.line.what]},
    )
