"""The operations on a single task as one table: name, label, form, who may, what it does.

A row here becomes an entry of the task page's menu, a page with its form, an address to post to,
and a line of the permission matrix; operations.py has those on a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.actor import Actor
from app.commands import handing
from app.commands.operations import Operation, Table, named
from app.i18n import _
from app.rules import handing as rules

TABLE: Final[Table] = (
    Operation(
        "claim",
        _("Claim"),
        "hand-grab",
        "claim",
        _("The task is yours now."),
        rules.may_claim,
        handing.claim,
    ),
    Operation(
        "release",
        _("Release"),
        "hand-off",
        "release",
        _("Anybody of the post may do the task again."),
        rules.may_release,
        handing.release,
    ),
    Operation(
        "transfer",
        _("Hand on"),
        "user-share",
        "transfer",
        _("The task is your colleague’s now."),
        rules.may_transfer,
        handing.transfer,
    ),
)


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
    act = named(name, TABLE).act
    return act.once(idempotency_key, assignment_id, answers, actor=actor, version=version)
