"""What a person may take back in a case, and where it could be sent back to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, select

from app.actor import Actor
from app.effects import backwards
from app.effects.backwards import Part
from app.model import Assignment, Case, Ticket, Unit
from app.queries.reading import Columns, read
from app.rules.standing import May

PREVIOUS, INITIATOR = ("上一环节", "The task before"), ("发起人", "Whoever opened the case")
TICKET: Final = Columns(Ticket, "id node name name_en state form effect forbids opened_at")
ASSIGNMENT: Final = Columns(
    Assignment,
    "id kind unit_id moved_to person_id post state answers opened_at opened_from done_at done_by",
)
GLANCE: Final = (
    select(
        *TICKET.wanted,
        *ASSIGNMENT.wanted,
        Unit.name.label("unit"),
    )
    .select_from(Assignment)
    .join(Ticket, Ticket.id == Assignment.ticket_id)
    .join(Unit, Unit.id == Assignment.unit_id)
    .where(backwards.counts(bindparam("case")))
    .order_by(Assignment.id.desc())
    .limit(backwards.MOST_LOOKED_AT)
)


def undoing(viewer: Actor, case: Case) -> dict[str, Any]:
    """What the standing of a case says about going back: see `rules.standing.Standing`."""
    rows = read(GLANCE, {"case": case.id}).all() if case.status == "open" else ()
    every = [(TICKET.of(row), ASSIGNMENT.of(row)) for row in rows]
    parts = backwards.since_anew(case, every)
    units = {row.Assignment_unit_id: row.unit for row in rows}
    back_to, not_back = _back_to(viewer, case, parts, units)
    return {
        "taken_back": _taken_back(viewer, case.kind, parts),
        "back_to": back_to,
        "not_back": not_back,
    }


def _taken_back(viewer: Actor, kind: str, parts: Sequence[Part]) -> str:
    """The task the viewer submitted last if that can be taken back, as far as a glance shows."""
    found = backwards.last_submission(parts, viewer, kind)
    if found is None:
        return ""
    ticket, mine = found
    since = mine.done_at or mine.opened_at
    if any(
        part.state == "done" and part.opened_from == mine.unit_id and part.opened_at >= since
        for _ticket, part in parts
    ):
        return ""
    fixed = "withdraw" in ticket.forbids.split() or backwards.stays_alone(*found)
    return "" if fixed else ticket.name


def _back_to(
    viewer: Actor, case: Case, parts: Sequence[Part], units: Mapping[int, str]
) -> tuple[Mapping[str, tuple[str, str]], May]:
    """The earlier tasks by the value that stands for them; or why there are none."""
    mine = [(t, a) for t, a in backwards.turns(parts) if backwards.holds(viewer, a, case.kind)]
    found: dict[str, tuple[str, str]] = {}
    why_not: May = False
    for ticket, part in mine:
        ways = backwards.earlier(case, ticket, parts)
        if ways.why_not is not backwards.NOWHERE:
            why_not = ways.why_not
        whose = backwards.initiators(case, ways.tasks)
        for place, (target, done) in enumerate(ways.tasks):
            zh = f"{target.name}（{units[done.unit_id]}）"
            en = f"{target.name_en or target.name} ({units[done.unit_id]})"
            said = [PREVIOUS] * (place == 0) + [INITIATOR] * (target.id == whose)
            if said:
                zh = f"{'、'.join(word for word, _en in said)}：{zh}"
                en = f"{', '.join(word for _zh, word in said)}: {en}"
            if len(mine) > 1:
                zh, en = f"{ticket.name} → {zh}", f"{ticket.name_en or ticket.name} → {en}"
            found[f"{part.id}:{target.id}"] = zh, en
    return found, why_not
