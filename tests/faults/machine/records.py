"""What the records say at one moment, and everything that must be true of them at any moment."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app import clock, engine
from app.actor import Actor
from app.advance import calendar, reference
from app.db import session
from app.model import (
    Assignment,
    Case,
    CaseState,
    CaseUnit,
    Delivery,
    Document,
    Event,
    ProfileVersion,
    Ticket,
    Timer,
    Unit,
    Work,
)
from app.queries.inbox import inbox, waiting_count

RUNNING = ("open", "suspended")
WORKDAY = "workday"
NOTHING_BEFORE = "0" * 64


@dataclass
class Records:
    """Every running case with its tasks and timers, and the journal as far as it was read."""

    cases: dict[int, Any] = field(default_factory=dict)
    tickets: list[Any] = field(default_factory=list)
    assignments: dict[int, Any] = field(default_factory=dict)
    timers: list[Any] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    last: int = 0


def read(before: Records | None = None) -> Records:
    """The records now; of the journal only what came since `before`."""
    session().rollback()
    last = before.last if before else 0

    def rows(table: Any) -> list[Any]:
        return list(session().execute(select(*table.__table__.columns)).all())

    events = session().execute(
        select(*Event.__table__.columns).where(Event.id > last).order_by(Event.id)
    ).all()  # fmt: skip
    return Records(
        cases={row.id: row for row in rows(Case)},
        tickets=rows(Ticket),
        assignments={row.id: row for row in rows(Assignment)},
        timers=rows(Timer),
        events=list(events),
        last=events[-1].id if events else last,
    )


class Watch:
    """Looks at the records after each act and complains about whatever cannot be."""

    def __init__(self) -> None:
        """Take the records as they are as the beginning."""
        self.heads: dict[str, tuple[int, str]] = {}
        self.steps: dict[tuple[int, int], set[str]] = {}
        self.fired: Counter[tuple[Any, ...]] = Counter()
        self.completed: Counter[int] = Counter()
        self.stopped: dict[int, tuple[datetime, dict[int, Any]]] = {}
        self.standstills = 0
        self.posts = _post_units()
        self.now = read()
        self.complaints = list(self._journal(self.now))

    def look(self, *people: Actor) -> list[str]:
        """Everything wrong after the last act; `people` look into their inboxes."""
        before, self.now = self.now, read(self.now)
        found = [
            *self._journal(self.now),
            *self._tasks(self.now),
            *self._units(self.now),
            *self._timers(self.now),
            *self._dates(before, self.now),
            *_once_only(self.now),
            *_papers(),
        ]
        return found + [each for who in people for each in _inbox(self.now, who)]

    def _journal(self, now: Records) -> Iterator[str]:
        """Every chain goes on where it ended; completions and firings stand there once."""
        for row in now.events:
            seq, head = self.heads.get(row.stream, (0, NOTHING_BEFORE))
            said = f"{row.format}\n{row.stream}\n{row.seq}\n{head}\n{row.body}"
            if (row.seq, row.previous) != (seq + 1, head):
                yield f"{row.stream} goes on with {row.seq} after {seq}"
            if row.hash != hashlib.sha256(said.encode()).hexdigest():
                yield f"{row.stream} {row.seq} has another hash"
            self.heads[row.stream] = (row.seq, row.hash)
            yield from self._told(row, json.loads(row.body)["data"], now)

    def _told(self, row: Any, data: Any, now: Records) -> Iterator[str]:
        """What the journal tells of timers and tasks is so."""
        if row.kind == "timer.fired":
            yield from self._fired(row, data, now)
        if row.kind in ("task.withdrawn", "task.returned"):
            for each in now.assignments.values():
                if each.case_id == row.case_id:
                    self.completed.pop(each.id, None)
        if row.kind == "task.completed":
            self.completed[data["assignment"]] += 1
            if self.completed[data["assignment"]] > 1:
                yield f"assignment {data['assignment']} was completed twice"

    def _fired(self, row: Any, data: Any, now: Records) -> Iterator[str]:
        """A timer fires once, in time, for a task somebody has."""
        key = tuple(data[name] for name in ("timer", "assignment", "kind", "step", "planned"))
        self.fired[key] += 1
        if self.fired[key] > 1:
            yield f"timer {key} fired twice"
        if datetime.fromisoformat(data["planned"]) > row.at:
            yield f"timer {key} fired early"
        about = now.assignments.get(data["assignment"])
        if about is not None and about.state != "active":
            yield f"timer {key} fired for a task that is {about.state}"

    def _tasks(self, now: Records) -> Iterator[str]:
        """Engine, tickets and assignments agree; only ended cases have no open work."""
        open_: dict[int, set[str]] = defaultdict(set)
        held: dict[int, list[Any]] = defaultdict(list)
        for each in now.assignments.values():
            if each.state in ("active", "waiting"):
                held[each.ticket_id].append(each)
        for ticket in now.tickets:
            if ticket.state == "open":
                open_[ticket.case_id].add(ticket.engine_task)
            yield from _held(ticket, held[ticket.id])
        for case in now.cases.values():
            if (case.status in RUNNING) != bool(open_[case.id]):
                yield f"case {case.id} ({case.kind}) is {case.status} with {open_[case.id]} open"
            if self._steps(case) != open_[case.id]:
                yield f"case {case.id} ({case.kind}): engine {self._steps(case)}, {open_[case.id]}"

    def _steps(self, case: Any) -> set[str]:
        """What waits according to the stored state; each state is read once."""
        key = (case.id, case.state_seq)
        if key not in self.steps:
            blob = session().execute(
                select(CaseState.blob).where(
                    CaseState.case_id == case.id, CaseState.seq == case.state_seq
                )
            ).scalar_one()  # fmt: skip
            found = engine.open_steps(reference.compiled(case.bundle), blob)
            self.steps[key] = {step.id for step in found}
        return self.steps[key]

    def _units(self, now: Records) -> Iterator[str]:
        """A lead's task is with a lead unit, a helper's with a helper, an office's with a post."""
        posts, parts = self.posts, _parts(now)
        for each in now.assignments.values():
            units = parts.get(each.case_id)
            if each.state != "active" or units is None:
                continue
            lead = {*units.get("lead", ()), *units.get("addressee", ())}
            right = {"lead": lead, "co": set(units.get("co", ()))}.get(each.role, posts)
            if each.unit_id not in right:
                yield f"assignment {each.id} ({each.role}) is with unit {each.unit_id}"

    def _timers(self, now: Records) -> Iterator[str]:
        """What was opened before its date has a timer for that very moment."""
        dues = defaultdict(set)
        for timer in now.timers:
            if timer.kind == "due" and timer.state != "cancelled":
                dues[timer.assignment_id].add(timer.fire_at)
        for each in now.assignments.values():
            ahead = each.state == "active" and each.due_at and each.due_at > each.opened_at
            if ahead and each.due_at not in dues[each.id]:
                yield f"assignment {each.id} is due {each.due_at}, its timer {dues[each.id]}"

    def _dates(self, before: Records, now: Records) -> Iterator[str]:
        """Dates move only by a grant or a standstill, never nearer; a standstill costs no time."""
        moving = {
            row.case_id for row in now.events if row.kind in ("case.resumed", "extension.granted")
        }
        for each in now.assignments.values():
            was = before.assignments.get(each.id)
            if was is None or was.state != "active" or each.state != "active":
                continue
            if was.due_at != each.due_at and each.case_id not in moving:
                yield f"assignment {each.id} moved from {was.due_at} to {each.due_at} by itself"
            if was.due_at and (each.due_at is None or each.due_at < was.due_at):
                yield f"assignment {each.id} came nearer: {was.due_at} to {each.due_at}"
        yield from self._standstills(now)

    def _standstills(self, now: Records) -> Iterator[str]:
        for row in now.events:
            if row.kind == "case.suspended":
                dated = {
                    a.id: a for a in now.assignments.values()
                    if a.case_id == row.case_id and a.state == "active" and a.due_at
                }  # fmt: skip
                self.stopped[row.case_id] = (row.at, dated)
            if row.kind == "case.resumed" and row.case_id in self.stopped:
                since, dated = self.stopped.pop(row.case_id)
                for each in dated.values():
                    found = _time_left(each, now.assignments[each.id], since, row.at)
                    self.standstills += found is not None
                    if found and found[0] != found[1]:
                        yield f"assignment {each.id} had {found[0]} workdays left, now {found[1]}"


