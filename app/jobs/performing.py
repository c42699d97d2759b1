"""Do one piece of background work: the function that RQ calls with the work's id alone."""

from __future__ import annotations

import logging

from app.actor import SYSTEM
from app.commands import outbox
from app.jobs.handlers import HANDLERS

_log = logging.getLogger("weathervane.jobs")


def perform(work_id: int) -> bool:
    """Do the work, unless it is done already; what fails is kept and tried again later.

    It runs in the application context of the worker that took it.
    """
    job = outbox.take(work_id, actor=SYSTEM)
    if job is None:
        return False
    try:
        HANDLERS[job.kind](job.reference, actor=SYSTEM)
    except Exception as problem:  # noqa: BLE001 - whatever went wrong is kept with the work
        _log.exception("Background work failed.", extra={"work": job.id, "work_kind": job.kind})
        outbox.put_off(job.id, f"{type(problem).__name__}: {problem}", actor=SYSTEM)
        return False
    outbox.finish(job.id, actor=SYSTEM)
    return True
