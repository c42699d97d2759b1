"""How the journal says what happens to items: dispatch, handling, extensions, reports upward."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.i18n import Text, _
from app.queries.words.registry import SENTENCES, Names, choice, day, plain, says

SENTENCES.update(
    {
        "item.entered": plain(_("entered the matter “%(matter)s” by hand"), matter="matter"),
        "item.registered": plain(_("registered the item as %(number)s"), number="number"),
        "item.withdrawn": plain(
            _("took the item back; its number %(number)s stays taken"), number="number"
        ),
        "co.coordinated": plain(_("settled what lead and co-handlers did not agree on")),
        "item.upheld": plain(_("insisted that the item stays with the unit")),
        "completion.reviewed": choice(
            "decision",
            {
                "pass": _("found the matter completed"),
                "supplement": _("sent the completion back to be supplemented"),
                "redo": _("sent the matter back to be done again"),
            },
        ),
        "urgent.reported": plain(_("reported at once (%(number)s)"), number="number"),
        "brief.started": plain(_("started the brief “%(title)s”"), title="title"),
    }
)


@says("item.dispatched")
def _dispatched(data: Mapping[str, Any], names: Names) -> Text:
    lead, when = names.all_units(data["lead"]), day(data["due_day"])
    if data["co"]:
        return _(
            "dispatched the item to %(lead)s with %(co)s helping; due on %(day)s",
            lead=lead,
            co=names.all_units(data["co"]),
            day=when,
        )
    return _("dispatched the item to %(lead)s; due on %(day)s", lead=lead, day=when)


@says("item.reassigned")
def _reassigned(data: Mapping[str, Any], names: Names) -> Text:
    part = {
        "lead": _("re-assigned the item from %(before)s to %(after)s"),
        "co": _("re-assigned the co-handling from %(before)s to %(after)s"),
    }[data["role"]]
    said = {"before": names.unit(data["before"]), "after": names.unit(data["after"])}
    return Text(part.msgid, said)


@says("item.clock_started")
def _clock_started(data: Mapping[str, Any], _names: Names) -> Text:
    return _("The time runs from the unit’s receipt: due on %(day)s.", day=day(data["after"]))


@says("co.disagreed")
def _disagreed(data: Mapping[str, Any], _names: Names) -> Text:
    return {
        "division": _("objected to the division of work; the supervising office settles it"),
        "opinion": _("does not agree with the lead unit; the supervising office coordinates"),
    }[data["stage"]]


@says("item.struck_off")
def _struck_off(data: Mapping[str, Any], _names: Names) -> Text:
    return _(
        "struck the item %(number)s off; %(count)s papers and reports are fixed as evidence",
        number=data["number"] or "",
        count=len(data["evidence"]),
    )


@says("handler.appointed")
def _appointed(data: Mapping[str, Any], names: Names) -> Text:
    return _("named %(person)s as the handler", person=names.person(data["after"]))


@says("progress.reported")
def _progress(data: Mapping[str, Any], _names: Names) -> Text:
    if data["behind"]:
        return _("reported progress: %(percent)s %%, behind schedule", percent=data["after"])
    return _("reported progress: %(percent)s %%", percent=data["after"])


@says("instruction.given")
def _instruction(data: Mapping[str, Any], _names: Names) -> Text:
    sentences = {
        "noted": _("%(leader)s took note of this", leader=data["leader_post"]),
        "read": _("%(leader)s has read this", leader=data["leader_post"]),
        "affirm": _("%(leader)s affirmed this", leader=data["leader_post"]),
        "act": _("%(leader)s asked for action", leader=data["leader_post"]),
    }
    said = sentences[data["kind"]]
    if data["entry"] == "on_behalf":
        return _("%(said)s (entered on behalf)", said=said)
    return said


@says("instruction.followed")
def _followed(data: Mapping[str, Any], _names: Names) -> Text:
    """Which item is told beside the instruction, to those who may know of it."""
    return _("opened an item on the instruction of %(leader)s", leader=data["leader_post"])


@says("extension.applied")
def _applied(data: Mapping[str, Any], _names: Names) -> Text:
    wanted = day(data["wanted"])
    if data["late"]:
        return _("asked for more time until %(day)s, after the due date", day=wanted)
    return _("asked for more time until %(day)s", day=wanted)


@says("extension.endorsed")
def _endorsed(data: Mapping[str, Any], _names: Names) -> Text:
    return _("would grant the extension until %(day)s; the leader decides", day=day(data["day"]))


@says("extension.granted")
def _granted(data: Mapping[str, Any], _names: Names) -> Text:
    return _(
        "granted the extension: due on %(after)s instead of %(before)s",
        after=day(data["after"]),
        before=day(data["before"]),
    )


@says("extension.refused")
def _refused(data: Mapping[str, Any], _names: Names) -> Text:
    return _("refused the extension; due on %(day)s as before", day=day(data["before"]))
