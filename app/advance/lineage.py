"""The acts a case's engine state is made of, and that state again with some of them left out."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from app import engine
from app.advance import reference
from app.db import session
from app.errors import Invalid
from app.i18n import _
from app.model import Assignment, Case, CaseState, Event, Ticket

STEPPING: Final = ("task.completed", "task.waived", "signers.removed")
CLOCK: Final = "timer.fired"
TAKING_BACK: Final = ("task.withdrawn", "task.returned")
STRAIGHT: Final = "case.sent_straight"
ANEW: Final = ("case.reopened", "case.moved")


@dataclass
class Act:
    """An act that moved the engine and still counts.

    `stored` is the place of the state as it is right after this act today; none where acts
    before it were taken back since. `ticket` and `step` are those it closed, if it is a person's.
    `along` is the act because of which it counts again (原路直送), and with which it falls.
    """

    seq: int
    kind: str
    at: datetime
    person_id: int | None
    data: Mapping[str, Any]
    ticket: int | None
    step: str
    stored: int | None
    along: int | None = None


@dataclass(frozen=True)
class Rebuilt:
    """A case without some acts: its state and timers, acts run again, acts with nothing to do."""

    state: bytes
    timers: tuple[engine.TimerDue, ...]
    again: tuple[Act, ...]
    gone: tuple[Act, ...]


def acts_of(case: Case) -> list[Act]:
    """The acts in the engine state of a case, in the order in which they are in it."""
    return _folded(case)[0]


def every_act(case: Case) -> dict[int, Act]:
    """Every act that ever moved the engine of a case, also those that no longer count."""
    return _folded(case)[1]


def _folded(case: Case) -> tuple[list[Act], dict[int, Act]]:
    """The acts that count, from the journal's first row to its last; and all there were."""
    acts: list[Act] = []
    every: dict[int, Act] = {}
    tasks = _tasks(case)
    for row in _rows(case):
        data = json.loads(row.body)["data"]
        if row.kind in TAKING_BACK:
            acts = _without(acts, data["undone"], row.seq)
        elif row.kind == STRAIGHT:
            along = acts[-1].seq
            acts += [replace(every[seq], stored=None, along=along) for seq in data["counting"]]
            acts[-1].stored = row.seq
        else:
            if row.kind in ANEW:
                acts = []
            ticket, step = tasks.get(data.get("assignment"), (None, ""))
            place = (row.seq, row.kind, row.at, row.person_id, data)
            acts.append(Act(*place, ticket, step, stored=row.seq))
            every[row.seq] = replace(acts[-1])
    return acts, every


def _rows(case: Case) -> Any:
    """The journal rows that left a state behind."""
    return session().execute(
        select(Event.seq, Event.kind, Event.at, Event.person_id, Event.body)
        .join(CaseState, (CaseState.case_id == Event.case_id) & (CaseState.seq == Event.seq))
        .where(Event.stream == f"case:{case.id}")
        .order_by(Event.seq)
    )


def _tasks(case: Case) -> dict[int, tuple[int, str]]:
    """The ticket and the engine's step of every assignment of a case."""
    rows = session().execute(
        select(Assignment.id, Ticket.id, Ticket.engine_task)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(Assignment.case_id == case.id)
    )
    return {assignment: (ticket, step) for assignment, ticket, step in rows}


def _without(acts: list[Act], undone: Collection[int], seq: int) -> list[Act]:
    """What is left once some acts were taken back, which gave the state stored at `seq`."""
    first = min(place for place, act in enumerate(acts) if act.seq in undone)
    kept = [act for act in acts if act.seq not in undone]
    for act in kept[first:]:
        act.stored = None
    kept[-1].stored = seq
    return kept


def rebuilt(case: Case, acts: list[Act], undone: Collection[int]) -> Rebuilt:
    """The case as if those acts had never been: later ones are run again, effects are not.

    Where nothing came later this is the stored state. Raises Invalid where a later act cannot be
    run again at all.
    """
    first = min(place for place, act in enumerate(acts) if act.seq in undone)
    base = max(place for place in range(first) if acts[place].stored is not None)
    state = _blob(case, acts[base].stored or 0)
    again: list[Act] = []
    gone: list[Act] = []
    for act in acts[base + 1 :]:
        if act.seq in undone:
            continue
        after = run(case, state, act)
        if after is None:
            gone.append(act)
        else:
            state = after
            again.append(act)
    outcome = engine.renewed(reference.compiled(case.bundle), state)
    return Rebuilt(outcome.state, outcome.timers, tuple(again), tuple(gone))


def run(case: Case, state: bytes, act: Act) -> bytes | None:
    """The state after an act is run again; none where there is nothing for it to do."""
    compiled = reference.compiled(case.bundle)
    if act.kind == CLOCK:
        passed = engine.refresh(compiled, state, now=act.at, known=opened_by(case, act))
        return passed.state if passed.passed else None
    if act.kind not in STEPPING:
        raise Invalid(
            _("Since then the case was put right by hand; nothing before that can be taken back.")
        )
    facts, known = act.data["facts"], opened_by(case, act)
    try:
        return engine.complete(compiled, state, act.step, facts, now=act.at, known=known).state
    except engine.EngineError as problem:
        if problem.code == "step_gone":
            return None
        raise Invalid(
            _(
                "“%(task)s” was completed since, and the case could not have gone on from there"
                " without this.",
                task=act.data["name"],
            )
        ) from problem


def opened_by(case: Case, act: Act) -> list[engine.Step]:
    """The steps an act opened when it was done."""
    compiled = reference.compiled(case.bundle)
    before, after = (engine.open_steps(compiled, blob) for blob in _states_around(case, act.seq))
    known = {step.id for step in before}
    return [step for step in after if step.id not in known]


def _states_around(case: Case, seq: int) -> tuple[bytes, bytes]:
    """The state an act found and the one it left."""
    rows = session().scalars(
        select(CaseState.blob)
        .where(CaseState.case_id == case.id, CaseState.seq <= seq)
        .order_by(CaseState.seq.desc())
        .limit(2)
    )
    after, before = rows
    return before, after


def state_before_the_last(case: Case) -> bytes:
    """The state before the act that left the present one."""
    return _states_around(case, case.state_seq)[0]


def _blob(case: Case, seq: int) -> bytes:
    return (
        session()
        .execute(select(CaseState.blob).where(CaseState.case_id == case.id, CaseState.seq == seq))
        .scalar_one()
    )


def open_after(case: Case, state: bytes) -> dict[str, engine.Step]:
    """The steps open in such a state, by their ids."""
    return {step.id: step for step in engine.open_steps(reference.compiled(case.bundle), state)}
