"""The background process: every second it fires timers and does the work that acts asked for."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from types import FrameType
from typing import Any, Final

from flask import Flask

from app.actor import SYSTEM
from app.commands import (
    answered,
    attachments,
    drafts,
    incidents,
    indexing,
    meetings,
    outbox,
    timers,
    workers,
)
from app.errors import Busy
from app.jobs.heart import HEART, Heart
from app.jobs.letters import write as write_letters
from app.jobs.performing import perform
from app.jobs.queue import WorkQueue
from app.jobs.telling import tell

MOST_JOBS: Final = 20
DUTIES: Final[Sequence[tuple[float, Callable[..., Any]]]] = (
    (600.0, meetings.call_due_meetings),
    (600.0, answered.forget_answered),
    (600.0, drafts.forget_drafts),
    (3600.0, attachments.sweep),
    (1.0, indexing.catch_up),
    (5.0, incidents.resolve_settled),
    (5.0, workers.end_the_frozen),
    (1.0, tell),
    (10.0, write_letters),
)
"""What is looked after now and then: every so many seconds, which command."""
_log = logging.getLogger("weathervane.jobs")


def run_worker(app: Flask, *, stop: threading.Event | None = None, pause: float = 1.0) -> None:
    """Work until told to stop (SIGTERM, SIGINT or `stop`); what is under way is finished first.

    Timers fire in a thread of their own, so that no long job delays them. With REDIS_URL set, work
    goes through its queue; without it, or while Redis is away, it is done here.
    """
    told = stop or threading.Event()
    _listen(told)
    address = app.config["SETTINGS"].redis_url
    queue = WorkQueue(address) if address else None
    heart = Heart(app, leaving=told)
    heart.start()
    HEART.set(heart)
    firing = threading.Thread(
        target=_repeat, args=(app, told, partial(tick, Duties()), pause), name="timers"
    )
    firing.start()
    _log.info("The background work has started.", extra={"queue": bool(queue)})
    _repeat(app, told, partial(turn, queue, told), pause)
    firing.join()
    heart.stop()
    _log.info("The background work has stopped.")


class Duties:
    """What has to be looked after, and when that was done last."""

    def __init__(self, duties: Sequence[tuple[float, Callable[..., Any]]] = DUTIES) -> None:
        """`duties`: seconds between two looks, and the command."""
        self.duties = duties
        self.last: dict[Callable[..., Any], float] = {}

    def see_to(self) -> int:
        """Do what it is time for; how many that were."""
        now = time.monotonic()
        due = [
            duty
            for every, duty in self.duties
            if duty not in self.last or now - self.last[duty] >= every
        ]
        for duty in due:
            self.last[duty] = now
            duty(actor=SYSTEM)
        return len(due)


def tick(duties: Duties) -> bool:
    """One round of the clock: timers and duties; True when more may be due already."""
    fired = timers.fire_due()
    duties.see_to()
    return bool(fired)


def turn(queue: WorkQueue | None, told: threading.Event) -> bool:
    """One round of the work; True when there was so much that more may wait already."""
    ids = outbox.offer(actor=SYSTEM) if outbox.waiting() else []
    done = 0
    if ids and not (queue and queue.offer(ids)):
        for work_id in ids:
            if told.is_set():
                break
            done += perform(work_id)
    while queue and done < MOST_JOBS and not told.is_set() and queue.work(most=1):
        done += 1
    return done > 0


def _repeat(app: Flask, told: threading.Event, what: Callable[[], bool], pause: float) -> None:
    """Do it again and again until told to stop, at once while it is busy."""
    while not told.is_set():
        try:
            with app.app_context():
                busy = what()
        except Busy:
            _log.warning("The database is busy or away; trying again.")
            busy = False
        except Exception:  # noqa: BLE001 - one bad turn must not end the worker
            _log.exception("A turn of the background work failed.")
            busy = False
        if not busy:
            told.wait(pause)


def _listen(told: threading.Event) -> None:
    if threading.current_thread() is not threading.main_thread():
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
