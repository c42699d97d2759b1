"""抄送、传阅、沟通: what is sent round is read and recalled; people speak in a case's thread."""

from __future__ import annotations

from functools import partial
from typing import Final

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from app import forms
from app.commands import circulations, comments, copies
from app.errors import Invalid
from app.i18n import _
from app.web.cases import page
from app.web.faster import shown
from app.web.frame import toast
from app.web.policy import current_actor, require, signed_in
from app.web.posted import form_fields, idempotency_key

bp = Blueprint("sharing", __name__)
LONGEST: Final = 400


@bp.post("/documents/<int:document_id>/read")
@require(signed_in)
def read_paper(document_id: int) -> Response:
    """Note that a unit has read a paper it got; its page sends this when it is opened."""
    copies.read_paper(document_id, actor=current_actor())
    return redirect(url_for("documents.show", document_id=document_id), 303)


@bp.post("/cases/<int:case_id>/read")
@require(signed_in)
def read_case(case_id: int) -> Response:
    """The same of a copy of the case itself."""
    copies.read_case(case_id, actor=current_actor())
    return redirect(url_for("cases.show", case_id=case_id), 303)


@bp.post("/deliveries/<int:delivery_id>/read")
@require(signed_in)
def mark_read(delivery_id: int) -> Response:
    """已阅: mark as read what one was asked to read, perhaps with an opinion."""
    answers = forms.parse_post(forms.load("mark_read"), form_fields())
    act = circulations.read
    done = act.once(idempotency_key(), delivery_id, answers, actor=current_actor())
    toast(_("You have marked it as read."))
    return redirect(url_for("cases.show", case_id=done["case"], _anchor="sharing"), 303)


@bp.post("/sendings/<int:sending_id>/recall")
@require(signed_in)
def recall(sending_id: int) -> Response:
    """Take back what nobody has read yet: all of it, or from one addressee."""
    one = request.form.get("delivery", "")
    done = copies.recall.once(
        idempotency_key(),
        sending_id,
        actor=current_actor(),
        delivery_id=int(one) if one.isdecimal() and len(one) < 10 else None,
        reason=request.form.get("reason", "")[:LONGEST],
    )
    toast(_("What was not read yet is recalled; the record stays."))
    return redirect(url_for("cases.show", case_id=done["case"], _anchor="sharing"), 303)


@bp.post("/cases/<int:case_id>/comments")
@require(signed_in)
def comment(case_id: int) -> Response | tuple[str, int]:
    """Say something in the thread; on a problem the form comes back with every word typed."""
    answers = forms.parse_post(forms.load("comment"), form_fields())
    try:
        comments.comment.once(idempotency_key(), case_id, answers, actor=current_actor())
    except Invalid as refusal:
        return shown(refusal, partial(page, case_id, answers, refusal))
    toast(_("Your comment is in the thread."))
    return redirect(url_for("cases.show", case_id=case_id, _anchor="thread"), 303)


@bp.post("/comments/<int:comment_id>/withdrawal")
@require(signed_in)
def withdraw(comment_id: int) -> Response:
    """Take one's own comment out of sight."""
    act = comments.withdraw
    done = act.once(idempotency_key(), comment_id, actor=current_actor())
    toast(_("Your comment is withdrawn; the record keeps it."))
    return redirect(url_for("cases.show", case_id=done["case"], _anchor="thread"), 303)
