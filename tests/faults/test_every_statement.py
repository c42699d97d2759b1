"""The database goes away at the first, second, third … statement of a request: 503 and a way on."""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, event, text

from app import create_app
from app.config import Settings
from app.db import db, session
from tests import stories, supervision
from tests.access.browsers import give_passwords, hidden_fields, signed_in
from tests.faults.test_crashes import NODE, waiting_item
from tests.faults.together import acts_of, require_agreement, require_whole
from tests.people import County
from tests.web.conftest import Browser

JSON = {"Accept": "application/json"}
KEPT = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
TYPED = "同意，请“住建局”三日内反馈 <b>&amp;"
MOST = 80  # statements a request may have before the test gives up
SENDING = ("do_execute", "do_executemany", "do_execute_no_params")  # every way to the database
Way = Callable[[Browser], Any]


class Dying:
    """Ends the connection when its statement number `at` is about to be sent (0: never)."""

    def __init__(self, app: Flask, at: int) -> None:
        self.at, self.count, self.struck = at, 0, 0
        with app.app_context():
            self.engine = db.engine
        self.other = create_engine(self.engine.url, poolclass=NullPool)

    def statement(self, cursor: Any, *_rest: Any) -> None:
        """One more statement."""
        if not self.struck:
            self.count += 1
            if self.count == self.at:
                self.strike(cursor.connection)

    def strike(self, connection: Any) -> None:
        """PostgreSQL really ends the session; SQLite finds its file locked for too long."""
        self.struck += 1
        if self.engine.dialect.name == "sqlite":
            problem = sqlite3.OperationalError("database is locked")
            problem.sqlite_errorname = "SQLITE_BUSY"
            raise problem
        with self.other.connect() as end:
            pid = connection.info.backend_pid
            assert end.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


class Apart(FlaskClient):
    """A test client whose requests begin and end as real ones do, whatever the test holds open."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send it from a thread of its own."""
        with ThreadPoolExecutor(1) as elsewhere:
            return elsewhere.submit(super().open, *args, **kwargs).result()


@contextmanager
def dying(app: Flask, at: int) -> Iterator[Dying]:
    """While the block lasts the connection dies at that statement, once."""
    fault = Dying(app, at)
    for way in SENDING:
        event.listen(fault.engine, way, fault.statement)
    try:
        yield fault
    finally:
        for way in SENDING:
            event.remove(fault.engine, way, fault.statement)


@pytest.fixture(scope="module")
def director(at_work: Flask, busy_county: County) -> Browser:
    """The director of supervision, signed in."""
    give_passwords()
    at_work.test_client_class = Apart
    return signed_in(at_work, busy_county.post("supervising_director"))


@pytest.mark.parametrize("which", ["inbox", "task"])
def test_a_page_whose_connection_dies_at_any_statement_says_try_again(
    at_work, busy_county, director, which
):
    item = waiting_item(busy_county, f"打开{which}")
    path = "/inbox/" if which == "inbox" else f"/tasks/{stories.task(item, NODE).id}"
    session().rollback()
    director.get(path)  # what is read once and kept
    with dying(at_work, at=0) as calm:
        director.get(path)
    struck = 0
    for at in range(1, MOST):
        with dying(at_work, at) as fault:
            answer = director.get(path)
        if not fault.struck:
            break
        struck += 1
        require_excused(answer)
        assert "重试" in answer.text
        assert director.get(path).status_code == 200

    print(f"{struck} statements of {path}, each struck once")
    assert answer.status_code == 200
    assert struck >= calm.count >= 2


@pytest.mark.soak("R6")
def test_what_was_sent_when_it_died_is_kept_and_done_once(
    at_work, busy_county, director, size, figures
):
    struck, done, every = 0, 0, size(4, 1)
    there_are = statements_of_a_completion(at_work, busy_county, director)
    for at in range(1, MOST, every):
        item = waiting_item(busy_county, f"第{at}条语句")
        path, fields = filled_in(director, item)
        with dying(at_work, at) as fault:
            answer = director.client.post(path, data=fields)
        if not fault.struck:
            break
        struck += 1
        if answer.status_code == 503:
            require_excused(answer)
            kept = {name: unescape(value) for name, value in sent_with(answer.text)}
            assert kept == fields, "everything typed is on the page, with key and token"
            answer = director.client.post(path, data=kept)
        else:
            done += 1
        assert answer.status_code == 303, answer.text
        assert acts_of(item, "task.completed") == 2, "registered and approved"
        require_agreement(item)

    least = len(range(1, there_are + 1, every))
    figures("statements of a completion, its connection ended at each", struck)
    figures("statements left out", max(0, least - struck), exactly=0)
    figures("of these noticed by nobody", done)
    assert struck > done
    assert there_are > 2, "it is read, locked and written"
    require_whole()


def statements_of_a_completion(app: Flask, county: County, director: Browser) -> int:
    """How many the completion below has when nothing goes wrong."""
    for matter in ("第一次", "第二次"):  # the first one also reads what is read once and kept
        path, fields = filled_in(director, waiting_item(county, matter))
        with dying(app, at=0) as calm:
            assert director.client.post(path, data=fields).status_code == 303
    return calm.count


