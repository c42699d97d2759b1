"""A background process's heart: it beats beside the work, so that a long job is no silence."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final, TypeVar

from flask import Flask

from app.actor import SYSTEM
from app.commands import workers
from app.errors import Busy

AGAIN: Final = 1.0  # seconds until a database that was away is told again
Answer = TypeVar("Answer")
_log = logging.getLogger("weathervane.jobs")


class Heart:
    """Beats every few seconds until it is stopped; a frozen process's heart stands still."""

    def __init__(
        self,
        app: Flask,
        every: float = workers.BEAT_EVERY,
        leaving: threading.Event | None = None,
    ) -> None:
        """Nothing beats before `start`; `leaving` is set once the process is told to stop."""
        self.app = app
        self.every = every
        self.leaving = leaving or threading.Event()
        self.worker_id: int | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heart", daemon=True)

    def start(self) -> None:
        """Sign on (if the database is there already) and beat from now on."""
        self._beat()
        self._thread.start()

    def stop(self) -> None:
        """Sign off: nothing is left in these hands."""
        self._stopped.set()
        self._thread.join()
        if self.worker_id is None:
            return
        try:
            with self.app.app_context():
                workers.sign_off(self.worker_id, actor=SYSTEM)
        except Busy:
            _log.warning("The database is away; the silence will be noticed.")

    def _run(self) -> None:
        while not self._stopped.wait(self.every):
            self._beat()

    def _beat(self) -> None:
        try:
            with self.app.app_context():
                known = self.worker_id and workers.beat(self.worker_id, actor=SYSTEM)
                if not known:
                    name = f"{socket.gethostname()}:{os.getpid()}"
                    self.worker_id = workers.sign_on(name, actor=SYSTEM)
        except Exception as problem:  # noqa: BLE001 - whatever it is, the next beat tries again
            _log.warning("A heartbeat failed.", extra={"why": str(problem)})


HEART: Final[ContextVar[Heart | None]] = ContextVar("heart", default=None)


def said(say: Callable[[], Answer]) -> Answer:
    """Tell the database, again and again while it is away; raises Busy when nobody works here.

    Work in the hands of a process that lives is taken over by nobody: it has to say what became
    of it.
    """
    heart = HEART.get()
    while True:
        try:
            return say()
        except Busy:
            if heart is None or heart.leaving.wait(AGAIN):
                raise


def worker_id() -> int | None:
    """The number of the background process that runs here, if one does."""
    heart = HEART.get()
    return heart.worker_id if heart else None
