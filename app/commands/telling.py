"""Telling people what happened: the journal is read on from where it was read to last.

Nothing is asked of the acts themselves. How far was read and what was told are one transaction,
so that everything is told and nothing twice, whenever a process ends.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, text

from app import advance, clock
from app.actor import Actor
from app.commands.command import command
from app.db import dialect, session
from app.effects.hearing import Act, News, news_of
from app.effects.surroundings import Surroundings, around
from app.model import Event, Notification, Told
from app.rules import access
from app.rules.disturbing import Quiet, mail_at, working_day
from app.rules.telling import KINDS

BATCH: Final = 200
OLDEST: Final = timedelta(days=14)  # what nobody was told of by then is no news
TOO_LATE_FOR_MAIL: Final = timedelta(days=3)
WRITING: Final = text(
    """
    SELECT EXISTS (
        SELECT FROM pg_locks WHERE relation = 'event'::regclass AND mode = 'RowExclusiveLock'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND pid <> pg_backend_pid()
    )
    """
)
ROW: Final = (
    "person_id", "kind", "case_id", "assignment_id", "seq", "said_by", "at", "times", "read_at",
    "mail_at", "letter_id",
)  # fmt: skip
BEGIN: Final = text("INSERT INTO told (id, event_id) VALUES (1, 0) ON CONFLICT DO NOTHING")
SETTLED: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class Mailing:
    """Whether mail goes out at all, and when nobody is disturbed by it."""

    on: bool
    quiet: Quiet


def waiting() -> bool:
    """Whether the journal has grown; a look that locks nothing."""
    session().rollback()
    read_to = session().scalar(select(Told.event_id)) or 0
    newest = session().scalar(select(func.max(Event.id))) or 0
    session().rollback()
    return newest > read_to


@command
def tell(mailing: Mailing, *, actor: Actor, limit: int = BATCH) -> int:
    """Tell of the next acts in the journal; how many rows were read."""
    access.only_the_system(actor)
    told = _cursor()
    if told is None:
        return 0
    rows = _next(told.event_id, limit)
    if not rows:
        return 0

    told.event_id = rows[-1].id
    now = clock.now()
    acts = [_act(row) for row in rows if row.case_id and row.at > now - OLDEST]
    if acts:
        _tell(acts, mailing, now)
    return len(rows)


def _cursor() -> Told | None:
    """How far was read, locked; None while another process is at it."""
    if session().scalar(select(Told.id)) is None:
        session().execute(BEGIN)
    wanted = select(Told).with_for_update(skip_locked=True)
    return session().scalar(wanted.execution_options(populate_existing=True))


def _next(after: int, limit: int) -> Sequence[Event]:
    """The rows that come next and before which no other can appear any more.

    On PostgreSQL a row with a lower number may be committed later: as long as anybody writes, a
    missing number is waited for.
    """
    newest = session().scalar(select(func.max(Event.id))) or 0
    unsettled = dialect() == "postgresql" and session().scalar(WRITING)
    rows = (
        session()
        .scalars(
            select(Event)
            .where(Event.id > after, Event.id <= newest)
            .order_by(Event.id)
            .limit(limit + 1)
        )
        .all()
    )
    if unsettled:
        rows = _without_gap(after, rows)
    return _whole(rows, limit)


def _without_gap(after: int, rows: Sequence[Event]) -> Sequence[Event]:
    """Up to the first missing number; one that is missing for minutes was never used."""
    old = clock.now() - SETTLED
    expected = after + 1
    for place, row in enumerate(rows):
        if row.id != expected and row.at > old:
            return rows[:place]
        expected = row.id + 1
    return rows


def _whole(rows: Sequence[Event], limit: int) -> Sequence[Event]:
    """Not the beginning alone of what one act recorded, where there are more rows than fit."""
    if len(rows) <= limit:
        return rows
    cut = rows[limit]
    kept = [row for row in rows[:limit] if (row.stream, row.at) != (cut.stream, cut.at)]
    return kept or rows[:limit]


def _act(row: Event) -> Act:
    assert row.case_id is not None  # noqa: S101 - narrows for the type checker
    data = json.loads(row.body)["data"]
    return Act(row.id, row.case_id, row.seq, row.kind, row.at, row.person_id, data)


def _tell(acts: Sequence[Act], mailing: Mailing, now: datetime) -> None:
    found = around(
        {act.case_id for act in acts},
        {person for act in acts for person in act.data.get("persons", ())},
        {unit for act in acts for unit in _units(act)},
        now,
    )
    _keep(news_of(acts, found), found, mailing, now)


def _units(act: Act) -> Collection[int]:
    """The units a row speaks of."""
    data = act.data
    named = (*data.get("units", ()), *data.get("cc", ()), *data.get("cc_upward", ()))
    return {unit for unit in (*named, data.get("of_unit")) if isinstance(unit, int)}


def _keep(news: Sequence[News], found: Surroundings, mailing: Mailing, now: datetime) -> None:
    """Add to what is unread of the same day, or say it anew; nagging once a day is enough."""
    if not news:
        return
    days = advance.calendar()
    first = working_day(min(each.act.at for each in news), days)
    told = _told_since(news, clock.from_local(first))
    new: list[Notification] = []
    for each in news:
        key = (each.person_id, each.act.case_id, each.kind)
        last = told.get(key)
        today = last and working_day(last.at, days) == working_day(each.act.at, days)
        if last is None or not today or (last.read_at is not None and not KINDS[each.kind].nags):
            if last is None or last.seq < each.act.seq:
                new.append(_new(each, _mail_at(each, found, mailing, now)))
                told[key] = new[-1]
        elif last.seq < each.act.seq and last.read_at is None:
            last.times += 1
            _move(last, each)
    session().put_off(Notification, *({name: getattr(row, name) for name in ROW} for row in new))


def _told_since(news: Sequence[News], since: datetime) -> dict[tuple[int, int, str], Notification]:
    """What these people were told of these cases last, by person, case and kind."""
    rows = session().scalars(
        select(Notification)
        .where(
            Notification.person_id.in_({each.person_id for each in news}),
            Notification.case_id.in_({each.act.case_id for each in news}),
            Notification.at >= since,
        )
        .order_by(Notification.id)
        .with_for_update()
    )
    last = sorted(rows, key=lambda row: row.seq)
    return {(row.person_id, row.case_id, row.kind): row for row in last}


def _new(each: News, at: datetime | None) -> Notification:
    row = Notification(
        person_id=each.person_id,
        kind=each.kind,
        case_id=each.act.case_id,
        times=1,
        read_at=None,
        mail_at=at,
    )
    _move(row, each)
    return row


def _move(row: Notification, each: News) -> None:
    row.assignment_id, row.seq = each.assignment_id, each.act.seq
    row.said_by, row.at = each.act.person_id, each.act.at


def _mail_at(each: News, found: Surroundings, mailing: Mailing, now: datetime) -> datetime | None:
    if not mailing.on or not found.email(each.person_id):
        return None
    if each.act.at < now - TOO_LATE_FOR_MAIL:
        return None
    choices = found.choices(each.person_id)
    days, at = advance.calendar(), choices.daily_at
    return mail_at(choices.by_mail(each.kind), now, daily_at=at, quiet=mailing.quiet, days=days)
