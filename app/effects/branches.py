"""Cases out of cases: a child is opened, numbered, and the parent's journal says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app import advance, journal
from app.actor import Actor
from app.advance import Loaded
from app.db import session
from app.effects.numbers import number_case
from app.model import Case


def branch(
    parent: Loaded,
    kind: str,
    *,
    actor: Actor,
    title: str,
    units: Mapping[str, Sequence[int]],
    unit_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
    **columns: Any,
) -> Loaded:
    """Open a case under another one, with its profile, round and indicator; both journals know."""
    child = advance.open_case(
        kind,
        actor=actor,
        profile_id=parent.case.profile_id,
        title=title,
        units=units,
        unit_id=unit_id,
        facts={**parent.profile.facts(), **(facts or {})},
        parent_id=parent.case.id,
        round_id=parent.case.round_id,
        indicator_id=parent.case.indicator_id,
        **{"matter": parent.case.matter or parent.case.title, **columns},
    )
    number(child, actor=actor)
    journal.record(
        "case.branched",
        stream=parent.stream,
        case_id=parent.case.id,
        actor=actor,
        unit_id=unit_id,
        data={"kind": kind, "child": child.case.id, "number": child.case.number, "title": title},
    )
    return child


def number(loaded: Loaded, *, actor: Actor) -> str | None:
    """Give a case its register number and say so in its journal."""
    if loaded.case.number is not None:
        return loaded.case.number
    given = number_case(loaded)
    if given is not None:
        journal.record(
            "case.numbered",
            stream=loaded.stream,
            case_id=loaded.case.id,
            actor=actor,
            unit_id=loaded.case.opened_unit_id,
            data={"number": given},
        )
    return given


def branches(parent_id: int, kind: str) -> Sequence[Case]:
    """The cases of a kind opened under another one, oldest first."""
    return (
        session()
        .scalars(
            select(Case)
            .where(Case.parent_id == parent_id, Case.kind == kind)
            .order_by(Case.id)
            .execution_options(populate_existing=True)
        )
        .all()
    )


def parent_of(loaded: Loaded) -> Loaded | None:
    """The case this one was opened under, locked; always after the child, never before it."""
    return advance.load(loaded.case.parent_id) if loaded.case.parent_id else None
