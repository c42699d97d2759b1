"""The fixtures keep tests apart: what one writes, no other sees."""

from __future__ import annotations

from threading import Thread

import pytest
from redis import Redis
from sqlalchemy import select, text

from app.db import db, dialect, session, transaction
from app.model import Setting


def settings() -> list[str]:
    return list(session().scalars(select(Setting.key)))


def write(key: str) -> None:
    with transaction() as current:
        current.add(Setting(key=key, value="{}"))


@pytest.mark.parametrize("turn", [1, 2])
def test_a_committed_row_is_gone_in_the_next_test(database, turn):
    assert settings() == []

    write("county")

    assert settings() == ["county"]


def test_a_failed_act_leaves_the_acts_before_it(database):
    def fail_after_writing() -> None:
        with transaction() as current:
            current.add(Setting(key="second", value="{}"))
            current.flush()
            raise ZeroDivisionError

    write("first")

    with pytest.raises(ZeroDivisionError):
        fail_after_writing()

    assert settings() == ["first"]


def test_letting_go_of_an_outer_read_keeps_what_an_inner_context_wrote(app, database):
    settings()
    with app.app_context():
        write("inner")

    database.rollback()

    assert settings() == ["inner"]


def test_another_thread_has_a_session_of_its_own(app, database):
    found = []

    def elsewhere() -> None:
        with app.app_context():
            found.append(db.session())

    thread = Thread(target=elsewhere)
    thread.start()
    thread.join()

    assert found != [database]
    assert db.session() is database


def test_commits_are_real_where_a_test_asks_for_it(committed_db):
    def elsewhere() -> None:
        with committed_db.app_context():
            write("from another thread")

    thread = Thread(target=elsewhere)
    thread.start()
    thread.join()

    assert settings() == ["from another thread"]


def test_the_run_uses_the_database_it_was_told_to(database, request):
    wanted = "sqlite" if request.config.getoption("--database-url") == "sqlite" else "postgresql"

    assert dialect() == wanted
    assert db.session().execute(text("SELECT 1")).scalar() == 1


def test_redis_is_real_and_empty(redis_url):
    with Redis.from_url(redis_url) as redis:
        assert redis.dbsize() == 0
        redis.set("word", "here")
        assert redis.get("word") == b"here"
