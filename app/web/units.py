"""管理·单位: the tree of units, and what the system administrator may do about one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import forms
from app.commands.operations import ON_UNITS
from app.commands.units import add_unit
from app.errors import Invalid, Refusal, Stale
from app.i18n import _
from app.queries.units import UnitPage, unit_choices, unit_page, unit_tree
from app.rules import access
from app.web.faster import shown
from app.web.frame import toast
from app.web.operating import performed
from app.web.policy import current_actor, require, roles
from app.web.posted import form_fields, idempotency_key
from app.web.wording import say, worded

bp = Blueprint("units", __name__, url_prefix="/units")
READERS = roles(*access.ADMINISTRATORS)
KEEPERS = roles("sys_admin")


@bp.get("/")
@require(READERS)
def index() -> str:
    """Every unit, each under its parent."""
    viewer = current_actor()
    return render_template("units/index.html", rows=unit_tree(viewer), keeps=KEEPERS.admits(viewer))


@bp.get("/new")
@require(KEEPERS)
def form() -> str:
    """The form for a new unit."""
    return _form()


@bp.post("/new")
@require(KEEPERS)
def create() -> Response | tuple[str, int]:
    """Add the unit."""
    asked = forms.load("unit_add")
    answers = forms.parse_post(asked, form_fields())
    try:
        said = forms.checked(asked, answers, context=forms.Context())
        made = add_unit.once(
            idempotency_key(),
            said["code"],
            said["name"],
            said["kind"],
            parent=said["parent"],
            name_en=said["name_en"] or "",
            actor=current_actor(),
        )
    except (Invalid, Stale) as refusal:
        return shown(refusal, partial(_form, answers, refusal))
    toast(_("The unit is added."))
    return redirect(url_for("units.show", unit_id=made["unit"]), 303)


@bp.get("/<int:unit_id>")
@require(READERS)
def show(unit_id: int) -> str:
    """One unit, where it stands, and what may be done about it."""
    viewer = current_actor()
    page = unit_page(viewer, unit_id)
    return render_template(
        "units/show.html",
        page=page,
        crumbs=_crumbs(page),
        offers=ON_UNITS.offers(viewer, page.standing),
    )


@bp.get("/<int:unit_id>/operations/<name>")
@require(READERS)
def operation(unit_id: int, name: str) -> str:
    """The form of one thing that may be done about it."""
    return _operation_page(unit_id, name)


@bp.post("/<int:unit_id>/operations/<name>")
@require(READERS)
def operate(unit_id: int, name: str) -> Response | tuple[str, int]:
    """Do it; on a problem the form comes back with every word typed."""
    home = url_for("units.show", unit_id=unit_id)
    return performed(ON_UNITS, name, unit_id, page=_operation_page, home=home)


def _form(answers: Mapping[str, Any] | None = None, refusal: Refusal | None = None) -> str:
    return render_template(
        "people/operation.html",
        title=forms.load("unit_add"),
        form=forms.load("unit_add"),
        answers=answers or {},
        refusal=refusal,
        choices=_choices(),
        crumbs=[(say(_("Units")), url_for("units.index"))],
        seen=None,
        button=_("Add the unit"),
        why_not=None,
        lead="",
    )


def _operation_page(
    unit_id: int,
    name: str,
    answers: Mapping[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> str:
    viewer = current_actor()
    page = unit_page(viewer, unit_id)
    offer = (ON_UNITS.after if refusal else ON_UNITS.offered)(viewer, page.standing, name)
    line = page.row.line
    first = {"name": line.name, "name_en": line.name_en, "parent": line.parent}
    return render_template(
        "people/operation.html",
        title=offer.label,
        form=offer.form,
        answers=first if answers is None else answers,
        refusal=refusal,
        choices=_choices(),
        crumbs=[*_crumbs(page), (worded(line, "name"), url_for("units.show", unit_id=unit_id))],
        seen=page.standing.seen,
        button=offer.label,
        why_not=offer.why_not,
        lead=line.code,
    )


def _choices() -> dict[str, list[tuple[str, str]]]:
    found = unit_choices(current_actor())
    return {"unit": [(code, name) for _number, code, name in found]}


def _crumbs(page: UnitPage) -> list[tuple[str, str]]:
    above = [(worded(each, "name"), url_for("units.show", unit_id=each.unit_id))
             for each in page.above]  # fmt: skip
    return [(say(_("Units")), url_for("units.index")), *above]
