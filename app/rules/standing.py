"""How a case stands, as far as it decides which operations are open to whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.actor import Actor
from app.i18n import Text, _
from app.rules.access import UNIT_STAFF, units_worked_for

May = Text | bool
ITEM: Final = "supervision_item"
CLOCKED: Final = (ITEM, "risk_notice", "rectification")
NOT_RUNNING: Final = _("The case is suspended or closed.")
NOT_DISPATCHED: Final = _("The item has not been dispatched yet.")


@dataclass(frozen=True)
class Standing:
    """The facts that predicates of operations look at; unit ids.

    `taken_back` is the task whose submission, the person's own last one, can be taken back;
    `back_to` are the earlier tasks the person can send the case back to (value, and name in both
    languages), `not_back` why there are none. `opener` is who opened the case, `taken_up` says
    whether anybody else acted on it since; `branches` names the cases out of it that still run
    and stand by themselves. `parts` are the lead's and co-handlers' names by `role:unit`;
    `to_sign` the units that have not signed for a part they took over; `papers` titles by id,
    `files` names; `disagreed`: a co-handler does, and the office has not settled it.
    """

    case_id: int
    kind: str
    status: str
    special_major: bool = False
    lead_units: frozenset[int] = frozenset()
    co_units: frozenset[int] = frozenset()
    office_units: frozenset[int] = frozenset()
    copied_units: frozenset[int] = frozenset()
    urgent_report: bool = False
    superior_report: bool = False
    issued: bool = False
    waiting: bool = False
    opener_unit: int | None = None
    overdue: bool = False
    pending: frozenset[str] = field(default_factory=frozenset)
    taken_back: str = ""
    back_to: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    not_back: May = False
    opener: int | None = None
    taken_up: bool = False
    branches: tuple[str, ...] = ()
    entries: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    moving: bool = False
    parts: Mapping[str, str] = field(default_factory=dict)
    to_sign: frozenset[int] = frozenset()
    papers: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    disagreed: bool = False


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


def may_urge(actor: Actor, case: Standing) -> May:
    """The supervising office or whoever opened the case, while somebody is to answer."""
    if not (_office(actor, case) or actor.holding(case.opener_unit or 0)):
        return False
    if not case.waiting:
        return False
    return _running(case, "open")


def may_waive(actor: Actor, case: Standing) -> May:
    """The office, for a co-handler that owes an answer."""
    if not _office(actor, case) or not case.co_units or not case.waiting:
        return False
    return _running(case, "open")


def may_suspend(actor: Actor, case: Standing) -> May:
    """The office, while the clock runs."""
    return _office(actor, case) and case.status == "open" and case.kind in CLOCKED


def may_resume(actor: Actor, case: Standing) -> May:
    """The office, while the clock stands still."""
    return _office(actor, case) and case.status == "suspended"


def may_escalate(actor: Actor, case: Standing) -> May:
    """The office, for a matter that is late."""
    if not _office(actor, case) or case.kind != ITEM or case.status != "open":
        return False
    if "escalation" in case.pending:
        return _("This matter is being escalated against the unit already.")
    return True if case.overdue else _("Nothing is overdue here.")


def may_withdraw(_actor: Actor, case: Standing) -> May:
    """Whoever submitted last in this case, until somebody builds on it."""
    return case.status == "open" and bool(case.taken_back)


def may_send_back(_actor: Actor, case: Standing) -> May:
    """Whoever has a task, where there is an earlier one to go back to."""
    return case.status == "open" and (bool(case.back_to) or case.not_back)


def may_add_files(actor: Actor, case: Standing) -> bool:
    """Whoever works for a unit that leads, helps, opened or supervises it, until it is over."""
    units = case.lead_units | case.co_units | case.office_units | {case.opener_unit or 0}
    return case.status in ("open", "suspended") and bool(units & units_worked_for(actor))


def _office(actor: Actor, case: Standing) -> bool:
    return any(
        actor.holding(unit, ("supervision_clerk", "supervision_director"))
        for unit in case.office_units
    )


def _staff(actor: Actor, units: Collection[int]) -> bool:
    return any(actor.holding(unit, UNIT_STAFF) for unit in units)


def _running(case: Standing, *statuses: str) -> May:
    if case.status not in statuses:
        return NOT_RUNNING
    if case.kind == ITEM and not case.issued:
        return NOT_DISPATCHED
    return True
