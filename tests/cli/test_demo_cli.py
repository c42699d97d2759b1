"""`demo story`, `load`, `reset` as people type them, and where they refuse to begin."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import inspect

from app import create_app
from app.commands import installation
from app.config import Settings
from app.db import db
from app.demo import loading, story
from app.demo.both import beginning
from app.demo.history import last_year
from app.queries.people import demo_accounts

SAYS = Callable[..., Result]


@pytest.fixture
def one_chapter(monkeypatch):
    """Stories and histories of one chapter: what is told is proven elsewhere."""
    monkeypatch.setattr(story, "CHAPTERS", {"tanghe": (beginning,), "tongxu": (beginning,)})
    monkeypatch.setattr(loading, "CHAPTERS", (last_year,))
    monkeypatch.setattr(loading, "BOTH", ())


@pytest.fixture
def empty(tmp_path, monkeypatch, one_chapter) -> Iterator[SAYS]:
    """A terminal whose DATABASE_URL names a database that is not there yet, nor its folder."""
    address = f"sqlite:///{tmp_path / 'instance' / 'empty.sqlite3'}"
    monkeypatch.setenv("DATABASE_URL", address)
    app = create_app(Settings(env="demo", database_url=address))
    runner = app.test_cli_runner()
    with app.app_context():
        yield lambda *words, **options: runner.invoke(args=["demo", *words], **options)
        db.engine.dispose()


def test_the_story_is_told_in_chinese_and_leaves_nothing_behind(empty):
    said = empty("story", "--profile", "tanghe")

    assert said.exit_code == 0, said.output
    assert "## 1. 县域开局" in said.output
    assert "✓   1  [时钟]" in said.output
    assert said.output.rstrip().endswith("7 个检查点中 7 个成立。")
    assert inspect(db.engine).get_table_names() == []


def test_the_story_is_told_in_english_and_kept(empty):
    said = empty("story", "--profile", "tongxu", "--lang", "en", "--keep")

    assert said.exit_code == 0, said.output
    assert "## 1. The county begins" in said.output
    assert "7 of 7 checkpoints held." in said.output
    assert "person" in inspect(db.engine).get_table_names()
    again = empty("story", "--profile", "tongxu")
    assert (again.exit_code, "holds something already" in again.output) == (1, True)


def test_the_story_for_machines(empty):
    said = empty("story", "--profile", "tanghe", "--json")

    told = json.loads(said.output)
    assert (told["held"], told["profile"], told["audit"]["whole"]) == (True, "tanghe", True)
    assert told["checkpoints"][0]["rule"] == "clock"
    assert {"no", "chapter", "sentence", "expected", "found", "held"} <= set(told["checkpoints"][0])


def test_a_checkpoint_that_does_not_hold_is_told_and_ends_badly(empty, monkeypatch):
    monkeypatch.setattr(beginning, "definitions", lambda: ())

    said = empty("story", "--profile", "tanghe", "--lang", "en")

    assert said.exit_code == 1
    assert "✗   2  Thirteen processes and two decision tables are published." in said.output
    assert "expected: bpmn: 13, dmn: 2\n         read back: bpmn: 0, dmn: 0" in said.output
    assert "6 of 7 checkpoints held." in said.output


def test_without_an_address_a_temporary_database_is_used(empty, monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL")

    said = empty("story", "--profile", "tanghe")

    assert said.exit_code == 0, said.output
    assert [each.name for each in Path(tmp_path).iterdir()] == []


def test_the_county_is_loaded_once_and_started_over(empty):
    assert empty("load").exit_code == 0
    first = passwords()
    again = empty("load")
    assert (again.exit_code, "demo reset" in again.output) == (1, True)
    assert passwords() == first

    assert empty("reset", input="n\n").exit_code == 1
    assert passwords() == first
    assert empty("reset", "--yes").exit_code == 0
    assert passwords() != first
    assert first.pop() not in empty("accounts").output


def test_a_real_database_is_never_reset(empty):
    installation.create_schema()
    installation.install()

    said = empty("reset", "--yes")

    assert (said.exit_code, "not a demonstration" in said.output) == (1, True)
    assert "person" in inspect(db.engine).get_table_names()


@pytest.mark.parametrize("words", [("load",), ("reset", "--yes"), ("story", "--profile", "tanghe")])
def test_production_knows_no_demonstration(tmp_path, words):
    settings = Settings(
        env="production",
        secret_key="s" * 40,
        allow_sqlite=True,
        database_url=f"sqlite:///{tmp_path / 'real.sqlite3'}",
    )
    app = create_app(settings)

    said = app.test_cli_runner().invoke(args=["demo", *words])

    assert (said.exit_code, "In production there is no demonstration" in said.output) == (1, True)
    with app.app_context():
        assert inspect(db.engine).get_table_names() == []
        db.engine.dispose()


def passwords() -> set[str]:
    return {each.password for each in demo_accounts(Settings(env="demo"))}
