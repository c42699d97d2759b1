"""A background process's heart: it beats beside the work, so that a long job is no silence."""

from __future__ import annotations

import logging
import os
import socket
import threading
from contextvars import ContextVar
from typing import Final

from flask import Flask

from app.actor import SYSTEM
from app.commands import workers
from app.errors import Busy

_log = logging.getLogger("weathervane.jobs")


class Heart:
    """Beats every few seconds until it is stopped; a frozen process's heart stands still."""

    def __init__(self, app: Flask, every: float = workers.BEAT_EVERY) -> None:
        """Nothing beats before `start`."""
        self.app = app
        self.every = every
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


def worker_id() -> int | None:
    """The number of the background process that runs here, if one does."""
    heart = HEART.get()
    return heart.worker_id if heart else None
