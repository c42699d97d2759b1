"""Straight back (原路直送): a task is done again, and what had come after it counts as it was.

The acts between were taken back with the return. Run again after the new answers they lead to the
very steps they had led to, or the case goes on step by step: nothing in between is guessed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from app import clock, engine, journal
from app.actor import Actor
from app.advance import lineage, restoring
from app.advance.lineage import Act
from app.advance.loading import Loaded
from app.advance.settling import save_state, state_hash
from app.db import session
from app.errors import Invalid
from app.model import Assignment, Event, Ticket


@dataclass(frozen=True)
class Straight:
    """What counts again after a task, and how everything stands then.

    `between` are the acts, `returned` is what the return said: the task it came from, the parts
    of open tasks it dropped with how they stood, and the done parts it set aside.
    """

    between: Sequence[Act]
    state: bytes
    timers: tuple[engine.TimerDue, ...]
    returned: Mapping[str, Any]


@dataclass(frozen=True)
class Way:
    """How a case goes on from a task: the engine's step, and straight on from there if it can.

    `elsewhere`: it was to go straight on, but the new answers lead another way.
    """

    step: engine.Outcome
    elsewhere: bool = False
    straight: Straight | None = None

    @property
    def opening(self) -> engine.Outcome:
        """The step without what it opens, where all that counts is what is open in the end."""
        return replace(self.step, opened=()) if self.straight else self.step

    @property
    def told(self) -> dict[str, Any]:
        """What the journal says where the case should have gone straight on and cannot."""
        return {"elsewhere": True} if self.elsewhere else {}


def way(loaded: Loaded, ticket: Ticket, facts: Mapping[str, Any]) -> Way:
    """Take the engine's step, and look whether the case can go straight on from there."""
    wanted = ticket.straight_from is not None
    found = _straight(loaded, ticket, facts, ticket.straight_from or 0) if wanted else None
    return found or Way(_completed(loaded, ticket, facts), elsewhere=wanted)


def _completed(
    loaded: Loaded,
    ticket: Ticket,
    facts: Mapping[str, Any],
    known: Sequence[engine.Step] = (),
) -> engine.Outcome:
    now, step = clock.now(), ticket.engine_task
    return engine.complete(loaded.compiled, loaded.state, step, facts, now=now, known=known)


def _straight(loaded: Loaded, ticket: Ticket, facts: Mapping[str, Any], seq: int) -> Way | None:
    """The same acts after the new answers; none where they do not lead to the returner again."""
    case, returned = loaded.case, _returned(loaded, seq)
    if _re_assigned(returned):
        return None
    acts = lineage.every_act(case)
    undone = [acts[each] for each in returned["undone"]]
    before = next(act for act in reversed(undone) if act.ticket == ticket.id)
    between = [act for act in undone if act.ticket != ticket.id]
    step = _completed(loaded, ticket, facts, known=lineage.opened_by(case, before))
    state = _run(loaded, step.state, between)
    if state is None or returned["step"] not in lineage.open_after(case, state):
        return None
    last = engine.renewed(loaded.compiled, state)
    return Way(step, straight=Straight(between, last.state, last.timers, returned))


def _re_assigned(returned: Mapping[str, Any]) -> bool:
    """Whether another unit has a part since of those who would have their work again (改派)."""
    parts = [*returned["set_aside"], *dict(returned["dropped"])]
    moved = select(Assignment.id).where(Assignment.id.in_(parts), Assignment.moved_to.is_not(None))
    return session().scalar(moved.limit(1)) is not None


def _run(loaded: Loaded, state: bytes | None, acts: Sequence[Act]) -> bytes | None:
    """The state after those acts; none where one of them has nothing to do any more."""
    try:
        for act in acts:
            state = lineage.run(loaded.case, state, act) if state else None
    except (engine.EngineError, Invalid):
        return None
    return state


def go(
    loaded: Loaded, straight: Straight, *, by: Ticket, acting: int | None, actor: Actor
) -> list[Any]:
    """Let the acts between count again and open what was open; gives what was opened.

    Journalled as `case.sent_straight`, with the state it leaves behind.
    """
    returned, between = straight.returned, straight.between
    session().flush()
    forward = restoring.Forward(
        state=straight.state,
        timers=straight.timers,
        done_at={act.ticket: act.at for act in between if act.ticket is not None},
        set_aside=frozenset(returned["set_aside"]),
        dropped=dict(returned["dropped"]),
        by_unit=acting,
    )
    opened = restoring.go_forward(loaded, forward)
    seq = journal.record(
        "case.sent_straight",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=acting,
        data={
            "task": by.node,
            "name": by.name,
            "to": returned["task"],
            "to_name": returned["name"],
            "counting": [act.seq for act in between],
            "names": list(dict.fromkeys(act.data.get("name", "") for act in between)),
            "opened": opened,
            "state": state_hash(straight.state),
        },
    )
    save_state(loaded, straight.state, seq)
    session().flush()
    return opened


def _returned(loaded: Loaded, seq: int) -> Any:
    """What the return at that place of the journal said."""
    row = select(Event.body).where(Event.stream == loaded.stream, Event.seq == seq)
    return json.loads(session().execute(row).scalar_one())["data"]
