"""评论、抄送、传阅 for programs: the thread of a case, what is sent round, read and recalled."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from app.commands import circulations, comments, copies
from app.i18n import Text, _
from app.queries.cases import case_page, case_title
from app.queries.sharing import shared
from app.queries.threads import talk
from app.web.api.asking import Said
from app.web.api.doors import acts, checked, reads
from app.web.policy import current_actor
from app.web.wording import say


class CommentOut(Schema):
    """What somebody said; its text is empty once it is withdrawn."""

    id = fields.Integer(attribute="comment_id")
    who = fields.String()
    unit = fields.String()
    at = fields.AwareDateTime()
    text = fields.String()
    to = fields.List(fields.String())
    withdrawn = fields.Boolean()
    may_withdraw = fields.Boolean()


class CommentsOut(Schema):
    """The thread of a case; `people`: the sign-in names one may address, where one may speak."""

    comments = fields.List(fields.Nested(CommentOut), attribute="said")
    may = fields.Boolean()
    why_not = fields.Function(lambda said: say(said.why_not) if said.why_not else None)
    people = fields.Function(lambda said: [login for login, _name in said.people])


class AddresseeOut(Schema):
    """To whom something went and whether it was read; the opinion of a reader."""

    delivery = fields.Integer(attribute="delivery_id")
    unit = fields.String()
    person = fields.String()
    role = fields.String()
    read_at = fields.AwareDateTime(allow_none=True)
    recalled_at = fields.AwareDateTime(allow_none=True)
    opinion = fields.String()


class SentOut(Schema):
    """Copies that were sent together, or a reading list."""

    sending = fields.Integer(attribute="sending_id")
    unit = fields.String()
    by = fields.String()
    at = fields.AwareDateTime()
    note = fields.String()
    title = fields.String()
    document = fields.Integer(attribute="document_id", allow_none=True)
    circulated = fields.Boolean()
    to = fields.List(fields.Nested(AddresseeOut))
    may_recall = fields.Boolean()


class AskedOut(Schema):
    """What one is asked to read and mark."""

    delivery = fields.Integer(attribute="delivery_id")
    unit = fields.String()
    by = fields.String()
    note = fields.String()


class SharedOut(Schema):
    """What was sent round of a case, and what of it waits for me."""

    sent = fields.List(fields.Nested(SentOut))
    asked = fields.List(fields.Nested(AskedOut))
    unread = fields.Boolean()


@reads("/cases/<int:number>/comments", _("The thread of a case"), CommentsOut)
def thread(number: int) -> Any:
    """What was said, oldest first."""
    viewer = current_actor()
    return talk(viewer, case_page(viewer, number), g.now)


@acts("/cases/<int:number>/comments", _("Say something in the thread"), asks="comment")
def comment(number: int, said: Said) -> tuple[Text, Any]:
    """`@login` in the text, or `people`, addresses somebody."""
    done = comments.comment.once(said.key, number, said.answers, actor=current_actor())
    return _("Your comment is in the thread."), done


@acts("/comments/<int:number>/withdrawal", _("Withdraw one’s own comment"))
def withdraw(number: int, said: Said) -> tuple[Text, Any]:
    """Take it out of sight."""
    done = comments.withdraw.once(said.key, number, actor=current_actor())
    return _("Your comment is withdrawn; the record keeps it."), done


@reads("/cases/<int:number>/sendings", _("Copies and reading lists of a case"), SharedOut)
def sent_round(number: int) -> Any:
    """What was sent round, and to whom."""
    viewer = current_actor()
    case_title(viewer, number)
    return shared(viewer, number)


@acts("/cases/<int:number>/read", _("Note that a copy of the case was read"))
def read_case(number: int, said: Said) -> tuple[Text, Any]:
    """The first reader of a unit counts."""
    done = copies.read_case.once(said.key, number, actor=current_actor())
    return _("You have marked it as read."), done


@acts("/documents/<int:number>/read", _("Note that a paper was read"))
def read_paper(number: int, said: Said) -> tuple[Text, Any]:
    """The same of a paper."""
    done = copies.read_paper.once(said.key, number, actor=current_actor())
    return _("You have marked it as read."), done


@acts("/deliveries/<int:number>/read", _("Mark as read"), asks="mark_read")
def mark_read(number: int, said: Said) -> tuple[Text, Any]:
    """已阅, perhaps with an opinion (阅示意见)."""
    done = circulations.read.once(said.key, number, said.answers, actor=current_actor())
    return _("You have marked it as read."), done


@acts("/sendings/<int:number>/recall", _("Recall what was not read yet"), asks="recall_sent")
def recall(number: int, said: Said) -> tuple[Text, Any]:
    """All of it, or from one addressee."""
    wanted = checked("recall_sent", said)
    done = copies.recall.once(
        said.key,
        number,
        actor=current_actor(),
        delivery_id=wanted["delivery"],
        reason=wanted["reason"] or "",
    )
    return _("What was not read yet is recalled; the record stays."), done
