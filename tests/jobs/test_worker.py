"""The worker: timers and work every second, with Redis, without it, and while it comes and goes."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from app.commands.supervising import urge
from app.db import session
from app.errors import Busy
from app.i18n import Text
from app.jobs import handlers, worker
from app.jobs.queue import WorkQueue
from app.jobs.worker import Duties, run_worker, tick, turn
from tests import stories, supervision
from tests.work import ask, work

ROOT = Path(__file__).parents[2]


def queue_of(url: str) -> Queue:
    return Queue("weathervane", connection=Redis.from_url(url), serializer=JSONSerializer)


def test_without_a_queue_the_work_is_done_in_the_turn(database, done):
    asked = ask()

    assert turn(None, Event())
    assert (done, work(asked).state) == ([7], "done")
    assert not turn(None, Event())


def test_with_a_queue_the_work_goes_through_it(database, done, redis_url):
    asked = [ask(reference=n) for n in range(3)]

    assert turn(WorkQueue(redis_url), Event())

    assert (done, {work(each).state for each in asked}) == ([0, 1, 2], {"done"})


def test_jobs_carry_a_fixed_id_and_nothing_but_the_work(database, redis_url):
    asked = ask()
    queue = WorkQueue(redis_url)

    assert queue.offer([asked])
    assert queue.offer([asked])

    (job,) = queue_of(redis_url).jobs
    assert (job.id, job.func_name, list(job.args)) == (
        f"work-{asked}",
        "app.jobs.performing.perform",
        [asked],
    )


def test_a_wiped_redis_loses_nothing(database, done, redis_url):
    stories.set_clock("2026-07-06 09:00:00")
    asked, queue = ask(), WorkQueue(redis_url)
    queue.offer(worker.outbox.offer(actor=worker.SYSTEM))
    Redis.from_url(redis_url).flushdb()
    assert not turn(queue, Event())

    stories.set_clock("2026-07-06 09:00:10")

    assert turn(queue, Event())
    assert (done, work(asked).state) == ([7], "done")


def test_what_a_worker_took_off_the_queue_and_died_with_is_queued_again(database, done, redis_url):
    asked, queue = ask(), WorkQueue(redis_url)
    queue.offer([asked])
    assert Redis.from_url(redis_url).lpop(queue.queue.key) == f"work-{asked}".encode()

    queue.offer([asked])

    assert queue.work() == 1
    assert done == [7]


def test_while_redis_is_away_the_work_is_done_without_it(database, done, caplog):
    asked, queue = ask(), WorkQueue("redis://127.0.0.1:1/0")

    turn(queue, Event())

    assert (done, work(asked).state) == ([7], "done")
    assert "Redis is away; the work is done without it." in caplog.messages


def test_a_worker_told_to_stop_finishes_what_it_does_and_takes_nothing_new(database, monkeypatch):
    told, seen = Event(), []

    def last(reference, *, actor):
        seen.append(reference)
        told.set()

    monkeypatch.setitem(handlers.HANDLERS, "last", last)
    asked = [ask("last", reference=n) for n in range(3)]

    turn(None, told)

    assert (seen, [work(each).state for each in asked]) == ([0], ["done", "pending", "pending"])


def test_the_clock_fires_timers_and_sees_to_the_duties(database):
    county = stories.county("tanghe")
    item = supervision.in_hand(county)
    stories.set_clock("2026-08-18 00:10")

    assert tick(Duties(()))

    assert [a["data"]["kind"] for a in stories.acts(f"case:{item}", "timer.fired")] == [
        "remind",
        "remind",
        "due",
    ]


def test_a_reminder_of_the_night_is_delivered_in_the_morning(database):
    county = stories.county("tanghe")
    item = supervision.in_hand(county)
    stories.set_clock("2026-07-07 20:00")
    urge(item, {}, actor=county.post("supervising_office"))
    assert not turn(None, Event())
    stories.set_clock("2026-07-08 08:31")

    turn(None, Event())

    (paper,) = stories.papers(item, "reminder_notice")
    session().expire_all()
    assert {d.delivered_at is not None for d in stories.deliveries(paper.id).values()} == {True}


def test_the_worker_works_until_it_is_told_to_stop(committed_db, monkeypatch):
    stop, seen = Event(), []

    def note(reference, *, actor):
        seen.append(reference)
        stop.set()

    monkeypatch.setitem(handlers.HANDLERS, "note", note)
    asked = ask()
    thread = Thread(target=run_worker, args=(committed_db,), kwargs={"stop": stop, "pause": 0.01})
    thread.start()
    thread.join(timeout=30)

    assert (thread.is_alive(), seen, work(asked).state) == (False, [7], "done")


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (LookupError("out of order"), "A turn of the background work failed."),
        (Busy(Text("The database is away.")), "The database is busy or away; trying again."),
    ],
)
def test_one_bad_turn_does_not_end_the_worker(committed_db, monkeypatch, caplog, problem, said):
    stop, turns = Event(), []

    def bad(_queue, _told):
        turns.append(len(turns))
        if len(turns) == 3:
            stop.set()
        raise problem

    monkeypatch.setattr(worker, "turn", bad)
    run_worker_here(committed_db, stop)

    assert turns == [0, 1, 2]
    assert caplog.messages.count(said) == 3


def run_worker_here(app, stop: Event) -> None:
    thread = Thread(target=run_worker, args=(app,), kwargs={"stop": stop, "pause": 0.01})
    thread.start()
    thread.join(timeout=30)


def test_the_queue_is_used_where_a_redis_is_set(committed_db, redis_url, monkeypatch):
    stop, seen = Event(), []
    settings = replace(committed_db.config["SETTINGS"], redis_url=redis_url)
    monkeypatch.setitem(committed_db.config, "SETTINGS", settings)

    def look(queue, _told):
        seen.append(queue.redis.ping())
        stop.set()
        return False

    monkeypatch.setattr(worker, "turn", look)
    run_worker_here(committed_db, stop)

    assert seen == [True]


SCRIPT = """
from app import create_app
from app.config import Settings
from app.db import Base, db
from app.jobs import run_worker, worker
real = worker.turn
def turn(queue, told):
    print("turning", flush=True)
    return real(queue, told)
