"""Urging (催办): units are reminded on paper, counted, never at night and never too often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from app import advance, clock, journal
from app.actor import Actor
from app.advance import Loaded
from app.db import session
from app.effects import papers
from app.model import Assignment, Delivery, Document, Work
from app.rules.disturbing import Quiet, next_moment, working_day
from app.rules.profiles.shape import Urging

KIND = "reminder_notice"
WORK = "deliver_reminder"
ELECTRONIC = "electronic"


def remind(
    loaded: Loaded,
    assignments: Sequence[Assignment],
    *,
    actor: Actor,
    text: str = "",
    method: str = ELECTRONIC,
) -> Document:
    """Send the units that hold these assignments a reminder and count it.

    The system delivers by day only; `method` says how somebody did it otherwise. The default
    wording is the one the system was asked for (ZJ-06); `text` comes after it.
    """
    now = clock.now()
    for assignment in assignments:
        assignment.urge_count += 1
        assignment.urged_at = now
    loaded.case.urge_count += 1
    late, units = _late(assignments), list(dict.fromkeys(a.unit_id for a in assignments))
    paper = _paper(loaded, assignments, text, late=late)
    _send(loaded, paper, units, actor, method)
    data = {
        "assignments": [a.id for a in assignments],
        "units": units,
        "count": loaded.case.urge_count,
        "overdue": late,
        "paper": paper.number,
        "text": text,
        "method": method,
        "automatic": actor.person_id is None,
    }
    _record(loaded, paper, actor, data)
    return paper


def _paper(loaded: Loaded, assignments: Sequence[Assignment], text: str, *, late: bool) -> Document:
    due_at = _first_due(assignments)
    return papers.draft(
        loaded,
        KIND,
        title=f"关于{_matter(loaded)}的催办通知",
        content={
            "matter": _matter(loaded),
            "text": _wording(loaded, assignments, text, overdue=late),
            "due_day": clock.local_day(due_at).isoformat() if due_at else None,
        },
    )


def _late(assignments: Sequence[Assignment]) -> bool:
    due_at = _first_due(assignments)
    return due_at is not None and due_at < clock.now()


def _send(loaded: Loaded, paper: Document, units: Sequence[int], actor: Actor, method: str) -> None:
    """By day at once; at night and on days off the paper is on its way until work begins."""
    later = end_of_quiet(loaded.profile.urging, clock.now()) if method == ELECTRONIC else None
    delivered = later is None
    papers.issue(loaded, paper, actor=actor, to=units, method=method, delivered=delivered)
    if later is not None:
        session().add(Work(kind=WORK, reference=paper.id, not_before=later))


def _record(loaded: Loaded, paper: Document, actor: Actor, data: Mapping[str, Any]) -> None:
    journal.record(
        "assignment.urged",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=paper.issuer_unit_id,
        data=data,
    )


def urged_today(loaded: Loaded) -> Mapping[int, int]:
    """How often people urged each unit on the present working day (its weekend belongs to it).

    What was sent at night arrives in the morning and counts for that day as well.
    """
    start = clock.from_local(working_day(clock.now(), advance.calendar()))
    today = or_(Document.issued_at >= start, Delivery.delivered_at >= start, _on_its_way())
    rows = session().execute(
        select(Delivery.unit_id, func.count())
        .join(Document, Document.id == Delivery.document_id)
        .where(_by_people(loaded), today)
        .group_by(Delivery.unit_id)
    )
    return {row[0]: row[1] for row in rows}


def tomorrow(loaded: Loaded) -> datetime:
    """When units that were urged today may be urged again: after what is on its way has come."""
    days, urging = advance.calendar(), loaded.profile.urging
    waits = exists().where(Document.id == Delivery.document_id, _by_people(loaded), _on_its_way())
    late = end_of_quiet(urging, clock.now()) if session().scalar(select(waits)) else None
    day = days.add_workdays(working_day(late or clock.now(), days), 1)
    return clock.from_local(day, hour=urging.quiet_until.hour, minute=urging.quiet_until.minute)


def _by_people(loaded: Loaded) -> ColumnElement[bool]:
    of_case = and_(Document.case_id == loaded.case.id, Document.kind == KIND)
    return and_(of_case, Document.issued_by.is_not(None))


def _on_its_way() -> ColumnElement[bool]:
    """Sent in the last quiet hours or days, and not delivered yet."""
    days = advance.calendar()
    before = days.add_workdays(working_day(clock.now(), days), -1)
    return and_(Delivery.delivered_at.is_(None), Document.issued_at >= clock.from_local(before))


def end_of_quiet(urging: Urging, now: datetime) -> datetime | None:
    """When the hours or days end in which nobody is disturbed; None outside them."""
    at = next_moment(now, Quiet(urging.quiet_from, urging.quiet_until), advance.calendar())
    return at if at > now else None


def _matter(loaded: Loaded) -> str:
    return loaded.case.matter or loaded.case.title


def _wording(loaded: Loaded, assignments: Sequence[Assignment], text: str, *, overdue: bool) -> str:
    """What the reminder says first: that it is late, when it is due, or that nobody has signed."""
    matter, due_at = _matter(loaded), _first_due(assignments)
    if all(a.receipt for a in assignments):
        first = f"{matter}的文书已送达，尚未签收，请尽快签收。"
    elif overdue:
        first = f"{matter}已超期，请尽快办理。"
    elif due_at is not None:
        first = f"{matter}应于{clock.local_day(due_at).isoformat()}前办结，请按期办理。"
    else:
        first = f"{matter}请尽快办理。"
    return f"{first}{text}"


def _first_due(assignments: Sequence[Assignment]) -> datetime | None:
    return min((a.due_at for a in assignments if a.due_at), default=None)
