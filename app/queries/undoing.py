"""What a person may take back in a case, and where it could be sent back to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, select

from app.actor import Actor
from app.db import session
from app.effects import backwards
from app.effects.backwards import Part
from app.model import Case, Unit
from app.rules.standing import May

NAMES: Final = select(Unit.id, Unit.name).where(Unit.id.in_(bindparam("ids", expanding=True)))


def undoing(viewer: Actor, case: Case) -> dict[str, Any]:
    """What the standing of a case says about going back: see `rules.standing.Standing`."""
    parts = backwards.parts_of(case.id) if case.status == "open" else []
    back_to, not_back = _back_to(viewer, case, parts)
    return {"taken_back": _taken_back(viewer, parts), "back_to": back_to, "not_back": not_back}


def _taken_back(viewer: Actor, parts: Sequence[Part]) -> str:
    """The task the viewer submitted last if that can be taken back, as far as a glance shows."""
    found = backwards.last_submission(parts, viewer)
    if found is None:
        return ""
    ticket, mine = found
    since = mine.done_at or mine.opened_at
    if any(
        part.state == "done" and part.opened_from == mine.unit_id and part.opened_at >= since
        for _ticket, part in parts
    ):
        return ""
    return "" if backwards.stays([ticket.id], [found]) else ticket.name


def _back_to(
    viewer: Actor, case: Case, parts: Sequence[Part]
) -> tuple[Mapping[str, tuple[str, str]], May]:
    """The earlier tasks by the value that stands for them; or why there are none."""
    mine = [(t, a) for t, a in parts if a.state == "active" and backwards.holds(viewer, a)]
    found: dict[str, tuple[str, str]] = {}
    why_not: May = False
    for ticket, part in mine:
        ways = backwards.earlier(case, ticket.node, parts)
        if ways.why_not is not backwards.NOWHERE:
            why_not = ways.why_not
        names = _units([each.unit_id for _t, each in ways.tasks])
        for target, done in ways.tasks:
            zh = f"{target.name}（{names[done.unit_id]}）"
            en = f"{target.name_en or target.name} ({names[done.unit_id]})"
            if len(mine) > 1:
                zh, en = f"{ticket.name} → {zh}", f"{ticket.name_en or ticket.name} → {en}"
            found[f"{part.id}:{target.id}"] = zh, en
    return found, why_not


def _units(ids: Sequence[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session().execute(NAMES, {"ids": sorted(set(ids))})
    return {row.id: row.name for row in rows}
