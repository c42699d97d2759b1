"""A unit's part in an item goes to another unit (改派, domain row 2): only the office does this.

What the unit before did stays as it was done; what it still had to do is the other's, with its
own clock, and nobody's by name. Both units, and who had the task first, stay on record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select, update

from app import advance, journal
from app.actor import Actor
from app.advance import Loaded, asking
from app.advance.loading import Waiting
from app.db import session
from app.effects import branches, dates, extension, items, papers, receipts
from app.errors import Invalid, Stale
from app.i18n import Text, _
from app.model import OPEN, RUNNING, Assignment, CaseUnit, Document, Ticket
from app.rules.candidates import post_held

NOBODY: Final[dict[str, Any]] = {"by": "", "at": None}
PARTS: Final = {"lead": "主办", "co": "协办"}
Moved = tuple[Ticket, Assignment, Assignment]
"""A ticket, who had it, and who has it now."""


@dataclass(frozen=True)
class Move:
    """Whose part goes to whom and why; `day` when the whole matter is due then, if named.

    `why_two` says why the unit has to have a second item on the same matter.
    """

    role: str
    before: int
    after: int
    reason: str
    day: date | None = None
    why_two: str = ""


def reassign(loaded: Loaded, move: Move, *, actor: Actor, at: datetime) -> Document:
    """Move the part, its open tasks and its clock, and send the notice of it; returns that."""
    _require_sensible(loaded, move)
    before = {"due_day": loaded.case.due_day, "handler": loaded.case.handler_id}
    with items.one_matter_one_item():
        _name_units(loaded, move)
        session().flush()
    receipts.handed_over(loaded, move.after, at=at)
    moved = _move_tasks(loaded, move, actor=actor, at=at)
    if move.role == "lead":
        _move_matter(loaded, move, at=at)
    session().flush()
    advance.plan_timers([new for _ticket, _old, new in moved], loaded.profile, replan=True)
    paper = _notice(loaded, move, actor=actor)
    journal.record(
        "item.reassigned",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=paper.issuer_unit_id,
        data={
            "role": move.role,
            "before": move.before,
            "after": move.after,
            "reason": move.reason,
            "tasks": [
                {"task": ticket.node, "name": ticket.name, "from": old.id, "to": new.id}
                for ticket, old, new in moved
            ],
            "was": before,
            "due_day": loaded.case.due_day,
            "paper": paper.number,
            "override_reason": loaded.case.override_reason,
            "units": [move.before, move.after],
        },
    )
    return paper


def _require_sensible(loaded: Loaded, move: Move) -> None:
    if move.before not in loaded.units.get(move.role, ()):
        raise Invalid(_("This unit has no such part in the case."))
    if move.after in (*loaded.units.get("lead", ()), *loaded.units.get("co", ())):
        raise _wrong(_("This unit has a part in the item already; choose another one."))
    asked = branches.branches(loaded.case.id, extension.KIND)
    if move.role == "lead" and any(each.status in RUNNING for each in asked):
        raise Stale(_("The unit has just asked for more time. Look again."), details=NOBODY)
    if not advance.organisation().posts.get(move.after):
        raise _wrong(_("Nobody works for this unit in the system yet; it could not sign for it."))
    if move.day is not None and not advance.calendar().is_workday(move.day):
        text = _("%(day)s is not a working day.", day=move.day.isoformat())
        raise Invalid(text, fields={"new_date": text})


def _name_units(loaded: Loaded, move: Move) -> None:
    """The parties as they are now; one matter is open once for a lead unit (TX-10)."""
    case = loaded.case
    if move.role == "lead":
        key = items.matter_key(case.indicator_id, case.matter, move.after)
        items.require_single(key, move.why_two, but=case.id)
        case.matter_key, case.override_reason = key, move.why_two
        case.handler_id = None
    session().execute(
        update(CaseUnit)
        .where(
            CaseUnit.case_id == case.id,
            CaseUnit.unit_id == move.before,
            CaseUnit.role == move.role,
        )
        .values(unit_id=move.after)
    )
    named = {role: list(ids) for role, ids in loaded.units.items()}
    named[move.role] = [move.after if each == move.before else each for each in named[move.role]]
    loaded.units = named


def _move_tasks(loaded: Loaded, move: Move, *, actor: Actor, at: datetime) -> list[Moved]:
    """Everything open of that part is the other unit's; what was done is marked as moved from."""
    held = advance.organisation().held([move.after], at)[move.after]
    office = papers.unit_ids([loaded.profile.supervising_office])[0]
    moved = []
    for ticket, old in _open_tasks(loaded.case.id, move):
        gone = asking.with_helpers(loaded, [old.id]) - {old.id}
        asking.let_helpers_go(loaded, ticket, old, gone, reason=move.reason, actor=actor)
        new = _taken_over(loaded, old, move, at=at)
        new.given_post = new.post = post_held(old.given_post, held)
        new.opened_from = office
        session().add(new)
        session().flush()
        _stand_beside(old, new)
        old.state, old.version = "cancelled", old.version + 1
        moved.append((ticket, old, new))
        loaded.waiting = [each for each in loaded.waiting if each.assignment_id != old.id]
        loaded.waiting.append(Waiting.on(new, ticket))
    session().flush()
    session().execute(
        update(Assignment)
        .where(
            Assignment.case_id == loaded.case.id,
            Assignment.unit_id == move.before,
            Assignment.role == move.role,
            Assignment.moved_to.is_(None),
        )
        .values(moved_to=move.after)
    )
    return moved


