"""`definitions check`: an answer whatever is named, even where nothing is set up; no traceback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import Result

from app import create_app
from app.config import ROOT, Settings
from app.engine.reading import LARGEST_DRAFT, LARGEST_FILE
from tests.engine.decisions import table
from tests.engine.diagrams import Diagram

SOUND = (ROOT / "bpmn" / "urgent_report.bpmn").read_bytes()
PLAIN = Diagram("plain").start().user("a", form="approval").end()
BAD = Diagram("bad").start().node("scriptTask", "pay", name="\u202e\x9b2J付款").end()
BOMB = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>'


@pytest.fixture
def checked(tmp_path):
    """Check files in a folder of their own: `checked("a.bpmn", "--json")`."""
    runner = create_app(Settings(database_url="sqlite://")).test_cli_runner()

    def run(*words: str | bytes, **options: object) -> Result:
        given = [os.fsdecode(word) for word in words]
        return runner.invoke(args=["definitions", "check", *given], **options)

    here = Path.cwd()
    os.chdir(tmp_path)
    yield run
    os.chdir(here)


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(50 * 1024**3)


def plugged(path: Path) -> None:
    """Named from where it stands: a socket's address may be a hundred characters long at most."""
    with chdir(path.parent), socket.socket(socket.AF_UNIX) as plug:
        plug.bind(path.name)


def written(content: bytes):
    return lambda path: path.write_bytes(content)


ODD = {
    "a folder": (lambda path: path.mkdir(), "file_unreadable"),
    "nothing": (lambda _path: None, "file_unreadable"),
    "a ring of links": (lambda path: path.symlink_to(path), "file_unreadable"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "file_kind"),
    "a pipe nobody fills": (os.mkfifo, "file_kind"),
    "a socket": (plugged, "file_unreadable"),
    "memory": (lambda path: path.symlink_to("/proc/self/mem"), "file_unreadable"),
    "fifty gigabytes": (huge, "file_size"),
    "more than a draft": (written(b" " * (LARGEST_DRAFT + 1)), "file_size"),
    "more than is published": (written(b"<a>" + b" " * LARGEST_FILE + b"</a>"), "file_size"),
    "empty": (written(b""), "file_xml"),
    "a picture": (written(b"\x89PNG\r\n\x1a\n\xff\xfe"), "file_encoding"),
    "zeros": (written(bytes(1000)), "file_doctype"),
    "an archive": (written(b"PK\x03\x04\x14\x00\x00\x00\x08\x00\xff\xff"), "file_encoding"),
    "a bomb": (written(BOMB), "file_doctype"),
    "very deep": (written(b"<a>" * 100_000 + b"</a>" * 100_000), "file_xml"),
    "half a file": (written(SOUND[:3000]), "file_xml"),
    "UTF-16": (written(SOUND.decode().encode("utf-16")), "file_encoding"),
    "GB18030": (written(SOUND.decode().encode("gb18030")), "file_encoding"),
    "another page": (written(b"<html><body/></html>"), "not_bpmn"),
    "an empty table": (written(table(["v"], ["o"], [])), "rules"),
}


@pytest.mark.parametrize("what", ODD)
def test_whatever_is_named_gets_an_answer(what, checked, tmp_path):
    make, code = ODD[what]
    make(tmp_path / "odd.bpmn")

    said, told = checked("odd.bpmn"), checked("odd.bpmn", "--json")

    assert (said.exit_code, told.exit_code) == (1, 1)
    assert isinstance(said.exception, SystemExit)
    (row,) = json.loads(told.output)
    assert code in [each["code"] for each in row["findings"]]
    assert (row["file"], row["sound"]) == ("odd.bpmn", False)


@pytest.mark.parametrize("mark", ["\ufeff", '<?xml version="1.0" encoding="GB18030"?>\n'])
def test_what_is_utf8_is_read_whatever_it_says_of_itself(mark, checked, tmp_path):
    (tmp_path / "plain.bpmn").write_text(mark + PLAIN.xml.decode())

    assert checked("plain.bpmn").exit_code == 0, checked("plain.bpmn").output


