"""`flask install`, `definitions`, `audit`, `demo accounts`; commands before there are tables."""

from __future__ import annotations

import json

import pytest

from app import create_app
from app.actor import SYSTEM
from app.commands import workers
from app.config import ROOT, Settings
from app.db import session
from app.model import Setting
from tests import databases, stories

OWN = ROOT / "bench" / "processes"


def test_installing_says_what_was_added_and_then_nothing(typed):
    first = typed("install")

    assert first.exit_code == 0, first.output
    assert "profiles: tanghe v1, tongxu v1" in first.output
    assert "definitions: -" in typed("install").output


def test_a_diagram_of_ones_own_takes_the_place_of_the_shipped_one(typed):
    typed("install")

    assert "definitions: supervision_brief v2" in typed("install", str(OWN)).output
    assert "definitions: -" in typed("install", str(OWN)).output


def test_a_folder_that_holds_what_cannot_be_published_is_refused_in_words(typed, tmp_path):
    (tmp_path / "empty.bpmn").write_text("<nothing/>")

    answer = typed("install", str(tmp_path))

    assert answer.exit_code == 1
    assert "empty.bpmn" in answer.output
    assert "Traceback" not in answer.output


def test_what_is_published_is_listed_and_whole(typed):
    typed("install")

    listed = json.loads(typed("definitions", "list", "--json").output)

    assert {"key", "kind", "version", "title", "running", "sha256"} == set(listed[0])
    assert "risk_notice" in typed("definitions", "list").output
    verified = typed("audit", "verify")
    assert (verified.exit_code, "whole." in verified.output) == (0, True)


def test_shipped_files_pass_the_gate(typed):
    files = sorted((ROOT / "bpmn").glob("*.bpmn"))

    answer = typed("definitions", "check", *files)

    assert answer.exit_code == 0, answer.output
    assert "risk_notice.bpmn: may be published" in answer.output


def test_a_file_with_a_script_does_not_pass_and_names_the_element(typed, tmp_path):
    file = tmp_path / "bad.bpmn"
    shipped = (ROOT / "bpmn" / "urgent_report.bpmn").read_text()
    file.write_text(shipped.replace("userTask", "scriptTask"))

    answer = typed("definitions", "check", file)

    assert answer.exit_code == 1
    assert "bad.bpmn: " in answer.output
    assert "error" in answer.output


def test_demonstration_accounts_are_listed_only_where_there_are_any(app, typed, tanghe):
    assert typed("demo", "accounts").exit_code == 1

    session().add(Setting(key="demo.password", value='"demo-2026"'))
    session().commit()
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = Settings(env="demo")
    try:
        listed = json.loads(typed("demo", "accounts", "--json").output)
        words = typed("demo", "accounts").output
    finally:
        app.config["SETTINGS"] = settings

    by_login = {each["login"]: each for each in listed}
    assert by_login["fy-sgb_court_analyst"] == {
        "login": "fy-sgb_court_analyst", "password": "demo-2026",
        "unit": "县人民法院审判管理办公室", "roles": ["court_analyst"],
    }  # fmt: skip
    assert "Court analyst" in words


@pytest.mark.parametrize(
    "words",
    [["install"], ["work"], ["rounds", "list"], ["rounds", "import", __file__, "--round", "2022Q3"],
     ["definitions", "list"], ["units", "list"], ["people", "list"], ["audit", "verify"],
     ["units", "add", "AB", "县", "--kind", "dept"], ["people", "add", "ab", "人"],
     ["people", "password", "ab"], ["demo", "accounts"]],
)  # fmt: skip
def test_without_tables_every_command_says_how_to_make_them(server, worker, tmp_path, words):
    with databases.fresh(server, f"weathervane_{worker}_bare", tmp_path) as address:
        app = create_app(Settings(env="test", database_url=address))
        answer = app.test_cli_runner().invoke(args=words)
        with app.app_context():
            from app.db import db

            db.engine.dispose()

    assert answer.exit_code == 1
    assert "flask --app wsgi db upgrade" in answer.output


def test_the_background_processes_are_listed_with_their_signs_of_life(typed):
    nobody = typed("workers")
    assert (nobody.exit_code, "No background process is alive" in nobody.output) == (1, True)
    stories.set_clock("2026-07-06 09:00")
    here, _gone = (workers.sign_on(name, actor=SYSTEM) for name in ("here", "gone"))
    workers.sign_off(workers.sign_on("stopped", actor=SYSTEM), actor=SYSTEM)
    stories.set_clock("2026-07-06 09:01")
    workers.beat(here, actor=SYSTEM)

    found = typed("workers", "--json")

    states = {each["name"]: each["state"] for each in json.loads(found.output)}
    assert states == {"here": "alive", "gone": "gone", "stopped": "stopped"}
    assert "last sign of life" in typed("workers").output


@pytest.mark.parametrize("command", ["install", "work", "audit verify", "units list"])
def test_a_database_that_is_away_is_said_in_a_sentence(tmp_path, command):
    missing = f"sqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'file.sqlite3'}"
    app = create_app(Settings(env="test", database_url=missing))

    answer = app.test_cli_runner().invoke(args=command.split())

    assert answer.exit_code == 1
    assert "The database is busy or away." in answer.output
    assert "Traceback" not in answer.output
