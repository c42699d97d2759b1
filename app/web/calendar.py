"""日历: holidays and worked weekends, and changing them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import clock, forms
from app.commands.calendar import KEEPERS, STREAM, change_day, import_year
from app.errors import Invalid, Refusal, Stale
from app.i18n import _
from app.queries.calendar import calendar_page
from app.queries.history import place
from app.web.faster import shown
from app.web.frame import toast
from app.web.policy import current_actor, require, roles, signed_in
from app.web.posted import form_fields, idempotency_key, version

bp = Blueprint("calendar", __name__, url_prefix="/calendar")


@bp.get("/")
@require(signed_in)
def index() -> str:
    """The special days of a year."""
    return _page(request.args.get("year", type=int))


@bp.post("/day")
@require(roles(*KEEPERS))
def day() -> Response | tuple[str, int]:
    """Make a day a holiday, a worked weekend or plain again; open dates move with it."""
    try:
        said = _checked("calendar_day")
        kind = "" if said["kind"] == "plain" else said["kind"]
        done = change_day.once(
            idempotency_key(),
            date.fromisoformat(said["day"]),
            kind,
            said["note"] or "",
            said["source"],
            actor=current_actor(),
            seen=version(),
        )
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(_page, None, refusal, "calendar_day"))
    return _done(int(said["day"][:4]), done["moved"])


@bp.post("/year")
@require(roles(*KEEPERS))
def year() -> Response | tuple[str, int]:
    """Take a year's schedule in; provisional dates are found again."""
    try:
        said = _checked("calendar_year")
        done = import_year.once(
            idempotency_key(),
            said["year"],
            said["days"],
            said["source"],
            actor=current_actor(),
            seen=version(),
        )
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(_page, None, refusal, "calendar_year"))
    return _done(said["year"], done["moved"])


def _checked(form: str) -> Mapping[str, Any]:
    loaded = forms.load(form)
    answers = forms.parse_post(loaded, form_fields())
    return forms.checked(loaded, answers, context=forms.Context(today=clock.today()))


def _done(of_year: int, moved: int) -> Response:
    toast(_("The calendar is changed; %(count)s open dates moved.", count=moved))
    return redirect(url_for("calendar.index", year=of_year), 303)


def _page(of_year: int | None, refusal: Refusal | None = None, which: str = "") -> str:
    seen = place(STREAM)
    wanted = of_year if of_year and 2000 <= of_year <= 2100 else clock.today().year
    answers = forms.parse_post(forms.load(which), form_fields()) if which else {}
    return render_template(
        "calendar/index.html",
        page=calendar_page(wanted),
        seen=seen,
        which=which,
        answers=answers,
        refusal=refusal,
        may=current_actor().has(*KEEPERS),
        day_form=forms.load("calendar_day"),
        year_form=forms.load("calendar_year"),
    )
