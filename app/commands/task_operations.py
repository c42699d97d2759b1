"""The operations on a single task as one table: name, label, form, who may, what it does.

A row here becomes an entry of the task page's menu, a page with its form, an address to post to,
and a line of the permission matrix; operations.py has those on a case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app import forms
from app.actor import Actor
from app.commands import handing
from app.commands.command import Command
from app.commands.operations import TOO_LATE, Offer
from app.errors import NotAllowed, NotFound
from app.i18n import Text, _
from app.rules import handing as rules
from app.rules.handing import TaskStanding


@dataclass(frozen=True)
class TaskOperation:
    """One operation. `may` answers True, False (not offered) or the reason why not now."""

    name: str
    label: Text
    icon: str
    form: str
    done: Text
    may: Callable[[Actor, TaskStanding], Text | bool]
    act: Command[..., Any]


TABLE: Final[tuple[TaskOperation, ...]] = (
    TaskOperation(
        "claim",
        _("Claim"),
        "hand-grab",
        "claim",
        _("The task is yours now."),
        rules.may_claim,
        handing.claim,
    ),
    TaskOperation(
        "release",
        _("Release"),
        "hand-off",
        "release",
        _("Anybody of the post may do the task again."),
        rules.may_release,
        handing.release,
    ),
    TaskOperation(
        "transfer",
        _("Hand on"),
        "user-share",
        "transfer",
        _("The task is your colleague’s now."),
        rules.may_transfer,
        handing.transfer,
    ),
)


def offers(viewer: Actor, task: TaskStanding) -> list[Offer]:
    """What this person is offered on a task that stands so, in the table's order."""
    return [
        _offer(each, None if answer is True else answer)
        for each in TABLE
        if (answer := each.may(viewer, task)) is not False
    ]


def offered(viewer: Actor, task: TaskStanding, name: str, *, refused: bool = False) -> Offer:
    """One of them by name; whoever may see the task but not do this hears so.

    `refused`: the form was sent and refused, so it may have ceased to be offered since.
    """
    operation = named(name)
    answer = operation.may(viewer, task)
    if answer is False and not refused:
        raise NotAllowed(_("On this task this is for others to do."))
    return _offer(operation, TOO_LATE if answer is False else None if answer is True else answer)


def named(name: str) -> TaskOperation:
    """The operation of that name; NotFound when there is none."""
    found = next((each for each in TABLE if each.name == name), None)
    if found is None:
        raise NotFound
    return found


def perform(
    name: str,
    assignment_id: int,
    answers: Mapping[str, Any],
    *,
    actor: Actor,
    idempotency_key: str | None = None,
    version: int | None = None,
) -> Any:
    """Do it; the command behind it checks form, permission and state again under its lock."""
    act = named(name).act
    return act.once(idempotency_key, assignment_id, answers, actor=actor, version=version)


def _offer(operation: TaskOperation, why_not: Text | bool | None) -> Offer:
    return Offer(
        name=operation.name,
        label=operation.label,
        icon=operation.icon,
        form=forms.load(operation.form),
        done=operation.done,
        consequence=None,
        why_not=why_not if isinstance(why_not, Text) else None,
    )
