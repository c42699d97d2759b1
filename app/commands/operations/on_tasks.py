"""The operations on a single task, in the order in which they are offered."""

from __future__ import annotations

from typing import Final

from app.commands import circulations, handing
from app.commands.operations.shape import Operation, everybody
from app.i18n import _
from app.rules import handing as rules
from app.rules import sharing

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
)
