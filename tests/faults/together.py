"""Acts done at the same moment, and what must be true of the records afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from app import engine
from app.advance import reference
from app.db import session
from app.model import Assignment, CaseState, Event, Ticket
from app.queries.audit import verify
from tests import stories

PATIENCE = 30  # seconds before a thread that never came to the start is given up


def together(app: Flask, *acts: Callable[[], Any]) -> list[Any]:
    """Do all acts at once, each with a session of its own; its answer or what it raised, each."""
    session().rollback()
    start = Barrier(len(acts), timeout=PATIENCE)

    def run(act: Callable[[], Any]) -> Any:
        with app.app_context():
            start.wait()
            try:
                return act()
            except Exception as problem:  # noqa: BLE001 - whatever went wrong is the answer
                return problem

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def tally(answers: Sequence[Any]) -> Counter[str]:
    """How many were done, and how many were refused in which way."""
    return Counter(
        type(each).__name__ if isinstance(each, Exception) else "done" for each in answers
    )


def require_agreement(case_id: int) -> None:
    """Engine, tickets and assignments say the same about what is open in a case."""
    session().rollback()
    case = stories.case(case_id)
    state = session().get_one(CaseState, (case_id, case.state_seq), populate_existing=True)
    steps = {step.id for step in engine.open_steps(reference.compiled(case.bundle), state.blob)}
    tickets = set(
        session().scalars(
            select(Ticket.engine_task).where(Ticket.case_id == case_id, Ticket.state == "open")
        )
    )
    waiting = set(
        session().scalars(
            select(Ticket.engine_task)
            .join(Assignment, Assignment.ticket_id == Ticket.id)
            .where(Assignment.case_id == case_id, Assignment.state == "active")
        )
    )
    assert steps == tickets == waiting


def require_whole() -> None:
    """Every chain, every stored state and every document is as the journal says."""
    session().rollback()
    verdict = verify()
    assert verdict.rows
    assert [(each.stream, each.seq, str(each.problem)) for each in verdict.breaks] == []


def acts_of(case_id: int, kind: str) -> int:
    """How many journal rows of a kind a case has now."""
    session().rollback()
    return (
        session().scalar(
            select(func.count())
            .select_from(Event)
            .where(Event.case_id == case_id, Event.kind == kind)
        )
        or 0
    )
