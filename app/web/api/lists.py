"""The other lists of the inbox for programs: 已办、我发起的、关注、抄送我的."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import request
from marshmallow import Schema, fields

from app.errors import Invalid
from app.i18n import _
from app.queries import my_work
from app.queries.places import BY_MOMENT, Place
from app.web.api.doors import Json, reads
from app.web.policy import current_actor
from app.web.wishes import LONGEST
from app.web.wording import worded


class DoneTaskOut(Schema):
    """A task that was done."""

    id = fields.Integer(attribute="assignment_id")
    case = fields.Integer(attribute="case_id")
    number = fields.String()
    title = fields.String()
    task = fields.Function(lambda line: worded(line, "task"))
    unit = fields.String()
    by = fields.String()
    done_at = fields.AwareDateTime()
    late = fields.Boolean()
    status = fields.String()


class CaseLineOut(Schema):
    """A case that was begun, or is followed, since then."""

    case = fields.Integer(attribute="case_id")
    kind = fields.String()
    number = fields.String()
    title = fields.String()
    unit = fields.String()
    since = fields.AwareDateTime()
    status = fields.String()
    stage = fields.String()
    special_major = fields.Boolean()


class CopyOut(Schema):
    """What came for reading; a `reader` marks it read at `/api/deliveries/{id}/read`."""

    delivery = fields.Integer(attribute="delivery_id")
    case = fields.Integer(attribute="case_id")
    document = fields.Integer(attribute="document_id", allow_none=True)
    number = fields.String()
    title = fields.String()
    sender = fields.String()
    unit = fields.String()
    role = fields.String()
    delivered_at = fields.AwareDateTime()
    read_at = fields.AwareDateTime(allow_none=True)


class DoneTasksOut(Schema):
    """A page of them; `after` asks for the next one."""

    rows = fields.List(fields.Nested(DoneTaskOut))
    after = fields.String(allow_none=True)


class CaseLinesOut(Schema):
    """A page of them; `after` asks for the next one."""

    rows = fields.List(fields.Nested(CaseLineOut))
    after = fields.String(allow_none=True)


class CopiesOut(Schema):
    """A page of them; `after` asks for the next one."""

    rows = fields.List(fields.Nested(CopyOut))
    after = fields.String(allow_none=True)


PAGED: Final[Mapping[str, Json]] = {"text": {"type": "string"}, "after": {"type": "string"}}
WHOSE: Final[Mapping[str, Json]] = {**PAGED, "whose": {"enum": ["unit"]}}
READ_TOO: Final[Mapping[str, Json]] = {**PAGED, "all": {"enum": ["1"]}}


@reads("/done", _("What I, or my units, have done"), DoneTasksOut, query=WHOSE)
def done() -> Any:
    """已办."""
    return _page(my_work.done, whole_unit=_ours())


@reads("/begun", _("What I, or my units, have begun"), CaseLinesOut, query=WHOSE)
def begun() -> Any:
    """我发起的."""
    return _page(my_work.begun, whole_unit=_ours())


@reads("/followed", _("What I follow"), CaseLinesOut, query=PAGED)
def followed() -> Any:
    """关注."""
    return _page(my_work.followed)


@reads("/copies", _("What came for reading"), CopiesOut, query=READ_TOO)
def copies() -> Any:
    """抄送与传阅."""
    return _page(my_work.copies, unread=request.args.get("all") != "1")


def _page(found: Callable[..., my_work.Pages[Any]], **wanted: bool) -> Any:
    text, said = request.args.get("text", "")[:LONGEST].strip(), request.args.get("after", "")
    after = Place.read(said, BY_MOMENT)
    if said and after is None:
        words = _("No place in a list of this order.")
        raise Invalid(words, fields={"after": words})
    return found(current_actor(), text=text, after=after, **wanted)


def _ours() -> bool:
    return request.args.get("whose") == "unit"
