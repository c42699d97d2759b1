"""Letters to people: one about everything that is due by then, sent by the queue of work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update

from app import clock
from app.actor import Actor
from app.commands.command import command
from app.db import session
from app.model import Letter, Notification, Work
from app.rules import access

WORK: Final = "send_letter"
MOST: Final = 500
TOO_OLD: Final = timedelta(days=3)  # mail was off meanwhile: what is older is read in the list
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


def waiting() -> bool:
    """Whether anything is to be told by mail now; a look that locks nothing."""
    session().rollback()
    due = Notification.mail_at <= clock.now()
    found = session().scalar(select(Notification.id).where(due).limit(1))
    session().rollback()
    return found is not None


@command
def write(*, actor: Actor) -> int:
    """Put what is due into letters, one for each person; how many are new.

    A letter that still waits (the mail server is away) takes it along.
    """
    access.only_the_system(actor)
    now = clock.now()
    due = (
        session()
        .scalars(
            select(Notification)
            .where(Notification.mail_at <= now)
            .order_by(Notification.id)
            .limit(MOST)
            .with_for_update(skip_locked=True)
        )
        .all()
    )
    letters = _waiting_for({row.person_id for row in due})
    known = len(letters)
    for row in due:
        wanted = row.read_at is None and row.at > now - TOO_OLD
        row.mail_at = None
        if wanted:
            if row.person_id not in letters:
                letters[row.person_id] = _new(row.person_id, now)
            row.letter_id = letters[row.person_id]
    return len(letters) - known


@command
def sent(letter_id: int, *, actor: Actor) -> None:
    """The mail server took it; nothing happens if that was noted already."""
    access.only_the_system(actor)
    _end(letter_id, state="sent", sent_at=clock.now(), problem=None)


@command
def dropped(letter_id: int, *, actor: Actor) -> None:
    """There was nothing left to say, or nowhere to send it."""
    access.only_the_system(actor)
    _end(letter_id, state="dropped")


@command
def put_off(letter_id: int, until: datetime | None, problem: str, *, actor: Actor) -> None:
    """Send it then; without a moment the mail server was away, and the pauses grow to an hour."""
    access.only_the_system(actor)
    letter = session().get(Letter, letter_id, with_for_update=True)
    if letter is None or letter.state != "waiting":
        return
    if until is None:
        until = clock.now() + min(FIRST_PAUSE * 2 ** min(letter.tries, 10), LONGEST_PAUSE)
        letter.tries += 1
        letter.problem = problem[:500]
    if not _asked_for(letter_id):
        session().add(Work(kind=WORK, reference=letter_id, not_before=until))


def _asked_for(letter_id: int) -> bool:
    """Whether it is to be sent later anyway: whoever put it off was killed and did it again."""
    asked = (Work.kind == WORK, Work.reference == letter_id, Work.state == "pending")
    return session().scalar(select(Work.id).where(*asked).limit(1)) is not None


def _waiting_for(people: set[int]) -> dict[int, int]:
    rows = select(Letter.person_id, Letter.id).where(
        Letter.person_id.in_(people), Letter.state == "waiting"
    )
    return {row.person_id: row.id for row in session().execute(rows.with_for_update())}


def _new(person_id: int, now: datetime) -> int:
    letter = Letter(person_id=person_id, made_at=now)
    session().add(letter)
    session().flush()
    session().add(Work(kind=WORK, reference=letter.id, not_before=now))
    return letter.id


def _end(letter_id: int, **columns: object) -> None:
    session().execute(
        update(Letter).where(Letter.id == letter_id, Letter.state == "waiting").values(**columns)
    )
