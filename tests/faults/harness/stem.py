"""The prepared process from which web and worker processes are forked in milliseconds.

Run as a program it reads orders from its input, one a line, and answers each with one line:
`start web PORT LOG` and `start worker - LOG` with the new process's id, `signal ID NUMBER` with
`ok`, `ended ID` with `yes` or `no`. When its input ends, it ends everything it started.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from contextlib import suppress

from flask import Flask
from granian import Granian
from granian.constants import Interfaces

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
THREADS = 4
WARM = ("/signin", "/healthz")


def main(planted: str) -> None:
    """Prepare the application once, then start and strike processes as ordered."""
    from app.jobs import run_worker
    from tests.faults.harness import plants
    from wsgi import app

    plants.plant(planted)
    warm(app)
    multiprocessing.set_start_method("fork")
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    roles = {"web": lambda port: serve(int(port)), "worker": lambda _: run_worker(app, pause=0.2)}
    children: set[int] = set()
    print("ready", flush=True)
    try:
        for line in sys.stdin:
            order, *given = line.rstrip("\n").split("\t")
            if order == "start":
                role, port, log = given
                print(started(children, lambda: roles[role](port), log), flush=True)  # noqa: B023 - called at once
            elif order == "ended":
                print(ended(children, int(given[0])), flush=True)
            else:
                print(signalled(children, *map(int, given)), flush=True)
    finally:
        for each in list(children):
            signalled(children, each, signal.SIGKILL)


def warm(app: Flask) -> None:
    """Import, compile and read what the first requests would, and let go of the database."""
    from app.advance import reference
    from app.commands.installation import DEFINITIONS
    from app.db import db

    client = app.test_client()
    for path in WARM:
        client.get(path)
    with app.app_context():
        for path in DEFINITIONS.glob("*.bpmn"):
            reference.compiled(reference.newest_bundle(path.stem))
        db.session.remove()
        db.engine.dispose()


def serve(port: int) -> None:
    """The web server as it is run for people, on the application prepared above."""
    Granian(
        "wsgi:app", address="127.0.0.1", port=port, interface=Interfaces.WSGI,
        blocking_threads=THREADS, websockets=False,
    ).serve()  # fmt: skip


def started(children: set[int], run: object, log: str) -> int:
    """Fork a process that leads a group of its own and writes to that file."""
    process = os.fork()
    if not process:
        _become(run, log)
    with suppress(OSError):
        os.setpgid(process, process)
    children.add(process)
    return process


def signalled(children: set[int], process: int, number: int) -> str:
    """Send a signal to a process and what it started; a killed one is gone when this returns."""
    if process not in children:
        return "gone"
    with suppress(ProcessLookupError):
        os.killpg(process, number)
    if number == signal.SIGKILL:
        os.waitpid(process, 0)
        children.discard(process)
        with suppress(ChildProcessError):
            while os.waitpid(-process, 0):
                """Its own children, left to us."""
    return "ok"


def ended(children: set[int], process: int) -> str:
    """Whether a process has ended by itself; then what it started ends with it, as a service's."""
    if process not in children:
        return "yes"
    if os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        return "no"
    signalled(children, process, signal.SIGKILL)  # it still has its id, so nobody else is struck
    return "yes"


def _become(run: object, log: str) -> None:
    code = 1
    try:
        os.setpgid(0, 0)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 0)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(source, target)
        run()  # type: ignore[operator] # one of the roles above
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
