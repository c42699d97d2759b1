"""The page of one case, its diagram, and the operations its people may do on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from app import forms
from app.commands import following
from app.commands.operations import ON_CASES
from app.commands.starts import started_by
from app.errors import Refusal
from app.i18n import _
from app.queries import diagram
from app.queries.case_trend import case_trend
from app.queries.cases import CasePage, Relative, case_page
from app.queries.evaluation import deductions, outcomes
from app.queries.history import history, place
from app.queries.inbox import inbox
from app.queries.my_work import follows
from app.queries.pickers import choices
from app.queries.sharing import pickable, shared
from app.queries.standing import standing
from app.queries.threads import talk
from app.rules.standing import may_add_files
from app.web.operating import performed
from app.web.policy import current_actor, require, signed_in
from app.web.posted import form_fields
from app.web.wording import say

bp = Blueprint("cases", __name__, url_prefix="/cases")


@bp.get("/<int:case_id>")
@require(signed_in)
def show(case_id: int) -> str:
    """Facts, where it stands, units, deadlines, papers, relatives and the journal in words."""
    return page(case_id)


def page(
    case_id: int, typed: Mapping[str, Any] | None = None, refusal: Refusal | None = None
) -> str:
    """The page of a case; `typed` is a comment that was refused."""
    viewer = current_actor()
    page = case_page(viewer, case_id)
    stands = standing(viewer, case_id)
    return render_template(
        "cases/show.html",
        page=page,
        shared=shared(viewer, case_id),
        talk=talk(viewer, page, g.now),
        typed=typed or {},
        refusal=refusal,
        comment_form=forms.load("comment"),
        mark_form=forms.load("mark_read"),
        history=history(viewer, case_id),
        marks=diagram.marks(viewer, case_id),
        called=diagram.called(viewer, case_id),
        rooms=diagram.rooms(viewer, case_id),
        offers=ON_CASES.offers(viewer, stands),
        may_add=may_add_files(viewer, stands),
        crumbs=_crumbs(page),
        relatives=_relatives(page),
        trend=case_trend(viewer, page.indicator_id, page.round),
        outcomes=outcomes(viewer, case_id),
        deductions=deductions(viewer, case_id),
        opens_items=any(each.name == "item" for each in started_by(viewer, "ledger")),
        follows=follows(viewer, case_id),
        box=inbox(viewer, now=g.now) if "done" in request.args else None,
    )


@bp.get("/<int:case_id>/diagram.bpmn")
@require(signed_in)
def diagram_source(case_id: int) -> Response:
    """The diagram the case runs on, for the viewer."""
    source = diagram.source(current_actor(), case_id, request.args.get("process", ""))
    return Response(source, mimetype="application/xml")


@bp.get("/<int:case_id>/operations/<name>")
@require(signed_in)
def operation(case_id: int, name: str) -> str:
    """The form of one operation offered on the case; the address may say what it is about."""
    about = {key: request.args[key] for key in ("what",) if key in request.args}
    return _operation_page(case_id, name, about)


@bp.post("/<int:case_id>/operations/<name>")
@require(signed_in)
def operate(case_id: int, name: str) -> WerkzeugResponse | tuple[str, int]:
    """Do it; on a problem the form comes back with every word typed."""
    home = url_for("cases.show", case_id=case_id)
    return performed(ON_CASES, name, case_id, page=_operation_page, home=home)


@bp.post("/<int:case_id>/follow")
@require(signed_in)
def follow(case_id: int) -> WerkzeugResponse:
    """Put the case on my list, or take it off again."""
    wanted = form_fields().get("follow") == "yes"
    act = following.follow if wanted else following.unfollow
    act(case_id, actor=current_actor())
    return redirect(url_for("cases.show", case_id=case_id), 303)


@bp.get("/<int:case_id>/marks.json")
@require(signed_in)
def marks(case_id: int) -> Response:
    """Which elements wait and which were passed."""
    found = diagram.marks(current_actor(), case_id)
    return jsonify(open=found.open, passed=found.passed)


def _operation_page(
    case_id: int,
    name: str,
    answers: Mapping[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> str:
    viewer = current_actor()
    seen = place(f"case:{case_id}")
    case = standing(viewer, case_id)
    offer = (ON_CASES.after if refusal else ON_CASES.offered)(viewer, case, name)
    page = case_page(viewer, case_id)
    return render_template(
        "cases/operation.html",
        crumbs=[(page.title, url_for("cases.show", case_id=case_id))],
        case=page,
        trend=case_trend(viewer, page.indicator_id, page.round),
        offer=offer,
        answers=answers or {},
        refusal=refusal,
        seen=seen,
        choices=choices(offer.form, viewer.unit_id) | pickable(viewer, case, name, g.now),
    )


def _crumbs(page: CasePage) -> list[tuple[str, str]]:
    if page.parent is None:
        return [(say(_("Matters")), url_for("ledger.index"))]
    name = page.parent.number or page.parent.title
    return [(name, url_for("cases.show", case_id=page.parent.case_id))]


def _relatives(page: CasePage) -> list[tuple[str, Relative]]:
    parents = [(say(_("came from")), page.parent)] if page.parent else []
    return [*parents, *((say(_("led to")), child) for child in page.children)]
