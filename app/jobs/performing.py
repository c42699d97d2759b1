"""Do one piece of background work: the function that RQ calls with the work's id alone."""

from __future__ import annotations

import logging
from functools import partial

from app.actor import SYSTEM
from app.commands import outbox
from app.jobs.handlers import HANDLERS
from app.jobs.heart import said, worker_id

_log = logging.getLogger("weathervane.jobs")


def perform(work_id: int) -> bool:
    """Do the work, unless it is done already; what fails is kept and tried again later.

    It runs in the application context of the worker that took it. A worker that was taken for
    gone finds its claim void at the end; the work itself may be done twice without harm.
    """
    job = outbox.take(work_id, actor=SYSTEM, worker_id=worker_id())
    if job is None:
        return False
    named = {"work": job.id, "work_kind": job.kind}
    try:
        HANDLERS[job.kind](job.reference, actor=SYSTEM)
    except Exception as problem:  # noqa: BLE001 - whatever went wrong is kept with the work
        _log.exception("Background work failed.", extra=named)
        said(partial(outbox.put_off, job, problem, actor=SYSTEM))
        return False
    if not said(partial(outbox.finish, job, actor=SYSTEM)):
        _log.warning("Somebody else took this work over meanwhile.", extra=named)
        return False
    return True
