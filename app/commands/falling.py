"""What withdrawing and sending back share: acts fall, tasks open again, the journal says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app import journal
from app.actor import Actor
from app.advance import Loaded, lineage, restoring
from app.advance.lineage import Act, Rebuilt
from app.advance.restoring import Back
from app.advance.settling import save_state, state_hash
from app.db import session
from app.errors import Invalid, Stale
from app.i18n import _
from app.model import Assignment, Person, Ticket
from app.rules import access

GONE_ON: Final = _("The case has gone on from what you submitted; it can no longer be taken back.")


def act_of(ticket: Ticket, acts: Sequence[Act]) -> Act:
    """The act that closed a task and still counts."""
    act = next((each for each in reversed(acts) if each.ticket == ticket.id), None)
    if act is None or ticket.state != "done":
        raise Invalid(GONE_ON)
    return act


def without(loaded: Loaded, acts: list[Act], fallen: Sequence[Act]) -> Rebuilt:
    """The case as if those acts had not been done."""
    return lineage.rebuilt(loaded.case, acts, {act.seq for act in fallen})


def take_back(
    loaded: Loaded,
    rebuilt: Rebuilt,
    back: Back,
    kind: str,
    mine: Assignment,
    said: Mapping[str, Any],
    actor: Actor,
) -> int:
    """Bring the tasks in line, and keep the state and what became of every act; its place."""
    closed = [ticket.name for ticket in restoring.vanishing(loaded, rebuilt.state)]
    opened = restoring.restore(loaded, rebuilt, back, from_unit=mine.unit_id)
    data = {
        **said,
        "undone": [act.seq for act in back.undone],
        "again": [act.seq for act in rebuilt.again],
        "closed": closed,
        "opened": opened,
        "state": state_hash(rebuilt.state),
    }
    seq = record(loaded, kind, mine, data, actor)
    save_state(loaded, rebuilt.state, seq)
    session().flush()
    return seq


def record(
    loaded: Loaded, kind: str, mine: Assignment, data: Mapping[str, Any], actor: Actor
) -> int:
    """Write it down for the unit whose task it is; its place in the journal."""
    held = access.completes(
        actor,
        unit_id=mine.unit_id,
        post=mine.post,
        person_id=mine.person_id,
        kind=loaded.case.kind,
    )
    return journal.record(
        kind,
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=mine.unit_id,
        deputy_for=held.deputy_for if held else None,
        data=data,
    )


def told(ticket: Ticket, mine: Assignment, reason: str | None) -> dict[str, Any]:
    """Which part of which task it is about, and why."""
    return {
        "task": ticket.node,
        "name": ticket.name,
        "assignment": mine.id,
        "reason": reason or "",
    }


def faster_one(loaded: Loaded, task: str, person_id: int | None, at: Any) -> Stale:
    """Who was faster, with what, and when."""
    by = session().get(Person, person_id) if person_id else None
    return Stale(
        GONE_ON,
        details={
            "by": by.name if by else "",
            "what": task,
            "at": at,
            "version": loaded.case.state_seq,
        },
    )
