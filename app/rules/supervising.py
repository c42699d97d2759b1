"""Who may re-assign a part, sign for one, ask for a standstill, enter an instruction."""

from __future__ import annotations

from typing import Final

from app.actor import Actor
from app.i18n import _
from app.rules.access import UNIT_STAFF
from app.rules.standing import CLOCKED, ITEM, NOT_DISPATCHED, NOT_RUNNING, May, Standing

LEADERS: Final = ("convener", "approving_leader", "court_president")
ENDED: Final = ("void", "terminated", "revoked")
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


def may_instruct(actor: Actor, case: Standing) -> May:
    """Leaders, and the office that enters it for them (代录); on closed cases as well."""
    if not (actor.has(*LEADERS) or of_office(actor, case)):
        return False
    return case.status not in ENDED


def may_coordinate(actor: Actor, case: Standing) -> May:
    """The office, while a co-handler disagrees and nobody has settled it (row 21)."""
    if not (case.disagreed and of_office(actor, case)):
        return False
    return True if case.status in ("open", "suspended") else NOT_RUNNING


def of_office(actor: Actor, case: Standing) -> bool:
    """Whether somebody works in the office that supervises the case."""
    return any(actor.holding(unit, OFFICE) for unit in case.office_units)
