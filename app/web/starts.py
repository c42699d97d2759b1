"""Start something that is not a step of a case yet: an item, a meeting, a brief, an evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import forms
from app.commands.starts import begin, start_named
from app.errors import Invalid, Refusal, Stale
from app.queries.instructions import item_asked_for
from app.queries.pickers import choices, profile_choices
from app.web.faster import shown
from app.web.policy import current_actor, require, signed_in
from app.web.posted import LONGEST_VERSION, form_fields, idempotency_key
from app.web.sessions import settings

bp = Blueprint("starts", __name__, url_prefix="/start")


@bp.get("/<name>")
@require(signed_in)
def form(name: str) -> str:
    """Its form."""
    return _page(name)


@bp.post("/<name>")
@require(signed_in)
def start(name: str) -> Response | tuple[str, int]:
    """Start it and show the case; on a problem the form comes back with every word typed."""
    wanted = start_named(current_actor(), name)
    fields = form_fields()
    profile = fields.pop("profile", settings().default_profile)
    answers = forms.parse_post(forms.load(wanted.form), fields)
    try:
        done = begin(
            name,
            profile,
            answers,
            actor=current_actor(),
            key=idempotency_key(),
            instruction=asked_by_instruction(),
        )
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(_page, name, answers, refusal))
    return redirect(url_for("cases.show", case_id=done["case"]), 303)


def _page(
    name: str, answers: Mapping[str, Any] | None = None, refusal: Refusal | None = None
) -> str:
    wanted = start_named(current_actor(), name)
    form = forms.load(wanted.form)
    return render_template(
        "starts/form.html",
        start=wanted,
        form=form,
        answers=_known() if answers is None else answers,
        refusal=refusal,
        choices=choices(form, None),
        profiles=profile_choices(),
        profile=request.form.get("profile", settings().default_profile),
    )


def asked_by_instruction() -> int | None:
    """The leader's instruction that asks for it; the form goes where it was opened."""
    said = request.args.get("instruction", "")
    return int(said) if said.isdecimal() and len(said) < LONGEST_VERSION else None


def _known() -> Mapping[str, Any]:
    """What the instruction says already is not asked again."""
    asked = asked_by_instruction()
    return item_asked_for(current_actor(), asked) if asked is not None else {}
