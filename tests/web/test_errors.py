"""Refusals and failures: the right status, plain words, a number to quote, nothing given away."""

from __future__ import annotations

import json
import logging

import pytest

from app import create_app
from app.config import Settings
from app.web.logs import JsonLines

HTMX = {"HX-Request": "true"}
JSON = {"Accept": "application/json"}


@pytest.fixture
def clerk(browser, somebody):
    somebody("clerk")
    browser.sign_in("clerk")
    return browser


@pytest.fixture(params=["test", "demo"])
def away(request, tmp_path):
    """An application whose database is not there."""
    missing = tmp_path / "no" / "such" / "folder" / "file.sqlite3"
    address = f"sqlite:///{missing}"
    return create_app(Settings(env=request.param, database_url=address)).test_client()


@pytest.mark.parametrize(
    ("how", "status", "words"),
    [
        ("missing", 404, "没有找到"),
        ("forbidden", 403, "您没有办理权限"),
        ("invalid", 422, "有内容需要更正"),
        ("stale", 409, "已有人先行办理"),
    ],
)
def test_a_refusal_is_a_page_in_the_frame(clerk, how, status, words):
    answer = clerk.get(f"/sample/refuse/{how}")

    assert answer.status_code == status
    assert words in answer.text
    assert '<nav class="rail"' in answer.text
    assert f"<code>{answer.headers['X-Request-Id']}</code>" in answer.text


def test_a_part_of_a_page_gets_a_message_beside_it(clerk):
    answer = clerk.get("/sample/refuse/invalid", headers=HTMX)

    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#notices"
    assert "<html" not in answer.text
    assert "请选择" in answer.text


def test_a_program_gets_code_words_fields_and_who_was_faster(clerk):
    invalid = clerk.get("/sample/refuse/invalid", headers=JSON).json
    stale = clerk.get("/sample/refuse/stale", headers=JSON).json

    assert invalid["code"] == "invalid"
    assert invalid["message"] == "未作任何改动。"
    assert invalid["fields"] == {"name": "请选择"}
    told = {name: stale[name] for name in ("code", "by", "at", "version", "what")}
    assert told == {"code": "stale", "by": "x", "at": None, "version": None, "what": ""}


def test_a_method_an_address_does_not_take_names_those_it_does(clerk):
    answer = clerk.post("/sample/page")

    assert answer.status_code == 405
    assert len(answer.headers.getlist("Content-Type")) == 1
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_what_is_too_large_is_refused(clerk):
    large = "x" * (21 * 1024 * 1024)

    assert clerk.post("/language/en", {"next": large}).status_code == 413


def test_a_failure_with_a_status_of_its_own_is_told_as_ours(clerk):
    answer = clerk.get("/sample/refuse/later")

    assert answer.status_code == 500
    assert "系统出了问题" in answer.text


def test_a_bug_shows_no_trace_and_quotes_nothing(doors, clerk):
    doors.testing = False
    try:
        page = clerk.get("/sample/refuse/bug")
        program = clerk.get("/sample/refuse/bug", headers=JSON)
    finally:
        doors.testing = True

    assert page.status_code == program.status_code == 500
    assert "系统出了问题" in page.text
    assert '<nav class="rail"' not in page.text
    for answer in (page, program):
        assert "Traceback" not in answer.text
        assert "somebody" not in answer.text
        assert "ZeroDivision" not in answer.text


def test_a_database_that_is_away_is_no_bug(away):
    away.set_cookie("wv", "a session")

    page = away.get("/")
    program = away.get("/", headers=JSON)

    assert page.status_code == program.status_code == 503
    assert page.headers["Retry-After"] == "5"
    assert "系统正忙" in page.text
    assert program.json["code"] == "busy"


def test_a_visit_during_a_busy_spell_is_shown_all_the_same(clerk, later, monkeypatch):
    from app.errors import Busy
    from app.i18n import _

    def busy(*_args, **_named):
        raise Busy(_("Nothing was changed."))

    monkeypatch.setattr("app.web.sessions.touch_session", busy)
    later(minutes=3)

    assert clerk.get("/sample/page").status_code == 200


# --- health


def test_the_process_is_alive_even_without_a_database(away):
    away.set_cookie("wv", "a session")

    assert away.get("/healthz").json == {"status": "ok"}


def test_it_is_ready_when_the_database_has_its_tables(browser):
    answer = browser.get("/readyz")

    assert answer.status_code == 200
    assert answer.json == {"database": "ok", "redis": "not set", "workers": 0}


def test_it_is_not_ready_without_a_database_or_without_tables(away, tmp_path):
    empty = create_app(Settings(env="test", database_url=f"sqlite:///{tmp_path / 'new.sqlite3'}"))

    assert (away.get("/readyz").status_code, away.get("/readyz").json["database"]) == (503, "away")
    answer = empty.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["database"].startswith("no schema")


def test_redis_is_told_but_not_required(browser, doors, monkeypatch, redis_url):
    monkeypatch.setitem(doors.config, "SETTINGS", Settings(env="test", redis_url=redis_url))
    assert browser.get("/readyz").json["redis"] == "ok"

    nobody = Settings(env="test", redis_url="redis://127.0.0.1:1/0")
    monkeypatch.setitem(doors.config, "SETTINGS", nobody)
    answer = browser.get("/readyz")
    assert (answer.status_code, answer.json["redis"]) == (200, "away")


# --- logs


def test_every_request_leaves_one_line_without_what_people_wrote(clerk, caplog):
    caplog.set_level(logging.INFO)
    answer = clerk.get("/sample/refuse/stale?q=房屋买卖")

    records = [r for r in caplog.records if r.name == "weathervane.requests"]
    line = json.loads(JsonLines(quote=False).format(records[-1]))
    assert line["route"] == "/sample/refuse/<how>"
    assert line["status"] == 409
    assert line["failed"] == "stale"
    assert line["person"]
    assert answer.headers["X-Request-Id"]
    assert "房屋" not in json.dumps(line, ensure_ascii=False)


@pytest.mark.parametrize("quote", [False, True])
def test_a_logged_failure_says_where_and_quotes_only_when_told(quote):
    with pytest.raises(ValueError, match="合同") as caught:
        int("房屋买卖合同")
    problem = (caught.type, caught.value, caught.tb)
    record = logging.LogRecord("app", logging.ERROR, "", 1, "failed", None, problem)

    line = json.loads(JsonLines(quote=quote).format(record))

    assert line["problem"] == "ValueError"
    assert line["where"][-1].endswith("test_a_logged_failure_says_where_and_quotes_only_when_told")
    assert ("房屋买卖合同" in line.get("said", "")) is quote
