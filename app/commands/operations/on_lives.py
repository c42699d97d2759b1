"""The operations on a case's life: ended before its time, opened again, put at another task."""

from __future__ import annotations

from typing import Final

from app import forms
from app.commands import ending, moving, reopening
from app.commands.operations.shape import Operation
from app.i18n import Text, _
from app.rules import ending as ends
from app.rules.standing import Standing


def _what_becomes_of_branches(case: Standing) -> dict[str, forms.Words]:
    form = forms.load("terminate").field("branches")
    return {each.value: each.label for each in form.options} if case.branches and form else {}


def _branches(case: Standing) -> Text | None:
    if not case.branches:
        return None
    return _("Still running of what came out of it: %(cases)s.", cases="、".join(case.branches))


def _entries(case: Standing) -> dict[str, forms.Words]:
    return {node: forms.Words(*names) for node, names in case.entries.items()}


def _beginnings(case: Standing) -> dict[str, forms.Words]:
    """A terminated case may go on just as it stood."""
    form = forms.load("reopen").field("entry")
    stood = {each.value: each.label for each in form.options} if form else {}
    return {**(stood if case.status == "terminated" else {}), **_entries(case)}


ROWS: Final = (
    Operation(
        "revoke",
        _("Revoke"),
        "eraser",
        "revoke",
        _("The case is revoked; what you had submitted can still be read."),
        ends.may_revoke,
        ending.revoke,
    ),
    Operation(
        "terminate",
        _("Terminate"),
        "player-stop",
        "terminate",
        _("The case is terminated."),
        ends.may_end,
        ending.terminate,
        choices=(("branches", _what_becomes_of_branches),),
        told=_branches,
    ),
    Operation(
        "void",
        _("Declare void"),
        "ban",
        "declare_void",
        _("The case is void; its number stays in the register."),
        ends.may_end,
        ending.declare_void,
        choices=(("branches", _what_becomes_of_branches),),
        told=_branches,
    ),
    Operation(
        "reopen",
        _("Reopen"),
        "rotate-2",
        "reopen",
        _("The case runs again."),
        ends.may_reopen,
        reopening.reopen,
        choices=(("entry", _beginnings),),
    ),
    Operation(
        "move",
        _("Put at another task"),
        "arrow-guide",
        "move",
        _("Proposed. A second person of the office has to agree, under incidents."),
        ends.may_move,
        moving.propose_move,
        choices=(("task", _entries),),
    ),
)
