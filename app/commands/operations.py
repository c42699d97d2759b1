"""The operations on a case as one table: name, label, form, who may, what it does.

A row here becomes a button on the case page, a page with its form, an address to post to, and a
line of the permission matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app import forms
from app.actor import Actor
from app.commands import clock, items, supervising, undoing
from app.commands.command import Command
from app.errors import NotAllowed, NotFound
from app.i18n import Text, _
from app.rules import standing
from app.rules.standing import Standing

May = Callable[[Actor, Any], Text | bool]
Choice = tuple[str, Callable[[Standing], Mapping[str, forms.Words]]]
TOO_LATE: Final = _("As the case stands now, this is no longer to be done.")


@dataclass(frozen=True)
class Operation:
    """One operation, on a case or (task_operations.py) on a task, by how that stands.

    `may` answers True, False (not offered) or the reason why not now.

    `choice` names a question of its form whose answers depend on how the case stands, `told` says
    its consequence where that does.
    """

    name: str
    label: Text
    icon: str
    form: str
    done: Text
    may: May
    act: Command[..., Any]
    consequence: Text | None = None
    choice: Choice | None = None
    told: Callable[[Standing], Text] | None = None


@dataclass(frozen=True)
class Offer:
    """An operation as one person meets it on one case; `why_not` is set when it is not now."""

    name: str
    label: Text
    icon: str
    form: forms.Form
    done: Text
    consequence: Text | None
    why_not: Text | None


def _tasks_to_go_back_to(case: Standing) -> dict[str, forms.Words]:
    return {value: forms.Words(*names) for value, names in case.back_to.items()}


def _task_taken_back(case: Standing) -> Text:
    return _("“%(task)s” will be open again, and its clock goes on.", task=case.taken_back)


TABLE: Final[tuple[Operation, ...]] = (
    Operation(
        "send_back",
        _("Send back"),
        "arrow-back-up-double",
        "send_back",
        _("The case is back at the earlier task."),
        standing.may_send_back,
        undoing.send_back,
        choice=("task", _tasks_to_go_back_to),
    ),
    Operation(
        "withdraw",
        _("Take back"),
        "arrow-back-up",
        "withdraw",
        _("Your task is open again; what you submitted is kept in the record."),
        standing.may_withdraw,
        undoing.withdraw,
        told=_task_taken_back,
    ),
    Operation(
        "progress",
        _("Report progress"),
        "progress",
        "progress_report",
        _("The progress report is filed."),
        standing.may_report_progress,
        items.report_progress,
    ),
    Operation(
        "urgent",
        _("Report at once"),
        "urgent",
        "urgent_report",
        _("The office and the convener have the report before them."),
        standing.may_report_urgent,
        items.report_urgent,
        _("The supervising office and the convener are alerted immediately."),
    ),
    Operation(
        "extension",
        _("Ask for more time"),
        "calendar-plus",
        "extension_apply",
        _("The application has been sent on."),
        standing.may_ask_extension,
        items.request_extension,
        _("The clock goes on until somebody grants it."),
    ),
    Operation(
        "urge",
        _("Urge"),
        "bell-ringing",
        "urge",
        _("The units have been reminded."),
        standing.may_urge,
        supervising.urge,
    ),
    Operation(
        "waive",
        _("Waive a co-handler"),
        "user-check",
        "waive",
        _("The case goes on without that unit’s part."),
        standing.may_waive,
        supervising.waive_co,
    ),
    Operation(
        "suspend",
        _("Suspend"),
        "player-pause",
        "suspend",
        _("The clock stands still."),
        standing.may_suspend,
        clock.suspend,
    ),
    Operation(
        "resume",
        _("Resume"),
        "player-play",
        "resume",
        _("The clock runs again."),
        standing.may_resume,
        clock.resume,
    ),
    Operation(
        "escalate",
        _("Escalate"),
        "alert-hexagon",
        "escalate",
        _("The escalation is open."),
        standing.may_escalate,
        supervising.escalate,
        _("A case of its own is opened: reminder, bulletin, interview or listed supervision."),
    ),
)


Table = tuple[Operation, ...]


def offers(viewer: Actor, standing: Any, table: Table = TABLE) -> list[Offer]:
    """What this person is offered on a case (or task) that stands so, in the table's order."""
    found = []
    for operation in table:
        answer = operation.may(viewer, standing)
        if answer is not False:
            found.append(_offer(operation, standing, None if answer is True else answer))
    return found


def offered(viewer: Actor, standing: Any, name: str, table: Table = TABLE) -> Offer:
    """One of them by name; whoever may see the case but not do this hears so."""
    operation = named(name, table)
    answer = operation.may(viewer, standing)
    if answer is False:
        raise NotAllowed(_("On this case this is for others to do."))
    return _offer(operation, standing, None if answer is True else answer)


def after(viewer: Actor, standing: Any, name: str, table: Table = TABLE) -> Offer:
    """One of them for somebody whose form was refused: it may have ceased to be offered since."""
    operation = named(name, table)
    answer = operation.may(viewer, standing)
    why_not = TOO_LATE if answer is False else None if answer is True else answer
    return _offer(operation, standing, why_not)


def named(name: str, table: Table = TABLE) -> Operation:
    """The operation of that name; NotFound when there is none."""
    found = next((each for each in table if each.name == name), None)
    if found is None:
        raise NotFound
    return found


def perform(
    name: str,
    case_id: int,
    answers: Mapping[str, Any],
    *,
    actor: Actor,
    idempotency_key: str | None = None,
    seen: int | None = None,
) -> Any:
    """Do it; the command behind it checks form, permission and state again under its lock.

    `seen` is the place in the case's journal where the person stood (commands/faster.py).
    """
    return named(name).act.once(idempotency_key, case_id, answers, actor=actor, seen=seen)


def _offer(operation: Operation, standing: Any, why_not: Text | bool | None) -> Offer:
    form = forms.load(operation.form)
    if operation.choice:
        name, answers = operation.choice
        form = forms.offering(form, name, answers(standing))
    return Offer(
        name=operation.name,
        label=operation.label,
        icon=operation.icon,
        form=form,
        done=operation.done,
        consequence=operation.told(standing) if operation.told else operation.consequence,
        why_not=why_not if isinstance(why_not, Text) else None,
    )
