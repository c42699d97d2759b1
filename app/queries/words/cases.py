"""How the journal says what happens to any case: tasks, clocks, timers, urging."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from app.i18n import Text, _
from app.queries.words.registry import SENTENCES, Names, day, plain, says

KINDS: Final[Mapping[str, Text]] = {
    "assessment_round": _("Assessment round"),
    "risk_notice": _("Risk notice"),
    "joint_meeting": _("Meeting"),
    "supervision_item": _("Supervision item"),
    "urgent_report": _("Urgent report"),
    "extension_request": _("Extension request"),
    "clock_request": _("Request about the clock"),
    "escalation": _("Escalation"),
    "interview": _("Interview"),
    "listed_supervision": _("Listed supervision"),
    "rectification": _("Rectification"),
    "supervision_brief": _("Supervision brief"),
    "annual_evaluation": _("Annual evaluation"),
}
SENTENCES.update(
    {
        "case.opened": plain(_("opened “%(title)s”"), title="title"),
        "case.numbered": plain(_("gave the case the number %(number)s"), number="number"),
        "case.revoked": plain(_("revoked the case")),
    }
)


def _ended(alone: Text, along: Text) -> Callable[[Mapping[str, Any], Names], Text]:
    return lambda data, _names: along if data.get("along_with") else alone


SENTENCES["case.terminated"] = _ended(
    _("terminated the case"), _("terminated the case along with the one it came from")
)
SENTENCES["case.void"] = _ended(
    _("declared the case void"), _("declared the case void along with the one it came from")
)


@says("case.reopened")
def _reopened(data: Mapping[str, Any], _names: Names) -> Text:
    if not data["entry_name"]:
        return _("reopened the case as it stood; due on %(day)s", day=day(data["due_day"]))
    return _(
        "reopened the case at “%(task)s”; due on %(day)s",
        task=data["entry_name"],
        day=day(data["due_day"]),
    )


@says("case.moved")
def _moved(data: Mapping[str, Any], names: Names) -> Text:
    return _(
        "put the case at “%(task)s”, as %(person)s had proposed; closed: %(closed)s",
        task=data["to_name"],
        person=names.person(data["proposed_by"]),
        closed="、".join(f"“{name}”" for name in data["from"]),
    )


@says("case.branched")
def _branched(data: Mapping[str, Any], _names: Names) -> Text:
    kind = KINDS.get(data["kind"], data["kind"])
    named = data.get("number") or data["title"]
    return _("opened out of this case: %(kind)s %(named)s", kind=kind, named=named)


@says("task.completed")
def _completed(data: Mapping[str, Any], _names: Names) -> Text:
    if data.get("elsewhere"):
        return _(
            "completed “%(task)s”; it leads another way now, so the case goes on step by step",
            task=data["name"],
        )
    if data["late"]:
        return _("completed “%(task)s”, after the due date", task=data["name"])
    return _("completed “%(task)s”", task=data["name"])


@says("task.waived")
def _waived(data: Mapping[str, Any], names: Names) -> Text:
    return _(
        "let the case go on without the part of %(unit)s in “%(task)s”",
        unit=names.unit(data["of_unit"]),
        task=data["name"],
    )


@says("task.claimed")
def _claimed(data: Mapping[str, Any], names: Names) -> Text:
    return _(
        "took “%(task)s” for %(person)s", task=data["name"], person=names.person(data["after"])
    )


@says("task.released")
def _released(data: Mapping[str, Any], _names: Names) -> Text:
    return _("gave “%(task)s” back to the post it was given to", task=data["name"])


@says("handler.left")
def _left(data: Mapping[str, Any], names: Names) -> Text:
    return _("%(person)s is the handler no longer", person=names.person(data["before"]))


@says("task.handed_over")
def _task_handed_over(data: Mapping[str, Any], names: Names) -> Text:
    return _(
        "handed “%(task)s” over from %(before)s to %(after)s",
        task=data["name"],
        before=names.person(data["before"]),
        after=names.person(data["after"]),
    )


@says("handler.handed_over")
def _handler_handed_over(data: Mapping[str, Any], names: Names) -> Text:
    return _(
        "named %(after)s as the handler in place of %(before)s",
        before=names.person(data["before"]),
        after=names.person(data["after"]),
    )


@says("task.transferred")
def _transferred(data: Mapping[str, Any], names: Names) -> Text:
    person, before = names.person(data["after"]), names.person(data["before"])
    if before:
        return _(
            "handed “%(task)s” from %(before)s to %(person)s",
            task=data["name"],
            before=before,
            person=person,
        )
    return _("handed “%(task)s” to %(person)s", task=data["name"], person=person)


@says("task.withdrawn")
def _withdrawn(data: Mapping[str, Any], _names: Names) -> Text:
    return _("took back what was submitted for “%(task)s”", task=data["name"])


@says("case.sent_straight")
def _sent_straight(data: Mapping[str, Any], _names: Names) -> Text:
    if not data["names"]:
        return _("The case went straight back to “%(to)s”.", to=data["to_name"])
    return _(
        "The case went straight back to “%(to)s”; what came between counts again: %(tasks)s.",
        to=data["to_name"],
        tasks="、".join(f"“{name}”" for name in data["names"]),
    )


@says("task.returned")
def _returned(data: Mapping[str, Any], _names: Names) -> Text:
    if data.get("follow") == "straight":
        return _(
            "sent the case back from “%(task)s” to “%(to)s”, and straight back from there",
            task=data["name"],
            to=data["to_name"],
        )
    return _(
        "sent the case back from “%(task)s” to “%(to)s”", task=data["name"], to=data["to_name"]
    )


@says("case.suspended")
def _suspended(data: Mapping[str, Any], _names: Names) -> Text:
    if data.get("resume_on"):
        return _("stopped the case’s clock, to go on from %(day)s", day=day(data["resume_on"]))
    return _("stopped the case’s clock")


@says("clock.asked")
def _asked(data: Mapping[str, Any], _names: Names) -> Text:
    if data["asks"] == "resume":
        return _("asked to let the clock run again")
    if data["wanted"]:
        return _("asked to stop the clock until %(day)s", day=day(data["wanted"]))
    return _("asked to stop the clock")


@says("clock.refused")
def _clock_refused(data: Mapping[str, Any], _names: Names) -> Text:
    return {
        "suspend": _("refused to stop the clock"),
        "resume": _("left the clock standing still"),
    }[data["asks"]]


@says("case.resumed")
def _resumed(data: Mapping[str, Any], _names: Names) -> Text:
    if data["after"] == data["before"]:
        return _("let the case’s clock run again")
    return _("let the case’s clock run again; due on %(day)s now", day=day(data["after"]))


@says("deadlines.found_again")
def _found_again(data: Mapping[str, Any], _names: Names) -> Text:
    if not data.get("due_day"):
        return _("The calendar changed; due dates of this case were found again.")
    return _(
        "The calendar changed; due dates of this case were found again: %(day)s.",
        day=day(data["due_day"]),
    )


@says("assignment.urged")
def _urged(data: Mapping[str, Any], names: Names) -> Text:
    units, count = names.all_units(data["units"]), data["count"]
    if data["automatic"]:
        return _(
            "%(units)s were urged automatically (urging no. %(count)s)", units=units, count=count
        )
    how = {
        "phone": _("urged %(units)s by telephone (urging no. %(count)s)"),
        "in_person": _("urged %(units)s in person (urging no. %(count)s)"),
    }.get(data.get("method", ""), _("urged %(units)s (urging no. %(count)s)"))
    return Text(how.msgid, {"units": units, "count": count})


@says("timer.fired")
def _fired(data: Mapping[str, Any], names: Names) -> Text:
    unit, when = names.unit(data["of_unit"]), day(data["due"])
    if data["superseded"]:
        return _("A step for %(unit)s was passed over: a later one was due as well.", unit=unit)
    return {
        "remind": _("Reminder for %(unit)s: due on %(day)s.", unit=unit, day=when),
        "due": _("The due date of %(unit)s has passed: %(day)s.", unit=unit, day=when),
        "urge": _("Overdue: the ladder urged %(unit)s.", unit=unit),
        "bulletin": _("Overdue: the ladder asks for a bulletin on %(unit)s.", unit=unit),
        "escalate": _("Overdue: the ladder asks for measures against %(unit)s.", unit=unit),
        "flow": _("The case moved on at a moment its diagram names."),
    }[data["kind"]]
