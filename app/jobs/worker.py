"""The background process: every second it fires timers and does the work that acts asked for."""

from __future__ import annotations

import logging
import signal
import threading
import time
from types import FrameType

from flask import Flask

from app.actor import SYSTEM
from app.commands import answered, meetings, outbox, timers
from app.errors import Busy
from app.jobs.performing import perform
from app.jobs.queue import WorkQueue

_log = logging.getLogger("weathervane.jobs")


def run_worker(app: Flask, *, stop: threading.Event | None = None, pause: float = 1.0) -> None:
    """Work until told to stop (SIGTERM, SIGINT or `stop`); the turn that runs is finished first.

    With REDIS_URL set, work goes through its queue; without it, or while Redis is away, it is
    done here.
    """
    told = stop or threading.Event()
    duties = Duties()
    _listen(told)
    address = app.config["SETTINGS"].redis_url
    queue = WorkQueue(address) if address else None
    _log.info("The background work has started.", extra={"queue": bool(queue)})
    while not told.is_set():
        try:
            with app.app_context():
                busy = turn(queue)
                duties.see_to()
        except Busy:
            _log.warning("The database is busy or away; trying again.")
            busy = False
        except Exception:  # noqa: BLE001 - one bad turn must not end the worker
            _log.exception("A turn of the background work failed.")
            busy = False
        if not busy:
            told.wait(pause)
    _log.info("The background work has stopped.")


class Duties:
    """What is looked after now and then: due half-yearly meetings, old keys."""

    def __init__(self, every: float = 600.0) -> None:
        """`every`: seconds between two looks."""
        self.every = every
        self.last: float | None = None

    def see_to(self) -> bool:
        """Look, if it is time again; says whether it did."""
        now = time.monotonic()
        if self.last is not None and now - self.last < self.every:
            return False
        self.last = now
        meetings.call_due_meetings(actor=SYSTEM)
        answered.forget_answered(actor=SYSTEM)
        return True


def turn(queue: WorkQueue | None) -> bool:
    """One round: timers, then work; True when there was so much that more may wait already."""
    fired = timers.fire_due()
    ids = outbox.offer(actor=SYSTEM) if outbox.waiting() else []
    if ids and not (queue and queue.offer(ids)):
        for work_id in ids:
            perform(work_id)
    done = queue.work() if queue else len(ids)
    return bool(fired or done)


def _listen(told: threading.Event) -> None:
    if threading.current_thread() is not threading.main_thread():
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
