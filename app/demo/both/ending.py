"""Chapter: the auditor replays the item that went red and proves the journal whole."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from app.demo.playing import Play
from app.i18n import Text, _
from app.queries import audit, history
from app.queries.ledger import COLUMNS

TITLE: Text = _("The auditor’s view")
WAY: Final = (
    "item.registered",
    "item.dispatched",
    "assignment.urged",
    "completion.reviewed",
    "item.struck_off",
)


def play(play: Play) -> None:
    """Every act in order, every hash worked out once more by the formula in the manual."""
    _replay(play, play.cases["item I02"])
    play.check(_("The ledger has the fourteen columns of the register."), 14, len(COLUMNS))
    play.check(
        _("Audit verify: every stream, state and paper is as the journal vouches for."),
        [],
        [str(each.problem) for each in audit.verify().breaks],
        rule="chain",
    )


def _replay(play: Play, item: int) -> None:
    lines = history.history(play.see.viewer, item)
    play.check(
        _("The red item’s journal is one row after another, without a gap."),
        list(range(1, len(lines) + 1)),
        [line.seq for line in lines],
        rule="chain",
    )
    play.check(
        _("It tells the whole way: registered, dispatched, urged, completed, struck off."),
        list(WAY),
        list(dict.fromkeys(kind for kind in play.see.did(item) if kind in WAY)),
    )
    play.check(
        _("Each row’s hash follows from the row before it, worked out anew from the formula."),
        [],
        play.see.wrong_hashes(f"case:{item}"),
        rule="chain",
    )
    play.check(
        _("Moments never run backwards in any case’s journal."),
        [],
        [b.seq for a, b in pairwise(lines) if b.at < a.at],
        rule="clock",
    )
