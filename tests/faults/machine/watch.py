"""Everything that must be true of the records at any moment, looked at after each act."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from app import engine
from app.actor import Actor
from app.advance import reference
from app.db import session
from app.model import OPEN, Case, CaseState
from tests.faults.machine.looks import (
    Parts,
    held,
    inbox_of,
    once_only,
    papers,
    parts_of,
    post_units,
    reading,
    time_left,
)  # fmt: skip
from tests.faults.machine.records import RUNNING, Records, read

NOTHING_BEFORE = "0" * 64
STATE = (
    select(Case.bundle, CaseState.blob)
    .join(CaseState, CaseState.case_id == Case.id)
    .where(Case.id == bindparam("case"), CaseState.seq == bindparam("seq"))
)


class Watch:
    """Looks at the records after each act and complains about whatever cannot be."""

    def __init__(self) -> None:
        """Take the records as they are as the beginning."""
        self.heads: dict[str, tuple[int, str]] = {}
        self.told_at: dict[str, datetime] = {}
        self.steps: dict[tuple[int, int], set[str]] = {}
        self.fired: Counter[tuple[Any, ...]] = Counter()
        self.completed: Counter[int] = Counter()
        self.stopped: dict[int, tuple[datetime, dict[int, Any]]] = {}
        self.standstills = 0
        self.still: set[int] = set()
        self.posts = post_units()
        self.now = read()
        self.complaints = list(self._journal(self.now))

    def look(self, *people: Actor) -> list[str]:
        """Everything wrong after the last act; `people` look into their inboxes."""
        before, self.now = self.now, read(self.now)
        parts = parts_of(self.now)
        found = [
            *self._journal(self.now),
            *self._tasks(self.now),
            *self._units(self.now, parts),
            *self._timers(self.now),
            *self._dates(before, self.now),
            *once_only(self.now, parts),
            *papers(),
            *reading(),
        ]
        return found + [each for who in people for each in inbox_of(self.now, who)]

    def _journal(self, now: Records) -> Iterator[str]:
        """Every chain goes on where it ended; completions and firings stand there once."""
        for row in now.events:
            seq, head = self.heads.get(row.stream, (0, NOTHING_BEFORE))
            said = f"{row.format}\n{row.stream}\n{row.seq}\n{head}\n{row.body}"
            if (row.seq, row.previous) != (seq + 1, head):
                yield f"{row.stream} goes on with {row.seq} after {seq}"
            if row.hash != hashlib.sha256(said.encode()).hexdigest():
                yield f"{row.stream} {row.seq} has another hash"
            if row.at < self.told_at.get(row.stream, row.at):
                yield f"{row.stream} {row.seq} was told at {row.at}, before the row before it"
            self.heads[row.stream] = (row.seq, row.hash)
            self.told_at[row.stream] = row.at
            yield from self._told(row, json.loads(row.body)["data"], now)

    def _told(self, row: Any, data: Any, now: Records) -> Iterator[str]:
        """What the journal tells of timers and tasks is so."""
        if row.kind == "timer.fired":
            yield from self._fired(row, data, now)
        if row.kind == "signers.removed":
            there = [each for each in data["signers"] if now.assignments[each].state != "cancelled"]
            yield from (f"assignment {each} was removed and stands all the same" for each in there)
        self.still |= {row.case_id} if row.kind == "case.suspended" else set()
        self.still -= {row.case_id} if row.kind == "case.resumed" else set()
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
        if row.case_id in self.still:
            yield f"timer {key} fired while case {row.case_id} stood still"
        about = now.assignments.get(data["assignment"])
        if about is not None and about.state not in ("active", "asking"):
            yield f"timer {key} fired for a task that is {about.state}"

    def _tasks(self, now: Records) -> Iterator[str]:
        """Engine, tickets and assignments agree; only ended cases have no open work."""
        open_: dict[int, set[str]] = defaultdict(set)
        mine: dict[int, list[Any]] = defaultdict(list)
        for each in now.assignments.values():
            if each.state in OPEN:
                mine[each.ticket_id].append(each)
        for ticket in now.tickets:
            if ticket.state == "open":
                open_[ticket.case_id].add(ticket.engine_task)
            yield from held(ticket, mine[ticket.id])
        for case in now.cases.values():
            if (case.status in RUNNING) != bool(open_[case.id]):
                yield f"case {case.id} ({case.kind}) is {case.status} with {open_[case.id]} open"
            if self._steps(case) != open_[case.id]:
                yield f"case {case.id} ({case.kind}): engine {self._steps(case)}, {open_[case.id]}"

    def _steps(self, case: Any) -> set[str]:
        """What waits according to the stored state; each state is read once."""
        key = (case.id, case.state_seq)
        if key not in self.steps:
            bundle, blob = session().execute(STATE, {"case": case.id, "seq": key[1]}).one()
            found = engine.open_steps(reference.compiled(bundle), blob)
            self.steps[key] = {step.id for step in found}
        return self.steps[key]

    def _units(self, now: Records, parts: Parts) -> Iterator[str]:
        """A lead's task is with a lead unit, a helper's with a helper, an office's with a post."""
        posts = self.posts
        for each in now.assignments.values():
            units = parts.get(each.case_id)
            if each.state != "active" or units is None:
                continue
            lead = {*units.get("lead", ()), *units.get("addressee", ())}
            right = {"lead": lead, "co": set(units.get("co", ()))}.get(each.role, posts)
            if each.kind:  # a colleague fills it in; signers may be of any unit
                right = {now.assignments[each.parent_id].unit_id}
                right |= {each.unit_id} if each.role == "signer" else set()
            if each.unit_id not in right:
                yield f"assignment {each.id} ({each.role}) is with unit {each.unit_id}"

    def _timers(self, now: Records) -> Iterator[str]:
        """What was opened before its date has a timer for that very moment."""
        dues = defaultdict(set)
        for date in now.dates:
            dues[date.assignment_id].add(date.fire_at)
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
                    found = time_left(each, now.assignments[each.id], since, row.at)
                    self.standstills += found is not None
                    if found and found[0] != found[1]:
                        yield f"assignment {each.id} had {found[0]} workdays left, now {found[1]}"