def sent_with(page: str) -> list[tuple[str, str]]:
    """The fields behind the page's button to send everything again."""
    return KEPT.findall(page.partition('class="error-acts"')[2])


def filled_in(browser: Browser, item: int) -> tuple[str, dict[str, str]]:
    """The form of the dispatch's approval as a person sends it."""
    address = f"/tasks/{stories.task(item, NODE).id}"
    form = hidden_fields(browser.get(address).text)
    token = browser.token()
    session().rollback()
    typed = {**supervision.APPROVE, "opinion": TYPED}
    return f"{address}/completion", {"csrf_token": token, **form, **typed}


def require_excused(answer: Any) -> None:
    """503, when to come back, no navigation that would ask the database, and nothing inside out."""
    assert answer.status_code == 503, answer.text
    assert answer.headers["Retry-After"] == "5"
    assert "没有丢失" in answer.text
    assert '<nav class="rail"' not in answer.text
    assert "Error" not in answer.text
    assert "SELECT" not in answer.text


@pytest.mark.only("postgresql")
def test_sessions_that_ended_while_nobody_worked_cost_nobody_an_error(at_work, director):
    assert director.get("/inbox/").status_code == 200
    session().rollback()
    with create_engine(db.engine.url, poolclass=NullPool).connect() as other:
        ended = other.scalars(
            text("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE "
                 "datname = current_database() AND pid <> pg_backend_pid()")
        ).all()  # fmt: skip
    assert len(ended) >= 1

    assert director.get("/inbox/").status_code == 200


def test_a_page_in_the_other_language_and_an_answer_for_programs(at_work, director):
    with dying(at_work, 2) as fault:
        english = director.get("/inbox/", headers={"Accept-Language": "en"})
    with dying(at_work, 2) as again:
        program = director.get("/inbox/", headers=JSON)

    assert fault.struck == again.struck == 1
    assert "Nothing is lost" in english.text
    assert (program.status_code, program.headers["Retry-After"]) == (503, "5")
    assert program.json["code"] == "busy"


def test_passwords_and_files_are_never_put_on_a_page(at_work, director):
    somebody = Browser(at_work.test_client())
    token = somebody.token()
    with dying(at_work, 1) as fault:
        answer = somebody.client.post(
            "/signin", data={"csrf_token": token, "login": "x", "password": "geheim"}
        )

    assert (fault.struck, answer.status_code) == (1, 503)
    assert "geheim" not in answer.text
    assert "密码和文件需要重新填写" in answer.text


def test_whoever_waits_too_long_for_a_connection_is_told_to_try_again(at_work, monkeypatch):
    monkeypatch.setattr("app.connections.IN_LINE", 0)
    address = at_work.config["SETTINGS"].database_url
    app = create_app(Settings(env="test", database_url=address, database_connections=1))
    app.testing = True
    with app.app_context(), db.engine.connect():
        browser = app.test_client()
        browser.set_cookie("wv", "somebody")
        answer, page = browser.get("/readyz"), browser.get("/")
    with app.app_context():
        db.engine.dispose()

    assert (answer.status_code, page.status_code) == (503, 503)


@pytest.mark.only("sqlite")
def test_a_file_that_cannot_grow_is_read_and_refuses_to_be_written(at_work, busy_county, director):
    item = waiting_item(busy_county, "磁盘已满")
    path, fields = filled_in(director, item)

    fields["opinion"] = "".join(chr(0x4E00 + 7919 * n % 20_000) for n in range(4_000))

    def no_more_pages(connection: Any, *_rest: Any) -> None:
        connection.execute("PRAGMA max_page_count=1")  # the present size is the least it takes

    with closing(sqlite3.connect(db.engine.url.database or "")) as file:
        file.execute("VACUUM")  # no empty pages, and no room for that in the others
    event.listen(db.engine, "checkout", no_more_pages)
    try:
        refused = director.client.post(path, data=fields)
        read = director.get("/inbox/")
    finally:
        event.remove(db.engine, "checkout", no_more_pages)
        db.engine.dispose()

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert "存储空间已满" in refused.text
    assert "再次提交" in refused.text
    assert read.status_code == 200
    assert director.client.post(path, data=fields).status_code == 303
    require_agreement(item)


def test_a_form_that_finds_no_room_on_its_way_in_is_no_bug(at_work, director, monkeypatch):
    def full(*_given: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("app.web.tasks.sent", full)
    answer = director.post("/tasks/1/completion", {"opinion": "x"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "存储空间已满" in answer.text


@pytest.mark.only("sqlite")
def test_a_statement_that_is_wrong_is_a_bug_and_not_called_busy(at_work, director, monkeypatch):
    def wrong(*_given: Any) -> None:
        session().execute(text("SELECT nothing FROM nowhere"))

    monkeypatch.setattr("app.web.tasks.sent", wrong)
    at_work.testing = False
    try:
        answer = director.post("/tasks/1/completion", {"opinion": "x"})
    finally:
        at_work.testing = True

    assert answer.status_code == 500
