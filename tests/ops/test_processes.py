"""Child processes end when they should: asked, stubborn, interrupted, or orphaned."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ops import processes
from tests.ops.families import alive, gone, members

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""
IDLE = """
import time
print("up", flush=True)
time.sleep(60)
"""
PARENT = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("up", flush=True)
import time; time.sleep(60)
"""
STARTER = f"""
import sys, time
from pathlib import Path
from ops import processes
from tests.ops.families import alive, gone, members
log = Path(sys.argv[1])
child = processes.spawn([sys.executable, "-c", {IDLE!r}], log=log)
up = lambda: "up" in log.read_text()
processes.wait_until(up, process=child, what="child", log=log, seconds=20)
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def log(tmp_path):
    return tmp_path / "child.log"


def start(code: str, log: Path) -> subprocess.Popen[bytes]:
    child = processes.spawn([sys.executable, "-c", code], log=log)
    processes.wait_until(
        lambda: "up" in log.read_text(), process=child, what="the child", log=log, seconds=20
    )
    return child


def test_a_stubborn_child_is_stopped_for_good(log, monkeypatch):
    monkeypatch.setattr(processes, "PATIENCE", 0.1)
    child = start(STUBBORN, log)

    processes.stop(child)

    assert child.returncode == -signal.SIGKILL


def test_stopping_a_child_stops_its_own_children(log):
    child = start(PARENT, log)
    family = members(child.pid)

    processes.stop(child)

    assert len(family) == 2
    assert all(map(gone, family))


def test_a_child_does_not_outlive_a_killed_parent(log):
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(log)], stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout
    with starter.stdout as said:
        pid = int(said.readline())
        assert alive(pid)
        starter.kill()
        starter.wait()

    assert gone(pid)


def test_what_ends_while_starting_is_named_with_its_last_words(log):
    child = processes.spawn([sys.executable, "-c", "print('no such port'); exit(3)"], log=log)

    with pytest.raises(processes.NotReady, match=r"(?s)web ended.*no such port"):
        processes.wait_until(lambda: False, process=child, what="web", log=log, seconds=20)


def test_what_takes_too_long_is_named(log):
    child = start(STUBBORN, log)

    with pytest.raises(processes.NotReady, match="web was not ready"):
        processes.wait_until(lambda: False, process=child, what="web", log=log, seconds=0.1)
    child.kill()
    processes.stop(child)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_unwinds_once_and_leaves_the_old_handlers(number):
    before = signal.getsignal(number)

    def interrupt_twice() -> None:
        with processes.interruptible():
            try:
                os.kill(os.getpid(), number)
            finally:
                os.kill(os.getpid(), number)

    with pytest.raises(processes.Interrupted):
        interrupt_twice()

    assert signal.getsignal(number) is before
