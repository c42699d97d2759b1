"""How the journal says what stopped, and what was done about it; and what it was trying to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.i18n import Text, _
from app.queries.words.registry import Names, says

DOING: Final[Mapping[str, Text]] = {
    "remind": _("give a reminder"),
    "due": _("note that the due date has passed"),
    "urge": _("urge the unit automatically"),
    "bulletin": _("open the escalation with its bulletin"),
    "escalate": _("open the escalation with its measures"),
    "flow": _("let the case move on at a moment its diagram names"),
    "deliver_reminder": _("deliver a reminder that waited for the morning"),
    "propose_resume": _("propose that a suspended case goes on"),
    "send_letter": _("send a mail"),
    "import_preview": _("read an uploaded file"),
    "complete_task": _("complete a task"),
    "move_case": _("go on from where it stands"),
}
OTHERWISE: Final = _("do what a person asked for")


def doing(name: str) -> Text:
    """What was tried, in words."""
    return DOING.get(name, OTHERWISE)


@says("incident.opened")
def _opened(data: Mapping[str, Any], _names: Names) -> Text:
    return _(
        "Incident %(number)s: after %(count)s tries it could not %(doing)s. %(problem)s",
        number=data["incident"],
        count=data["attempts"],
        doing=doing(data["doing"]),
        problem=Text.from_json(data["problem"]),
    )


@says("incident.retried")
def _retried(data: Mapping[str, Any], _names: Names) -> Text:
    return _("had incident %(number)s tried again", number=data["incident"])


@says("incident.skip_proposed")
def _skip_proposed(data: Mapping[str, Any], _names: Names) -> Text:
    return _(
        "proposed to skip what incident %(number)s is about: %(reason)s",
        number=data["incident"],
        reason=data["reason"],
    )


@says("incident.skipped")
def _skipped(data: Mapping[str, Any], names: Names) -> Text:
    return _(
        "agreed with %(person)s to skip what incident %(number)s is about: %(reason)s",
        person=names.person(data["proposed_by"]),
        number=data["incident"],
        reason=data["reason"],
    )


@says("incident.data_corrected")
def _data_corrected(data: Mapping[str, Any], _names: Names) -> Text:
    changes = [
        _("%(name)s from %(before)s to %(after)s", name=name, before=_plain(was), after=_plain(now))
        for name, was, now in (
            (name, data["before"][name], data["after"][name]) for name in sorted(data["after"])
        )
    ]
    return _(
        "corrected facts for incident %(number)s: %(changes)s. Reason: %(reason)s",
        number=data["incident"],
        changes=changes,
        reason=data["reason"],
    )


@says("incident.move_proposed")
def _move_proposed(data: Mapping[str, Any], _names: Names) -> Text:
    return _("proposed to put the case at “%(task)s”", task=data["to_name"])


@says("incident.move_declined")
def _move_declined(data: Mapping[str, Any], _names: Names) -> Text:
    return _("left the case where it is; it is not put at “%(task)s”", task=data["to_name"])


@says("incident.resolved")
def _resolved(data: Mapping[str, Any], _names: Names) -> Text:
    return _("Incident %(number)s is resolved.", number=data["incident"])


def _plain(value: Any) -> Text | str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value == "":
        return _("nothing")
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
