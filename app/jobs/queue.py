"""The queue of background work: RQ on Redis where there is one; it may forget everything."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from typing import Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer

NAME: Final = "weathervane"
PERFORM: Final = "app.jobs.performing.perform"
TIMEOUT: Final = 600
KEPT: Final = 60
REACHING: Final = {"socket_connect_timeout": 1, "socket_timeout": 3}  # seconds
LEFT_ALONE: Final = 10.0  # seconds after Redis failed until it is asked again
_log = logging.getLogger("weathervane.jobs")


class OurWorker(SimpleWorker):
    """RQ's worker without a fork, without its hands on our signals, and without its patience."""

    def _install_signal_handlers(self) -> None:
        """The loop around it knows when to stop."""

    def subscribe(self) -> None:
        """Nobody sends it orders."""

    def dequeue_job_and_maintain_ttl(
        self, _timeout: int | None, _max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """The next job, if there is one; RQ's own waits here for a Redis that is away, for ever."""
        found: tuple[Job, Queue] | None = Queue.dequeue_any(
            self._ordered_queues, None, connection=self.connection, serializer=self.serializer
        )
        return found


class WorkQueue:
    """Offers work by id and does what was offered, in this process; losing it loses nothing."""

    def __init__(self, url: str) -> None:
        """Name the Redis; it need not be there yet."""
        once = Retry(NoBackoff(), 1)  # a connection that died while it waited here is made anew
        self.redis = Redis.from_url(url, **REACHING, retry=once)
        self._asked_again_at = 0.0
        self.queue = Queue(NAME, connection=self.redis, serializer=JSONSerializer)

    def offer(self, ids: Iterable[int]) -> bool:
        """Put work into the queue under fixed job ids; False when Redis cannot be reached."""
        if self._left_alone():
            return False
        try:
            for work_id in ids:
                self._offer(work_id)
        except RedisError as problem:
            self._failed(problem)
            return False
        return True

    def work(self, most: int = 20) -> int:
        """Do what waits in the queue, at most so many jobs; how many there were."""
        if self._left_alone():
            return 0
        try:
            count = min(self.queue.count, most)
            if count:
                worker = OurWorker([self.queue], connection=self.redis, serializer=JSONSerializer)
                worker.work(burst=True, max_jobs=count, logging_level="WARNING")
        except RedisError as problem:
            self._failed(problem)
            return 0
        return count

    def _left_alone(self) -> bool:
        """Whether Redis failed moments ago: asking again each second would hold up the timers."""
        return time.monotonic() < self._asked_again_at

    def _failed(self, problem: RedisError) -> None:
        self._asked_again_at = time.monotonic() + LEFT_ALONE
        _log.warning("Redis is away; the work is done without it.", extra={"why": str(problem)})

    def _offer(self, work_id: int) -> None:
        name = f"work-{work_id}"
        if self.redis.lpos(self.queue.key, name) is not None:
            return  # in the list itself: a worker that died may have taken it off and no more
        self.queue.enqueue_call(
            PERFORM,
            args=(work_id,),
            job_id=name,
            timeout=TIMEOUT,
            result_ttl=KEPT,
            failure_ttl=KEPT,
        )
