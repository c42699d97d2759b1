"""What people were told about their acts, judged against what database and journal say.

Every act carries a key of its own, also in a text that the journal keeps. Afterwards an act that
was acknowledged must stand there exactly once, one that was refused never, one whose answer nobody
heard at most once.
"""

from __future__ import annotations

import json
import re
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import func, or_, select

from app import clock, engine
from app.advance import reference
from app.db import session, snapshot
from app.model import (
    RUNNING,
    Answered,
    Assignment,
    Case,
    CaseState,
    CaseUnit,
    Delivery,
    Document,
    Event,
    Ticket,
    Timer,
    Work,
)
from app.queries.audit import verify
from tests.faults.harness import pace

KEY = re.compile(r"act-[0-9a-f]{20}")
GONE_BACK = ("task.withdrawn", "task.returned")
INVOKED, ACKNOWLEDGED, REFUSED, UNKNOWN = "invoked", "acknowledged", "refused", "unknown"


@dataclass
class Act:
    """One thing somebody asked for, and what they heard of it."""

    what: str
    login: str
    assignment: int | None = None
    key: str = field(default_factory=lambda: f"act-{secrets.token_hex(10)}")
    state: str = INVOKED
    status: int = 0
    sent: int = 0
    seconds: float = 0.0


class History:
    """Everything asked for, by whichever thread."""

    def __init__(self) -> None:
        self._writing = Lock()
        self.acts: list[Act] = []
        self.statuses: Counter[int] = Counter()
        self.cut = 0

    def invoke(self, what: str, login: str, assignment: int | None = None) -> Act:
        """Somebody is about to ask for something."""
        act = Act(what, login, assignment)
        with self._writing:
            self.acts.append(act)
        return act

    def heard(self, status: int | None) -> None:
        """An answer came (None: the connection was cut)."""
        with self._writing:
            if status is None:
                self.cut += 1
            else:
                self.statuses[status] += 1

    def count(self, state: str) -> int:
        """How many acts ended that way."""
        return sum(act.state == state for act in self.acts)

    @property
    def broken(self) -> int:
        """Answers that say something went wrong on our side (a 503 says: later)."""
        return sum(n for status, n in self.statuses.items() if status >= 500 and status != 503)


@dataclass
class Verdict:
    """What was found: how much of what, and everything that does not fit."""

    counts: Counter[str]
    problems: list[str]

    def require(self) -> None:
        """Raise AssertionError with the problems, if there are any."""
        assert not self.problems, f"{len(self.problems)} problems: " + "\n".join(self.problems[:20])


def judge(history: History, *, at_rest: bool = True) -> Verdict:
    """Hold what people heard against the records; `at_rest`: nothing may be left to do."""
    counts: Counter[str] = Counter()
    with snapshot():
        found = _Journal()
        problems = [
            *_acts(history, found, counts),
            *_completions(found),
            *_cases(counts),
            *_timers(found, counts),
            *_papers(found, counts),
        ]
    problems += _leftovers() if at_rest else ()
    problems += [f"{each.stream} {each.seq}: {each.problem}" for each in verify().breaks]
    counts["journal rows"] = found.rows
    session().rollback()
    return Verdict(counts, problems)


class _Journal:
    """What the journal says was done, read once."""

    def __init__(self) -> None:
        self.rows = 0
        self.marks: Counter[tuple[str, str]] = Counter()
        self.completed: Counter[tuple[int, int]] = Counter()
        self.went_back: set[int] = set()
        self.fired: dict[int, list[dict[str, Any]]] = {}
        self.delivered: Counter[int] = Counter()
        rows = select(Event.kind, Event.case_id, Event.body).execution_options(yield_per=2000)
        for kind, case_id, body in session().execute(rows):
            self.rows += 1
            self._note(kind, case_id, body)

    def _note(self, kind: str, case_id: int, body: str) -> None:
        for key in set(KEY.findall(body)):
            self.marks[key, kind] += 1
        if kind == "task.completed":
            self.completed[case_id, json.loads(body)["data"]["assignment"]] += 1
        elif kind in GONE_BACK:
            self.went_back.add(case_id)
        elif kind == "timer.fired":
            data = json.loads(body)["data"]
            self.fired.setdefault(data["timer"], []).append(data)
        elif kind == "document.delivered":
            self.delivered[json.loads(body)["data"]["document"]] += 1


def _acts(history: History, found: _Journal, counts: Counter[str]) -> Iterator[str]:
    """Acknowledged exactly once, refused never, unknown at most once."""
    answered = set(session().scalars(select(Answered.key)))
    marked = {key for key, _kind in found.marks}
    for act in history.acts:
        counts[act.state] += 1
        done = act.key in marked or act.key in answered
        name = f"{act.what} {act.assignment or ''} {act.key} by {act.login} ({act.status})"
        if act.state == ACKNOWLEDGED and not done:
            yield f"lost though acknowledged: {name}"
        if act.state == REFUSED and done:
            yield f"done though refused: {name}"
        if act.state == INVOKED:
            yield f"never answered: {name}"
    yield from (f"{n} times in the journal: {each}" for each, n in found.marks.items() if n > 1)


def _completions(found: _Journal) -> Iterator[str]:
    """A task was completed once, and the table agrees; where nobody took back what was done."""
    told = {pair: n for pair, n in found.completed.items() if pair[0] not in found.went_back}
    for (_case, assignment), times in told.items():
        if times > 1:
            yield f"{times} completions of assignment {assignment}"
    rows = session().execute(
        select(Assignment.case_id, Assignment.id).where(Assignment.state == "done")
    )
    done = {(case, assignment) for case, assignment in rows if case not in found.went_back}
    for _case, assignment in done ^ told.keys():
        yield f"journal and table disagree whether assignment {assignment} is done"