def _stand_beside(old: Assignment, new: Assignment) -> None:
    """Equal signers (并加签) stand alone; from now on the other unit may let go of them."""
    session().execute(
        update(Assignment)
        .where(Assignment.parent_id == old.id, Assignment.state.in_(OPEN))
        .values(parent_id=new.id)
    )


def _open_tasks(case_id: int, move: Move) -> list[tuple[Ticket, Assignment]]:
    rows = session().execute(
        select(Ticket, Assignment)
        .join(Assignment, Assignment.ticket_id == Ticket.id)
        .where(
            Assignment.case_id == case_id,
            Assignment.unit_id == move.before,
            Assignment.role == move.role,
            Assignment.state.in_(OPEN),
        )
        .order_by(Assignment.id)
        .execution_options(populate_existing=True)
    )
    return [(row.Ticket, row.Assignment) for row in rows]


def _taken_over(loaded: Loaded, old: Assignment, move: Move, *, at: datetime) -> Assignment:
    """The same work for the other unit: who had it first stays known, its clock begins now."""
    new = Assignment(
        ticket_id=old.ticket_id,
        case_id=old.case_id,
        unit_id=move.after,
        owner_id=old.owner_id or old.person_id,
        role=old.role,
        state="waiting" if old.state == "waiting" else "active",
        receipt=old.receipt,
        ladder=old.ladder,
        version=1,
        urge_count=0,
        opened_at=at,
        due_provisional=False,
    )
    if old.due_rule is not None:
        advance.set_due(new, dates.counted_anew(loaded, old.due_rule, at=at))
    advance.set_lights(new, loaded.case, loaded.profile)
    return new


def _move_matter(loaded: Loaded, move: Move, *, at: datetime) -> None:
    """The whole matter's clock is the new lead's: the day named, else counted from now."""
    loaded.case.issued_at = at
    dates.restart_matter(loaded, at=at)
    if move.day is not None:
        dates.decide_matter(loaded, move.day, at=at)
    dates.turn_lights(loaded)


def _notice(loaded: Loaded, move: Move, *, actor: Actor) -> Document:
    """The unit gets it on paper; the one before and the other parties get a copy."""
    case, names = loaded.case, papers.unit_names([move.before, move.after])
    paper = papers.draft(
        loaded,
        receipts.REASSIGNED,
        title=f"关于{case.matter}的改派通知书",
        content={
            "unit": names[move.after],
            "part": PARTS[move.role],
            "former": names[move.before],
            "matter": case.matter,
            "source": case.source,
            "requirement": case.content,
            "reason": move.reason,
            "due_day": case.due_day.isoformat() if case.due_day else None,
            "reporting": items.HOW_TO_REPORT,
        },
    )
    others = [unit for role in ("lead", "co") for unit in loaded.units.get(role, ())]
    copies = [move.before, *(unit for unit in others if unit != move.after)]
    return papers.issue(loaded, paper, actor=actor, to=[move.after], cc=copies)


def _wrong(text: Text) -> Invalid:
    return Invalid(text, fields={"unit": text})
