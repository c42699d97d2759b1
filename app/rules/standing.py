"""How a case stands, as far as it decides which operations are open to whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from app.actor import Actor
from app.i18n import Text, _
from app.rules.access import UNIT_STAFF

May = Text | bool
ITEM: Final = "supervision_item"
NOT_RUNNING: Final = _("The case is suspended or closed.")
NOT_DISPATCHED: Final = _("The item has not been dispatched yet.")


@dataclass(frozen=True)
class Standing:
    """The facts that predicates of operations look at; unit ids."""

    case_id: int
    kind: str
    status: str
    special_major: bool = False
    lead_units: frozenset[int] = frozenset()
    co_units: frozenset[int] = frozenset()
    office_units: frozenset[int] = frozenset()
    urgent_report: bool = False
    superior_report: bool = False
    issued: bool = False
    overdue: bool = False
    pending: frozenset[str] = field(default_factory=frozenset)


def may_report_progress(actor: Actor, case: Standing) -> May:
    """Lead and co-handling units of an item say how far it is (TX-12)."""
    if case.kind != ITEM or not _staff(actor, case.lead_units | case.co_units):
        return False
    return _running(case, "open", "suspended")


def may_report_urgent(actor: Actor, case: Standing) -> May:
    """The units of a special major item at any time (TH-13b); others where the mechanism has it."""
    if case.kind != ITEM or not _staff(actor, case.lead_units | case.co_units):
        return False
    if not (case.special_major or case.urgent_report):
        return False
    return _running(case, "open", "suspended")


def may_ask_extension(actor: Actor, case: Standing) -> May:
    """The lead unit of an item, one application at a time."""
    if case.kind != ITEM or not _staff(actor, case.lead_units):
        return False
    if "extension_request" in case.pending:
        return _("An application for an extension is waiting for its decision already.")
    return _running(case, "open")


def _staff(actor: Actor, units: Collection[int]) -> bool:
    return any(actor.holding(unit, UNIT_STAFF) for unit in units)


def _running(case: Standing, *statuses: str) -> May:
    if case.status not in statuses:
        return NOT_RUNNING
    if case.kind == ITEM and not case.issued:
        return NOT_DISPATCHED
    return True
