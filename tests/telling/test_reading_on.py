"""The journal is read on once: after a kill, by several at a time, past what others still write."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Thread
from threading import Event as Signal

import psycopg
import pytest
from flask import current_app
from sqlalchemy import func, select, text, update

from app import clock, journal
from app.actor import SYSTEM
from app.commands import telling
from app.db import db, session
from app.jobs import letters
from app.jobs.queue import WorkQueue
from app.jobs.telling import tell
from app.jobs.worker import Duties, tick, turn
from app.model import Event, Letter, Notification, Told
from tests import stories, supervision
from tests.faults.counting import counted
from tests.telling import sink
from tests.telling.verbs import MAIL, NO_MAIL, told_all, wish

ANOTHER = """
    INSERT INTO event (format, stream, seq, at, kind, case_id, body, previous, hash)
    SELECT format, %s, 1, %s, kind, case_id, body, previous, hash
    FROM event ORDER BY id DESC LIMIT 1
"""


def rows() -> list[tuple[int, int, str, int, int]]:
    of = Notification
    found = session().execute(select(of.person_id, of.case_id, of.kind, of.seq, of.times))
    return sorted(tuple(row) for row in found)


def read_to() -> int:
    session().rollback()
    return session().scalar(select(Told.event_id)) or 0


def test_small_batches_tell_the_same_as_large_ones(tanghe):
    supervision.in_hand(tanghe)
    told_all()
    whole = [row[:4] for row in rows()]
    session().query(Notification).delete()
    session().query(Told).delete()
    session().commit()

    while telling.tell(NO_MAIL, actor=SYSTEM, limit=2):
        pass

    assert [row[:4] for row in rows()] == whole
    assert not telling.waiting()


def test_a_process_killed_in_the_middle_leaves_nothing_half_told(tanghe, monkeypatch):
    supervision.in_hand(tanghe)
    before = read_to()

    def killed(*_what, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(journal, "flush", killed)
        with pytest.raises(KeyboardInterrupt):
            telling.tell(NO_MAIL, actor=SYSTEM)
    assert (rows(), read_to()) == ([], before)

    told_all()
    assert rows() != []


def test_reading_the_same_rows_again_tells_nobody_twice(tanghe):
    supervision.in_hand(tanghe)
    told_all()
    once = rows()
    session().execute(update(Told).values(event_id=0))
    session().commit()
    told_all()

    assert rows() == once


def test_several_processes_tell_each_thing_once(committed_db):
    county = stories.county("tanghe")
    supervision.in_hand(county)
    start = Barrier(3)

    def read_on() -> None:
        with committed_db.app_context():
            start.wait()
            while telling.waiting():
                telling.tell(NO_MAIL, actor=SYSTEM, limit=5)

    threads = [Thread(target=read_on) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = rows()
    assert found
    assert len({row[:4] for row in found}) == len(found)
    session().query(Notification).delete()
    session().query(Told).delete()
    session().commit()
    told_all()
    assert [row[:4] for row in rows()] == [row[:4] for row in found]


def test_what_is_weeks_old_is_no_news(tanghe):
    supervision.in_hand(tanghe)
    stories.set_clock("2026-08-20 09:00")
    told_all()

    assert rows() == []
    assert not telling.waiting()


@pytest.mark.only("postgresql")
def test_a_row_committed_late_is_waited_for_and_told(committed_db):
    """Two acts at once: the one that took its number first is committed last."""
    county = stories.county("tanghe")
    supervision.in_hand(county)
    told_all()
    address = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    now, before = clock.now(), read_to()

    with psycopg.connect(address) as slow, psycopg.connect(address) as fast:
        slow.execute(ANOTHER, ("slow:1", now))
        fast.execute(ANOTHER, ("fast:1", now))
        fast.commit()
        assert telling.tell(NO_MAIL, actor=SYSTEM) == 0
        assert read_to() == before
        slow.commit()

    assert telling.tell(NO_MAIL, actor=SYSTEM) == 2


@pytest.mark.only("postgresql")
def test_a_number_nobody_used_holds_nothing_up(committed_db):
    county = stories.county("tanghe")
    supervision.in_hand(county)
    session().execute(text("SELECT nextval('event_id_seq')"))
    session().commit()
    supervision.in_hand(county, matter="校园周边消费纠纷治理", indicator=None)
    told_all()

    assert read_to() == session().scalar(select(func.max(Event.id)))


def test_the_clock_thread_tells_and_the_letters_go_through_the_queue(
    tanghe, redis_url, monkeypatch
):
    handler = tanghe.actor("unit_handler", "ZJJ")
    wish(handler, mail={"task": "now"})
    with sink.running() as box:
        settings = replace(
            current_app.config["SETTINGS"],
            smtp_host="127.0.0.1",
            smtp_port=box.port,
            mail_from="office@county.example",
            public_url="https://county.example",
        )
        monkeypatch.setitem(current_app.config, "SETTINGS", settings)
        supervision.in_hand(tanghe)
        tick(Duties([(0.0, tell), (0.0, letters.write)]))
        tick(Duties([(0.0, tell), (0.0, letters.write)]))
        turn(WorkQueue(redis_url), Signal())

        assert [mail["To"] for mail in box.mails] == ["me@example.org"]
    assert session().scalars(select(Letter.state)).all() == ["sent"]


def statements(cost) -> list[str]:
    """But for the test's own savepoints."""
    return [each for each in cost.statements if "SAVEPOINT" not in each]


def test_many_acts_take_as_few_statements_as_one(tanghe):
    told_all()
    costs = []
    for items in (1, 4):
        for number in range(items):
            supervision.in_hand(tanghe, matter=f"示例{items}之{number}", indicator=None)
        with counted() as cost:
            telling.tell(MAIL, actor=SYSTEM)
        costs.append(len(statements(cost)))

    assert costs[0] == costs[1] <= 18


def test_nothing_is_written_while_nothing_happens(tanghe):
    told_all()
    with counted() as cost:
        assert tell(actor=SYSTEM) == 0
    assert len(statements(cost)) == 2
