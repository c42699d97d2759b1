"""附件: files added to cases and tasks, shown, downloaded and withdrawn.

Nothing of a file is ever part of a page of ours: it is handed out as a download, or, if a browser
can show it, by an address of its own whose policy lets it load and run nothing.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response

from app import files
from app.commands.attachments import attach, withdraw
from app.commands.drafts import save_draft
from app.errors import NotFound, Stale
from app.i18n import _
from app.queries.attachments import File, case_of_task, file
from app.queries.cases import case_title
from app.web.faster import wants_json
from app.web.frame import toast
from app.web.policy import current_actor, require, signed_in, with_files
from app.web.posted import draft_seen, number, sent

bp = Blueprint("attachments", __name__)
PREFIX: Final = "files-"
ALONE: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
DOWNLOADED: Final = f"{ALONE}; sandbox"
SHOWN: Final = {
    "pdf": f"{ALONE}; object-src 'self'; style-src 'unsafe-inline'",  # decision 019
    "jpg": DOWNLOADED,
    "png": DOWNLOADED,
}


@bp.post("/cases/<int:case_id>/attachments")
@require(with_files)
def to_case(case_id: int) -> Response:
    """Add files to a case."""
    case_title(current_actor(), case_id)
    added = take_in(case_id, None)
    _withdraw_asked()
    return _answered(added, url_for("cases.show", case_id=case_id, _anchor="files"))


@bp.post("/tasks/<int:assignment_id>/attachments")
@require(with_files)
def to_task(assignment_id: int) -> Response:
    """Add files to a task's questions, or withdraw one; what was typed is kept as a draft."""
    case_id = case_of_task(current_actor(), assignment_id)
    added = take_in(case_id, assignment_id)
    _withdraw_asked()
    if not wants_json():
        _keep_draft(assignment_id)
    return _answered(added, url_for("tasks.show", assignment_id=assignment_id))


@bp.get("/attachments/<int:attachment_id>")
@require(signed_in)
def show(attachment_id: int) -> str:
    """What a file is, who added it when, its SHA-256; pictures are shown."""
    one = file(current_actor(), attachment_id)
    return render_template("attachments/show.html", file=one, shown=one.kind in SHOWN)


@bp.get("/attachments/<int:attachment_id>/content")
@require(signed_in)
def content(attachment_id: int) -> Response:
    """The file itself, to be kept."""
    return _sent(file(current_actor(), attachment_id), DOWNLOADED, download=True)


@bp.get("/attachments/<int:attachment_id>/preview")
@require(signed_in)
def preview(attachment_id: int) -> Response:
    """The file itself, to be looked at: pictures and PDF alone."""
    one = file(current_actor(), attachment_id)
    if one.kind not in SHOWN:
        raise NotFound
    return _sent(one, SHOWN[one.kind], download=False)


@bp.post("/attachments/<int:attachment_id>/withdrawal")
@require(signed_in)
def take_back(attachment_id: int) -> Response:
    """Withdraw one's own file."""
    case_id = withdraw(attachment_id, actor=current_actor())["case"]
    toast(_("The file is withdrawn."))
    return redirect(url_for("cases.show", case_id=case_id, _anchor="files"), 303)


def take_in(case_id: int, assignment_id: int | None) -> list[int]:
    """Every file that was sent along, each for the question its name says; the ids."""
    given = [(name, each) for name, each in request.files.items(multi=True) if each.filename]
    return [
        attach(
            case_id,
            each.filename or "",
            each.stream,
            actor=current_actor(),
            assignment_id=assignment_id,
            field=name.removeprefix(PREFIX) if assignment_id is not None else "",
        )["attachment"]
        for name, each in given
    ]


def _withdraw_asked() -> None:
    """A button beside a file in the same form."""
    which = number("withdraw")
    if which is not None:
        withdraw(which, actor=current_actor())


def _answered(added: list[int], there: str) -> Response:
    if wants_json():
        return jsonify(attachments=added)
    if added:
        toast(_("Added: %(number)s files.", number=len(added)))
    return redirect(there, 303)


def _keep_draft(assignment_id: int) -> None:
    """Without scripts the whole form came along; another window's draft is left as it is."""
    fields = [(name, value) for name, value in sent().fields if name != "withdraw"]
    try:
        save_draft(assignment_id, fields, actor=current_actor(), seen=draft_seen())
    except Stale as refusal:
        toast(refusal.text, "warning")


def _sent(one: File, policy: str, *, download: bool) -> Response:
    if not files.lies(one.sha256):
        raise NotFound(_("This file’s content is missing; tell the administrator."))
    answer = Response(files.chunks(one.sha256), mimetype=files.KINDS[one.kind].media_type)
    answer.content_length = one.size
    how = "attachment" if download else "inline"
    named = {"filename": f"file.{one.kind}", "filename*": f"UTF-8''{quote(one.name, safe='')}"}
    answer.headers["Content-Disposition"] = dump_options_header(how, named)  # RFC 6266, RFC 5987
    answer.headers["Content-Security-Policy"] = policy
    return answer