def _cases(counts: Counter[str]) -> Iterator[str]:
    """Engine, tickets and assignments name the same open steps, in every case."""
    tickets, waiting = _open_tickets(), _open_tickets(Assignment.state == "active")
    rows = select(Case.id, Case.bundle, Case.status, CaseState.blob).join(
        CaseState, (CaseState.case_id == Case.id) & (CaseState.seq == Case.state_seq)
    )
    for case_id, bundle, status, blob in session().execute(rows.execution_options(yield_per=500)):
        counts["cases"] += 1
        steps = {step.id for step in engine.open_steps(reference.compiled(bundle), blob)}
        if not steps == tickets.get(case_id, set()) == waiting.get(case_id, set()):
            yield f"case {case_id}: engine, tickets and assignments differ"
        if (status == "closed") == bool(steps):
            yield f"case {case_id} is {status} with {len(steps)} open steps"


def _open_tickets(*also: Any) -> dict[int, set[str]]:
    rows = (
        select(Ticket.case_id, Ticket.engine_task)
        .join(Assignment, Assignment.ticket_id == Ticket.id)
        .where(Ticket.state == "open", *also)
    )
    found: dict[int, set[str]] = {}
    for case_id, step in session().execute(rows):
        found.setdefault(case_id, set()).add(step)
    return found


def _timers(found: _Journal, counts: Counter[str]) -> Iterator[str]:
    """Each timer fired once and not early; one escalation for a matter and unit."""
    rows = session().execute(
        select(Timer.id, Timer.kind, Timer.state, Timer.fire_at, Timer.fired_at)
    )
    for timer in rows:
        times = len(found.fired.get(timer.id, ()))
        if times != (timer.state == "fired"):
            yield f"timer {timer.id} ({timer.kind}) is {timer.state}; it fired {times} times"
        if timer.state == "fired":
            counts[f"fired {timer.kind}"] += 1
            counts["firings"] += 1
            if timer.fired_at < timer.fire_at:
                yield f"timer {timer.id} fired early"
        if timer.state == "failed":
            yield f"timer {timer.id} ({timer.kind}) has failed"
    opened = Counter(
        data["escalation"] for each in found.fired.values() for data in each if data.get("opened")
    )
    pairs = Counter(
        (parent, unit)
        for parent, unit in session().execute(
            select(Case.parent_id, CaseUnit.unit_id)
            .join(CaseUnit, CaseUnit.case_id == Case.id)
            .where(Case.kind == "escalation", CaseUnit.role == "lead")
        )
    )
    counts["escalations"] = sum(pairs.values())
    yield from (f"{n} escalations of {pair}" for pair, n in pairs.items() if n > 1)
    yield from (f"escalation {case} was opened {n} times" for case, n in opened.items() if n > 1)


def _papers(found: _Journal, counts: Counter[str]) -> Iterator[str]:
    """Every message once: one reminder for each firing that says so, each delivered, once."""
    said = Counter(
        data["paper"] for each in found.fired.values() for data in each if "paper" in data
    )
    reminders = select(Document.id, Document.number).where(
        Document.kind == "reminder_notice", Document.issued_by.is_(None)
    )
    papers = {number: id_ for id_, number in session().execute(reminders)}
    counts["messages"] = len(papers)
    counts["work"] = session().scalar(select(func.count()).select_from(Work)) or 0
    if dict(said) != dict.fromkeys(papers, 1):
        yield f"{len(papers)} reminders, but the timers that fired name {said.total()}"
    yield from (f"paper {id_} delivered {n} times" for id_, n in found.delivered.items() if n > 1)


def _leftovers() -> Iterator[str]:
    """Nothing due was forgotten; only what has ended is not told of, and that was looked at."""
    yield from (f"left over: {count} {what}" for what, count in backlog().items() if count)
    on_its_way = (Document.kind == "reminder_notice") & Delivery.delivered_at.is_(None)
    work = (Work.reference == Document.id) & (Work.kind == "deliver_reminder")
    papers = select(Document.id).join(Delivery, Delivery.document_id == Document.id)
    papers = papers.join(Case, Case.id == Document.case_id).outerjoin(Work, work)
    lost = papers.where(on_its_way, or_(Case.status.in_(RUNNING), Work.id.is_(None)))
    yield from (f"reminder {id_} never arrived" for id_ in session().scalars(lost))


def backlog() -> dict[str, int]:
    """Timers that are due, and background work that is not done, however far ahead."""
    session().rollback()
    due = (
        select(func.count())
        .select_from(Timer)
        .join(Case, Case.id == Timer.case_id)
        .join(Assignment, Assignment.id == Timer.assignment_id)
        .where(
            Timer.state == "pending", Timer.fire_at <= clock.now(),
            Case.status == "open", Assignment.state == "active",
        )
    )  # fmt: skip
    undone = select(func.count()).select_from(Work).where(Work.state != "done")
    found = {"timers": session().scalar(due) or 0, "work": session().scalar(undone) or 0}
    session().rollback()
    return found


def drained(seconds: float) -> float:
    """Wait until nothing due is left; how long that took. Raises when it takes too long."""
    return pace.until(lambda: not any(backlog().values()), seconds, lambda: f"still {backlog()}")
