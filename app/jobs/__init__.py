"""Background work: timers that fire, and what acts asked to be done afterwards."""

from app.jobs.worker import run_worker

__all__ = ["run_worker"]
