"""附件 for programs: the files of a case, added, fetched and withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from app.commands import attachments
from app.errors import Invalid
from app.i18n import Text, _
from app.queries.attachments import case_of_task, file, files_of
from app.queries.cases import case_title
from app.web.api.asking import PROBLEMS, Said
from app.web.api.doors import DOORS, WITH_FILES, Door, acts, bp, reads
from app.web.attachments import content, take_in
from app.web.policy import current_actor, with_files


class FileOut(Schema):
    """A file: what it is, who added it when, to which task and question."""

    id = fields.Integer(attribute="attachment_id")
    case = fields.Integer(attribute="case_id")
    task = fields.Integer(attribute="assignment_id", allow_none=True)
    field = fields.String()
    name = fields.String()
    kind = fields.String()
    size = fields.Integer()
    sha256 = fields.String()
    by = fields.String()
    unit = fields.String()
    added_at = fields.AwareDateTime()
    withdrawn_at = fields.AwareDateTime(allow_none=True)
    mine = fields.Boolean()


class FilesOut(Schema):
    """The files of a case."""

    files = fields.List(fields.Nested(FileOut))


@reads("/cases/<int:number>/attachments", _("The files of a case"), FilesOut)
def index(number: int) -> Mapping[str, Any]:
    """In the order in which they came."""
    viewer = current_actor()
    case_title(viewer, number)
    return {"files": files_of(viewer, number)}


@acts(
    "/cases/<int:number>/attachments",
    _("Add files to a case"),
    asks=WITH_FILES,
    policy=with_files,
)
def to_case(number: int, said: Said) -> tuple[Text, Any]:  # noqa: ARG001 - files come as parts
    """Every part of the form is a file."""
    case_title(current_actor(), number)
    return _added(number, None)


@acts(
    "/tasks/<int:number>/attachments",
    _("Add files to a task"),
    asks=WITH_FILES,
    policy=with_files,
)
def to_task(number: int, said: Said) -> tuple[Text, Any]:  # noqa: ARG001 - files come as parts
    """Each part is named like the question it answers."""
    return _added(case_of_task(current_actor(), number), number)


@reads("/attachments/<int:number>", _("One file"), FileOut)
def show(number: int) -> Any:
    """What it is."""
    return file(current_actor(), number)


@acts("/attachments/<int:number>/withdrawal", _("Withdraw one’s own file"))
def withdraw(number: int, said: Said) -> tuple[Text, Any]:
    """While the task it was added to is open."""
    done = attachments.withdraw.once(said.key, number, actor=current_actor())
    return _("The file is withdrawn."), done


def _added(case_id: int, assignment_id: int | None) -> tuple[Text, Any]:
    added = take_in(case_id, assignment_id)
    if not added:
        text = _("Send at least one file, as multipart/form-data.")
        raise Invalid(text, fields={"file": PROBLEMS["Missing data for required field."]})
    return _("Added: %(number)s files.", number=len(added)), {"attachments": added}


CONTENT = Door("GET", "/attachments/<int:attachment_id>/content", _("The file itself"), None, {})
DOORS.append(CONTENT)
bp.add_url_rule(CONTENT.rule, "files_content", content)
