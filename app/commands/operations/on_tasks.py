"""The operations on a single task, in the order in which they are offered."""

from __future__ import annotations

from typing import Final

from app import forms
from app.commands import asking, circulations, handing
from app.commands.operations.shape import Operation, everybody
from app.i18n import _
from app.rules import handing as rules
from app.rules import sharing, signers
from app.rules.handing import TaskStanding


def _signers(task: TaskStanding) -> dict[str, forms.Words]:
    found = signers.removable(task)
    return {str(each.assignment_id): forms.Words(each.name, each.name) for each in found}


ROWS: Final = (
    Operation(
        "claim",
        _("Claim"),
        "hand-grab",
        "claim",
        _("The task is yours now."),
        rules.may_claim,
        handing.claim,
        in_bulk=everybody,
    ),
    Operation(
        "release",
        _("Release"),
        "hand-off",
        "release",
        _("Anybody of the post may do the task again."),
        rules.may_release,
        handing.release,
        in_bulk=everybody,
    ),
    Operation(
        "transfer",
        _("Hand on"),
        "user-share",
        "transfer",
        _("The task is your colleague’s now."),
        rules.may_transfer,
        handing.transfer,
        in_bulk=everybody,
    ),
    Operation(
        "circulate_first",
        _("Circulate first"),
        "eye",
        "circulate_first",
        _("The task waits until they have read it."),
        sharing.may_circulate_first,
        circulations.circulate_first,
    ),
    Operation(
        "delegate",
        _("Delegate"),
        "user-edit",
        "delegate",
        _("Your colleague fills it in; then it comes back to you."),
        signers.may_delegate,
        asking.delegate,
    ),
    Operation(
        "recall",
        _("Recall"),
        "user-x",
        "recall",
        _("The task is yours to fill in again."),
        signers.may_recall,
        asking.recall,
    ),
    Operation(
        "add_before",
        _("Ask for opinions first"),
        "message-question",
        "add_signers",
        _("They have been asked; the task waits for them."),
        signers.may_add_before,
        asking.add_before,
        _("The task waits until all of them have given their opinion; its clock goes on."),
    ),
    Operation(
        "add_after",
        _("Have others sign after you"),
        "user-plus",
        "add_signers",
        _("They sign once you have submitted."),
        signers.may_add_after,
        asking.add_after,
        _("You submit first; the task is done when all of them have signed."),
    ),
    Operation(
        "add_beside",
        _("Add signers beside you"),
        "users-plus",
        "add_signers",
        _("They sign like the others now."),
        signers.may_add_beside,
        asking.add_beside,
        _("They get the same form, and what they say counts like what the others say."),
    ),
    Operation(
        "remove_signers",
        _("Remove signers"),
        "users-minus",
        "remove_signers",
        _("They do not sign any more."),
        signers.may_remove,
        asking.remove_signers,
        choices=(("signers", _signers),),
    ),
)
