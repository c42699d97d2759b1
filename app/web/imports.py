"""导入: a file of figures from its upload through its preview into the round."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from app.commands.command import Command
from app.commands.imports import (
    confirm,
    create_all_unknown,
    discard,
    leave_out,
    map_unknown,
    take_back_in,
    upload,
)
from app.commands.staging import stage
from app.errors import Invalid, Refusal, Stale
from app.i18n import _
from app.queries.history import place
from app.queries.imports import batch_line, import_page
from app.queries.rounds import round_line
from app.rules import access
from app.rules.importing import VERDICTS
from app.web.faster import shown
from app.web.frame import toast
from app.web.policy import current_actor, require, roles
from app.web.posted import idempotency_key, version

bp = Blueprint("imports", __name__)
READERS = roles(*access.IMPORT_READERS)
ANALYSTS = roles(*access.ANALYSTS)
MOST_NAMES = 200


@bp.get("/rounds/<int:round_id>/imports/new")
@require(ANALYSTS)
def form(round_id: int) -> str:
    """Choose a file."""
    return _form(round_id)


@bp.post("/rounds/<int:round_id>/imports")
@require(ANALYSTS)
def create(round_id: int) -> WerkzeugResponse | tuple[str, int]:
    """Take the file in; a small one is read at once, a large one in the background."""
    try:
        name, content = chosen_file()
        taken = upload.once(idempotency_key(), round_id, name, content, actor=current_actor())
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(_form, round_id, refusal))
    if taken["already"]:
        toast(_("This file was imported into this round before. Nothing changes."), "info")
    elif taken["small"]:
        stage(taken["batch"], actor=current_actor())
    return redirect(url_for("imports.show", batch_id=taken["batch"]), 303)


@bp.get("/imports/<int:batch_id>")
@require(READERS)
def show(batch_id: int) -> str:
    """The preview as a diff, or what became of the file."""
    return _page(batch_id)


@bp.get("/imports/<int:batch_id>/progress")
@require(READERS)
def progress(batch_id: int) -> Response:
    """How far reading the file is; once it is done the page is loaded anew."""
    batch = batch_line(current_actor(), batch_id)
    response = make_response(render_template("imports/progress.html", batch=batch))
    if not batch.reading:
        response.headers["HX-Refresh"] = "true"
    return response


@bp.post("/imports/<int:batch_id>/names")
@require(ANALYSTS)
def assign(batch_id: int) -> WerkzeugResponse | tuple[str, int]:
    """Say what unknown names mean, or that they are to be created."""
    return _clear_up(batch_id, map_unknown, _wishes())


@bp.post("/imports/<int:batch_id>/unknown")
@require(ANALYSTS)
def create_unknown(batch_id: int) -> WerkzeugResponse | tuple[str, int]:
    """Create whatever is unknown."""
    aspect = request.form.get("aspect") or None
    return _clear_up(batch_id, create_all_unknown, aspect=aspect)


@bp.post("/imports/<int:batch_id>/rows/<int:line>/exclusion")
@require(ANALYSTS)
def exclude(batch_id: int, line: int) -> WerkzeugResponse | tuple[str, int]:
    """Leave a row out."""
    return _clear_up(batch_id, leave_out, line)


@bp.post("/imports/<int:batch_id>/rows/<int:line>/inclusion")
@require(ANALYSTS)
def include(batch_id: int, line: int) -> WerkzeugResponse | tuple[str, int]:
    """Take a row back in."""
    return _clear_up(batch_id, take_back_in, line)


@bp.post("/imports/<int:batch_id>/confirmation")
@require(ANALYSTS)
def confirmation(batch_id: int) -> WerkzeugResponse | tuple[str, int]:
    """Take everything into the round, or nothing."""
    try:
        numbers = confirm.once(idempotency_key(), batch_id, actor=current_actor(), seen=version())
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(_page, batch_id, refusal))
    toast(_("%(number)s readings were added to the round.", number=numbers["new"]))
    batch = batch_line(current_actor(), batch_id)
    return redirect(url_for("rounds.show", round_id=batch.round_id), 303)


@bp.post("/imports/<int:batch_id>/discard")
@require(ANALYSTS)
def drop(batch_id: int) -> WerkzeugResponse | tuple[str, int]:
    """Drop the file; nothing of it reaches the round."""
    batch = batch_line(current_actor(), batch_id)
    try:
        discard.once(idempotency_key(), batch_id, actor=current_actor(), seen=version())
    except Stale as refusal:
        return shown(refusal, partial(_page, batch_id, refusal))
    toast(_("The file was discarded. Nothing of it reached the round."), "info")
    return redirect(url_for("rounds.show", round_id=batch.round_id), 303)


def chosen_file() -> tuple[str, bytes]:
    """The file of a form, its name and its bytes."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid(_("Choose a file first."))
    return file.filename, file.read()


def _form(round_id: int, refusal: Refusal | None = None) -> str:
    line = round_line(current_actor(), round_id)
    return render_template("imports/new.html", round=line, refusal=refusal)


def _page(batch_id: int, refusal: Refusal | None = None) -> str:
    args = request.values
    seen = place(f"round:{batch_line(current_actor(), batch_id).round_id}")
    page = import_page(
        current_actor(),
        batch_id,
        verdict=args.get("verdict", ""),
        after=args.get("after", type=int),
        before=args.get("before", type=int),
    )
    return render_template(
        "imports/show.html",
        page=page,
        refusal=refusal,
        verdicts=VERDICTS,
        seen=seen,
        sent=_typed() if refusal else {},
    )


def _clear_up(
    batch_id: int, act: Command[..., Any], *args: Any, **named: Any
) -> WerkzeugResponse | tuple[str, int]:
    """Do it and come back to the same part of the preview."""
    try:
        act.once(idempotency_key(), batch_id, *args, actor=current_actor(), seen=version(), **named)
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(_page, batch_id, refusal))
    verdict, after = request.form.get("verdict") or None, request.form.get("after") or None
    here = url_for("imports.show", batch_id=batch_id, verdict=verdict, after=after)
    return redirect(here, 303)


def _wishes() -> dict[str, dict[str, Any]]:
    """The form's rows: `kind-0`, `name-0`, `wish-0` ('', create, or an id), `aspect-0`, `own-0`."""
    sent = request.form
    wishes: dict[str, dict[str, Any]] = {"indicator": {}, "area": {}}
    for number in range(MOST_NAMES):
        kind, wish = sent.get(f"kind-{number}"), sent.get(f"wish-{number}", "")
        if kind not in wishes or not wish:
            continue
        wishes[kind][sent.get(f"name-{number}", "")] = _wish(number, wish)
    return wishes


def _typed() -> dict[str, Any]:
    """The same as it was sent, by kind and name, for a form that comes back."""
    sent, rows = request.form, range(MOST_NAMES)
    named = [n for n in rows if sent.get(f"wish-{n}")]
    return {
        "aspect": sent.get("aspect"),
        "names": [(sent.get(f"name-{n}", ""), sent[f"wish-{n}"]) for n in named],
        **{
            f"{sent.get(f'kind-{n}')}/{sent.get(f'name-{n}')}": {
                part: sent.get(f"{part}-{n}") for part in ("wish", "aspect", "own")
            }
            for n in named
        },
    }


def _wish(number: int, wish: str) -> dict[str, Any]:
    if wish.isdecimal():
        return {"to": int(wish)}
    sent = request.form
    return {
        "create": wish == "create",
        "aspect": sent.get(f"aspect-{number}"),
        "own": sent.get(f"own-{number}") == "true",
    }
