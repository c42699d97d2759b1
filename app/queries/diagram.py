"""The diagram of a case: its source, where it stands, and how it got there."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select

from app.actor import Actor
from app.db import session
from app.errors import NotFound
from app.model import DefinitionVersion, Event, Ticket
from app.queries.visibility import visible_case


@dataclass(frozen=True)
class Marks:
    """Element ids of the diagram: waiting now, and passed (in order, with repeats)."""

    open: tuple[str, ...]
    passed: tuple[str, ...]


def source(viewer: Actor, case_id: int, key: str = "") -> str:
    """The BPMN of the version a case runs on (or of a process it calls)."""
    case = visible_case(viewer, case_id)
    wanted = [e["id"] for e in case.bundle if e["key"] == (key or case.kind)]
    if not wanted:
        raise NotFound
    return (
        session()
        .execute(select(DefinitionVersion.source).where(DefinitionVersion.id == wanted[0]))
        .scalar_one()
    )


def marks(viewer: Actor, case_id: int) -> Marks:
    """Where the case stands and which elements it went through."""
    case = visible_case(viewer, case_id)
    open_ = (
        session()
        .execute(select(Ticket.node).where(Ticket.case_id == case.id, Ticket.state == "open"))
        .scalars()
    )
    bodies = (
        session()
        .execute(select(Event.body).where(Event.stream == f"case:{case.id}").order_by(Event.seq))
        .scalars()
    )
    passed = [node for body in bodies for node in json.loads(body)["data"].get("passed", ())]
    return Marks(open=tuple(open_), passed=tuple(passed))


def called(viewer: Actor, case_id: int) -> tuple[str, ...]:
    """The processes a case has called so far: those with an element waiting or passed."""
    case = visible_case(viewer, case_id)
    keys = [entry["key"] for entry in case.bundle[1:]]
    if not keys:
        return ()
    found = marks(viewer, case_id)
    seen = {*found.open, *found.passed}
    return tuple(
        key
        for key in keys
        if any(f'userTask id="{node}"' in source(viewer, case_id, key) for node in seen)
    )
