"""轮次: the assessment rounds, opening one, and what each found."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from app.commands.cases import start_round
from app.errors import Invalid, NotFound, Refusal, Stale
from app.i18n import _
from app.queries.imports import batches
from app.queries.pickers import profile_choices
from app.queries.rounds import round_page, rounds
from app.rules import access, periods, readings
from app.web.faster import shown
from app.web.frame import toast
from app.web.policy import current_actor, require, roles
from app.web.posted import idempotency_key
from app.web.sessions import settings
from app.web.speech import speech
from app.web.tables import TYPES

bp = Blueprint("rounds", __name__, url_prefix="/rounds")
READERS = roles(*access.ROUND_READERS)
OPENERS = roles("court_analyst")


@bp.get("/")
@require(READERS)
def index() -> str:
    """Every round, newest first."""
    viewer = current_actor()
    return render_template(
        "rounds/index.html", rows=rounds(viewer), may_open=OPENERS.admits(viewer)
    )


@bp.get("/new")
@require(OPENERS)
def form() -> str:
    """The form that opens a round."""
    return _form()


@bp.post("/")
@require(OPENERS)
def create() -> WerkzeugResponse | tuple[str, int]:
    """Open a round and its case."""
    sent = request.form
    try:
        period = periods.parse(sent.get("code", ""))
        made = start_round.once(
            idempotency_key(), period.code, period.kind, period.start, period.end,
            sent.get("profile", ""), sent.get("report_title", "")[:200], actor=current_actor(),
        )  # fmt: skip
    except NotFound as refusal:
        return _form(refusal), 422
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(_form, refusal))
    toast(_("The round %(round)s is open.", round=period.code))
    return redirect(url_for("rounds.show", round_id=made["round"]), 303)


@bp.get("/<int:round_id>")
@require(READERS)
def show(round_id: int) -> str:
    """One round: every indicator with value, benchmarks, level and reason; its files."""
    viewer = current_actor()
    return render_template(
        "rounds/show.html", page=round_page(viewer, round_id), files=batches(viewer, round_id)
    )


@bp.get("/template.<kind>")
@require(READERS)
def template(kind: str) -> Response:
    """The empty table to fill in, in the language of the page."""
    if kind not in TYPES:
        raise NotFound
    made = readings.template_csv if kind == "csv" else readings.template_xlsx
    return Response(
        made(chinese=speech().locale != "en"),
        content_type=TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="readings.{kind}"'},
    )


def _form(refusal: Refusal | None = None) -> str:
    return render_template(
        "rounds/new.html",
        refusal=refusal,
        sent=request.form,
        profiles=profile_choices(),
        profile=request.form.get("profile", settings().default_profile),
    )
