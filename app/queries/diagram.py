"""The diagram of a case: its source, where it stands, and how it got there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from app.actor import Actor
from app.db import session
from app.errors import NotFound
from app.model import DefinitionVersion, Event, Ticket
from app.queries.visibility import visible_case

BOUNDS: Final = re.compile(r"<(?:\w+:)?Bounds\b([^>]*)>")
NUMBER: Final = re.compile(r'\b(x|y|width|height)="(-?\d+(?:\.\d+)?)"')
SIDES: Final = ("x", "y", "width", "height")
AROUND: Final = 40  # what names below and beside the outermost elements may take


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


def rooms(viewer: Actor, case_id: int) -> Mapping[str, tuple[int, int]]:
    """Width and height of the case's diagram (key "") and of those it has called."""
    found = {"": source(viewer, case_id)}
    found |= {key: source(viewer, case_id, key) for key in called(viewer, case_id)}
    return {key: room(text) for key, text in found.items()}


def room(text: str) -> tuple[int, int]:
    """How much room a diagram takes, so that its page can keep it free before it is drawn."""
    boxes = [{name: float(v) for name, v in NUMBER.findall(box)} for box in BOUNDS.findall(text)]
    boxes = [box for box in boxes if len(box) == len(SIDES)] or [dict.fromkeys(SIDES, 0.0)]
    wide = max(box["x"] + box["width"] for box in boxes) - min(box["x"] for box in boxes)
    high = max(box["y"] + box["height"] for box in boxes) - min(box["y"] for box in boxes)
    return round(wide) + AROUND, round(high) + AROUND
