"""Who may re-assign a part of an item, sign for one, and ask for a standstill."""

from __future__ import annotations

from typing import Final

from app.actor import Actor
from app.i18n import _
from app.rules.access import UNIT_STAFF
from app.rules.standing import CLOCKED, ITEM, NOT_DISPATCHED, NOT_RUNNING, May, Standing

CLOCK_REQUEST: Final = "clock_request"
OFFICE: Final = ("supervision_clerk", "supervision_director")


def may_reassign(actor: Actor, case: Standing) -> May:
    """The office, once an item is with its units (改派); before, the parties are in its form."""
    if case.kind != ITEM or not of_office(actor, case):
        return False
    if case.status != "open":
        return NOT_RUNNING
    return True if case.issued else NOT_DISPATCHED


def may_sign_part(actor: Actor, case: Standing) -> May:
    """Staff of a unit that got its part in a matter under way and has not signed for it."""
    if not any(actor.holding(unit, UNIT_STAFF) for unit in case.to_sign):
        return False
    return True if case.status == "open" else NOT_RUNNING


def may_ask_clock(actor: Actor, case: Standing) -> May:
    """The units accountable for something with a clock: to stop it, or to go on (row 16)."""
    if case.kind not in CLOCKED or case.status not in ("open", "suspended"):
        return False
    if not any(actor.holding(unit, UNIT_STAFF) for unit in case.lead_units):
        return False
    if CLOCK_REQUEST in case.pending:
        return _("A request about the clock is waiting for its decision already.")
    return True if case.issued or case.kind != ITEM else NOT_DISPATCHED


def of_office(actor: Actor, case: Standing) -> bool:
    """Whether somebody works in the office that supervises the case."""
    return any(actor.holding(unit, OFFICE) for unit in case.office_units)