worker.turn = turn
app = create_app(Settings(env="test", database_url={address!r}))
with app.app_context():
    Base.metadata.create_all(db.engine)
run_worker(app, pause=0.05)
print("stopped", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_gracefully(tmp_path, number):
    address = f"sqlite:///{tmp_path / 'worker.sqlite3'}"
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT.format(address=address)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "turning\n"
        process.send_signal(number)
        said = process.stdout.read().splitlines()

    assert (said[-1], process.returncode) == ("stopped", 0)


def test_what_became_of_a_job_is_said_once_the_database_listens_again(committed_db, monkeypatch):
    stop, seen, put_off, deaf = Event(), [], worker.outbox.put_off, [True, True]

    def away(_reference, *, actor):
        seen.append(actor)
        if len(seen) == 2:
            stop.set()
            return
        raise Busy(Text("The database is away."))

    def still_away(*args, **named):
        if deaf and deaf.pop():
            raise Busy(Text("The database is away."))
        put_off(*args, **named)

    monkeypatch.setattr("app.jobs.heart.AGAIN", 0.01)
    monkeypatch.setattr(worker.outbox, "put_off", still_away)
    monkeypatch.setattr(worker.outbox, "AFTER_A_CLASH", timedelta(0))
    monkeypatch.setitem(handlers.HANDLERS, "note", away)
    asked = ask()
    run_worker_here(committed_db, stop)

    assert (len(seen), deaf, work(asked).state, work(asked).attempts) == (2, [], "done", 0)
