"""R14: the line to PostgreSQL or Redis is slow, cut, silent or choked; then it works again."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import pytest
from sqlalchemy import make_url, text

from app import create_app
from app.config import Settings
from app.db import db
from app.jobs import queue
from tests.faults.harness import network, pace, shaken
from tests.faults.harness.network import KINDS, Line
from tests.faults.harness.weather import Weather, in_time, settled, weather

BACK = 30.0  # seconds after the line works again until acts go on …
ENOUGH = 10  # … and so many are done: not only by those who were lucky


@pytest.mark.only("postgresql")
@pytest.mark.soak("R14", only=True, minutes=15)
def test_a_line_to_the_database_that_breaks_holds_nobody_up_for_long(tmp_path, chance, figures):
    with (
        shaken.postgres() as server,
        network.line(server.port) as line,
        weather(server.address, tmp_path, chance, cases=300, through=line.port) as found,
    ):
        with found.people_at_work():
            found.goes_on(120, 5)
            for kind in KINDS:
                hit, took, least = broken(found, line, kind, seconds=12.0)
                figures(f"connections to PostgreSQL hit: {kind}", hit, at_least=1)
                figures(f"acts done meanwhile: {kind}", least)
                figures(f"acts go on after it: {kind}", took, unit="s", at_most=BACK)
        settled(found, figures)


@pytest.mark.only("sqlite")
@pytest.mark.soak("R14", only=True)
def test_a_line_to_redis_that_breaks_holds_up_nobody_at_all(server, tmp_path, chance, figures):
    with (
        shaken.redis(tmp_path) as redis,
        network.line(redis.port) as line,
        weather(
            server, tmp_path, chance, cases=300, overdue=60,
            redis=f"redis://127.0.0.1:{line.port}/0",
        ) as found,
    ):  # fmt: skip
        with found.people_at_work():
            found.goes_on(120, 5)
            for kind in KINDS:
                hit, _took, done = broken(found, line, kind, seconds=12.0)
                figures(f"connections to Redis hit: {kind}", hit, at_least=1)
                figures(f"acts done meanwhile: {kind}", done, at_least=1)
        settled(found, figures)
        in_time(figures)


def broken(found: Weather, line: Line, kind: str, *, seconds: float) -> tuple[int, float, int]:
    """Break the line for a while: connections hit, seconds until acts go on, acts meanwhile."""
    hit, before = line.hit, found.done()
    line.break_(kind)
    pace.pause(seconds)
    done = found.done() - before
    line.mend()
    took = found.goes_on(2 * BACK, ENOUGH)
    return line.hit - hit, took, done


@pytest.mark.only("postgresql")
@pytest.mark.parametrize("kind", ["cut", "silent"])
def test_a_request_gives_up_a_line_that_broke_and_the_next_one_works(at_work, monkeypatch, kind):
    monkeypatch.setattr("app.connections.Impatient.patience", 0.5)
    monkeypatch.setattr("app.connections.REACHING", {"connect_timeout": 2})
    address = make_url(at_work.config["SETTINGS"].database_url)
    with network.line(address.port or 5432) as line:
        through = address.set(port=line.port).render_as_string(hide_password=False)
        app = create_app(Settings(env="test", database_url=through))
        app.testing = True
        browser = app.test_client()
        assert browser.get("/readyz").status_code == 200
        line.break_(kind)
        began = time.monotonic()
        broken = [browser.get("/readyz").status_code for _ in range(2)]
        took = time.monotonic() - began
        line.mend()
        mended = browser.get("/readyz").status_code
        with app.app_context():
            db.engine.dispose()

    assert (broken, mended, line.hit > 0) == ([503, 503], 200, True)
    assert took < 8


@pytest.mark.only("postgresql")
def test_a_line_that_fell_silent_while_nobody_worked_is_found_out_soon(at_work, monkeypatch):
    monkeypatch.setattr("app.connections.UNUSED", 0.0)
    monkeypatch.setattr("app.connections.SHORT_SILENCE", 0.5)
    address = make_url(at_work.config["SETTINGS"].database_url)
    with network.line(address.port or 5432) as line:
        through = address.set(port=line.port).render_as_string(hide_password=False)
        app = create_app(Settings(env="test", database_url=through))
        with app.app_context():
            assert db.session.scalar(text("SELECT 1")) == 1
            db.session.rollback()
            line.break_("silent")
            line.mend()  # that connection stays dead, new ones work
            began = time.monotonic()
            assert db.session.scalar(text("SELECT 1")) == 1
            assert time.monotonic() - began < 5
            db.session.rollback()
            db.engine.dispose()
    assert line.hit >= 1


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("kind", ["cut", "silent"])
def test_a_queue_gives_up_a_redis_that_does_not_answer_and_leaves_it_alone(
    redis_url, kind, monkeypatch
):
    monkeypatch.setitem(queue.REACHING, "socket_timeout", 0.5)
    given = urlsplit(redis_url)
    with network.line(given.port or 6379) as line:
        work = queue.WorkQueue(f"redis://127.0.0.1:{line.port}{given.path}")
        assert work.offer([1])
        line.break_(kind)
        began = time.monotonic()
        answers = [work.offer([2]), *(work.offer([3]) for _ in range(50)), work.work()]
        took = time.monotonic() - began
    assert (any(answers), line.hit > 0) == (False, True)
    assert took < 5
