"""Which done tasks of a case can be taken back: by their effects, and by the diagram's ways."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, select

from app import advance, engine, forms
from app.actor import Actor
from app.advance.deciding import SIGNERS
from app.db import constants, session
from app.effects.registry import can_be_undone
from app.i18n import Text, _
from app.model import Assignment, Case, Ticket
from app.rules import access

MOST_LOOKED_AT: Final = 100
DRAWN: Final = _("The diagram draws its own way back from here; choose it in the task’s form.")
FORBIDDEN: Final = _("The diagram does not allow this on this task.")
NOWHERE: Final = _("No earlier task of this case can be gone back to from here.")

Part = tuple[Ticket, Assignment]


@dataclass(frozen=True)
class Earlier:
    """The tasks a case may go back to from one of its tasks, the latest first; else why none."""

    tasks: tuple[Part, ...]
    why_not: Text


def counts(case_id: Any) -> ColumnElement[bool]:
    """Of the assignments of a case, those that are open or done."""
    return and_(Assignment.case_id == case_id, Assignment.state.in_(constants("active", "done")))


PARTS: Final = (
    select(Ticket, Assignment)
    .join(Assignment, Assignment.ticket_id == Ticket.id)
    .where(counts(bindparam("case")))
    .order_by(Assignment.id.desc())
    .limit(MOST_LOOKED_AT)
    .execution_options(populate_existing=True)
)


def parts_of(case: Case) -> list[Part]:
    """The parts of a case's tasks that are open or done, the newest first."""
    rows = session().execute(PARTS, {"case": case.id})
    return since_anew(case, [(row.Ticket, row.Assignment) for row in rows])


def since_anew(case: Case, parts: Iterable[Part]) -> list[Part]:
    """Those that can be gone back to: what was done before the engine began anew stands."""
    since = case.anew_at
    return [part for part in parts if since is None or part[0].opened_at >= since]


def last_submission(parts: Iterable[Part], actor: Actor, kind: str) -> Part | None:
    """What this person, or somebody of the same post, submitted last."""
    mine = [(t, a) for t, a in parts if a.state == "done" and holds(actor, a, kind)]
    return max(mine, key=lambda part: (part[1].done_at, part[1].id), default=None)


def holds(actor: Actor, assignment: Assignment, kind: str) -> bool:
    """Whether the task, of a case of that kind, is this person's to do."""
    held = access.completes(
        actor,
        unit_id=assignment.unit_id,
        post=assignment.post,
        person_id=assignment.person_id,
        kind=kind,
    )
    return held is not None


def earlier(case: Case, ticket: Ticket, parts: Sequence[Part]) -> Earlier:
    """Tasks that come before this one on every way; not those the diagram leads back to itself.

    They lie one behind the other, so the first whose effect stays ends the search.
    """
    if "send_back" in ticket.forbids.split():
        return Earlier((), FORBIDDEN)
    compiled, node = advance.compiled(case.bundle), ticket.node
    found: list[Part] = []
    why_not: Text = NOWHERE
    for target, part in _last_rounds(parts):
        if target.node == node or not engine.always_before(compiled, target.node, node):
            continue
        problem = stays([target.id], parts)
        if problem is not None:
            why_not = problem if why_not is NOWHERE else why_not
            break
        if engine.leads_back(compiled, node, target.node):
            why_not = DRAWN
        else:
            found.append((target, part))
    return Earlier(tuple(found), why_not)


def initiators(case: Case, targets: Sequence[Part]) -> int | None:
    """Of these, the latest first, the first task of whoever opened the case, else of their unit."""
    own = [t.id for t, a in targets if case.opened_by is not None and a.done_by == case.opened_by]
    unit = [t.id for t, a in targets if a.unit_id == case.opened_unit_id]
    return next(reversed(own or unit), None)


def stays(tickets: Collection[int | None], parts: Iterable[Part]) -> Text | None:
    """Why these done tasks cannot be taken back, if one of them cannot."""
    for ticket, part in parts:
        counts = ticket.id in tickets and part.state == "done"
        if counts and part.moved_to is not None:
            return _("The matter was re-assigned since; what was done before stays done.")
        if counts and not can_be_undone(ticket.effect, part.answers or {}):
            return _(
                "What came of “%(task)s” (papers, numbers, dates or cases) cannot be taken back.",
                task=ticket.name,
            )
    return None


def stays_alone(ticket: Ticket, part: Assignment) -> Text | None:
    """Why somebody's own part cannot be taken back, if it cannot.

    Opinions, and voices while the vote is open, have had no effect yet.
    """
    voted = part.kind not in SIGNERS or forms.load(ticket.form).vote is not None
    return None if ticket.state == "open" and voted else stays([ticket.id], [(ticket, part)])


def turns(parts: Iterable[Part]) -> list[Part]:
    """Tasks whose turn it is and from which a case may be sent back: not what others asked for."""
    return [(t, a) for t, a in parts if a.state == "active" and a.kind in SIGNERS]


def _last_rounds(parts: Iterable[Part]) -> list[Part]:
    """The last round of every done task, the latest first.

    A task is always opened before those that come after it, whenever it was done last.
    """
    done = [(t, a) for t, a in parts if t.state == a.state == "done" and a.kind in SIGNERS]
    done.sort(key=lambda part: (part[0].id, part[1].id), reverse=True)
    last: dict[str, Part] = {}
    for ticket, part in done:
        last.setdefault(ticket.node, (ticket, part))
    return list(last.values())
