"""The hostile corpus: nothing in it runs, reaches out, is touched or holds anybody up (S1–S3)."""

from __future__ import annotations

import ctypes
import json
import os
import select
import socket
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from app.config import ROOT
from tests.engine.corpus.plants import PLANTS

OPENED = 0x1 | 0x2 | 0x20 | 0x40 | 0x80 | 0x100 | 0x200  # read, written, opened, moved, made, gone
EVENT = struct.Struct("iIII")
SEEN_EVERY_TIME = [
    "only the engine's methods replaced, its environment left",
    "scripts are run",
    "any syntax is allowed",
    "a rule gone: constructs.unsupported",
    "a rule gone: wording.unreadable",
    "XML as it comes",
    "no limit on steps and time",
    "elements crowded with attributes",
]


class Trap:
    """A folder with a secret in it and a door on loopback; both notice whoever comes near."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "secret.txt").write_text("secret")
        (folder / "evil.dtd").write_text('<!ENTITY y "secret">')
        self.door = socket.create_server(("127.0.0.1", 0))
        libc = ctypes.CDLL(None, use_errno=True)
        self.watch = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        assert libc.inotify_add_watch(self.watch, os.fsencode(folder), OPENED) > 0

    def put(self, *jobs: str) -> dict[str, dict]:
        """Let the corpus loose in a process of its own; what each job reports."""
        port = str(self.door.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-P", "-m", "tests.engine.corpus.run", self.folder, port, *jobs],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        )
        return {report["job"]: report for report in map(json.loads, done.stdout.splitlines())}

    def called(self) -> bool:
        """Whether anybody knocked."""
        return bool(select.select([self.door], [], [], 0)[0])

    def touched(self) -> list[str]:
        """The files of the folder that were opened, made or changed."""
        found, names = b"", []
        while select.select([self.watch], [], [], 0)[0]:
            found += os.read(self.watch, 65536)
        while found:
            _watch, _mask, _cookie, length = EVENT.unpack_from(found)
            names.append(os.fsdecode(found[EVENT.size : EVENT.size + length].rstrip(b"\0")))
            found = found[EVENT.size + length :]
        return [name for name in names if name]


@pytest.fixture
def trap(tmp_path):
    made = Trap(tmp_path)
    yield made
    made.door.close()
    os.close(made.watch)


@pytest.mark.only("sqlite")
@pytest.mark.soak("S1")
def test_nothing_of_the_corpus_comes_to_life(trap, figures):
    found = trap.put("everything")["everything"]

    figures("hostile files", found["files"], at_least=150)
    figures("of them refused at the gate", found["refused"])
    figures("of them kept, listed and inert", found["inert"])
    figures("hostile expressions", found["expressions"], at_least=300)
    figures("hostile stored cases", found["states"], at_least=100)
    figures("things run, opened or asked for", sum(found["events"].values()), exactly=0)
    figures("files touched", len(trap.touched()), exactly=0)
    figures("requests", int(trap.called()), exactly=0)
    figures("answers that were not ours", found["wrongs"], exactly=0)
    assert found["refused"] + found["inert"] == found["files"]
    assert found["wrong"] == []
    assert found["read"] <= 6, "a fact's name and remainders of texts"


@pytest.mark.only("sqlite")
@pytest.mark.soak("S2")
def test_the_largest_file_is_judged_in_a_second(trap, figures):
    found = trap.put("heavy")["heavy"]

    seconds, what = found["slowest"]
    figures("files of up to a megabyte", found["files"], at_least=30)
    figures(f"slowest ({what.removeprefix('gate: ')})", seconds, unit="s", at_most=1)
    figures("memory of the process", found["megabytes"], unit="MB", at_most=300)
    assert found["wrong"] == []


@pytest.mark.only("sqlite")
@pytest.mark.soak("S1")
def test_planted_faults_turn_the_corpus_red(trap, figures, size):
    planted = size(SEEN_EVERY_TIME, list(PLANTS))
    reports = trap.put(*planted)

    unseen = [job for job in planted if not (reports[job]["wrongs"] or reports[job]["events"])]
    figures("planted faults", len(planted), at_least=8)
    figures("of them unnoticed", len(unseen), exactly=0)
    assert unseen == []
    assert "secret.txt" in trap.touched()
    socket.create_connection(trap.door.getsockname()).close()
    assert trap.called(), "the door would have told"
