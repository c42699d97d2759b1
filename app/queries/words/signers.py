"""Sentences about who was asked to help with a task: delegates, and signers beside its holder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.i18n import Text, _
from app.queries.words.registry import Names, says

ADDED: Final = {
    "before": _("asked %(who)s for an opinion before “%(task)s” is completed"),
    "after": _("had %(who)s sign “%(task)s” afterwards"),
    "added": _("added %(who)s to those who sign “%(task)s”"),
}


@says("task.delegated")
def _delegated(data: Mapping[str, Any], names: Names) -> Text:
    to = names.person(data["to"])
    return _("had “%(task)s” filled in by %(person)s", task=data["name"], person=to)


@says("task.recalled")
def _recalled(data: Mapping[str, Any], names: Names) -> Text:
    before = names.person(data["before"])
    return _("took “%(task)s” back from %(person)s", task=data["name"], person=before)


@says("task.filled_in")
def _filled_in(data: Mapping[str, Any], _names: Names) -> Text:
    return _("filled in “%(task)s” and gave it back", task=data["name"])


@says("task.opinion_given")
def _opinion(data: Mapping[str, Any], _names: Names) -> Text:
    if data["answers"]["decision"] == "approve":
        return _("was asked about “%(task)s” and agrees", task=data["name"])
    return _("was asked about “%(task)s” and does not agree", task=data["name"])


@says("signers.added")
def _added(data: Mapping[str, Any], names: Names) -> Text:
    return Text(ADDED[data["how"]].msgid, {"who": _who(data, names), "task": data["name"]})


@says("signers.removed")
def _removed(data: Mapping[str, Any], names: Names) -> Text:
    who = _who(data, names)
    return _("removed %(who)s from those who sign “%(task)s”", who=who, task=data["name"])


def _who(data: Mapping[str, Any], names: Names) -> str:
    """The people by name, and the units of which nobody is named."""
    people = [names.person(each) for each in data["persons"]]
    return "、".join([*people, *(names.unit(each) for each in data["units"])])