def _held(ticket: Any, mine: list[Any]) -> Iterator[str]:
    """An open ticket is with somebody, with each unit once; a closed one with nobody."""
    units = [each.unit_id for each in mine]
    if ticket.state != "open" and mine:
        yield f"ticket {ticket.id} ({ticket.node}) is {ticket.state} but still with {units}"
    active = any(each.state == "active" for each in mine)
    if ticket.state == "open" and (not active or len(units) != len(set(units))):
        yield f"ticket {ticket.id} ({ticket.node}) is with {units}"


def _time_left(was: Any, now: Any, since: datetime, until: datetime) -> tuple[int, int] | None:
    """The working days left before a standstill, and those left after it; None if not to be said.

    The day a clock is stopped is lost, the day it runs again counts.
    """
    if now.state != "active" or (was.due_rule or {}).get("unit", WORKDAY) != WORKDAY:
        return None
    first, due = clock.local_day(since), clock.local_day(was.due_at)
    if clock.local_day(was.opened_at) >= first or due < first:
        return None
    return _workdays(first, due), _workdays(clock.local_day(until), clock.local_day(now.due_at))


def _workdays(first: date, last: date) -> int:
    days = calendar()
    return sum(days.is_workday(first + timedelta(n)) for n in range((last - first).days + 1))


