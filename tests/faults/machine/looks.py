"""What must be true of single things in the records: who has them, by when, how often."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from app import clock
from app.actor import Actor
from app.advance import calendar
from app.db import session
from app.model import Case, Comment, Delivery, Document, ProfileVersion, Sending, Unit, Work
from app.queries.glance import glance
from app.queries.inbox import inbox
from tests.faults.machine.records import RUNNING, Records

EVERYTHING = 10_000
Parts = dict[int, dict[str, list[int]]]
WORKDAY = "workday"
UNSENT = (
    select(Document.id)
    .join(Delivery, Delivery.document_id == Document.id)
    .outerjoin(Work, (Work.reference == Document.id) & (Work.kind == "deliver_reminder"))
    .where(
        Document.kind == "reminder_notice",
        Document.state == "issued",
        Delivery.delivered_at.is_(None),
        Work.id.is_(None),
    )
)


def held(ticket: Any, mine: list[Any]) -> Iterator[str]:
    """An open ticket is with somebody, with each unit once; a closed one with nobody.

    Who waits for others they asked first waits for somebody who has yet to answer.
    """
    units = [each.unit_id for each in mine if not each.kind]
    if ticket.state != "open" and mine:
        yield f"ticket {ticket.id} ({ticket.node}) is {ticket.state} but still with {units}"
    active = any(each.state == "active" for each in mine)
    if ticket.state == "open" and (not active or len(units) != len(set(units))):
        yield f"ticket {ticket.id} ({ticket.node}) is with {units}"
    first = {each.parent_id for each in mine if each.kind in ("delegated", "before")}
    asking = {each.id for each in mine if each.state == "asking"}
    if asking != first:
        yield f"ticket {ticket.id}: {asking} wait for others, {first} are waited for"


def time_left(was: Any, now: Any, since: datetime, until: datetime) -> tuple[int, int] | None:
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


def once_only(now: Records, parts: Parts) -> Iterator[str]:
    """One application and one escalation at a time for a matter and a unit."""
    open_ = Counter(
        (case.kind, case.parent_id, tuple(parts[case.id]["lead"]))
        for case in now.cases.values()
        if case.kind in ("extension_request", "clock_request", "escalation") and case.id in parts
    )
    return (f"{each} is open {n} times" for each, n in open_.items() if n > 1)


def parts_of(now: Records) -> Parts:
    """The units of every running case by their role in it."""
    found: Parts = {
        row.id: defaultdict(list) for row in now.cases.values() if row.status in RUNNING
    }
    for row in now.parts:
        if row.case_id in found:
            found[row.case_id][row.role].append(row.unit_id)
    return found


def post_units() -> set[int]:
    """Units that fill a post of a mechanism, and offices that open cases."""
    data = session().scalars(select(ProfileVersion.data)).all()
    codes = {post["unit"] for each in data for post in each["posts"].values()}
    return set(session().scalars(select(Unit.id).where(Unit.code.in_(codes))))


def papers() -> Iterator[str]:
    """A reminder that is not delivered yet has somebody who will."""
    late = session().execute(UNSENT)
    return (f"reminder {row.id} will never be delivered" for row in late)


def reading() -> Iterator[str]:
    """What cases say of their reading lists and threads is what is in them."""
    lists: dict[int, dict[str, list[int]]] = defaultdict(dict)
    rows = select(
        Sending.case_id, Sending.unit_id, func.count(Delivery.read_at), func.count(Delivery.id)
    ).join(Delivery, Delivery.sending_id == Sending.id)
    live = (Delivery.role == "reader", Delivery.recalled_at.is_(None))
    for case_id, unit_id, read, asked in session().execute(
        rows.where(*live).group_by(Sending.id, Sending.case_id, Sending.unit_id)
    ):
        if read < asked:
            so_far = lists[case_id].get(str(unit_id), [0, 0])
            lists[case_id][str(unit_id)] = [so_far[0] + read, so_far[1] + asked]
    said = select(func.count(Comment.id)).where(Comment.case_id == Case.id).scalar_subquery()
    for case_id, circulating, count, there in session().execute(
        select(Case.id, Case.circulating, Case.comment_count, said)
    ):
        if (circulating, count) != (lists.get(case_id, {}), there):
            yield f"case {case_id} says {circulating} and {count} comments"


def inbox_of(now: Records, who: Actor) -> Iterator[str]:
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
    shown = inbox(who, limit=EVERYTHING)
    if {row.assignment_id for row in shown.rows} != mine:
        yield f"{who.login} is shown other tasks than {sorted(mine)}"
    if {shown.total, glance(who).all, sum(shown.counts.values())} != {len(mine)}:
        yield f"{who.login} has {len(mine)} tasks, counted {shown.total}, {glance(who).all}"
    lights = Counter(row.due.light.code for row in shown.rows)
    if lights != Counter({code: n for code, n in shown.counts.items() if n}):
        yield f"{who.login} is shown {lights}, counted {shown.counts}"
