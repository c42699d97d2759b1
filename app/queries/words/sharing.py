"""How the journal says what is sent round for reading, and that people speak in a thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.i18n import Text, _
from app.queries.words.registry import SENTENCES, Names, plain, says


def _addressees(data: Mapping[str, Any], names: Names) -> str:
    """Units by name, and people by theirs."""
    people = [names.person(each) for each in data["persons"]]
    return "、".join([*(names.unit(each) for each in data["units"]), *people])


SENTENCES.update(
    {
        "copy.read": plain(_("read the copy of the case")),
        "circulation.read": plain(_("marked the case as read")),
        "comment.withdrawn": plain(_("withdrew a comment")),
    }
)


@says("copies.sent")
def _sent(data: Mapping[str, Any], names: Names) -> Text:
    to = _addressees(data, names)
    if data["document"] is None:
        return _("sent copies of the case to %(people)s", people=to)
    return _("sent copies of “%(title)s” to %(people)s", title=data["title"], people=to)


@says("copies.recalled")
def _recalled(data: Mapping[str, Any], names: Names) -> Text:
    return _("recalled copies nobody had read from %(people)s", people=_addressees(data, names))


@says("circulation.started")
def _started(data: Mapping[str, Any], names: Names) -> Text:
    to = _addressees(data, names)
    if data["node"]:
        return _("had the case read by %(people)s before the task goes on", people=to)
    return _("circulated the case to %(people)s", people=to)


@says("circulation.recalled")
def _list_recalled(data: Mapping[str, Any], names: Names) -> Text:
    return _("recalled the reading list from %(people)s", people=_addressees(data, names))


@says("circulation.handed_over")
def _list_handed_over(data: Mapping[str, Any], names: Names) -> Text:
    return _(
        "what %(person)s was to read is for %(people)s to read now",
        person=names.person(data["before"]),
        people=_addressees(data, names),
    )


@says("comment.added")
def _commented(data: Mapping[str, Any], names: Names) -> Text:
    if not data["persons"]:
        return _("wrote a comment")
    to = "、".join(names.person(each) for each in data["persons"])
    return _("wrote a comment to %(people)s", people=to)
