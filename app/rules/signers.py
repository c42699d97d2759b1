"""Asking others to help with a task (委派、前加签、后加签、并加签、减签): who may, and whom."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from app import forms
from app.actor import Actor
from app.i18n import _
from app.rules import handing
from app.rules.handing import FORBIDDEN, NOT_OPEN, Helper, TaskStanding
from app.rules.standing import May

ASKED: Final = (
    "unit_liaison",
    "unit_leader",
    "unit_head",
    "unit_handler",
    "co_handler",
    "supervision_clerk",
    "supervision_director",
    "court_analyst",
    "suggestion_drafter",
    "assessment_clerk",
    "court_president",
    "approving_leader",
    "convener",
)
"""The posts under which a unit answers when it is asked, the nearest first."""
NOT_MIXED: Final = _("Who is asked before and who signs after are not mixed on one task.")
HAS_EFFECT: Final = _(
    "What follows from this task would be there before they sign; ask them for their opinion first."
)
WAITS: Final = _("It is filled in by a colleague just now; recall it first.")


def may_delegate(actor: Actor, task: TaskStanding) -> May:
    """Whoever may complete it, in their own name; what one was only asked to fill in, never."""
    if task.helps == "delegated" or handing.completing(actor.in_own_name, task) is None:
        return False
    return _now(task, "delegate")


def may_recall(actor: Actor, task: TaskStanding) -> May:
    """Who delegated it, until it is filled in."""
    if not delegated(task) or handing.completing(actor, task) is None:
        return False
    return True if task.running else NOT_OPEN


def may_add_before(actor: Actor, task: TaskStanding) -> May:
    """Whoever may complete it, also while others who were asked have not answered."""
    if not _adds(actor, task):
        return False
    if delegated(task):
        return WAITS
    if any(each.kind == "after" for each in task.helpers):
        return NOT_MIXED
    return _now(task, "add_before", "active", "asking")


def may_add_after(actor: Actor, task: TaskStanding) -> May:
    """Whoever may complete it, where nothing comes of it before they have signed."""
    if not _adds(actor, task):
        return False
    if any(each.kind == "before" for each in task.helpers):
        return NOT_MIXED
    if task.effect and forms.load(task.form).vote is None:
        return HAS_EFFECT
    return _now(task, "add_after")


def may_add_beside(actor: Actor, task: TaskStanding) -> May:
    """Whoever may complete it, where several sign: their voices count like the others'."""
    several = task.policy != "any" or forms.load(task.form).vote is not None
    if not several or not _adds(actor, task):
        return False
    return _now(task, "add_beside")


def may_remove(actor: Actor, task: TaskStanding) -> May:
    """Who asked them, while they have not acted."""
    if not removable(task) or handing.completing(actor, task) is None:
        return False
    return True if task.running else NOT_OPEN


def removable(task: TaskStanding) -> tuple[Helper, ...]:
    """Signers who were added to the task and have not acted."""
    return tuple(each for each in task.helpers if each.kind != "delegated" and each.open)


def delegated(task: TaskStanding) -> bool:
    """Whether a colleague is filling it in."""
    return any(each.kind == "delegated" and each.open for each in task.helpers)


def post_asked(given_post: str, held: Collection[str]) -> str | None:
    """The post under which somebody with these answers: one that may do it, else the nearest."""
    order = (*handing.takers(given_post), *ASKED)
    return next((post for post in order if post in held and post in ASKED), None)


def _adds(actor: Actor, task: TaskStanding) -> bool:
    """Signers are added to what was given to a unit, not to what somebody was asked besides."""
    return task.helps in ("", "added") and handing.completing(actor, task) is not None


def _now(task: TaskStanding, operation: str, *states: str) -> May:
    if not task.running or task.state not in (states or ("active",)):
        return NOT_OPEN
    return FORBIDDEN if operation in task.forbids else True
