"""异常: what stopped after five tries, and putting it right: correct facts, try again, skip."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.commands import incidents as commands
from app.commands import moving
from app.errors import Invalid, Refusal, Stale
from app.i18n import Text, _
from app.queries.incidents import incident_page, incidents
from app.rules import access
from app.web.faster import shown
from app.web.frame import toast
from app.web.policy import current_actor, require, roles
from app.web.posted import idempotency_key, version

bp = Blueprint("incidents", __name__, url_prefix="/incidents")
READERS = roles(*access.INCIDENT_READERS)
FACT: Final = "fact-"


@bp.get("/")
@require(READERS)
def index() -> str:
    """Those that wait, or those resolved."""
    resolved = request.args.get("show") == "resolved"
    rows = incidents(current_actor(), resolved=resolved)
    return render_template("incidents/index.html", rows=rows, resolved=resolved)


@bp.get("/<int:incident_id>")
@require(READERS)
def show(incident_id: int) -> str:
    """What it was trying to do, what went wrong, since when, and what can be done."""
    return _page(incident_id)


@bp.post("/<int:incident_id>/retry")
@require(READERS)
def retry(incident_id: int) -> Response | tuple[str, int]:
    """Have it tried again now."""
    return _do(
        incident_id,
        lambda: commands.retry.once(
            idempotency_key(), incident_id, actor=current_actor(), version=version()
        ),
        _("It is being tried again; look in a moment whether it went through."),
    )


@bp.post("/<int:incident_id>/data")
@require(READERS)
def correct(incident_id: int) -> Response | tuple[str, int]:
    """Put facts of the case right."""
    return _do(
        incident_id,
        lambda: commands.correct_data.once(
            idempotency_key(),
            incident_id,
            _typed(),
            request.form.get("reason", ""),
            actor=current_actor(),
            version=version(),
        ),
        _("The facts are corrected. Now have it tried again."),
    )


@bp.post("/<int:incident_id>/skip-proposal")
@require(READERS)
def propose(incident_id: int) -> Response | tuple[str, int]:
    """Propose to skip it."""
    return _do(
        incident_id,
        lambda: commands.propose_skip.once(
            idempotency_key(),
            incident_id,
            request.form.get("reason", ""),
            actor=current_actor(),
            version=version(),
        ),
        _("Proposed. A second person of the office has to agree."),
    )


@bp.post("/<int:incident_id>/skip")
@require(READERS)
def skip(incident_id: int) -> Response | tuple[str, int]:
    """Agree to skip it."""
    return _do(
        incident_id,
        lambda: commands.skip.once(
            idempotency_key(), incident_id, actor=current_actor(), version=version()
        ),
        _("It is skipped and the incident resolved."),
    )


@bp.post("/<int:incident_id>/move")
@require(READERS)
def move(incident_id: int) -> Response | tuple[str, int]:
    """Agree to put the case at the task that was proposed."""
    return _do(
        incident_id,
        lambda: moving.move.once(
            idempotency_key(), incident_id, actor=current_actor(), version=version()
        ),
        _("The case stands at that task now."),
    )


@bp.post("/<int:incident_id>/stay")
@require(READERS)
def stay(incident_id: int) -> Response | tuple[str, int]:
    """Leave the case where it is."""
    return _do(
        incident_id,
        lambda: moving.decline_move.once(
            idempotency_key(), incident_id, actor=current_actor(), version=version()
        ),
        _("The case stays where it is."),
    )


def _typed() -> dict[str, str]:
    """The facts as typed, by their names."""
    sent = request.form.items()
    return {name.removeprefix(FACT): typed for name, typed in sent if name.startswith(FACT)}


def _do(incident_id: int, act: Callable[[], Any], done: Text) -> Response | tuple[str, int]:
    try:
        act()
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(_page, incident_id, refusal))
    toast(done)
    return redirect(url_for("incidents.show", incident_id=incident_id), 303)


def _page(incident_id: int, refusal: Refusal | None = None) -> str:
    return render_template(
        "incidents/show.html",
        page=incident_page(current_actor(), incident_id),
        refusal=refusal,
        problems=refusal.fields if refusal else {},
        typed=_typed() if refusal else {},
        reason=request.form.get("reason", "") if refusal else "",
        which=(request.endpoint or "").rpartition(".")[2] if refusal else "",
    )
