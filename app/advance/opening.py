"""Open a case: its row, its units, the engine's first step and the first tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app import clock, engine, journal
from app.actor import Actor
from app.advance import reference, rows
from app.advance.loading import Loaded
from app.advance.settling import save_state, settle, state_hash
from app.db import session
from app.model import Case, CaseUnit


def open_case(
    kind: str,
    *,
    actor: Actor,
    profile_id: int,
    title: str,
    units: Mapping[str, Sequence[int]] | None = None,
    facts: Mapping[str, Any] | None = None,
    unit_id: int | None = None,
    **columns: Any,
) -> Loaded:
    """Open a case of that process and hand out its first tasks; journalled as `case.opened`.

    `units` maps case roles (lead, co, addressee, cc) to unit ids; `facts` are what the diagram's
    gateways read; `columns` are further columns of the case (parent_id, round_id, matter, …).
    """
    profile = reference.profile(profile_id)
    named = {role: list(dict.fromkeys(ids)) for role, ids in (units or {}).items() if ids}
    case = Case(
        kind=kind,
        title=title,
        profile_id=profile_id,
        bundle=reference.newest_bundle(kind),
        facts=dict(facts or {}),
        opened_at=clock.now(),
        opened_by=actor.person_id,
        opened_unit_id=unit_id or actor.unit_id,
        status="open",
        stage="",
        **columns,
    )
    rows.put_new(case)
    session().put_off(CaseUnit, *_parts(case, named))
    journal.know_head(f"case:{case.id}", 0, journal.NOTHING_BEFORE)
    loaded = Loaded(case=case, state=b"", profile=profile, units=named)
    _take_the_first_step(loaded, actor)
    return loaded


def _parts(case: Case, units: Mapping[str, Sequence[int]]) -> list[dict[str, Any]]:
    return [
        {"case_id": case.id, "unit_id": each, "role": role}
        for role, ids in units.items()
        for each in ids
    ]


def _take_the_first_step(loaded: Loaded, actor: Actor) -> None:
    """Start the engine, hand out what waits now, and journal how the case began."""
    case = loaded.case
    outcome = engine.start(loaded.compiled, case.facts, now=case.opened_at)
    with session().no_autoflush:  # the case is written once, with its state
        opened = settle(loaded, outcome, from_unit=case.opened_unit_id)
    seq = journal.record(
        "case.opened",
        stream=loaded.stream,
        case_id=case.id,
        actor=actor,
        unit_id=case.opened_unit_id,
        data={
            "kind": case.kind,
            "title": case.title,
            "units": dict(loaded.units),
            "facts": case.facts,
            "opened": opened,
            "parent": case.parent_id,
            "round": case.round_id,
            "indicator": case.indicator_id,
            "definition": [entry["sha256"] for entry in case.bundle],
            "profile": case.profile_id,
            "passed": list(outcome.passed),
            "state": state_hash(outcome.state),
        },
    )
    save_state(loaded, outcome.state, seq)
