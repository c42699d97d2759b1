"""指标: the indicators, the units that answer for them, their history; aspects and our own area."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.commands.indicators import (
    STREAM,
    Details,
    add_aspect,
    keep_indicator,
    mark_own_area,
)
from app.errors import Invalid, Refusal, Stale
from app.i18n import _
from app.queries.history import place
from app.queries.indicators import indicator_page, indicator_system
from app.rules import access
from app.web.faster import shown
from app.web.frame import toast
from app.web.policy import current_actor, require, roles
from app.web.posted import idempotency_key, version

bp = Blueprint("indicators", __name__, url_prefix="/indicators")
READERS = roles(*access.ROUND_READERS)
KEEPERS = roles("court_analyst")


@bp.get("/")
@require(READERS)
def index() -> str:
    """Every indicator by aspect."""
    return _index()


@bp.get("/<int:indicator_id>")
@require(READERS)
def show(indicator_id: int) -> str:
    """One indicator with its history; the analyst's form beside it."""
    return _page(indicator_id)


@bp.post("/<int:indicator_id>")
@require(KEEPERS)
def keep(indicator_id: int) -> Response | tuple[str, int]:
    """Change an indicator and the units that answer for it."""
    sent = request.form
    details = Details(
        name=sent.get("name", ""),
        name_en=sent.get("name_en", "")[:200],
        aspect=sent.get("aspect", ""),
        domain=sent.get("domain", "")[:200],
        direction=sent.get("direction", ""),
        active=sent.get("active") == "true",
    )
    units = [code for code in (sent.get("lead", ""), *sent.getlist("units")) if code]
    try:
        keep_indicator.once(
            idempotency_key(), indicator_id, details, units, actor=current_actor(), seen=version()
        )
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(_page, indicator_id, refusal))
    toast(_("Saved."))
    return redirect(url_for("indicators.show", indicator_id=indicator_id), 303)


@bp.post("/aspects")
@require(KEEPERS)
def create_aspect() -> Response | tuple[str, int]:
    """Add an aspect."""
    sent = request.form
    try:
        add_aspect.once(
            idempotency_key(), sent.get("code", "")[:40], sent.get("name", ""),
            actor=current_actor(), name_en=sent.get("name_en", "")[:200],
        )  # fmt: skip
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(_index, refusal))
    toast(_("Saved."))
    return redirect(url_for("indicators.index"), 303)


@bp.post("/areas/<int:area_id>/own")
@require(KEEPERS)
def own_area(area_id: int) -> Response | tuple[str, int]:
    """Say which county is ours."""
    try:
        mark_own_area.once(idempotency_key(), area_id, actor=current_actor(), seen=version())
    except Stale as refusal:
        return shown(refusal, partial(_index, refusal))
    toast(_("Saved."))
    return redirect(url_for("indicators.index"), 303)


def _index(refusal: Refusal | None = None) -> str:
    viewer, seen = current_actor(), place(STREAM)
    return render_template(
        "indicators/index.html",
        system=indicator_system(viewer),
        may_keep=KEEPERS.admits(viewer),
        refusal=refusal,
        sent=request.form,
        seen=seen,
    )


def _page(indicator_id: int, refusal: Refusal | None = None) -> str:
    seen = place(STREAM)
    page = indicator_page(current_actor(), indicator_id)
    return render_template(
        "indicators/show.html",
        page=page,
        refusal=refusal,
        sent=request.form if refusal else None,
        seen=seen,
    )
