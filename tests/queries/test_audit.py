"""Whatever is altered in the journal or in what it vouches for is found, and where."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app import journal
from app.actor import SYSTEM
from app.db import session, transaction
from app.model import Event, PersonalValue
from app.queries.audit import verify

STREAMS = ("organisation", "calendar", "settings")


@pytest.fixture
def kept(database: Session) -> int:
    """Ten acts in three streams, one with a personal value; returns how many."""
    with transaction():
        for number in range(10):
            journal.record(
                "thing.changed",
                stream=STREAMS[number % 3],
                actor=SYSTEM,
                data={"before": number, "after": number + 1, "说明": "阈值为示例值"},
                personal={"name": "演示人员"} if number == 4 else None,
            )
        journal.flush()
    return 10


def altered(statement: Any) -> None:
    """Somebody at the database itself changes what stands there."""
    with transaction():
        session().execute(statement)


def test_an_untouched_journal_is_whole(kept: int) -> None:
    verdict = verify()

    assert verdict.whole
    assert (verdict.streams, verdict.rows) == (3, kept)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("body", '{"kind":"other"}'),
        ("hash", "f" * 64),
        ("previous", "e" * 64),
        ("kind", "x.done"),
        ("seq", 77),
        ("stream", "round:1"),
        ("unit_id", 5),
        ("person_id", 9),
    ],
)
def test_a_changed_column_is_found(kept: int, column: str, value: object) -> None:
    altered(update(Event).where(Event.stream == "calendar", Event.seq == 2).values({column: value}))

    assert any(each.stream in ("calendar", "round:1") for each in verify().breaks)


def test_a_removed_row_is_found_with_its_place(kept: int) -> None:
    altered(delete(Event).where(Event.stream == "settings", Event.seq == 2))

    (first, *_) = verify().breaks

    assert (first.stream, first.seq) == ("settings", 3)
    assert "Row 2" in str(first.problem)


def test_a_rewritten_row_with_a_fitting_hash_breaks_the_next_one(kept: int) -> None:
    row = session().query(Event).filter_by(stream="organisation", seq=2).one()
    body = row.body.replace('"after":4', '"after":5')
    fitting = journal.chain_hash(row.format, row.stream, row.seq, row.previous, body)
    altered(update(Event).where(Event.id == row.id).values(body=body, hash=fitting))

    assert [(each.stream, each.seq) for each in verify().breaks] == [("organisation", 3)]


def test_a_personal_value_may_be_erased_but_not_changed(kept: int) -> None:
    altered(update(PersonalValue).values(value=None))
    assert verify().whole

    altered(update(PersonalValue).values(value="别人"))
    assert len(verify().breaks) == 1


def test_two_hundred_random_tamperings_are_all_found(kept: int) -> None:
    chance = random.Random(20261122)
    caught = 0
    for _round in range(200):
        row = chance.choice(session().query(Event).all())
        column = chance.choice(("body", "hash", "previous", "kind", "at", "person_id"))
        this, genuine = Event.id == row.id, getattr(row, column)
        altered(update(Event).where(this).values({column: _spoilt(genuine, chance)}))
        caught += not verify().whole
        altered(update(Event).where(this).values({column: genuine}))
    print(f"tamperings: 200, found: {caught}")
    assert verify().whole
    assert caught == 200


def _spoilt(genuine: Any, chance: random.Random) -> Any:
    if isinstance(genuine, datetime):
        return genuine.replace(year=genuine.year - 1)
    if not isinstance(genuine, str):
        return 12345
    place = chance.randrange(len(genuine))
    letter = "0" if genuine[place] != "0" else "1"
    return genuine[:place] + letter + genuine[place + 1 :]