@pytest.mark.parametrize("name", [b"\xff\xfe.bpmn", b"\x1b[2J.bpmn", "汇报.bpmn".encode(), b"a b"])
def test_a_file_may_be_called_anything(name, checked, tmp_path):
    (tmp_path / os.fsdecode(name)).write_bytes(BAD.xml)

    said = checked(name)

    assert said.exit_code == 1
    assert "\x1b" not in said.output
    assert json.loads(checked(name, "--json").output)[0]["findings"]


def test_what_a_file_hides_stays_hidden(checked, tmp_path):
    (tmp_path / "bad.bpmn").write_bytes(BAD.xml)

    said = checked("bad.bpmn").output

    assert "\u202e" not in said
    assert "\x9b" not in said
    assert "bad.bpmn: pay: error: " in said


def test_everything_is_said_of_every_file_in_the_language_asked_for(checked, tmp_path):
    for name in ("bad", "worse"):
        twice = BAD.xml.replace(b'"case_f', b'"f').replace(b'id="bad"', f'id="{name}"'.encode())
        (tmp_path / f"{name}.bpmn").write_bytes(twice.replace(b'"begin"', b'"Start"'))
    (tmp_path / "plain.bpmn").write_bytes(PLAIN.xml)
    files = ("bad.bpmn", "plain.bpmn", "worse.bpmn")

    english = checked(*files, env={"LC_ALL": "C.UTF-8"})
    chinese = checked(*files, "--lang", "zh")

    assert (english.exit_code, chinese.exit_code) == (1, 1)
    assert english.output.count("is a script task") == chinese.output.count("是脚本任务") == 2
    assert "plain.bpmn: may be published" in english.output
    assert "plain.bpmn: 可以发布" in chinese.output
    assert checked(*files, env={"LC_ALL": "zh_CN.UTF-8"}).output == chinese.output
    rows = json.loads(checked(*files, "--json").output)
    assert [row["sound"] for row in rows] == [False, True, False]
    for finding in (each for row in rows for each in row["findings"]):
        assert finding["message_en"].rpartition("”")[2] in english.output
        assert finding["message_zh"].rpartition("”")[2] in chinese.output


def test_files_checked_together_may_call_each_other(checked, tmp_path):
    (tmp_path / "caller.bpmn").write_bytes(
        Diagram("caller").start().call("ask", "plain").rule("grade", "levels").end().xml
    )
    (tmp_path / "plain.bpmn").write_bytes(PLAIN.xml)
    (tmp_path / "levels.dmn").write_bytes(table(["v"], ["o"], [(["-"], ["1"])], name="levels"))

    assert checked("caller.bpmn", "plain.bpmn", "levels.dmn").exit_code == 0
    alone = checked("caller.bpmn").output
    assert "caller.bpmn: ask: error: " in alone
    assert "caller.bpmn: grade: error: " in alone


def test_a_file_is_called_after_what_it_holds(checked, tmp_path):
    (tmp_path / "other.bpmn").write_bytes(PLAIN.xml)

    said = checked("other.bpmn")

    assert said.exit_code == 1
    assert "“plain”" in said.output


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BAD.xml, 0),
        (b"<a>" + b" " * LARGEST_FILE + b"</a>", 0),
        (BOMB, 1),
        (b" " * (LARGEST_DRAFT + 1), 1),
    ],
)
def test_a_draft_may_be_anything_that_is_plain_xml(content, code, checked, tmp_path):
    (tmp_path / "draft.bpmn").write_bytes(content)

    assert checked("draft.bpmn", "--draft").exit_code == code


def made() -> set[Path]:
    """What stands at the top of the project, but for what Python compiles for itself."""
    return {each for each in ROOT.iterdir() if each.name != "__pycache__"}


@pytest.mark.parametrize("address", [None, "nonsense", "postgresql://127.0.0.1:1/nowhere"])
def test_nothing_needs_to_be_set_up(address, tmp_path):
    (tmp_path / "plain.bpmn").write_bytes(PLAIN.xml)
    settings = {"ENV": "production"} if address else {}
    settings |= {"DATABASE_URL": address, "REDIS_URL": address} if address else {}
    before = made()

    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "definitions", "check", "plain.bpmn"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        check=False,
        text=True,
    )

    assert (done.returncode, done.stdout) == (0, "plain.bpmn: may be published\n"), done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"plain.bpmn"}
    assert made() == before
