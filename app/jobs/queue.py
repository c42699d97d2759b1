"""The queue of background work: RQ on Redis where there is one; it may forget everything."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Final

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

NAME: Final = "weathervane"
PERFORM: Final = "app.jobs.performing.perform"
TIMEOUT: Final = 600
KEPT: Final = 60
_log = logging.getLogger("weathervane.jobs")


class OurWorker(SimpleWorker):
    """RQ's worker without a fork, and without its hands on our signals."""

    def _install_signal_handlers(self) -> None:
        """The loop around it knows when to stop."""


class WorkQueue:
    """Offers work by id and does what was offered, in this process; losing it loses nothing."""

    def __init__(self, url: str) -> None:
        """Name the Redis; it need not be there yet."""
        self.redis = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=10)
        self.queue = Queue(NAME, connection=self.redis, serializer=JSONSerializer)

    def offer(self, ids: Iterable[int]) -> bool:
        """Put work into the queue under fixed job ids; False when Redis cannot be reached."""
        try:
            for work_id in ids:
                self._offer(work_id)
        except RedisError as problem:
            _log.warning("Redis is away; the work is done without it.", extra={"why": str(problem)})
            return False
        return True

    def work(self, most: int = 20) -> int:
        """Do what waits in the queue, at most so many jobs; how many there were."""
        try:
            count = min(self.queue.count, most)
            if count:
                worker = OurWorker([self.queue], connection=self.redis, serializer=JSONSerializer)
                worker.work(burst=True, max_jobs=count, logging_level="WARNING")
        except RedisError as problem:
            _log.warning("Redis is away.", extra={"why": str(problem)})
            return 0
        return count

    def _offer(self, work_id: int) -> None:
        name = f"work-{work_id}"
        try:
            known = Job.fetch(name, connection=self.redis, serializer=JSONSerializer)
        except NoSuchJobError:
            known = None
        if known is not None and known.get_status(refresh=False) == "queued":
            return
        self.queue.enqueue_call(
            PERFORM,
            args=(work_id,),
            job_id=name,
            timeout=TIMEOUT,
            result_ttl=KEPT,
            failure_ttl=KEPT,
        )