def _once_only(now: Records) -> Iterator[str]:
    """One application and one escalation at a time for a matter and a unit."""
    parts = _parts(now)
    open_ = Counter(
        (case.kind, case.parent_id, tuple(parts[case.id]["lead"]))
        for case in now.cases.values()
        if case.kind in ("extension_request", "escalation") and case.id in parts
    )
    return (f"{each} is open {n} times" for each, n in open_.items() if n > 1)


def _parts(now: Records) -> dict[int, dict[str, list[int]]]:
    """The units of every running case by their role in it."""
    found: dict[int, dict[str, list[int]]] = {
        row.id: defaultdict(list) for row in now.cases.values() if row.status in RUNNING
    }
    for row in session().execute(select(CaseUnit.case_id, CaseUnit.role, CaseUnit.unit_id)):
        if row.case_id in found:
            found[row.case_id][row.role].append(row.unit_id)
    return found


def _post_units() -> set[int]:
    """Units that fill a post of a mechanism, and offices that open cases."""
    data = session().scalars(select(ProfileVersion.data)).all()
    codes = {post["unit"] for each in data for post in each["posts"].values()}
    return set(session().scalars(select(Unit.id).where(Unit.code.in_(codes))))


def _papers() -> Iterator[str]:
    """A reminder that is not delivered yet has somebody who will."""
    late = session().execute(
        select(Document.id)
        .join(Delivery, Delivery.document_id == Document.id)
        .outerjoin(Work, (Work.reference == Document.id) & (Work.kind == "deliver_reminder"))
        .where(
            Document.kind == "reminder_notice",
            Document.state == "issued",
            Delivery.delivered_at.is_(None),
            Work.id.is_(None),
        )
    )  # fmt: skip
    return (f"reminder {row.id} will never be delivered" for row in late)


def _inbox(now: Records, who: Actor) -> Iterator[str]:
    """What somebody is shown and what is counted is what waits for them."""
    mine = {
        each.id for each in now.assignments.values()
        if each.state == "active"
        and now.cases[each.case_id].status in RUNNING
        and any(
            (held.unit_id, held.role) == (each.unit_id, each.post)
            and each.person_id in (None, who.person_id, held.deputy_for)
            for held in who.holdings
        )
    }  # fmt: skip
    shown = inbox(who)
    if {row.assignment_id for row in shown.rows} != mine:
        yield f"{who.login} is shown other tasks than {sorted(mine)}"
    if {shown.total, waiting_count(who), sum(shown.counts.values())} != {len(mine)}:
        yield f"{who.login} has {len(mine)} tasks, counted {shown.total}, {waiting_count(who)}"
