"""Attributes that need others beside them: what passes a vote, and whose eyes are the first two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.engine import reading
from app.engine.gate.constructs import finding
from app.engine.reading import Element, bpmn
from app.engine.results import Finding
from app.i18n import _

_NO_PASS = _("“%(name)s” is decided by a vote; set wv:pass to say what passes it.")
_NO_VOTE = _("“%(name)s”: wv:%(attribute)s is for votes; set wv:policy to vote.")
_NO_WEIGHTS = _("“%(name)s” is decided by weight; set wv:weights to say whose voice weighs more.")
_NOT_WEIGHED = _("“%(name)s”: wv:weights counts only where wv:pass begins with weight.")
_NOT_THERE = _("“%(name)s”: wv:notBy names “%(task)s”, which is no other user task of the file.")


def wrong(root: Element) -> Iterator[Finding]:
    """Votes that say too little or too much, and four eyes that look for a task not there."""
    tasks = {task.get("id", "") for task in root.iter(bpmn("userTask"))}
    for task in root.iter(bpmn("userTask")):
        told = reading.wv_attributes(task)
        yield from _vote(task, told)
        for other in told.get("notBy", "").split():
            if other not in tasks or other == task.get("id"):
                yield finding(task, "not_by_unknown", _NOT_THERE, task=other[:60])


def _vote(task: Element, told: Mapping[str, str]) -> Iterator[Finding]:
    voted, passes = told.get("policy") == "vote", told.get("pass", "")
    if voted and not passes:
        yield finding(task, "pass_missing", _NO_PASS)
    for attribute in ("pass", "weights"):
        if attribute in told and not voted:
            yield finding(task, "vote_missing", _NO_VOTE, attribute=attribute)
    if passes.startswith("weight") and "weights" not in told:
        yield finding(task, "weights_missing", _NO_WEIGHTS)
    if voted and "weights" in told and not passes.startswith("weight"):
        yield finding(task, "weights_idle", _NOT_WEIGHED)
